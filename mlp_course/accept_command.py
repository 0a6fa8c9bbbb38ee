"""The command ``mlp-course accept FRAMES.xyz MODEL.safetensors``: judge a saved model.

It stands outside ``validation`` so that the command line starts without loading torch.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlp_course.models.potential import Potential

_UNUSABLE = 2  # exit status of a wrong command line, too


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``accept`` to the command line."""
    parser = subparsers.add_parser(
        "accept",
        help="judge a saved model on labelled frames",
        description="Judge a saved model on labelled frames: errors, properties, runs, speed. "
        "Exit status: 0 accepted, 1 something failed, 2 a file cannot be used.",
    )
    parser.add_argument("frames", type=Path, help="extended XYZ with energies and forces (eV, Å)")
    parser.add_argument("model", help="file written by save_model, or the name of a shipped model")
    parser.add_argument("--reference", help="pbe, gfn2-xtb, emt, experiment ...; see accept()")
    parser.add_argument("--system", help="ethanol, malonaldehyde, copper, unknown; else recognised")
    parser.add_argument("--align-energies", action="store_true", help="judge differences only")
    parser.add_argument("--no-timing", action="store_true", help="do not time the reference")
    parser.add_argument("--quick", action="store_true", help="runs of a tenth of the length")
    parser.add_argument("--any-units", action="store_true", help="let odd numbers pass unchecked")
    parser.add_argument("--json", type=Path, help="file to write the report to, for machines")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    """Judge and print."""
    from mlp_course.data import load_extxyz
    from mlp_course.data.unit_checks.guard import EXPECTED_UNITS
    from mlp_course.validation.acceptance import Effort, accept

    expects_units = None if options.any_units else EXPECTED_UNITS
    settings = dict(run_time=0.05, nve_time=0.1) if options.quick else {}
    effort = Effort(**settings, time_reference=not options.no_timing)
    try:
        report = accept(
            _model(options.model),
            load_extxyz(options.frames, expects_units=expects_units),
            options.reference,
            system=options.system,
            align_energies=options.align_energies,
            effort=effort,
        )
        if options.json is not None:
            report.to_json(options.json)
    except (ValueError, TypeError, OSError) as error:
        print(f"mlp-course accept: {error}", file=sys.stderr)
        return _UNUSABLE
    print(report)
    return 1 if report.failures else 0


def _model(name: str) -> Potential:
    """Load a file, or a model that comes with the course."""
    from mlp_course.models import list_shipped, load_model, load_shipped

    if name in list_shipped():
        return load_shipped(name)
    return load_model(name)
