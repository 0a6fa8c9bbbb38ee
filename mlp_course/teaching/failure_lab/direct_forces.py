"""Failure: forces from a network of their own, which are the slope of no energy."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from torch import Tensor, nn

from mlp_course.data import Graph, collate, load_embedded, neighbour_list
from mlp_course.descriptors import gaussian_basis, polynomial_cutoff
from mlp_course.models import MLPCalculator, build_model
from mlp_course.simulation import AtomsFlewApart, run_nve
from mlp_course.teaching.failure_lab.materials import trained_schnet
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.force_field_checks import closed_loop_work

_CUTOFF, _N_FEATURES, _N_RBF = 5.0, 32, 20
_STEPS = 900


class DirectForces(nn.Module):
    r"""SchNet's features, and a network that turns each pair into a push along its line.

    .. math:: \mathbf F_i = \sum_j w(x_i, x_j, d_{ij}) \, \mathbf r_{ij} / d_{ij}

    Equivariant, cheaper than a slope, and not the slope of anything.
    """

    def __init__(self) -> None:
        super().__init__()
        hyper = dict(n_features=_N_FEATURES, n_interactions=2)
        self.features = build_model("schnet", cutoff=_CUTOFF, **hyper).architecture
        inputs = 2 * _N_FEATURES + _N_RBF
        self.push = nn.Sequential(nn.Linear(inputs, 48), nn.SiLU(), nn.Linear(48, 1))

    def forward(self, graph: Graph) -> Tensor:
        """Forces in eV/Å, shape (n_atoms, 3)."""
        r_ij, idx_i, idx_j = graph.pair_vectors(), graph.idx_i, graph.idx_j
        inputs = (graph.atomic_numbers, r_ij, idx_i, idx_j)
        x = self.features.represent(*inputs)["scalar_representation"]
        d_ij = r_ij.norm(dim=1)
        pair = torch.cat([x[idx_i], x[idx_j], gaussian_basis(d_ij, _N_RBF, _CUTOFF)], dim=1)
        w = self.push(pair) * polynomial_cutoff(d_ij, _CUTOFF)[:, None]  # (n_pairs, 1)
        return r_ij.new_zeros(len(x), 3).index_add(0, idx_i, w * r_ij / d_ij[:, None])


class DirectCalculator(Calculator):
    """Direct forces for ASE. There is no energy; zero stands in for it, as some codes do."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, model: DirectForces):
        super().__init__()
        self.model = model.eval()

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """One forward pass; the mean force is taken off, so that the molecule stays in place."""
        super().calculate(atoms, properties, system_changes)
        graph = neighbour_list(self.atoms, _CUTOFF).to(dtype=torch.float32)
        with torch.no_grad():
            forces = self.model(graph).double().numpy()
        self.results = {"energy": 0.0, "forces": forces - forces.mean(axis=0)}


def train_direct(train: Sequence[Atoms]) -> DirectForces:
    """Adam with a cosine, batches of 8 frames, forces only."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = DirectForces()
    graphs = [neighbour_list(atoms, _CUTOFF).to(dtype=torch.float32) for atoms in train]
    forces = [torch.tensor(atoms.get_forces(), dtype=torch.float32) for atoms in train]
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, _STEPS)
    generator = torch.Generator().manual_seed(0)
    for _ in range(_STEPS):
        chosen = torch.randint(len(train), (8,), generator=generator).tolist()
        error = model(collate([graphs[n] for n in chosen])) - torch.cat([forces[n] for n in chosen])
        optimiser.zero_grad()
        error.square().mean().backward()
        optimiser.step()
        schedule.step()
    return model


@cache
def calculator(direct: bool) -> Calculator:
    """Either of the two, trained on 200 frames of ethanol."""
    run = load_embedded("ethanol/500K")
    if direct:
        return DirectCalculator(train_direct(run[:200]))
    return MLPCalculator(trained_schnet(run[:200], run[400:410], max_epochs=25, batch_size=8))


def force_error(model: Calculator, frames: Sequence[Atoms]) -> float:
    """Force MAE in meV/Å."""
    errors = []
    for atoms in frames:
        copy = atoms.copy()
        copy.calc = model
        errors.append(np.abs(copy.get_forces() - atoms.get_forces()).mean())
    return float(1000 * np.mean(errors))


def experiment(cured: bool) -> Outcome:
    """Ethanol, started at 500 K, without thermostat."""
    model, test = calculator(not cured), load_embedded("ethanol/500K")[400:430]
    start = test[0].copy()
    start.calc = model
    try:
        run = run_nve(start, steps=1000, temperature=500.0, seed=1, progress=False)
        end = "ran its 0.5 ps"
    except AtomsFlewApart as stop:
        run, end = stop.trajectory, f"stopped after {stop.time:.0f} fs: {stop.reason}"
    time, kelvin = run.log["time"].to_numpy() / 1000, run.log["temperature"].to_numpy()
    rate = np.polynomial.Polynomial.fit(time, kelvin, 1).convert().coef[1]  # K/ps
    name = "forces = slope of an energy" if cured else "direct forces"
    return Outcome(
        abs(float(rate)),
        closed_loop_work(model, test[0]),
        {name: (time, kelvin)},
        f"force MAE {force_error(model, test):.0f} meV/Å; {end}",
    )


FAILURE = Failure(
    key="direct forces",
    name="forces that conserve no energy",
    group="physics",
    symptom="A molecule left alone heats up until it bursts.",
    cause="A network predicts forces directly; they are the slope of no energy.",
    test="Carry the atoms around a closed loop: the work must be zero.",
    catcher="mlp_course.validation.closed_loop_work",
    cure="Take the forces as the slope of a predicted energy.",
    quantity="change of the temperature without thermostat",
    unit="K/ps",
    x="time / ps",
    y="temperature / K",
    log="y",
    experiment=experiment,
)
