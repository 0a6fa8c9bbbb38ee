r"""PaiNN, as SchNetPack computes it."""

from mlp_course.models.schnetpack_architecture import SchNetPackArchitecture


class PaiNN(SchNetPackArchitecture):
    r"""Messages of scalars :math:`s` and vectors :math:`\vec v`, so that directions matter.

    .. math::
        s_i &\leftarrow s_i + \sum_j \phi_s(s_j) \circ W_s(d_{ij}), \\
        \vec v_i &\leftarrow \vec v_i + \sum_j \Bigl( \vec v_j \circ \phi_{vv}(s_j) \circ
        W_{vv}(d_{ij}) + \phi_{vs}(s_j) \circ W_{vs}(d_{ij}) \, \hat r_{ij} \Bigr)

    After each round the lengths of the vectors enter the scalars, and scalars scale the vectors.

    Args:
        species: atomic numbers; the table of embeddings holds all elements.
        cutoff: in Å.
        n_features: number of scalar and of vector features.
        n_interactions: rounds of messages.
        n_rbf: Gaussians that expand the distances, at least 2.

    Source:
        K. T. Schütt, O. T. Unke, M. Gastegger, ICML 2021, arXiv:2102.03150, Eqs. 7 and 8; code of
        SchNetPack, K. T. Schütt et al., J. Chem. Phys. 158, 144801 (2023).

    Example:
        >>> network = PaiNN([1, 8], cutoff=4.0, n_features=8, n_interactions=2)
        >>> len(network.representation.interactions)
        2
    """

    name = "PaiNN"
