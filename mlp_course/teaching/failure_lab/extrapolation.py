"""Failure: a potential drives its own simulation out of what it knows."""

from functools import cache

from ase import Atoms

from mlp_course.data import load_embedded
from mlp_course.descriptors import SOAP
from mlp_course.models import MLPCalculator, Potential
from mlp_course.reference import label_here
from mlp_course.sampling import average_descriptions, fraction_outside
from mlp_course.simulation import AtomsFlewApart, run_langevin
from mlp_course.teaching.failure_lab.materials import trained_schnet, xtb
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.finding import at_most

_ALLOWED = 0.2  # 5 % of frames of the same kind are outside by construction


@cache
def _known(temperature: int, n_frames: int) -> tuple[Atoms, ...]:
    frames = load_embedded(f"ethanol/{temperature}K")[:n_frames]
    return tuple(label_here(frames, xtb()))


def _heated(model: Potential) -> tuple[list[Atoms], str]:
    """Frames every 20 fs of a run at 1000 K that the model drives itself, and how it ended."""
    start = _known(300, 80)[0].copy()
    start.calc = MLPCalculator(model)
    options = dict(temperature=1000.0, friction=0.02, seed=3, interval=40, progress=False)
    try:
        frames, end = run_langevin(start, steps=1200, **options).frames, "ran its 0.6 ps, no alarm"
    except AtomsFlewApart as stop:
        frames = stop.trajectory.frames[:-1]
        end = f"stopped after {stop.time / 1000:.2f} ps: {stop.reason}"
    return label_here(frames[1:], xtb()), end


def experiment(cured: bool) -> Outcome:
    """Train on 80 frames, heat to 1000 K, and ask xTB about the frames that were visited."""
    train = [*_known(300, 80)[:20], *_known(1000, 60)] if cured else list(_known(300, 80))
    model = trained_schnet(train, _known(300, 90)[80:], max_epochs=35)
    visited, end = _heated(model)
    soap = SOAP([1, 6, 8], cutoff=4.0, n_max=4, l_max=3)
    known, met = average_descriptions(soap, train), average_descriptions(soap, visited)
    report = evaluate(model, visited)
    name = "trained at 300 and 1000 K" if cured else "trained at 300 K"
    times = [0.02 * (n + 1) for n in range(len(visited))]  # ps
    finding = at_most(
        "part of the visited frames outside", fraction_outside(known, met), _ALLOWED, "1"
    )
    curves = {name: (times, report.frame_force_mae)}
    return Outcome(report.force_mae, finding, curves, end)


FAILURE = Failure(
    key="extrapolation",
    name="extrapolation",
    group="simulation",
    symptom="The run goes on without an error message, through structures that no chemist knows.",
    cause="The run left the region of the training data, and the model went on answering.",
    test="Describe the visited frames and count those farther out than usual.",
    catcher="mlp_course.sampling.fraction_outside",
    cure="Heat in stages; label what is outside (lesson 08), here frames at 1000 K.",
    quantity="force MAE on the frames that the run visited",
    unit="meV/Å",
    x="time / ps",
    y="force MAE of the frame / (meV/Å)",
    log="y",
    experiment=experiment,
    in_chapter=True,
)
