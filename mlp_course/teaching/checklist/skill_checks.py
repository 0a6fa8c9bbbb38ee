"""Items that other results can tick: a trained model, its cutoff, units, an ensemble, a quiz."""

from functools import cache

import torch

from mlp_course.active_learning import rank_correlation
from mlp_course.analysis.cutoff_advice import cutoff_advice
from mlp_course.models import list_shipped, load_model, load_shipped
from mlp_course.models.potential import Potential
from mlp_course.models.store import ModelFileError
from mlp_course.teaching.checklist.data_checks import near_advice
from mlp_course.teaching.checklist.evidence import Evidence
from mlp_course.teaching.checklist.report_checks import FEWEST_FRAMES, FORCE_LIMIT
from mlp_course.teaching.checklist.verdict import Verdict, demand, every, not_shown
from mlp_course.validation import evaluate

RECORD = ("data", "level_of_theory", "settings")  # what a trained model says of itself
TUNED = ("learning_rate", "batch_size")
MODEL_CUTOFF_TOLERANCE = 1.0  # Å; the advice is where to begin
FEWEST_ROUNDS, RIGHT_ROUNDS = 5, 0.8
FEWEST_ERRORS, RANK_LIMIT = 30, 0.3  # Spearman's; chance stays below with 95 % for 30 errors
COPY = 1e-4  # of the largest weight; one step of training moves some weight further
TERMS, KNOWN_TERMS = 15, 10  # of the chapter


def training_checked(evidence: Evidence) -> Verdict | None:
    """p08: an own model that says how it was trained, and is good on frames it has not seen."""
    if not evidence.models:
        return None
    model = _own_model(evidence)
    if isinstance(model, Verdict):
        return model
    lacking = [name for name in RECORD if not model.provenance.get(name)]
    settings = model.provenance.get("settings")
    lacking += [name for name in TUNED if isinstance(settings, dict) and name not in settings]
    if lacking:
        return not_shown(f"the record of the model does not say: {', '.join(lacking)}")
    if len(evidence.frames) < FEWEST_FRAMES:
        return not_shown(f"no {FEWEST_FRAMES} labelled frames were given to test the model on")
    error = evaluate(model, list(evidence.frames)).force_mae
    return demand(error, FORCE_LIMIT, "force MAE of the saved model", "meV/Å")


def model_cutoff_checked(evidence: Evidence) -> Verdict | None:
    """p05: the cutoff of an own model lies near the advice for the learner's frames."""
    if not evidence.models or not len(evidence.frames):
        return None
    model = _own_model(evidence)
    if isinstance(model, Verdict):
        return model
    try:
        advice = cutoff_advice(list(evidence.frames)).cutoff
    except ValueError as error:
        return not_shown(f"no advice for these frames: {error}")
    return near_advice("the cutoff of the model", model.cutoff, advice, MODEL_CUTOFF_TOLERANCE)


def units_checked(evidence: Evidence) -> Verdict | None:
    """p15: unit faults named rightly in the unit game."""
    played, right = (
        sum(getattr(g, name) for g in evidence.games) for name in ("number", "n_right")
    )
    if not played:
        return None
    enough = demand(played, FEWEST_ROUNDS, "number of rounds of the unit game", "1", below=False)
    words = "share of right diagnoses"
    return every([enough, demand(right / played, RIGHT_ROUNDS, words, "1", below=False)])


def ensemble_checked(evidence: Evidence) -> Verdict | None:
    """p14: the spread of an ensemble goes with its errors."""
    found = evidence.uncertainty
    if found is None:
        return None
    if len(found) < FEWEST_ERRORS:
        return not_shown(f"{len(found)} errors (at least {FEWEST_ERRORS} demanded)")
    try:
        rank = rank_correlation(found)
    except ValueError as error:
        return not_shown(str(error))
    return demand(rank, RANK_LIMIT, "rank correlation of spread and error", "1", below=False)


def terms_checked(evidence: Evidence) -> Verdict | None:
    """c05: ten of the fifteen terms, in a round of the glossary's quiz that asks for all."""
    found = evidence.progress.quiz("02_glossary") if evidence.progress else None
    if found is None:
        return None
    asked = demand(found.asked, TERMS, "number of questions in the best round", "1", below=False)
    return every([asked, demand(found.right, KNOWN_TERMS, "right answers", "1", below=False)])


def _own_model(evidence: Evidence) -> Potential | Verdict:
    """The last model, or why it does not count."""
    try:
        model = load_model(evidence.models[-1])
    except (OSError, ModelFileError) as error:
        return not_shown(f"the model cannot be used: {error}")
    shipped = _copied_from(model)
    if shipped:
        return not_shown(f"this is {shipped}, which comes with the course: train one of your own")
    return model


def _copied_from(model: Potential) -> str | None:
    """The shipped model whose weights these are, up to a change that no training makes."""
    weights = _weights(model)
    for name, shipped in _shipped_weights().items():
        if weights.shape == shipped.shape:
            changed = (weights - shipped).abs().max()
            if changed < COPY * shipped.abs().max():
                return name
    return None


@cache
def _shipped_weights() -> dict[str, torch.Tensor]:
    return {name: _weights(load_shipped(name)) for name in list_shipped()}


def _weights(model: Potential) -> torch.Tensor:
    """All learnt numbers in a row; what is only counted or fitted beforehand is left out."""
    return torch.cat([each.detach().double().flatten() for each in model.parameters()])
