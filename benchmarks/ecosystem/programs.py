"""MACE, NequIP and DeePMD-kit: the input files and command lines that their own manuals name.

``amount`` scales the number of steps; 1 is about a minute of one core.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ase import Atoms

from mlp_course.data.export import write_deepmd, write_mace_xyz, write_nequip_xyz

CUTOFF, BATCH = 5.0, 5


@dataclass(frozen=True)
class Program:
    """One program: its package, its environment, what it trains in a minute.

    Attributes:
        package: name on the package index, for the version.
        environment: folder of the virtual environment, made by ``make peers``.
        per_minute: epochs (MACE, NequIP) or steps (DeePMD) of about a minute of one core.
    """

    package: str
    environment: str
    per_minute: int


PROGRAMS = {
    "mace": Program("mace-torch", ".venv-peers", 8),
    "nequip": Program("nequip", ".venv-peers", 10),
    "deepmd": Program("deepmd-kit", ".venv-deepmd", 12000),
}

NEQUIP = """\
run: [train]
cutoff_radius: {cutoff}
model_type_names: [H, C, O]
data:
  _target_: nequip.data.datamodule.ASEDataModule
  seed: 0
  train_file_path: {folder}/train.xyz
  val_file_path: {folder}/validation.xyz
  transforms:
    - _target_: nequip.data.transforms.ChemicalSpeciesToAtomTypeMapper
      model_type_names: ${{model_type_names}}
    - _target_: nequip.data.transforms.NeighborListTransform
      r_max: ${{cutoff_radius}}
  train_dataloader: {{_target_: torch.utils.data.DataLoader, batch_size: {batch}, shuffle: true}}
  val_dataloader: {{_target_: torch.utils.data.DataLoader, batch_size: 20}}
  stats_manager:
    _target_: nequip.data.CommonDataStatisticsManager
    type_names: ${{model_type_names}}
    dataloader_kwargs: {{batch_size: 20}}
trainer:
  _target_: lightning.Trainer
  accelerator: cpu
  max_epochs: {epochs}
  limit_train_batches: {batches}
  logger: false
  enable_progress_bar: false
  callbacks:
    - _target_: lightning.pytorch.callbacks.ModelCheckpoint
      dirpath: {folder}
      filename: last
      save_top_k: 1
training_module:
  _target_: nequip.train.EMALightningModule
  ema_decay: 0.99
  loss:
    _target_: nequip.train.EnergyForceLoss
    per_atom_energy: true
    coeffs: {{total_energy: 1.0, forces: 1.0}}
  val_metrics:
    _target_: nequip.train.EnergyForceMetrics
    coeffs: {{total_energy_mae: 1.0, forces_mae: 1.0}}
  optimizer: {{_target_: torch.optim.Adam, lr: 0.01}}
  model:
    _target_: nequip.model.NequIPGNNModel
    seed: 0
    model_dtype: float32
    type_names: ${{model_type_names}}
    r_max: ${{cutoff_radius}}
    l_max: 1
    parity: false
    num_layers: 3
    num_features: 32
    radial_mlp_depth: 2
    radial_mlp_width: 64
    avg_num_neighbors: ${{training_data_stats:num_neighbors_mean}}
    per_type_energy_shifts: ${{training_data_stats:per_atom_energy_mean}}
    per_type_energy_scales: ${{training_data_stats:forces_rms}}
"""


def prepare(
    name: str, train: Sequence[Atoms], validation: Sequence[Atoms], folder: Path, amount: float
) -> tuple[list[list[str]], list[list[str]], int]:
    """Export the set and write the input.

    Returns:
        Commands that train, commands that make the file for simulation, and the number of epochs
        or steps. The first word of a command is a program in the environment's ``bin``.
    """
    units = max(1, round(amount * PROGRAMS[name].per_minute))
    batches = len(train) // BATCH if amount >= 0.2 else 2
    if name == "mace":
        few = train if amount >= 0.2 else train[: 2 * BATCH]
        write_mace_xyz(few, folder / "train.xyz")
        write_mace_xyz(validation, folder / "validation.xyz")
        return [_mace(folder, units)], [], units
    if name == "nequip":
        write_nequip_xyz(train, folder / "train.xyz")
        write_nequip_xyz(validation, folder / "validation.xyz")
        text = NEQUIP.format(
            folder=folder, cutoff=CUTOFF, batch=BATCH, epochs=units, batches=batches
        )
        (folder / "input.yaml").write_text(text, encoding="utf-8")
        call = ["nequip-train", "-cp", str(folder), "-cn", "input"]
        return [[*call, f"hydra.run.dir={folder}"]], [], units
    systems = [str(path) for path in write_deepmd(train, folder / "train")]
    unseen = [str(path) for path in write_deepmd(validation, folder / "validation")]
    (folder / "input.json").write_text(
        json.dumps(_deepmd(systems, unseen, units), indent=1), encoding="utf-8"
    )
    freeze = ["dp", "--tf", "freeze", "-o", "model.pb"]
    return [["dp", "--tf", "train", "input.json"]], [freeze], units


def _mace(folder: Path, epochs: int) -> list[str]:
    """``mace_run_train`` and its options."""
    options = {
        "name": "model", "seed": 0, "work_dir": folder, "train_file": folder / "train.xyz",
        "valid_file": folder / "validation.xyz", "energy_key": "REF_energy",
        "forces_key": "REF_forces", "E0s": "average", "model": "MACE", "num_channels": 16,
        "max_L": 1, "max_ell": 2, "num_interactions": 2, "correlation": 2, "r_max": CUTOFF,
        "batch_size": BATCH, "valid_batch_size": 20, "max_num_epochs": epochs, "lr": 0.01,
        "ema_decay": 0.99, "default_dtype": "float32", "device": "cpu", "plot": False,
        "eval_interval": 2,
    }  # fmt: skip
    words = [f"--{key}={value}" for key, value in options.items()]
    return ["mace_run_train", *words, "--ema", "--amsgrad"]


def _deepmd(systems: list[str], unseen: list[str], steps: int) -> dict:
    """DeePMD's input: descriptor of distances and angles (se_e2_a), forces weighted first."""
    return {
        "model": {
            "type_map": ["H", "C", "O"],
            "descriptor": {
                "type": "se_e2_a", "rcut": CUTOFF, "rcut_smth": 1.0, "sel": [6, 2, 1],
                "neuron": [16, 32, 64], "axis_neuron": 8, "seed": 1,
            },
            "fitting_net": {"neuron": [64, 64, 64], "seed": 1},
        },
        "learning_rate": {
            "type": "exp", "start_lr": 2e-3, "stop_lr": 2e-5, "decay_steps": max(1, steps // 100),
        },
        "loss": {
            "type": "ener", "start_pref_e": 0.02, "limit_pref_e": 1, "start_pref_f": 1000,
            "limit_pref_f": 10,
        },
        "training": {
            "training_data": {"systems": systems, "batch_size": BATCH},
            "validation_data": {"systems": unseen, "batch_size": BATCH},
            "numb_steps": steps, "seed": 1, "disp_freq": max(1, steps // 20),
            "save_freq": steps + 1,  # at the end only; it may skip the end where this divides it
        },
    }  # fmt: skip
