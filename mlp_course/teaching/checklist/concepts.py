"""The sixteen items about concepts: what one can explain."""

from mlp_course.teaching.checklist.item import Item

_WHAT, _WORDS = "What a learned potential is", "Words"
_DATA, _MODELS = "Data and workflow", "Descriptors and architectures"

CONCEPTS = (
    Item(
        "c01",
        _WHAT,
        "say what three things make a machine-learning potential: it learns from labelled data, "
        "approximates a function of very many coordinates, and has physics built in",
        "01_what_is_an_mlp",
        books=("01_what_is_an_mlp",),
    ),
    Item(
        "c02",
        _WHAT,
        "name at least three points in which it differs from force fields and from DFT",
        "01_what_is_an_mlp",
        books=("01_what_is_an_mlp",),
    ),
    Item(
        "c03",
        _WHAT,
        "tell what quantum chemistry, machine learning and molecular dynamics each bring to it",
        "01_what_is_an_mlp",
        books=("01_what_is_an_mlp",),
    ),
    Item(
        "c04",
        _WHAT,
        "sketch a potential energy surface, with minima, saddle and path, and say what each means",
        "00_start_here",
        "Turn the OH group",
        books=("01_what_is_an_mlp",),
        person=True,
    ),
    Item(
        "c05",
        _WORDS,
        "define at least ten of the fifteen terms without looking them up",
        "02_glossary",
        books=("02_glossary",),
    ),
    Item(
        "c06",
        _WORDS,
        "tell invariant from equivariant, each with an example",
        "06_descriptors",
        "Invariant or equivariant?",
        books=("06_descriptors", "02_glossary"),
    ),
    Item(
        "c07",
        _WORDS,
        "say what E(3)-equivariance buys: arrows that turn with the molecule, and fewer labels",
        "07_architectures",
        "4 · Who sees what?",
        books=("07_architectures",),
    ),
    Item(
        "c08",
        _WORDS,
        "quote the usual accuracy targets (energy MAE below 1 to 5 meV/atom, force MAE below 50 "
        "to 150 meV/Å) and say what they are good for",
        "05_workflow",
        "Step 4 · Validate",
        books=("05_workflow", "02_glossary"),
    ),
    Item(
        "c09",
        _DATA,
        "say what each of the five types of data is for: equilibrium, dynamics, reaction paths, "
        "random, defects",
        "03_training_data",
        "One map of all five",
        books=("03_training_data",),
    ),
    Item(
        "c10",
        _DATA,
        "go through the five steps of the workflow in order, and say what each hands to the next",
        "05_workflow",
        "Step 1 · Collect",
        books=("05_workflow",),
    ),
    Item(
        "c11",
        _DATA,
        "guess the time and the machine that each step needs, to a factor of three",
        "05_workflow",
        "Weeks of it",
        books=("05_workflow", "08_active_learning"),
    ),
    Item(
        "c12",
        _DATA,
        "draw the loop of active learning and say when it pays",
        "08_active_learning",
        "The loop, live",
        books=("08_active_learning",),
    ),
    Item(
        "c13",
        _MODELS,
        "compare symmetry functions, SOAP and learned (graph) features, with a weakness of each",
        "06_descriptors",
        "The chapter's table, measured",
        books=("06_descriptors",),
    ),
    Item(
        "c14",
        _MODELS,
        "say how many labels each family of descriptors needs for the same error",
        "06_descriptors",
        "What can be learnt from each?",
        books=("06_descriptors", "07_architectures"),
    ),
    Item(
        "c15",
        _MODELS,
        "tell the story from SchNet over DimeNet and NequIP to MACE: what each added, at what cost",
        "07_architectures",
        "1 · Fifteen years",
        books=("07_architectures",),
    ),
    Item(
        "c16",
        _MODELS,
        "choose descriptor and architecture for a question of my own, and defend the choice",
        "07_architectures",
        "9 · Which would you take?",
        books=("07_architectures", "06_descriptors"),
    ),
)
