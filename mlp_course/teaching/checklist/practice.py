"""The sixteen items about practice: what one can do at the keyboard."""

from mlp_course.teaching.checklist.item import Item

_DATA, _MODEL = "Data", "Model and settings"
_ERROR, _TROUBLE = "Accuracy", "When it goes wrong"

PRACTICE = (
    Item(
        "p01",
        _DATA,
        "settle functional, plane-wave cutoff and k-points for my system, and write them down",
        "04_ecosystem",
        "Phase 1 · Data",
        books=("04_ecosystem", "10_reproducibility_and_licences"),
    ),
    Item(
        "p02",
        _DATA,
        "plan a data set in balance: enough of the valley, and enough high up in energy",
        "03_training_data",
        "Planning a data set",
        books=("03_training_data", "12_failure_patterns"),
    ),
    Item(
        "p03",
        _DATA,
        "lay out 5,000 configurations for a copper catalyst (the chapter's second exercise)",
        "03_training_data",
        "Planning a data set",
        books=("03_training_data",),
    ),
    Item(
        "p04",
        _DATA,
        "work out what the labels will cost: configurations times the time of one",
        "08_active_learning",
        "Does it pay?",
        books=("08_active_learning", "03_training_data"),
    ),
    Item(
        "p05",
        _MODEL,
        "choose a cutoff for a kind of system (rule of thumb: 5–6 Å for metals, 6–8 Å with "
        "hydrogen bonds) and test it with a larger one",
        "06_descriptors",
        "Choosing the cutoff",
        books=("06_descriptors", "12_failure_patterns"),
    ),
    Item(
        "p06",
        _MODEL,
        "weigh energies against forces in the loss, knowing which of the two owns it",
        "09_training_on_md17",
        "3 · What should the loss weigh?",
        books=("09_training_on_md17", "05_workflow"),
    ),
    Item(
        "p07",
        _MODEL,
        "split into training, validation and test frames (80:10:10, say) so that nothing leaks",
        "03_training_data",
        "Splits, and a meter for leakage",
        books=("03_training_data", "12_failure_patterns"),
    ),
    Item(
        "p08",
        _MODEL,
        "tune learning rate, batch size and number of epochs, and keep a record of it",
        "09_training_on_md17",
        "4 · How fast may it learn?",
        books=("09_training_on_md17",),
    ),
    Item(
        "p09",
        _ERROR,
        "compute the MAE on test frames and hold it against a target stated beforehand",
        "05_workflow",
        "Step 4 · Validate",
        books=("05_workflow",),
    ),
    Item(
        "p10",
        _ERROR,
        "plot predicted against true values and compute R², for energies and for forces",
        "09_training_on_md17",
        "Where does the error sit?",
        books=("09_training_on_md17", "05_workflow"),
    ),
    Item(
        "p11",
        _ERROR,
        "design a test outside the training data, run it, and believe it",
        "05_workflow",
        "All of it in one call",
        books=("05_workflow", "12_failure_patterns"),
    ),
    Item(
        "p12",
        _ERROR,
        "check that measurable quantities come out: lattice constant, vibrations, a conserved "
        "total energy",
        "05_workflow",
        "All of it in one call",
        books=("05_workflow",),
    ),
    Item(
        "p13",
        _TROUBLE,
        "find out why a potential is not accurate enough (data, settings or model), and repair it",
        "05_workflow",
        "What if it fails",
        books=("12_failure_patterns", "05_workflow"),
    ),
    Item(
        "p14",
        _TROUBLE,
        "run a round of active learning with an ensemble whose spread tells where it errs",
        "08_active_learning",
        "Five opinions",
        books=("08_active_learning",),
    ),
    Item(
        "p15",
        _TROUBLE,
        "convert between eV, kcal/mol and Hartree without a slip, and see a wrong unit",
        "11_unit_pitfalls",
        "Two tables, checked",
        books=("11_unit_pitfalls",),
    ),
    Item(
        "p16",
        _TROUBLE,
        "read a first cutoff off a proper g(r)",
        "12_failure_patterns",
        "Which cutoff?",
        books=("06_descriptors", "12_failure_patterns"),
    ),
)
