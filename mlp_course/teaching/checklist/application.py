"""The twelve items about application: what one can do for a question of one's own."""

from mlp_course.teaching.checklist.item import Item

_DESIGN, _READING, _STRATEGY = "Designing a project", "Reading papers", "Strategy"

APPLICATION = (
    Item(
        "a01",
        _DESIGN,
        "write a plan for a system that no lesson treats",
        "05_workflow",
        "Step 1 · Collect",
        books=("03_training_data",),
        person=True,
    ),
    Item(
        "a02",
        _DESIGN,
        "add up what a project costs: DFT, training, simulation and people",
        "08_active_learning",
        "Does it pay?",
        books=("08_active_learning",),
    ),
    Item(
        "a03",
        _DESIGN,
        "put numbers on active learning against the standard way (the chapter's third exercise)",
        "08_active_learning",
        "Does it pay?",
        books=("08_active_learning",),
    ),
    Item(
        "a04",
        _DESIGN,
        "shift the shares of equilibrium, dynamics and path data to what the question needs",
        "03_training_data",
        "The proof: train on one type, test on all",
        books=("03_training_data",),
    ),
    Item(
        "a05",
        _READING,
        "find descriptor, training data and accuracy in the methods section of a paper, and see "
        "what is missing",
        "09_training_on_md17",
        "8 · Against the published numbers",
        books=("10_reproducibility_and_licences",),
        person=True,
    ),
    Item(
        "a06",
        _READING,
        "judge whether a reported MAE is plausible for that system, level and number of labels",
        "09_training_on_md17",
        "8 · Against the published numbers",
        books=("09_training_on_md17", "07_architectures"),
    ),
    Item(
        "a07",
        _READING,
        "point at what a data set leaves out: temperatures, energies, conformers",
        "12_failure_patterns",
        "A test set from the same trajectory",
        books=("12_failure_patterns", "03_training_data"),
    ),
    Item(
        "a08",
        _READING,
        "compare two architectures fairly: same frames, same budget, several seeds",
        "07_architectures",
        "6 · The stored race",
        books=("07_architectures",),
    ),
    Item(
        "a09",
        _STRATEGY,
        "decide what to label when there is money for few labels only",
        "08_active_learning",
        "Cheap labels first",
        books=("08_active_learning",),
        person=True,
    ),
    Item(
        "a10",
        _STRATEGY,
        "say where a potential will fail (extrapolation, transfer) and guard against it",
        "12_failure_patterns",
        "The first hot run",
        books=("12_failure_patterns",),
    ),
    Item(
        "a11",
        _STRATEGY,
        "explain use and limits to a colleague from the laboratory, without jargon",
        "01_what_is_an_mlp",
        books=("01_what_is_an_mlp",),
        person=True,
    ),
    Item(
        "a12",
        _STRATEGY,
        "follow what comes next (foundation models, universal potentials) with open eyes",
        "07_architectures",
        "9 · Which would you take?",
        books=("07_architectures",),
        person=True,
    ),
)
