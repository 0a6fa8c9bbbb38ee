"""Passports of data sets: licence, level of theory, units and so on, each with its evidence."""

from mlp_course.data.passports.checks import check_files
from mlp_course.data.passports.library import (
    chapter_entries,
    list_passports,
    load_passport,
    passport_table,
)
from mlp_course.data.passports.licences import USES, Verdict, licence_allows
from mlp_course.data.passports.record import FIELDS, Entry, Passport
from mlp_course.data.passports.terms import TERMS, UNKNOWN, Terms

__all__ = [
    "FIELDS",
    "TERMS",
    "UNKNOWN",
    "USES",
    "Entry",
    "Passport",
    "Terms",
    "Verdict",
    "chapter_entries",
    "check_files",
    "licence_allows",
    "list_passports",
    "load_passport",
    "passport_table",
]
