"""How a calculation may fail: then there is no label, which is no mistake of the one who asked."""

import subprocess

import numpy as np
from ase.calculators.calculator import CalculationFailed, InputError


class SCFNotConverged(CalculationFailed):
    """The self-consistent field did not converge, so there is no label."""


#: A calculation may fail in these ways (InputError: tblite, of atoms in one place); anything else
#: is a mistake and stops a labelling run.
FAILURES = (
    CalculationFailed,
    InputError,
    ArithmeticError,
    np.linalg.LinAlgError,
    subprocess.SubprocessError,
)
