"""Training data in memory: neighbour lists once, then batches by concatenation."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch
from ase import Atoms
from torch import Tensor

from mlp_course.data.neighbours import Graph, collate, neighbour_list
from mlp_course.models.potential import Potential


@dataclasses.dataclass(frozen=True)
class Batch:
    """Configurations with their labels.

    Attributes:
        graph: the configurations.
        residual: energies without atomic references in eV, shape (n_systems,).
        forces: in eV/Å, shape (n_atoms, 3).
        n_atoms: atoms of each configuration, shape (n_systems,).
    """

    graph: Graph
    residual: Tensor
    forces: Tensor
    n_atoms: Tensor


class LabelledGraphs:
    """Frames as graphs, prepared once for one potential: its cutoff, references, precision, device.

    The references are subtracted in float64 and only the small rest is cast to float32, which could
    not hold a total energy of -4,000 eV to better than 0.2 meV.

    Args:
        frames: configurations with energy and forces.
        model: the potential they are for.
    """

    def __init__(self, frames: Sequence[Atoms], model: Potential):
        self.graphs = [
            neighbour_list(atoms, model.cutoff).to(model.device, model.dtype) for atoms in frames
        ]
        references = model.reference_energies.cpu().numpy()
        residual = [
            atoms.get_potential_energy() - references[atoms.numbers].sum() for atoms in frames
        ]
        self.residual = torch.tensor(np.array(residual), device=model.device).to(model.dtype)
        self.forces = [
            torch.tensor(atoms.get_forces(), device=model.device).to(model.dtype)
            for atoms in frames
        ]
        self.n_atoms = torch.tensor([len(atoms) for atoms in frames], device=model.device)

    def __len__(self) -> int:
        return len(self.graphs)

    def batch(self, indices: Sequence[int]) -> Batch:
        """Concatenate the chosen frames."""
        return Batch(
            graph=collate([self.graphs[n] for n in indices]),
            residual=self.residual[indices],
            forces=torch.cat([self.forces[n] for n in indices]),
            n_atoms=self.n_atoms[indices],
        )

    def batches(self, size: int, generator: torch.Generator | None = None) -> list[list[int]]:
        """Cut the frames into batches: in order, or shuffled by a generator.

        A last batch of less than half the size is left out of a shuffled epoch; its frames come
        round in the next one.
        """
        if generator is None:
            order = list(range(len(self)))
        else:
            order = torch.randperm(len(self), generator=generator).tolist()
        chunks = [order[start : start + size] for start in range(0, len(order), size)]
        drop = generator is not None and len(chunks) > 1 and len(chunks[-1]) < size / 2
        return chunks[:-1] if drop else chunks


def mean_errors(model: Potential, data: LabelledGraphs) -> tuple[float, float]:
    """Energy MAE (meV/atom) and force MAE (meV/Å) of a potential in evaluation mode."""
    energy, force, n_components = 0.0, 0.0, 0
    for indices in data.batches(size=50):
        batch = data.batch(indices)
        prediction = model(batch.graph)
        energy += ((prediction.residual - batch.residual).abs() / batch.n_atoms).sum().item()
        force += (prediction.forces - batch.forces).abs().sum().item()
        n_components += batch.forces.numel()
    return 1000 * energy / len(data), 1000 * force / n_components
