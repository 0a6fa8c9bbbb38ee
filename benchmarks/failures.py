"""Make every failure of the lab and its cure, and store what was measured.

python benchmarks/failures.py               # all, about two minutes on a quiet core
python benchmarks/failures.py hole kink     # only these; the others keep their stored numbers
"""

import argparse
import json
import os
import platform
import subprocess
import warnings
from datetime import date

import torch

from mlp_course.data.whole_files import write_whole
from mlp_course.teaching.failure_lab import failures
from mlp_course.teaching.failure_lab.stored import MEASURED, to_plain


def main() -> None:
    """Measure, print a line for each, write the file."""
    known = [failure.key for failure in failures()]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("keys", nargs="*", choices=[[], *known], default=[])
    chosen = parser.parse_args().keys or known
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")  # of libraries; none is about our numbers
    origin = provenance()  # before the file is written, which makes the tree dirty
    for failure in failures():
        if failure.key not in chosen:
            continue
        failed, cured = failure.produce(), failure.cured()
        seconds = failed.seconds + cured.seconds
        print(
            f"{failure.key:20} {failed.number:10.3g} -> {cured.number:.3g} {failure.unit}, "
            f"{seconds:.1f} s; {failed.finding}; cured: {cured.finding}",
            flush=True,
        )
        pair = {"failed": to_plain(failed), "cured": to_plain(cured)}
        _keep(failure.key, pair | {"provenance": origin})


def _keep(key: str, pair: dict) -> None:
    """Put one result among those that are stored, in the order of the catalogue."""
    stored = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
    stored[key] = pair
    ordered = {f.key: stored[f.key] for f in failures() if f.key in stored}
    text = json.dumps(ordered, indent=1, ensure_ascii=False) + "\n"
    write_whole(MEASURED, lambda part: part.write_text(text, encoding="utf-8"))


def provenance() -> dict:
    """Script, commit ("-dirty" with changes that are not in it), day and machine."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    ).stdout.strip()
    return {
        "script": "benchmarks/failures.py",
        "commit": commit or "unknown",
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, one thread, "
        f"torch {torch.__version__}",
    }


if __name__ == "__main__":
    main()
