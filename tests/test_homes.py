"""Binder, Docker and dev container: recipes that agree with the project they install."""

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BINDER = ROOT / "binder"
FIRST = "/lab/tree/notebooks/00_start_here.ipynb"
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
needs_repo2docker = pytest.mark.skipif(
    shutil.which("jupyter-repo2docker") is None, reason="jupyter-repo2docker is not installed"
)
# https://containers.dev/implementors/json_reference
DEVCONTAINER_FIELDS = {
    "name", "image", "build", "features", "forwardPorts", "portsAttributes", "hostRequirements",
    "containerEnv", "remoteEnv", "remoteUser", "containerUser", "postCreateCommand",
    "postStartCommand", "updateContentCommand", "customizations", "runArgs", "mounts",
    "workspaceFolder", "workspaceMount",
}  # fmt: skip


def pinned(name):
    """Version of a package in constraints.txt."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return re.search(rf"^{re.escape(name)}==(\S+)", text, re.MULTILINE).group(1)


def lines(path):
    """Lines of a file that are neither empty nor a comment."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def instructions():
    """Instructions of the Dockerfile, as (word, rest); continued lines are one."""
    joined = "\n".join(lines(ROOT / "Dockerfile")).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines()]


def targets():
    """Targets that somebody may name on make's command line."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())


def test_binder_installs_the_pinned_cpu_torch_and_the_course():
    """The CPU build from PyTorch's index, in the pinned version; every other version from us."""
    wanted = lines(BINDER / "requirements.txt")
    assert "--extra-index-url https://download.pytorch.org/whl/cpu" in wanted
    assert f"torch=={pinned('torch')}+cpu" in wanted
    assert "-e ." in wanted
    (constraints,) = [line for line in wanted if line.startswith("-c ")]
    assert (BINDER / constraints[3:]).resolve() == ROOT / "constraints.txt"


def test_binder_takes_a_python_that_the_course_accepts():
    """runtime.txt names a version, and nothing that repo2docker would prefer to it lies beside."""
    version = re.fullmatch(r"python-(\d+)\.(\d+)\n", (BINDER / "runtime.txt").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert (int(version[1]), int(version[2])) >= (3, 11)
    for stronger in ("environment.yml", "Pipfile", "Dockerfile", "default.nix"):
        assert not (BINDER / stronger).exists()


@pytest.mark.parametrize("script", ["postBuild", "start"])
def test_scripts_of_binder_can_be_run(script):
    """Executable, for bash, without a mistake in its grammar."""
    path = BINDER / script
    assert path.stat().st_mode & stat.S_IXUSR
    assert path.read_text().startswith("#!/bin/bash\n")
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_start_sets_one_thread_and_hands_over():
    """What binder/start runs sees one thread, and the arguments as they were given."""
    code = "import os, sys; print([os.environ[n] for n in sys.argv[1:]])"
    command = [str(BINDER / "start"), sys.executable, "-c", code, *THREADS]
    env = {name: value for name, value in os.environ.items() if name not in THREADS}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['1', '1', '1']"


@pytest.mark.parametrize("program", ["lab", "notebook"])
def test_binder_opens_the_first_lesson(tmp_path, program):
    """Whatever Jupyter program the image starts, its front door leads to lesson 00."""
    assert (ROOT / FIRST.removeprefix("/lab/tree/")).is_file()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--allow-root", "--no-browser", f"--ServerApp.port={port}"]
    options += ["--IdentityProvider.token=x", f"--ServerApp.root_dir={tmp_path}"]
    module = {"lab": "jupyterlab", "notebook": "notebook"}[program]
    pytest.importorskip(module)
    command = [str(BINDER / "start"), sys.executable, "-m", module, *options]
    env = os.environ | {"REPO_DIR": str(ROOT), "HOME": str(tmp_path)}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet)
    try:
        assert redirect(f"http://127.0.0.1:{port}/?token=x").startswith(FIRST)
    finally:
        server.terminate()
        server.wait(timeout=20)


class Stay(urllib.request.HTTPRedirectHandler):
    """Do not follow."""

    def redirect_request(self, *arguments):
        return None


def redirect(url):
    """Where a page sends its visitors; the server gets 60 s to start."""
    opener = urllib.request.build_opener(Stay)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            opener.open(url, timeout=5)
        except urllib.error.HTTPError as answer:
            return answer.headers["Location"]
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"no answer from {url}")


@needs_repo2docker
def test_repo2docker_accepts_the_recipe():
    """repo2docker finds Python 3.11, our requirements, postBuild and start; it builds nothing."""
    command = ["jupyter-repo2docker", "--no-build", "--debug", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    shown = done.stdout + done.stderr
    assert "python=3.11" in shown
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in shown
    assert "RUN ./binder/postBuild" in shown
    assert "binder/start" in shown


def test_dockerfile_has_the_instructions_in_a_working_order():
    """Packages as root, then a user without rights for good; the course is copied before make."""
    words = [word for word, _ in instructions()]
    assert words[0] == "FROM"
    assert set(words) <= {"FROM", "RUN", "USER", "WORKDIR", "COPY", "ENV", "EXPOSE", "CMD"}
    users = [rest for word, rest in instructions() if word == "USER"]
    assert users == ["learner"]
    setup = next(i for i, (word, rest) in enumerate(instructions()) if rest.startswith("make "))
    assert words.index("USER") < words.index("COPY") < setup
    assert words.index("ENV") < setup
    made = " ".join(rest for word, rest in instructions()[: words.index("USER")])
    assert "useradd" in made
    assert all(package in made for package in ("git", "make"))  # not in a slim image


def test_dockerfile_uses_what_exists():
    """The base has a Python that the course accepts; sources and make targets are real."""
    parts = dict(instructions())
    assert re.fullmatch(r"python:3\.1[1-9]-slim", parts["FROM"])
    source, target = parts["COPY"].split()[-2:]
    assert (ROOT / source / "Makefile").is_file()
    assert target == "."
    runs = [rest for word, rest in instructions() if word == "RUN"]
    assert "make setup TORCH=cpu" in runs
    called = [rest.split()[1] for rest in runs if rest.startswith("make ")]
    command = json.loads(parts["CMD"])
    assert command[0] == "make"
    assert {*called, command[1]} <= targets()
    assert f"--port={parts['EXPOSE']}" in command[2]
    assert all(f"{name}=1" in parts["ENV"] for name in THREADS)


def test_docker_leaves_environments_of_this_machine_out():
    """A .venv of the host does not run in the image, and weighs gigabytes."""
    ignored = set(lines(ROOT / ".dockerignore"))
    assert {".git", ".venv", ".venv-*", "build", "site"} <= ignored
    needed = (
        "Makefile",
        "pyproject.toml",
        "constraints.txt",
        "mlp_course",
        "notebooks",
        "README.md",
    )
    assert not ignored & set(needed)


def test_dev_container_is_well_formed():
    """Known fields only; it installs the CPU build by a target that exists, and uses .venv."""
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert set(settings) <= DEVCONTAINER_FIELDS
    assert re.search(r"python:3\.1[1-9]$", settings["image"])
    assert settings["postCreateCommand"] == "make setup TORCH=cpu"
    assert "setup" in targets()
    assert all(settings["containerEnv"][name] == "1" for name in THREADS)
    editor = settings["customizations"]["vscode"]
    assert editor["settings"]["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    for file in settings["customizations"]["codespaces"]["openFiles"]:
        assert (ROOT / file).is_file()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_links_of_the_pages_have_targets(page):
    """Every relative link and every jump on a page of docs/ has a target."""
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / link).exists(), link
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    jumps = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= jumps
