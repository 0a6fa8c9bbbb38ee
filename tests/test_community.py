"""Workflows, issue forms and the release checklist: they parse, and what they call exists."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from mlp_course.cli import build_parser
from mlp_course.notebooks.launch import BRANCH

ROOT = Path(__file__).resolve().parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
PAGES = ["README.md", "CONTRIBUTING.md", "docs/release.md", "docs/install.md"]
OFFICIAL = {  # of the organisation actions
    "checkout",
    "deploy-pages",
    "setup-python",
    "upload-artifact",
    "upload-pages-artifact",
}
#: https://docs.github.com, "Syntax for GitHub's form schema"
KINDS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def load(path):
    """A YAML file; the word `on` is no truth value."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(path.read_text(encoding="utf-8"), loader)


def steps(path):
    """All steps of a workflow."""
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def targets():
    """Targets of the Makefile."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())


def make_calls(text):
    """Words after `make` on a command line, without options and variables."""
    calls = re.findall(r"(?:^|[`;&|]\s*|: )make((?: [a-z][a-z-]*(?![\w=]))+)", text, re.MULTILINE)
    return {word for call in calls for word in call.split()}


def words_after(program, text):
    """The command and its part after the name of our program, where they are named."""
    return re.findall(rf"[`/]{program} ([a-z]+)(?: ([a-z]+))?", text)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_complete(path):
    """It says when, with which rights, on what, and how long at most."""
    workflow = load(path)
    assert {"name", "on", "permissions", "jobs"} <= workflow.keys()
    assert workflow["permissions"].get("contents", "none") in ("read", "none")
    for job in workflow["jobs"].values():
        assert "runs-on" in job
        assert 0 < int(job["timeout-minutes"]) <= 360
    for step in steps(path):
        assert ("run" in step) != ("uses" in step), step
        assert "name" in step or "uses" in step


@pytest.mark.parametrize("name", [path.stem for path in WORKFLOWS])
def test_every_command_of_a_workflow_exists(name):
    """Scripts can be run, make targets are there, actions are GitHub's own in a fixed version."""
    path = GITHUB / "workflows" / f"{name}.yml"
    called = set()
    for step in steps(path):
        if "uses" in step:
            owner, action = step["uses"].split("/")
            assert owner == "actions"
            assert re.fullmatch(r"[\w-]+@v\d+", action)
            assert action.partition("@")[0] in OFFICIAL
        else:
            called |= make_calls(step["run"])
            for script in re.findall(r"(?:^|\s)(\.ci/\w+)", step["run"]):
                assert (ROOT / script).stat().st_mode & 0o111
    assert called
    assert called <= targets()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_commands_of_a_workflow_are_shell(path):
    """Each command is free of mistakes in its grammar."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    for step in steps(path):
        code = re.sub(r"\$\{\{.*?\}\}", "value", step.get("run", ""))
        subprocess.run(["bash", "-n"], input=code, text=True, check=True)


def test_where_bubblewrap_is_installed_it_may_work():
    """Ubuntu 24.04 forbids namespaces to users; tests of the sandbox would be skipped unseen."""
    for path in WORKFLOWS:
        for step in steps(path):
            if "bubblewrap" in step.get("run", ""):
                assert "apparmor_restrict_unprivileged_userns=0" in step["run"]


def test_pythons_of_the_workflows_are_those_of_the_course():
    """The pins are run on the Python they were made with, the newest versions on all three."""
    accepted = SpecifierSet(
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    )
    (job,) = load(GITHUB / "workflows" / "weekly.yml")["jobs"].values()
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert all(version in accepted for version in job["strategy"]["matrix"]["python"])
    made = re.search(r"Python (3\.\d+)", (ROOT / "constraints.txt").read_text("utf-8"))[1]
    given = [step.get("with", {}).get("python-version") for step in steps(WORKFLOWS[0])]
    assert WORKFLOWS[0].stem == "ci"
    assert made in given


def test_the_weekly_run_leaves_the_pins_and_reports():
    """Every week, everything newest, all tests; a failure opens an issue with the report's end."""
    path = GITHUB / "workflows" / "weekly.yml"
    workflow = load(path)
    assert len(workflow["on"]["schedule"]) == 1
    minute, hour, *_, day = workflow["on"]["schedule"][0]["cron"].split()
    assert (int(minute) < 60, int(hour) < 24, int(day) < 7) == (True, True, True)
    assert workflow["on"]["schedule"][0]["cron"].split()[2:4] == ["*", "*"]
    assert workflow["permissions"]["issues"] == "write"
    commands = [step.get("run", "") for step in steps(path)]
    order = [make_calls(command) for command in commands]
    pythons = [command for command in commands if "PYTHON=python${{ matrix.python }}" in command]
    assert [make_calls(command) for command in pythons] == [{"constraints"}]
    left_out = re.findall(r"--deselect (\S+)::(\w+)", path.read_text(encoding="utf-8"))
    assert len(left_out) == 2
    assert all(f"def {name}(" in (ROOT / file).read_text("utf-8") for file, name in left_out)
    assert order.index({"constraints"}) < order.index({"test"}) < order.index({"browser-test"})
    report = steps(path)[-1]
    assert report["if"] == "failure() || cancelled()"
    assert "gh issue create" in report["run"]
    assert report["env"]["GH_TOKEN"] == "${{ secrets.GITHUB_TOKEN }}"
    written = {name for command in commands[:-1] for name in re.findall(r"tee (\S+)", command)}
    assert written == {"build/report.txt"}
    assert "build/report.txt" in report["run"]


def test_pages_are_built_by_make_site_and_deployed_afterwards():
    """One job builds `site/` with `make site` and hands it over, the next one deploys it."""
    jobs = load(GITHUB / "workflows" / "pages.yml")["jobs"]
    build, deploy = jobs["build"], jobs["deploy"]
    commands = [step["run"] for step in build["steps"] if "run" in step]
    assert commands == ["make site TORCH=cpu"]
    assert "\nsite: $(TEST_SETUP)" in (ROOT / "Makefile").read_text(encoding="utf-8")
    upload = next(s for s in build["steps"] if "upload-pages-artifact" in s.get("uses", ""))
    assert upload["with"]["path"] == "site"
    assert deploy["needs"] == "build"
    assert deploy["environment"]["name"] == "github-pages"  # the only one that may deploy
    assert load(GITHUB / "workflows" / "pages.yml")["on"]["push"]["branches"] == [BRANCH]


def test_only_the_job_that_deploys_pages_may_write():
    """The job that runs our code reads the repository and nothing else."""
    workflow = load(GITHUB / "workflows" / "pages.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["build"]
    assert workflow["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_the_report_becomes_an_issue(tmp_path):
    """With a stand-in for GitHub's program: no open issue makes one, an open one gets a comment."""
    if shutil.which("bash") is None or shutil.which("git") is None:
        pytest.skip("bash or git is not installed")
    run = steps(GITHUB / "workflows" / "weekly.yml")[-1]["run"]
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "report.txt").write_text("1 failed, 5889 passed\n")
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/bash\n[ "$2" = list ] && echo "$OPEN" || echo "$@" >> called\n')
    gh.chmod(0o755)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "constraints.txt").write_text("numpy==1\n")
    subprocess.run(["git", "add", "constraints.txt"], cwd=tmp_path, check=True)
    (tmp_path / "constraints.txt").write_text("numpy==2\n")
    for number, expected in (("", "issue create --title Weekly"), ("7", "issue comment 7")):
        env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "TITLE": "Weekly", "RUN": "x", "OPEN": number}
        command = ["bash", "-eo", "pipefail", "-c", run]
        subprocess.run(command, cwd=tmp_path, env=env, check=True)
        assert (tmp_path / "called").read_text().splitlines()[-1].startswith(expected)
    said = (tmp_path / "build" / "issue.md").read_text()
    assert "1 failed, 5889 passed" in said
    assert "-numpy==1\n+numpy==2" in said


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_well_formed(path):
    """Known kinds of fields, each with a name and a label; something has to be filled in."""
    form = load(path)
    assert {"name", "description", "body"} <= form.keys()
    names = [field["id"] for field in form["body"]]
    assert len(set(names)) == len(names)
    assert {field["type"] for field in form["body"]} <= KINDS
    assert all(field["attributes"]["label"] for field in form["body"])
    assert any(field.get("validations", {}).get("required") == "true" for field in form["body"])


def test_there_is_a_form_for_each_trouble():
    """A mistake, the installation with what the doctor says, an idea."""
    assert [path.stem for path in FORMS] == ["idea", "installation", "mistake"]
    assert "mlp-course doctor" in (GITHUB / "ISSUE_TEMPLATE" / "installation.yml").read_text()


@pytest.mark.parametrize("page", PAGES)
def test_commands_on_a_page_exist(page):
    """Whoever types what a page says finds the target, the command and its part."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert make_calls(text) <= targets()
    commands = build_parser()._subparsers._group_actions[0].choices
    for command, part in words_after("mlp-course", text):
        assert command in commands, f"mlp-course {command}"
        inner = commands[command]._subparsers
        if inner is not None:
            assert part in inner._group_actions[0].choices, f"mlp-course {command} {part}"
