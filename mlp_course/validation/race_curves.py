"""Force errors of the race against training frames and degrees, measured and in between."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mlp_course.validation.race_results import ABLATION


def learning_curve(
    race: pd.DataFrame, model: str, *, molecule: str = "ethanol", quantity: str = "force_mae"
) -> tuple[Sequence[int], Sequence[float]]:
    """Measured sizes and errors of a method, sorted by size.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae"]
        >>> rows = [("mace", "ethanol", 400, 10.0), ("mace", "ethanol", 100, 40.0)]
        >>> frames, errors = learning_curve(pd.DataFrame(rows, columns=columns), "mace")
        >>> frames.tolist(), errors.tolist()
        ([100, 400], [40.0, 10.0])
    """
    own = race[(race["model"] == model) & (race["molecule"] == molecule)].sort_values("n_train")
    return own["n_train"].to_numpy(), own[quantity].to_numpy()


def errors_at(
    race: pd.DataFrame, model: str, n_train: ArrayLike, *, molecule: str = "ethanol"
) -> NDArray[np.float64]:
    """Force errors of a method for any numbers of frames, along its learning curve.

    Between the measured sizes the curve is straight on logarithmic axes; outside it is not known.

    Args:
        race: from :func:`load_race`.
        model: key of ``build_model``.
        n_train: numbers of training frames.
        molecule: of the curve.

    Returns:
        In meV/Å, the shape of ``n_train``; NaN outside the measured sizes.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae"]
        >>> rows = [("mace", "ethanol", 100, 40.0), ("mace", "ethanol", 400, 10.0)]
        >>> race = pd.DataFrame(rows, columns=columns)
        >>> errors_at(race, "mace", [100, 200, 1000]).round(6).tolist()  # 200 is half way in log
        [40.0, 20.0, nan]
    """
    wanted = np.asarray(n_train, dtype=float)
    frames, errors = learning_curve(race, model, molecule=molecule)
    if not len(frames):
        return np.full(wanted.shape, np.nan)
    between = np.exp(np.interp(np.log(wanted), np.log(frames), np.log(errors)))
    return np.where((frames[0] <= wanted) & (wanted <= frames[-1]), between, np.nan)


def error_at(
    race: pd.DataFrame, model: str, n_train: float, *, molecule: str = "ethanol"
) -> float | None:
    """The same for one number of frames: in meV/Å, or None outside the measured sizes.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae"]
        >>> race = pd.DataFrame([("mace", "ethanol", 100, 40.0)], columns=columns)
        >>> error_at(race, "mace", 1000) is None
        True
    """
    error = float(errors_at(race, model, n_train, molecule=molecule))
    return None if np.isnan(error) else error


def degree_errors(race: pd.DataFrame) -> dict[str, float]:
    """Force errors of NequIP by its highest degree, on 200 frames of ethanol, in meV/Å.

    Args:
        race: from :func:`load_race`; only what has been computed is returned.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae"]
        >>> rows = [("nequip", "ethanol", 200, 20.0), ("nequip_l0", "ethanol", 200, 50.0)]
        >>> degree_errors(pd.DataFrame(rows, columns=columns))
        {'NequIP l_max = 0': 50.0, 'NequIP l_max = 2': 20.0}
    """
    own = race[(race["molecule"] == "ethanol") & (race["n_train"] == 200)]
    errors = own.set_index("model")["force_mae"]
    names = ABLATION | {"nequip": "NequIP l_max = 2"}
    return {name: float(errors[key]) for key, name in names.items() if key in errors.index}
