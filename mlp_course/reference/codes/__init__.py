"""DFT programs: inputs from one settings record, and calculators for those that are free."""

from mlp_course.reference.codes.calculator import ProgramCalculator
from mlp_course.reference.codes.program import PROGRAMS, Program, program, write_inputs

__all__ = ["PROGRAMS", "Program", "ProgramCalculator", "program", "write_inputs"]
