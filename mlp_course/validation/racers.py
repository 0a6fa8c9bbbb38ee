"""Who takes part in the race; one more is one line here and one in ``benchmarks/race.py``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Racer:
    """A method as pictures and tables show it.

    Attributes:
        name: to print.
        year: of the publication, or of the preprint if that came first.
        idea: what it brought, in a few words.
        marker: its sign in pictures, a marker of matplotlib, so that colours are not needed.
    """

    name: str
    year: int
    idea: str
    marker: str


#: By key of ``build_model``, in the order of the publications.
RACERS = {
    "behler_parrinello": Racer(
        "Behler-Parrinello", 2007, "distances and angles, one network per element", "s"
    ),
    "gap": Racer("GAP", 2010, "resemblance to known environments, with an error bar", "D"),
    "ani": Racer("ANI", 2017, "finer angles, many molecules", "P"),
    "schnet": Racer("SchNet", 2017, "learns what to look at: messages", "o"),
    "dimenet": Racer("DimeNet", 2020, "messages that know angles", "X"),
    "painn": Racer("PaiNN", 2021, "features that turn: vectors", "v"),
    "nequip": Racer("NequIP", 2021, "features that turn: tensors", "^"),
    "mace": Racer("MACE", 2022, "tensors, and four bodies at once", "*"),
}

#: The names to print, by the same keys.
NAMES = {key: racer.name for key, racer in RACERS.items()}
