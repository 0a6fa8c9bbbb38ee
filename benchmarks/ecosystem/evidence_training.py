"""Evidence of phase 2, training: SchNetPack's own trainer on a database that we wrote."""

import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import torch
from evidence_rows import DATA, row

from mlp_course.data import load_embedded
from mlp_course.data.export import write_schnetpack_db
from mlp_course.models.schnetpack_compat import load_schnetpack


def schnetpack() -> dict:
    """Its own trainer on our database: the loss falls."""
    with TemporaryDirectory() as folder:
        path = write_schnetpack_db(load_embedded(DATA)[:200], Path(folder) / "ethanol.db")
        before, after = train_schnetpack(path, Path(folder))
    return row(
        f"opened our .db and trained 120 steps; force MAE before {before:.0f}",
        "force MAE on 50 frames after it", after, "meV/Å", of=version("schnetpack"),
    )  # fmt: skip


def train_schnetpack(path: Path, folder: Path) -> tuple[float, float]:
    """Force MAE (meV/Å) of SchNet on validation frames, before and after 120 steps of Lightning."""
    import pytorch_lightning

    spk = load_schnetpack()
    data, task = _data(spk, path, folder), _task(spk)
    trainer = pytorch_lightning.Trainer(
        max_steps=120, accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, default_root_dir=str(folder),
        inference_mode=False,  # forces are derivatives, also in validation
    )  # fmt: skip
    (before,) = trainer.validate(task, datamodule=data, verbose=False)
    trainer.fit(task, datamodule=data)
    (after,) = trainer.validate(task, datamodule=data, verbose=False)
    return 1000 * before["val_forces_MAE"], 1000 * after["val_forces_MAE"]


def _data(spk: ModuleType, path: Path, folder: Path):
    """150 frames to train and 50 to watch, from the database."""
    return spk.data.AtomsDataModule(
        str(path), batch_size=10, num_train=150, num_val=50, num_workers=0,
        split_file=str(folder / "split.npz"),
        transforms=[
            spk.transform.MatScipyNeighborList(cutoff=5.0),
            spk.transform.RemoveOffsets("energy", remove_mean=True), spk.transform.CastTo32(),
        ],
    )  # fmt: skip


def _task(spk: ModuleType):
    """SchNet with losses of energy and forces."""
    from torchmetrics import MeanAbsoluteError

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from spk_pipeline import potential

    loss = torch.nn.MSELoss()
    outputs = [
        spk.task.ModelOutput("energy", loss_fn=loss, loss_weight=0.01, metrics={}),
        spk.task.ModelOutput(
            "forces", loss_fn=loss, loss_weight=1.0, metrics={"MAE": MeanAbsoluteError()}
        ),
    ]
    return spk.task.AtomisticTask(
        model=potential("schnet"), outputs=outputs, optimizer_cls=torch.optim.AdamW,
        optimizer_args={"lr": 3e-3},
    )  # fmt: skip
