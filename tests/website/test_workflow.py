"""The workflow that publishes the site uses what the Makefile offers."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8"))


def test_pages_are_built_by_make_site_and_deployed_afterwards():
    """One job builds `site/` with `make site` and hands it over, the next one deploys it."""
    build, deploy = WORKFLOW["jobs"]["build"], WORKFLOW["jobs"]["deploy"]
    commands = [step["run"] for step in build["steps"] if "run" in step]
    assert commands == ["make site TORCH=cpu"]
    assert "\nsite: $(TEST_SETUP)" in (ROOT / "Makefile").read_text(encoding="utf-8")
    upload = next(s for s in build["steps"] if "upload-pages-artifact" in s.get("uses", ""))
    assert upload["with"]["path"] == "site"
    assert deploy["needs"] == "build"


def test_only_the_deploying_job_may_write():
    """The job that runs our code reads the repository and nothing else."""
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in WORKFLOW["jobs"]["build"]
    assert WORKFLOW["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
