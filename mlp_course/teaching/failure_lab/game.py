"""The blind game: three observations, which failure is it?"""

import html
from dataclasses import dataclass

import ipywidgets
from IPython.display import display


@dataclass(frozen=True)
class Case:
    """A project in trouble.

    Attributes:
        seen: three observations.
        choices: what it might be; feedback by choice.
        answer: the right choice.
    """

    seen: tuple[str, str, str]
    choices: dict[str, str]
    answer: str


def cases() -> tuple[Case, ...]:
    """The cases of the game, each told from others by one observation.

    Example:
        >>> all(case.answer in case.choices and len(case.seen) == 3 for case in cases())
        True
    """
    return (_HEATING, _OFFSET, _TOO_GOOD, _COLLAPSE)


_HEATING = Case(
    seen=(
        "Without thermostat the temperature rises by hundreds of K in a picosecond.",
        "Halving the time step changes nothing.",
        "All forces of the test set are good to 40 meV/Å, and nothing jumps at the cutoff.",
    ),
    choices={
        "time step too long": "Then half the step would leave a quarter of the trouble.",
        "a kink at the cutoff": "The check at the cutoff is silent.",
        "direct forces": "Right: small force errors, no leak that depends on the step, and heat "
        "from nothing. Carry the atoms around a closed loop.",
        "extrapolation": "It may follow, once the molecule is hot. It does not make the heat.",
    },
    answer="direct forces",
)
_OFFSET = Case(
    seen=(
        "The force error falls with every doubling of the data.",
        "The energy error stays at 6 meV/atom from 100 to 10,000 frames.",
        "A larger cutoff and a larger network change nothing.",
    ),
    choices={
        "wrong cutoff": "Then forces would stop improving, too, and a larger cutoff would help.",
        "mixed levels of theory": "Right: a constant in half of the energies leaves no trace in "
        "forces. Fit the forces alone and look for two bands.",
        "energies in single precision": "Possible for thousands of atoms; look at the smallest "
        "step. For small molecules the step is far below 6 meV/atom.",
        "nothing is wrong": "Forces that improve and energies that do not cannot both be right: "
        "one is the slope of the other.",
    },
    answer="mixed levels of theory",
)
_TOO_GOOD = Case(
    seen=(
        "Force MAE 9 meV/Å on the test set.",
        "Test frames are 100 fs away from the nearest training frame.",
        "On the colleague's run of the same molecule, same temperature: 170 meV/Å.",
    ),
    choices={
        "leakage between neighbouring frames": "100 fs is a long time for a bond: the meter for "
        "this leak is nearly silent.",
        "a test set from the training trajectory": "Right: the colleague's molecule is another "
        "conformer. Runs, not frames, must be kept apart.",
        "one temperature": "Both runs have the same temperature.",
        "Hartree instead of eV": "Forces would be wrong on all frames alike.",
    },
    answer="a test set from the training trajectory",
)
_COLLAPSE = Case(
    seen=(
        "300 K: stable for nanoseconds. 2000 K: over after a picosecond.",
        "The last frame has two copper atoms 1.0 Å apart.",
        "Forces of all test frames at 2000 K, sampled by EMT, look acceptable.",
    ),
    choices={
        "a hole at short distance": "Right: EMT itself never goes there, so no test frame does. "
        "Only the model's own run falls into its hole. Push a pair together.",
        "one temperature": "The test at 2000 K says no.",
        "drift ignored": "Drift is slow; two atoms at 1.0 Å are an event.",
        "time step too long": "Then it would depend on the time step; try. Here the energy of a "
        "close pair is simply wrong.",
    },
    answer="a hole at short distance",
)


def which_failure() -> None:
    """Show the game: choose a case, choose a failure, read why it is or is not.

    Nothing is chosen at first; somebody who only reads sees the question.
    """
    number = ipywidgets.Dropdown(
        options={f"case {n + 1}": case for n, case in enumerate(cases())}, description="case"
    )
    choice = ipywidgets.RadioButtons(layout={"width": "max-content"})
    told, feedback = ipywidgets.HTML(), ipywidgets.HTML()

    def open_case(change: dict | None = None) -> None:
        case = number.value
        told.value = "<br>".join(f"• {html.escape(line)}" for line in case.seen)
        choice.options, choice.value = list(case.choices), None
        feedback.value = ""

    def answer(change: dict) -> None:
        if change["new"] is not None:
            feedback.value = f"<b>{html.escape(judged(number.value, change['new']))}</b>"

    number.observe(open_case, names="value")
    choice.observe(answer, names="value")
    open_case()
    display(ipywidgets.VBox([number, told, choice, feedback]))


def judged(case: Case, choice: str) -> str:
    """Feedback on a choice.

    Raises:
        ValueError: if the case has no such choice.

    Example:
        >>> judged(cases()[0], "a kink at the cutoff")
        'The check at the cutoff is silent.'
    """
    if choice not in case.choices:
        raise ValueError(f"choice must be one of {', '.join(case.choices)}; got {choice!r}")
    return case.choices[choice]
