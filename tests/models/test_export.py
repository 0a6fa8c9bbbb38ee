"""Exported potentials: the same numbers, in a process that does not know this package."""

import json
import os
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
import torch
from ase.build import bulk, molecule

from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.models.build import ARCHITECTURES
from mlp_course.models.export import ExportError, export_model
from mlp_course.models.exported_calculator import ExportedCalculator
from mlp_course.reference.jobs import method_name

CAN = {name for name, architecture in ARCHITECTURES.items() if architecture.recordable}
SCRIPT = """
import importlib.util, sys, tempfile, pathlib
import numpy as np, torch
from ase import Atoms
for name in ("mlp_course", "schnetpack"):
    sys.modules[name] = None  # an import of it stops the script
extra = {"calculator.py": ""}
torch.jit.load(sys.argv[1], _extra_files=extra)
source = pathlib.Path(tempfile.mkdtemp()) / "calculator.py"
source.write_bytes(extra["calculator.py"])
spec = importlib.util.spec_from_file_location("calculator", source)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
given = np.load(sys.argv[2])
atoms = Atoms(given["numbers"], given["positions"], cell=given["cell"], pbc=given["pbc"])
atoms.calc = module.ExportedCalculator(sys.argv[1])
written = {"energy": atoms.get_potential_energy(), "forces": atoms.get_forces()}
if atoms.pbc.any():
    written["stress"] = atoms.get_stress()
np.savez(sys.argv[3], **written)
"""


def elsewhere(path, atoms, folder):
    """Energy, forces and stress from a process in another folder, without this package."""
    given, written = folder / "given.npz", folder / "written.npz"
    places = dict(positions=atoms.positions, cell=atoms.cell.array, pbc=atoms.pbc)
    np.savez(given, numbers=atoms.numbers, **places)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-c", SCRIPT, str(path), str(given), str(written)]
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with np.load(written) as results:
        return dict(results)


def crystal():
    """A shaken crystal of C and O whose cell is smaller than the cutoff."""
    atoms = bulk("CO", "rocksalt", a=4.0)
    atoms.rattle(0.05, seed=0)
    return atoms


@pytest.mark.parametrize("name", sorted(CAN))
@pytest.mark.parametrize(("precision", "tolerance"), [(torch.float64, 1e-6), (torch.float32, 1e-5)])
def test_another_process_gets_the_same_numbers(small_model, tmp_path, name, precision, tolerance):
    """Energy (eV), forces (eV/Å) and stress, of a crystal; float64 to 1e-6, float32 to 1e-5."""
    model = small_model(name, seed=2)
    model.reference_energies[[6, 8]] = torch.tensor([-1029.25, -2041.75], dtype=torch.float64)
    model.architecture.to(precision)
    path = export_model(model, tmp_path / "model.pth")
    atoms = crystal()
    atoms.calc = MLPCalculator(model)
    theirs = elsewhere(path, atoms, tmp_path)
    assert theirs["energy"] == pytest.approx(atoms.get_potential_energy(), abs=tolerance)
    np.testing.assert_allclose(theirs["forces"], atoms.get_forces(), atol=tolerance)
    np.testing.assert_allclose(theirs["stress"], atoms.get_stress(), atol=tolerance)
    assert np.abs(theirs["forces"]).max() > 1e-3  # so small a tolerance means something


@pytest.mark.parametrize("name", ["ethanol_schnet", "ethanol_painn"])
def test_shipped_models_can_be_exported(tmp_path, name):
    """A trained potential on ethanol: energy to 1e-3 eV of -4,200 eV in float32, forces to 1e-4."""
    model = load_shipped(name)
    path = export_model(model, tmp_path / f"{name}.pth")
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.05, seed=0)
    atoms.calc = MLPCalculator(model)
    theirs = elsewhere(path, atoms, tmp_path)
    assert theirs["energy"] == pytest.approx(atoms.get_potential_energy(), abs=1e-5)
    np.testing.assert_allclose(theirs["forces"], atoms.get_forces(), atol=1e-5)


def test_what_cannot_be_exported_says_so(any_model, tmp_path):
    """Every architecture is either right in TorchScript or refused, and nothing is left behind."""
    name = any_model.settings["name"]
    if name in CAN:
        assert export_model(any_model, tmp_path / "any.pth").exists()
        return
    with pytest.raises(
        ExportError, match=r"cannot be exported as TorchScript: .* SchNet and PaiNN"
    ):
        export_model(any_model, tmp_path / "any.pth")
    assert not list(tmp_path.iterdir())


def test_schnet_and_painn_can_be_exported():
    """What the refusals recommend is possible."""
    assert {"schnet", "schnet_by_hand", "painn"} <= CAN


def test_a_wrong_promise_is_seen(small_model, tmp_path):
    """An architecture that only says it can be recorded is refused after the recording."""
    model = small_model("behler_parrinello")
    model.architecture.recordable = True
    with pytest.raises(ExportError, match="cannot be exported as TorchScript"):
        export_model(model, tmp_path / "any.pth")


def test_the_file_explains_itself(small_model, tmp_path):
    """README, settings and provenance are inside."""
    model = small_model()
    model.provenance = {"data": "none"}
    path = export_model(model, tmp_path / "model.pth")
    extra = dict.fromkeys(("README.txt", "description.json"), "")
    loaded = torch.jit.load(str(path), _extra_files=extra)
    assert b"eV/\xc3\x85" in extra["README.txt"]
    said = json.loads(extra["description.json"])
    assert said == {"settings": model.settings, "provenance": {"data": "none"}}
    assert loaded.cutoff == 4.0


def test_unknown_elements_are_refused_there_too(small_model, tmp_path):
    """Gold is not answered with a number."""
    loaded = torch.jit.load(str(export_model(small_model(), tmp_path / "model.pth")))
    pair = torch.zeros(0, dtype=torch.long)
    real = dict(dtype=torch.float64)
    with pytest.raises(Exception, match="unknown to this potential"):
        loaded(
            torch.tensor([79]), torch.zeros(1, 3, **real), torch.zeros(3, 3, **real), pair, pair,
            torch.zeros(0, 3, **real),
        )  # fmt: skip


def test_another_suffix_is_refused(small_model, tmp_path):
    """The name says what the file is."""
    with pytest.raises(ValueError, match=r"must end in \.pth; got 'model.pt'"):
        export_model(small_model(), tmp_path / "model.pt")


def test_two_files_are_two_methods_of_labelling(small_model, tmp_path):
    """Their labels must not be taken for each other's in a store."""
    names = []
    for seed in (0, 1):
        path = export_model(small_model("schnet", seed=seed), tmp_path / f"{seed}.pth")
        names.append(method_name(partial(ExportedCalculator, str(path))))
    assert names[0] != names[1]
