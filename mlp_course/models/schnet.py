r"""SchNet, as SchNetPack computes it; :mod:`schnet_by_hand` writes the same steps out."""

from mlp_course.models.schnetpack_architecture import SchNetPackArchitecture


class SchNet(SchNetPackArchitecture):
    r"""Continuous-filter convolutions: messages that know distances, and nothing else.

    .. math:: x_i \leftarrow x_i + \mathrm{MLP}\Bigl( \sum_j (A x_j) \circ W(d_{ij}) \, f_c(d_{ij})
        \Bigr), \qquad \varepsilon_i = \mathrm{MLP}(x_i)

    Args:
        species: atomic numbers; the table of embeddings holds all elements.
        cutoff: in Å.
        n_features: length of the atom features and filters.
        n_interactions: rounds of messages.
        n_rbf: Gaussians that expand the distances, at least 2.

    Source:
        K. T. Schütt et al., NeurIPS 30 (2017), arXiv:1706.08566; code of SchNetPack,
        K. T. Schütt et al., J. Chem. Phys. 158, 144801 (2023).

    Example:
        >>> network = SchNet([1, 8], cutoff=4.0, n_features=8, n_interactions=2)
        >>> len(network.representation.interactions)
        2
    """

    name = "SchNet"
