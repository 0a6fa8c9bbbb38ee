"""Potentials as TorchScript files (``.pth``) that load without this package."""

import json
import warnings
from pathlib import Path

import numpy as np
import torch
from ase import Atoms
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph, neighbour_list
from mlp_course.data.whole_files import write_whole
from mlp_course.models.potential import Potential, check_potential
from mlp_course.models.schnetpack_compat import for_any_number_of_atoms

_CALCULATOR = Path(__file__).with_name("exported_calculator.py")
_README = """\
A potential of mlp_course as TorchScript: torch.jit.load(path), then

    results = model(atomic_numbers, positions, cell, idx_i, idx_j, shift)

atomic_numbers: (n_atoms,) integers; positions: (n_atoms, 3) in Å; cell: (3, 3), vectors as rows in
Å, zeros for a molecule. For all pairs i-j and j-i closer than model.cutoff (Å): idx_i, idx_j:
(n_pairs,) integers in rising order of idx_i; shift: (n_pairs, 3), cells by which j is translated.
results: energy in eV, forces (n_atoms, 3) in eV/Å, strain_gradient (3, 3) in eV, which is the
stress times the volume.
calculator.py beside this text is an ASE calculator that does all this.
"""


class ExportError(ValueError):
    """This architecture cannot be written as TorchScript that is right for all atoms."""


class _Exported(nn.Module):
    """What ``Potential`` does, in the words of TorchScript."""

    def __init__(self, architecture: nn.Module, model: Potential):
        super().__init__()
        self.architecture = architecture
        self.register_buffer("references", model.reference_energies.clone())
        self.register_buffer("like_weights", torch.zeros(1, dtype=model.dtype))
        known = torch.zeros(len(model.reference_energies), dtype=torch.bool)
        known[model.species] = True
        self.register_buffer("known", known)
        self.cutoff: float = model.cutoff

    def forward(
        self,
        atomic_numbers: Tensor,
        positions: Tensor,
        cell: Tensor,
        idx_i: Tensor,
        idx_j: Tensor,
        shift: Tensor,
    ) -> dict[str, Tensor]:
        """Energy (eV), forces (eV/Å) and derivative of the energy by a strain (eV)."""
        if not bool(self.known[atomic_numbers].all()):
            raise ValueError("an element is unknown to this potential")
        positions = positions.detach().requires_grad_(True)
        strain = torch.zeros_like(cell).requires_grad_(True)
        r_ij = positions[idx_j] - positions[idx_i] + shift @ cell  # (n_pairs, 3)
        r_ij = r_ij + r_ij @ ((strain + strain.t()) / 2)
        residual = self.architecture(atomic_numbers, r_ij, idx_i, idx_j).sum()
        gradients = torch.autograd.grad([residual], [positions, strain], allow_unused=True)
        by_positions, by_strain = gradients[0], gradients[1]
        if by_positions is None:
            by_positions = torch.zeros_like(positions)
        if by_strain is None:
            by_strain = torch.zeros_like(cell)
        energy = residual.detach().double() + self.references[atomic_numbers].sum()
        return {"energy": energy, "forces": -by_positions, "strain_gradient": by_strain}


def export_model(model: Potential, path: str | Path) -> Path:
    """Write a potential that any program with torch can load, without this package.

    The network is recorded while it runs (``torch.jit.trace``) on one configuration and wrapped
    with references, forces and strain. The result is then compared with the potential on three
    others, with other numbers of atoms and pairs and other elements, and only written if it agrees.
    Inside the file lie a README, the settings and origin of the potential, and the source of an ASE
    calculator. Such a file is a program: load only those of people you trust.

    Args:
        model: a potential; its precision is that of the file.
        path: ends in ``.pth``; replaced in one step.

    Returns:
        The path.

    Raises:
        TypeError: if ``model`` is no potential.
        ValueError: if the name does not end in ``.pth``.
        ExportError: if the architecture is not ``recordable``, or takes decisions or sizes from the
            atoms that a recording would freeze; SchNet and PaiNN do not.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.models import build_model
        >>> with TemporaryDirectory() as folder:
        ...     path = export_model(build_model("schnet", n_features=8), f"{folder}/schnet.pth")
        ...     torch.jit.load(path).cutoff
        5.0
    """
    check_potential(model)
    if Path(path).suffix != ".pth":
        raise ValueError(f"the name must end in .pth; got {Path(path).name!r}")
    if not model.architecture.recordable:  # Python 3.13 dies of recording some of them
        raise _refusal(model, "its operations depend on how many atoms and pairs there are")
    training = model.training
    model.eval()
    try:
        program = _recorded(model)
        _compare(model, program)
    finally:
        model.train(training)
    description = {"settings": model.settings, "provenance": model.provenance}
    extra = {
        "README.txt": _README,
        "calculator.py": _CALCULATOR.read_text(encoding="utf-8"),
        "description.json": json.dumps(description),
    }
    return write_whole(path, lambda part: program.save(str(part), _extra_files=extra))


def _recorded(model: Potential) -> torch.jit.ScriptModule:
    """The TorchScript program; torch's doubts about a recording are errors."""
    graph = _graph(model, 5, seed=0)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    # torch calls TorchScript outdated, but an exported program has no derivatives by positions
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            with for_any_number_of_atoms():
                traced = torch.jit.trace(model.architecture, inputs, check_trace=False)
        except Exception as error:  # whatever a network has that TorchScript has not
            raise _refusal(model, str(error)) from error
        program = torch.jit.script(_Exported(traced, model))
    doubts = [str(w.message) for w in said if issubclass(w.category, torch.jit.TracerWarning)]
    if doubts:
        raise _refusal(model, doubts[0])
    return program.eval()


def _compare(model: Potential, program: torch.jit.ScriptModule) -> None:
    """Raise ExportError unless the program agrees with the potential on other atoms."""
    tolerance = 1e-4 if model.dtype == torch.float32 else 1e-9
    for n_atoms, seed in ((2, 1), (7, 2), (11, 3)):
        graph = _graph(model, n_atoms, seed)
        ours = model(graph)
        tensors = (graph.positions, graph.cell[0], graph.idx_i, graph.idx_j, graph.shift)
        try:
            with torch.jit.optimized_execution(False):
                theirs = program(graph.atomic_numbers, *tensors)
        except RuntimeError as error:
            raise _refusal(model, str(error).splitlines()[-1]) from error
        scale = 1 + ours.forces.abs().max().item()
        off = (theirs["forces"] - ours.forces).abs().max().item()
        if not off < tolerance * scale:
            raise _refusal(model, f"its forces are off by {off:.1e} eV/Å for {n_atoms} atoms")


def _refusal(model: Potential, reason: str) -> ExportError:
    name = type(model.architecture).__name__
    return ExportError(
        f"{name} cannot be exported as TorchScript: {reason}. SchNet and PaiNN can; or drive "
        "LAMMPS and i-PI through this package, which takes every potential"
    )


def _graph(model: Potential, n_atoms: int, seed: int) -> Graph:
    """Random atoms of the potential's elements, none closer than 1 Å; the larger ones periodic."""
    rng = np.random.default_rng(seed)
    edge = max(3.0, 0.6 * model.cutoff)
    grid = np.stack(np.meshgrid(*[np.arange(3.0)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    places = edge / 3 * (rng.permutation(grid)[:n_atoms] + 0.1 * rng.standard_normal((n_atoms, 3)))
    numbers = rng.choice(model.species, n_atoms)
    atoms = Atoms(numbers, places, cell=[edge] * 3, pbc=n_atoms > 7)
    return neighbour_list(atoms, model.cutoff).to(model.device, model.dtype)
