"""DFT programs: inputs from one settings record, and calculators for those that are free."""

from mlp_course.reference.codes.calculator import ProgramCalculator
from mlp_course.reference.codes.program import PROGRAMS, Program, program, write_inputs
from mlp_course.reference.codes.runs import ETHANOL, ProgramRun, run_program, stored_run

__all__ = [
    "ETHANOL",
    "PROGRAMS",
    "Program",
    "ProgramCalculator",
    "ProgramRun",
    "program",
    "run_program",
    "stored_run",
    "write_inputs",
]
