"""What others published about the raced methods, beside the race."""

from pathlib import Path

import pandas as pd

_LITERATURE = Path(__file__).parent / "literature"


def load_published() -> pd.DataFrame:
    """Errors that others published for the same molecules, each with its source.

    Returns:
        Columns method, molecule, n_train, energy_mae_total (meV, NaN where not given), force_mae
        (meV/Å), dataset and source. Rows of ``dataset`` "MD17" belong to the original data, which
        has another functional: near, not equal.

    Example:
        >>> published = load_published().set_index(["method", "molecule", "n_train"])
        >>> float(published.loc[("MACE", "ethanol", 950), "force_mae"])
        2.1
    """
    return pd.read_csv(_LITERATURE / "published_rmd17.csv")


def load_chapter_table() -> pd.DataFrame:
    """What the chapter that the course follows says of each method (its section 2.7).

    Returns:
        Index: key of ``build_model``. Columns method, year, data_efficiency, accuracy, frames, and
        the ends of the ranges energy (meV/atom), force (meV/Å) and hours; NaN for ANI, which its
        second table leaves out.

    Example:
        >>> int(load_chapter_table().loc["mace", "frames"])
        3000
    """
    return pd.read_csv(_LITERATURE / "chapter_architectures.csv", index_col="model")


def beside_published(race: pd.DataFrame) -> pd.DataFrame:
    """Our force errors beside published ones for the same molecule, data and number of frames.

    Args:
        race: from ``load_race``.

    Returns:
        One row for each cell that somebody published too: method, molecule, n_train, ours and
        published (meV/Å), and how many times larger ours is.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae"]
        >>> race = pd.DataFrame([("mace", "MACE", "ethanol", 950, 8.4)], columns=columns)
        >>> beside_published(race)["ratio"].tolist()  # 8.4 against 2.1 meV/Å
        [4.0]
    """
    key = ["method", "molecule", "n_train"]
    published = load_published().query("dataset == 'rMD17'")[[*key, "force_mae"]]
    both = race[[*key, "force_mae"]].merge(published, on=key, suffixes=("", "_published"))
    both["ratio"] = (both["force_mae"] / both["force_mae_published"]).round(1)
    names = {"force_mae": "ours / (meV/Å)", "force_mae_published": "published / (meV/Å)"}
    return both.rename(columns=names)
