"""The fifteen terms, in the order in which lesson 02 tells them."""

from mlp_course.teaching.glossary.term import Term

FIFTEEN: tuple[Term, ...] = (
    Term(
        "potential energy surface",
        "The energy of a molecule for every arrangement of its nuclei: valleys are stable shapes, "
        "passes between them are barriers, and the slope is the force.",
        lesson="00_start_here",
        heading="Turn the OH group",
        short="PES",
        spellings=(
            "potential energy surfaces", "potential-energy surface", "potential-energy surfaces",
            "potential surface", "potential surfaces", "energy surface", "energy surfaces",
        ),
        symbol=r"E(\mathbf R)",
        unit="eV",
        related=("many-body interaction", "generalisation", "descriptor"),
        rank=1,
    ),
    Term(
        "many-body interaction",
        "A share of the energy that exists only when three or more atoms are there together, "
        "and that no sum over pairs can give.",
        lesson="06_descriptors",
        heading="Blind spots",
        spellings=(
            "many-body interactions", "many-body", "many-body term", "many-body terms",
            "three-body", "four-body",
        ),
        unit="eV",
        related=("potential energy surface", "message passing", "cutoff radius"),
    ),
    Term(
        "cutoff radius",
        "The distance beyond which one atom does not see another one directly.",
        lesson="06_descriptors",
        heading="Choosing the cutoff",
        spellings=("cutoff", "cutoffs", "cutoff radii", "cut-off"),
        symbol="r_c",
        unit="Å",
        related=("descriptor", "symmetry function", "message passing", "many-body interaction"),
        not_after=("plane-wave", "energy", "kinetic", "density"),
        not_in=("04_ecosystem",),  # there it is the highest energy of a plane wave
    ),
    Term(
        "descriptor",
        "The list of numbers that stands for the surroundings of an atom, or for a whole "
        "structure, in place of coordinates.",
        lesson="06_descriptors",
        heading="What a descriptor must do",
        spellings=("descriptors",),
        symbol=r"\mathbf x_i",
        unit="dimensionless",
        related=(
            "symmetry function", "message passing", "cutoff radius", "invariance",
            "potential energy surface",
        ),
        rank=2,
    ),
    Term(
        "symmetry function",
        "A single number that counts the neighbours of an atom in one soft shell of distance, or "
        "its pairs of neighbours in one soft range of angles.",
        lesson="06_descriptors",
        heading="Symmetry functions: count in soft shells",
        spellings=("symmetry functions",),
        symbol="G_i",
        unit="dimensionless",
        related=("descriptor", "cutoff radius", "message passing", "E(3) equivariance"),
    ),
    Term(
        "message passing",
        "Round after round every atom adds up what its neighbours report, and so learns, "
        "second-hand, about atoms that it does not see itself.",
        lesson="06_descriptors",
        heading="Learned features: message passing, step by step",
        spellings=("message-passing", "passes messages", "pass messages"),
        symbol="m_{ij}",
        related=(
            "descriptor", "symmetry function", "cutoff radius", "many-body interaction",
            "equivariance",
        ),
    ),
    Term(
        "invariance",
        "The answer stays the same when the molecule is moved, turned or mirrored, or when equal "
        "atoms swap their numbers; energy does this.",
        lesson="06_descriptors",
        heading="What a descriptor must do",
        spellings=("invariant", "invariances", "invariants"),
        related=("equivariance", "E(3) equivariance", "descriptor"),
        rank=3,
    ),
    Term(
        "equivariance",
        "When the input is turned, the answer turns along with it; forces do this.",
        lesson="06_descriptors",
        heading="Invariant or equivariant?",
        spellings=("equivariant",),
        related=("invariance", "E(3) equivariance", "message passing"),
        rank=3,
    ),
    Term(
        "E(3) equivariance",
        "The answer follows every motion of space that keeps distances: all shifts, all turns "
        "and all mirror images.",
        lesson="07_architectures",
        heading="NequIP (2021): not only arrows",
        spellings=("E(3)-equivariance", "E(3)-equivariant", "E(3) equivariant", "E(3)"),
        symbol="E(3)",
        related=("equivariance", "invariance", "symmetry function"),
    ),
    Term(
        "mean absolute error",
        "The size of a deviation from the label, whatever its sign, averaged over a test set.",
        lesson="00_start_here",
        heading="A number that is too good",
        short="MAE",
        spellings=("MAEs", "mean absolute errors"),
        symbol=r"\frac1N\sum_n|\hat E_n - E_n|",
        unit="meV/atom; meV/Å for forces",
        related=("generalisation", "data efficiency", "ensemble"),
        rank=4,
    ),
    Term(
        "generalisation",
        "Being right where one was not taught: on configurations that are not among the training "
        "data, best of all on other kinds of them.",
        lesson="03_training_data",
        heading="The proof: train on one type, test on all",
        spellings=(
            "generalization", "generalise", "generalises", "generalised to", "generalize",
            "generalizes",
        ),
        related=(
            "mean absolute error", "data efficiency", "transfer learning", "ensemble",
            "potential energy surface",
        ),
    ),
    Term(
        "data efficiency",
        "How few labels a method needs in order to reach a given error.",
        lesson="06_descriptors",
        heading="What can be learnt from each?",
        spellings=("data-efficient", "data-efficiency"),
        unit="labels at a given error",
        related=(
            "mean absolute error", "generalisation", "active learning", "transfer learning",
        ),
    ),
    Term(
        "ensemble",
        "Several models, trained apart from each other on the same task, whose disagreement "
        "warns that none of them knows.",
        lesson="08_active_learning",
        heading="Five opinions",
        spellings=("ensembles", "committee", "committees"),
        symbol=r"\sigma",
        unit="that of the prediction",
        related=("active learning", "mean absolute error", "generalisation"),
        not_after=("NVE", "NVT", "NPT", "canonical", "microcanonical", "statistical"),
    ),
    Term(
        "active learning",
        "The model itself points out the configurations it is unsure about; these are labelled, "
        "it is trained again, and so on.",
        lesson="08_active_learning",
        heading="The loop, live",
        spellings=("actively learned", "learn actively", "learns actively"),
        related=("ensemble", "transfer learning", "data efficiency"),
        rank=5,
    ),
    Term(
        "transfer learning",
        "A model that was trained on plenty of other labels goes on with a few of the ones that "
        "count, and keeps what it knew.",
        lesson="08_active_learning",
        heading="Cheap labels first",
        spellings=("fine-tuning", "fine-tuned", "fine-tune"),
        related=("active learning", "data efficiency", "generalisation"),
    ),
)  # fmt: skip
