"""What tells two terms apart that are easily confused: the feedback of the quiz."""

_PAIRS = {
    ("potential energy surface", "many-body interaction"): "The surface is the whole energy; a "
    "many-body interaction is the part of it that pairs cannot give.",
    ("potential energy surface", "generalisation"): "The surface is what is to be learnt; to "
    "generalise is to get it right away from the training data.",
    ("potential energy surface", "descriptor"): "A descriptor is what the model reads; the surface "
    "is what it should answer.",
    ("descriptor", "symmetry function"): "A symmetry function is one number; many of them together "
    "make one kind of descriptor.",
    ("descriptor", "message passing"): "A descriptor is fixed before training; what message "
    "passing carries is learnt.",
    ("descriptor", "cutoff radius"): "The cutoff says how far one looks, the descriptor what is "
    "written down about what is seen.",
    ("symmetry function", "cutoff radius"): "A symmetry function counts neighbours; the cutoff "
    "radius only limits which ones can count.",
    ("symmetry function", "message passing"): "A symmetry function is a formula with settings that "
    "a person chose, used once; messages are learnt and sent in rounds.",
    ("message passing", "cutoff radius"): "The cutoff limits one round; after n rounds of message "
    "passing an atom has heard from n times as far.",
    ("message passing", "many-body interaction"): "Message passing is a way to compute; a "
    "many-body interaction is a fact of nature that it may catch.",
    ("many-body interaction", "cutoff radius"): "One says how many atoms act together, the other "
    "how far apart they may be.",
    ("invariance", "equivariance"): "Invariant: nothing changes. Equivariant: it changes exactly "
    "as the input does.",
    ("invariance", "E(3) equivariance"): "Invariance is the special case in which the answer to "
    "every motion is no change at all.",
    ("equivariance", "E(3) equivariance"): "Equivariance names the idea, for whatever motions; "
    "E(3) says which ones: shifts, turns and mirror images.",
    ("invariance", "descriptor"): "Invariance is a property; a descriptor is a thing that ought to "
    "have it.",
    ("equivariance", "message passing"): "Equivariance says how an answer behaves when one turns "
    "the molecule; message passing says how it is computed.",
    ("E(3) equivariance", "symmetry function"): "Despite their name symmetry functions do not turn "
    "along with anything: they are invariant.",
    ("mean absolute error", "generalisation"): "The error is a number for one test set; whether a "
    "model generalises depends on which test set one chose.",
    ("mean absolute error", "data efficiency"): "One says how wrong a model is, the other how many "
    "labels it took to get there.",
    ("mean absolute error", "ensemble"): "An error needs labels; the spread of an ensemble is a "
    "warning that can be had without any.",
    ("active learning", "ensemble"): "The ensemble raises the alarm; active learning acts on it, "
    "with new labels and new training.",
    ("active learning", "transfer learning"): "Active learning chooses new labels; transfer "
    "learning chooses where the training starts.",
    ("active learning", "data efficiency"): "Active learning is one way towards fewer labels; data "
    "efficiency is how one measures the success.",
    ("data efficiency", "generalisation"): "One asks how much had to be taught, the other what can "
    "be done beyond it.",
    ("data efficiency", "transfer learning"): "Transfer learning is one way towards fewer labels; "
    "data efficiency is how one measures the success.",
    ("generalisation", "transfer learning"): "A model that generalises needs no new label for the "
    "new task; transfer learning gives it a few.",
    ("generalisation", "ensemble"): "An ensemble is a set of models; that its members agree does "
    "not prove that they generalise.",
}
#: What tells two of the fifteen terms apart, by the pair of their names in any order.
DIFFERENCES: dict[frozenset[str], str] = {frozenset(pair): text for pair, text in _PAIRS.items()}
