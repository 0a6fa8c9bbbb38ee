"""SchNetPack's own way to train and to run MD: database, data module, Lightning, SpkCalculator."""

import logging
import os
import time
import warnings
from pathlib import Path

import torch
from ase import Atoms

from mlp_course.models.schnetpack_compat import load_schnetpack

spk = load_schnetpack()
warnings.filterwarnings("ignore")
logging.getLogger("lightning").setLevel(logging.ERROR)
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
import pytorch_lightning  # noqa: E402

CUTOFF = 5.0


def representation(name: str) -> torch.nn.Module:
    """The same representation as `build_model(name)`."""
    kind = {"schnet": spk.representation.SchNet, "painn": spk.representation.PaiNN}[name]
    return kind(
        n_atom_basis=64,
        n_interactions=3,
        radial_basis=spk.nn.GaussianRBF(n_rbf=20, cutoff=CUTOFF),
        cutoff_fn=spk.nn.CosineCutoff(CUTOFF),
    )


def potential(name: str) -> torch.nn.Module:
    """SchNetPack's potential: distances, representation, energy, forces, offsets."""
    return spk.model.NeuralNetworkPotential(
        representation=representation(name),
        input_modules=[spk.atomistic.PairwiseDistances()],
        output_modules=[
            spk.atomistic.Atomwise(n_in=64, output_key="energy"),
            spk.atomistic.Forces(energy_key="energy", force_key="forces"),
        ],
        postprocessors=[
            spk.transform.CastTo64(),
            spk.transform.AddOffsets("energy", add_mean=True),
        ],
    )


def data_module(frames: list[Atoms], folder: Path, batch_size: int):
    """Write frames into SchNetPack's database and open it with its MatScipy neighbour list."""
    path = str(folder / f"frames_{batch_size}.db")
    data = spk.data.ASEAtomsData.create(
        path, distance_unit="Ang", property_unit_dict={"energy": "eV", "forces": "eV/Ang"}
    )
    labels = [{"energy": [a.get_potential_energy()], "forces": a.get_forces()} for a in frames]
    data.add_systems(property_list=labels, atoms_list=frames)
    module = spk.data.AtomsDataModule(
        path,
        batch_size=batch_size,
        num_train=len(frames) - 50,
        num_val=50,
        split_file=str(folder / f"split_{batch_size}.npz"),
        transforms=[
            spk.transform.MatScipyNeighborList(cutoff=CUTOFF),
            spk.transform.RemoveOffsets("energy", remove_mean=True),
            spk.transform.CastTo32(),
        ],
        num_workers=0,
    )
    module.prepare_data()
    module.setup()
    return module


def ms_per_step(name: str, frames: list[Atoms], folder: Path, batch_size: int, steps: int) -> float:
    """Milliseconds a step of Lightning's trainer, the first 20 steps left out."""
    task = spk.task.AtomisticTask(
        model=potential(name),
        outputs=[
            spk.task.ModelOutput(
                "energy", loss_fn=torch.nn.MSELoss(), loss_weight=0.01, metrics={}
            ),
            spk.task.ModelOutput("forces", loss_fn=torch.nn.MSELoss(), loss_weight=1.0, metrics={}),
        ],
        optimizer_cls=torch.optim.AdamW,
        optimizer_args={"lr": 1e-3},
    )
    clock = _Clock(skip=20)
    trainer = pytorch_lightning.Trainer(
        max_steps=steps + 20,
        callbacks=[clock],
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        limit_val_batches=0,
        default_root_dir=str(folder),
    )
    trainer.fit(task, datamodule=data_module(frames, folder, batch_size))
    return clock.milliseconds


class _Clock(pytorch_lightning.Callback):
    """Wall time between training batches, data loading included."""

    def __init__(self, skip: int):
        self.skip, self.start, self.count, self.last = skip, 0.0, 0, 0.0

    def on_train_batch_end(self, *arguments, **options) -> None:
        self.count += 1
        self.last = time.perf_counter()
        if self.count == self.skip:
            self.start = self.last

    @property
    def milliseconds(self) -> float:
        return 1000 * (self.last - self.start) / (self.count - self.skip)


def calculator(name: str, folder: Path):
    """SpkCalculator over an untrained potential, set up as its documentation says."""
    path = folder / f"{name}.model"
    torch.save(potential(name), path)
    os.environ["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"] = "1"  # SchNetPack pickles whole models
    try:
        return spk.interfaces.SpkCalculator(
            model_file=str(path),
            neighbor_list=spk.transform.MatScipyNeighborList(cutoff=CUTOFF),
            energy_unit="eV",
        )
    finally:
        del os.environ["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"]
