"""Which descriptor for which task: a few questions, one recommendation, and the reason for it."""

from __future__ import annotations

import dataclasses
import html
from typing import TYPE_CHECKING

from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.tables import html_table

if TYPE_CHECKING:
    import ipywidgets

QUESTIONS = {
    "labels": (
        "How many labelled configurations can you pay for?",
        ("up to 200", "200 to 2,000", "more than 2,000"),
    ),
    "use": (
        "What is it for?",
        (
            "dynamics with few neighbours: gas, thin layer, short cutoff",
            "dynamics with many neighbours: crystal, alloy, liquid",
            "compare, sort or pick structures",
        ),
    ),
    "size": ("How large is the simulation?", ("up to 1,000 atoms", "more than 10,000 atoms")),
    "need": (
        "What can you not do without?",
        (
            "nothing special",
            "an error bar from the model itself",
            "features that a person can read",
        ),
    ),
}


@dataclasses.dataclass(frozen=True)
class Recommendation:
    """What to take, and why.

    Attributes:
        choice: the family.
        reason: one or two sentences.
        first_step: what to try in this course.
    """

    choice: str
    reason: str
    first_step: str


_SOAP_ALONE = Recommendation(
    "SOAP, without a network",
    "Nothing has to be learnt to compare structures: the normalised kernel is ready at once, "
    "and it is smooth and blind to rotation and order.",
    "describe_structure and difference_table",
)
_GAP = Recommendation(
    "SOAP with a Gaussian process (GAP)",
    "The process gives a variance with every energy, and solving a linear system makes good use of "
    "few labels. Its cost grows with the number of kept environments.",
    'build_model("gap", ...)',
)
_SYMMETRY = Recommendation(
    "symmetry functions with one network per element (Behler-Parrinello, ANI)",
    "Each number has a name: so many O in that shell, so many pairs at that angle. It learned less "
    "from each label than SOAP in lesson 06.",
    'build_model("behler_parrinello", ...)',
)
_FAST = dataclasses.replace(
    _SYMMETRY,
    reason="With few neighbours there are few angles to count (ANI cuts them off at 3.5 Å), and "
    "nothing was cheaper in lesson 06. It learns less from each label, and labels you have. With "
    "many neighbours its cost grows with their square.",
)
_EQUIVARIANT = Recommendation(
    "an equivariant network (MACE, NequIP)",
    "Directions and many bodies are built in, and published comparisons find that few labels go "
    "furthest with them. Each step costs more, which matters less here than the labels.",
    'build_model("mace", ...)',
)
_ACCURATE = dataclasses.replace(
    _EQUIVARIANT,
    reason="The simulation is small enough to pay for the dearer step, and in published "
    "comparisons on the same labels these networks have the lowest errors.",
)
_PAINN = Recommendation(
    "a light equivariant network (PaiNN, small MACE)",
    "So many atoms need a cheap step. Its messages count neighbours, not pairs of them, and with "
    "vectors it was more accurate than SchNet in this course, on the same frames.",
    'build_model("painn", ...)',
)


def recommend(labels: str, use: str, size: str, need: str) -> Recommendation:
    """Recommend a family; the first rule that fits decides.

    The rules are a judgement. The first three follow from what a family is, the others from how
    costs grow with the neighbours (lesson 06) and from published accuracies; the limits (200 and
    2,000 labels, 10,000 atoms) are round numbers. On your own system let two families run
    on the same labels.

    Args:
        labels: one of the answers that stand in ``QUESTIONS["labels"]``.
        use: the same for ``QUESTIONS["use"]``.
        size: the same for ``QUESTIONS["size"]``.
        need: the same for ``QUESTIONS["need"]``.

    Returns:
        The recommendation with its reason.

    Raises:
        ValueError: if an answer is not among those of its question.

    Example:
        >>> best = recommend(
        ...     labels="up to 200", size="up to 1,000 atoms", need="nothing special",
        ...     use="dynamics with few neighbours: gas, thin layer, short cutoff",
        ... )
        >>> best.choice
        'an equivariant network (MACE, NequIP)'
    """
    answers = dict(labels=labels, use=use, size=size, need=need)
    for name, answer in answers.items():
        if answer not in QUESTIONS[name][1]:
            raise ValueError(f"{name} must be one of {list(QUESTIONS[name][1])}; got {answer!r}")
    return next(choice for _, rule, choice in RULES if rule(answers))


#: In words, as a function of the answers, and what follows; in the order they are asked.
RULES = (
    ("You compare, sort or pick structures", lambda a: a["use"].startswith("compare"), _SOAP_ALONE),
    ("You need an error bar from the model", lambda a: a["need"].startswith("an error"), _GAP),
    ("You need features to read", lambda a: a["need"].startswith("features"), _SYMMETRY),
    ("You have up to 200 labels", lambda a: a["labels"] == "up to 200", _EQUIVARIANT),
    (
        "You have more than 10,000 atoms with few neighbours, and more than 2,000 labels",
        lambda a: all(a[q].startswith("more") for q in ("size", "labels")) and "few" in a["use"],
        _FAST,
    ),
    ("You have more than 10,000 atoms", lambda a: a["size"].startswith("more"), _PAINN),
    ("Otherwise", lambda a: True, _ACCURATE),
)


class SelectionGuide(Interactive):
    """Four questions to answer by menus; the recommendation changes with every answer.

    A reader without a running notebook sees the rules as a table.

    Example:
        >>> guide = SelectionGuide()
        >>> guide.menus["need"].value = "an error bar from the model itself"
        >>> guide
        Recommended: SOAP with a Gaussian process (GAP)
    """

    def __init__(self) -> None:
        import ipywidgets

        wide = ipywidgets.Layout(width="430px")
        self.menus = {
            name: ipywidgets.Dropdown(options=answers, layout=wide)
            for name, (_, answers) in QUESTIONS.items()
        }
        self._shown = ipywidgets.HTML()
        self._update()
        for menu in self.menus.values():
            menu.observe(self._update, names="value")

    @property
    def recommendation(self) -> Recommendation:
        """What follows from the answers."""
        return recommend(**{name: menu.value for name, menu in self.menus.items()})

    def _update(self, change: object = None) -> None:
        best = self.recommendation
        self._shown.value = (
            f"<p><b>{html.escape(best.choice)}</b><br>{html.escape(best.reason)}<br>"
            f"Start with <code>{html.escape(best.first_step)}</code></p>"
        )

    def _layout(self) -> ipywidgets.Widget:
        """A question above each menu, the recommendation below all."""
        import ipywidgets

        asked = [
            ipywidgets.VBox([ipywidgets.HTML(f"<label>{text}</label>"), self.menus[name]])
            for name, (text, _) in QUESTIONS.items()
        ]
        return ipywidgets.VBox([*asked, self._shown])

    def __repr__(self) -> str:
        return f"Recommended: {self.recommendation.choice}"

    def _still(self) -> str:
        """The rules."""
        return rules_as_html()


def rules_as_html() -> str:
    """Return the rules as a table: the first line that fits decides.

    Example:
        >>> rules_as_html().count("<tr>") == len(RULES) + 1  # and a head
        True
    """
    heads = ["the first line that fits decides", "take", "because"]
    rows = [
        [html.escape(words), f"<b>{html.escape(best.choice)}</b>", html.escape(best.reason)]
        for words, _, best in RULES
    ]
    return html_table([heads, *rows])
