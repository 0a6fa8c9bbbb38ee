"""What all tests share: where the real rMD17 files are, if they are anywhere."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
SAMPLE = "rmd17_ethanol_train_01.npz"


@pytest.fixture(scope="session")
def rmd17_root() -> Path:
    """Folder with real rMD17 files; tests that need them are skipped where there is none."""
    named = os.environ.get("MLP_COURSE_DATA")
    places = [Path(named), Path(named) / "rmd17"] if named else []
    places.append(PROJECT.parent / "shared" / "data" / "rmd17")
    for place in places:
        if (place / SAMPLE).is_file():
            return place
    pytest.skip("no real rMD17 files: set MLP_COURSE_DATA to a folder with them")
