"""Benchmarks are run by hand, months apart: a renamed function has to be noticed before."""

import ast
import importlib.util
import json
import sys
from pathlib import Path

import pytest
from ase import Atoms
from ase.calculators.emt import EMT

from benchmarks.peers.served import ServedCalculator
from mlp_course.data import load_embedded

FOLDER = Path(__file__).parents[2] / "benchmarks"
#: Run by a program's own Python, where the course is not installed.
ELSEWHERE = [FOLDER / "ecosystem" / "predict.py", *sorted(FOLDER.glob("peers/scripts/*.py"))]
HERE = sorted(set(FOLDER.glob("**/*.py")) - set(ELSEWHERE))
SCRIPTS = [path for path in HERE if "argparse" in path.read_text(encoding="utf-8")]


def name_of(path):
    """Place in the folder of the benchmarks."""
    return path.relative_to(FOLDER).as_posix()


@pytest.fixture
def load(monkeypatch):
    """Import a script as Python does that runs it: its own folder comes first."""

    def load(path):
        monkeypatch.syspath_prepend(FOLDER)
        monkeypatch.syspath_prepend(path.parent)
        name = f"benchmark_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)  # dataclasses look it up
        spec.loader.exec_module(module)
        return module

    return load


@pytest.mark.parametrize("path", HERE, ids=name_of)
def test_every_benchmark_starts(load, path, monkeypatch, capsys):
    """It can be imported; a script says how it is used and what it does, and computes nothing."""
    module = load(path)
    assert module.__doc__
    if path not in SCRIPTS:
        return
    monkeypatch.setattr(sys, "argv", [path.name, "--help"])
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith(f"usage: {path.name}")
    assert " ".join(module.__doc__.splitlines()[0].split()) in said


@pytest.mark.parametrize("path", ELSEWHERE, ids=name_of)
def test_scripts_of_other_environments_do_not_need_the_course(path):
    """They can be read, and import nothing of ours; `make test-peers` runs them."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    imported = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    imported += [
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    ]
    assert not [name for name in imported if name.split(".")[0] in ("mlp_course", "benchmarks")]


def test_all_benchmarks_are_found():
    """So that the lists above are none that became empty."""
    names = {name_of(path) for path in SCRIPTS}
    assert {"accuracy.py", "choose.py", "equivariant.py", "ecosystem/evidence.py"} <= names
    assert len(ELSEWHERE) > 5


def test_a_short_choice_prints_its_line(load, monkeypatch, capsys):
    """A hundredth of a second of embedded frames: steps and error on the validation frames."""
    module = load(FOLDER / "choose.py")
    frames = load_embedded("ethanol/500K")[:6]
    monkeypatch.setattr(module, "load_rmd17", lambda *_, **__: frames)
    monkeypatch.setattr(module, "N_TRAIN", 4)
    words = ["schnet", "0.01", "--hyper", '{"n_features": 8}', "--fit", '{"batch_size": 2}']
    monkeypatch.setattr(sys, "argv", ["choose.py", *words])
    module.main()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("schnet {'n_features': 8} {'batch_size': 2}: ")
    assert "steps, validation force MAE" in line
    assert line.endswith("meV/Å")


def test_a_killed_throughput_measurement_goes_on(load, monkeypatch, tmp_path, capsys):
    """What is stored is not measured again; a kill in the second system loses the second only."""
    module = load(FOLDER / "production.py")
    measured, path = [], tmp_path / "throughput.json"

    def plan(n_atoms, fails=False):
        def work():
            measured.append(n_atoms)
            if fails:
                raise KeyboardInterrupt
            times = dict.fromkeys(("seconds_per_step", "median", "highest"), 1e-3 * n_atoms)
            return times | {"n_pairs": None, "timestep": 0.5, "how": "not at all"}

        return work

    def plans(fails):
        return {("A", "gas", n): plan(n, fails and n == 600) for n in (300, 600)}

    monkeypatch.setattr(sys, "argv", ["production.py", "--out", str(path)])
    monkeypatch.setattr(module, "plans", lambda: plans(True))
    with pytest.raises(KeyboardInterrupt):
        module.main()
    monkeypatch.setattr(module, "plans", lambda: plans(False))
    module.main()
    assert measured == [300, 600, 600]
    assert capsys.readouterr().out.splitlines()[-1].split()[:3] == ["A", "gas", "1.0"]


def test_modes_are_computed_and_stored(load, monkeypatch, capsys, tmp_path):
    """The script behind the stored PBE modes, with xTB: 21 modes, and no label is made twice."""
    pytest.importorskip("tblite")
    module = load(FOLDER / "vibrations.py")
    words = ["--method", "gfn2-xtb", "--store", str(tmp_path / "labels.xyz")]
    words += ["--output", str(tmp_path / "modes.json")]
    monkeypatch.setattr(sys, "argv", ["vibrations.py", *words])
    module.main()
    first = capsys.readouterr().out
    content = json.loads((tmp_path / "modes.json").read_text(encoding="utf-8"))
    assert len(content["force_constants"]) == 21
    assert content["provenance"]["method"] == "gfn2-xtb"
    n_labels = (tmp_path / "labels.xyz").read_text().count("label_seconds")
    module.main()  # retraces its steps from the store
    assert capsys.readouterr().out.splitlines()[1] == first.splitlines()[1]
    assert (tmp_path / "labels.xyz").read_text().count("label_seconds") == n_labels >= 54


def test_a_calculator_behind_a_pipe_answers_as_one_in_front(tmp_path):
    """EMT in another process gives the energy and forces of EMT here, and its end is noticed."""
    script = tmp_path / "serve.py"
    script.write_text(
        "import json, sys\n"
        "from ase import Atoms\n"
        "from ase.calculators.emt import EMT\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    if len(asked['numbers']) == 1: sys.exit(3)\n"
        "    atoms = Atoms(asked['numbers'], asked['positions'], calculator=EMT())\n"
        "    forces = atoms.get_forces().tolist()\n"
        "    print(json.dumps(dict(energy=atoms.get_potential_energy(), forces=forces)))\n"
        "    sys.stdout.flush()"
    )
    pair = Atoms("Cu2", [[0, 0, 0], [0, 0, 2.3]])
    with ServedCalculator([sys.executable, script]) as served:
        for atoms in (pair, Atoms("H2", [[0, 0, 0], [0, 0, 0.8]])):
            ours, theirs = atoms.copy(), atoms.copy()
            ours.calc, theirs.calc = EMT(), served
            assert theirs.get_potential_energy() == pytest.approx(ours.get_potential_energy())
            assert theirs.get_forces() == pytest.approx(ours.get_forces())
        with pytest.raises(RuntimeError, match="the program ended with 3"):
            served.get_potential_energy(Atoms("Cu"))
