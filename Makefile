# The course in two commands: `make lab` to learn, `make test` to check everything.
# All paths are relative, so the folder may have spaces in its name.

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
MLP := $(PY) -m mlp_course.cli

# Which torch: nothing = whatever your package index offers for the pinned version,
# cpu = PyTorch's own CPU index, cuda = the build with CUDA. The choice is remembered in .venv.
TORCH ?= $(shell cat $(VENV)/.torch 2>/dev/null || echo default)
TORCH_VERSION := $(shell sed -n 's/^torch==//p' constraints.txt)
TORCH_REQUEST_default := torch==$(TORCH_VERSION)
TORCH_REQUEST_cpu := torch==$(TORCH_VERSION)+cpu --extra-index-url https://download.pytorch.org/whl/cpu
TORCH_REQUEST_cuda := torch===$(TORCH_VERSION)
TORCH_REQUEST := $(TORCH_REQUEST_$(TORCH))
PIP_INSTALL := $(PY) -m pip install --disable-pip-version-check -c constraints.txt

PEERS := .venv-peers
DEEPMD := .venv-deepmd
MACE := mace-torch==0.3.16 # asks for an e3nn that nequip refuses, and works with the newer one
MADE := $(VENV)/.made
SETUP := $(VENV)/.setup-$(TORCH)
TEST_SETUP := $(VENV)/.test-setup-$(TORCH)
CHECKED := $(VENV)/.checked

# Jupyter refuses to run as root unless it is told to.
ALLOW_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
LAB_ARGS ?=
FIRST_LESSON := notebooks/00_start_here.ipynb
LESSON ?=
BOOK ?=
SUBMISSIONS ?=
OUT ?= grades.csv
PYTEST_ARGS ?=
NBVAL_ARGS := --nbval-lax --nbval-current-env --nbval-cell-timeout 300 \
	--nbval-sanitize-with tests/nbval_sanitize.cfg
ONE_THREAD := OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

# Of Debian and Ubuntu.
CODES := quantum-espresso quantum-espresso-data cp2k cp2k-data gpaw gpaw-data

.DEFAULT_GOAL := help
.PHONY: help setup lab test lint notebooks slides site exercises grade data models browser-test codes test-codes peers test-peers race constraints clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make lab LAB_ARGS=\"--no-browser --port 8890\"   on a remote machine"
	@echo "  make notebooks LESSON=09                       one lesson"
	@echo "  make setup TORCH=cpu                           or TORCH=cuda, see README.md"

setup: $(SETUP) ## build the environment in .venv

lab: $(SETUP) ## build the environment, check it, open JupyterLab (LAB_ARGS=...)
	@if [ $(CHECKED) -nt $(SETUP) ]; then $(MLP) doctor --quick; \
	else $(MLP) doctor && touch $(CHECKED); fi \
	|| echo "Not everything is in order, see above. JupyterLab opens all the same."
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PY) -m jupyterlab $(ALLOW_ROOT) --LabApp.default_url=/lab/tree/$(FIRST_LESSON) $(LAB_ARGS)

test: lint ## linters, notebooks against masters, tests, doctests, all notebooks
	$(MLP) notebooks check
	$(MLP) exercises check
	$(ONE_THREAD) $(PY) -m pytest -n 2 --dist loadfile --doctest-modules mlp_course tests \
		--ignore tests/peers --ignore tests/reference/test_codes.py -m "not long" \
		$(NBVAL_ARGS) notebooks $(PYTEST_ARGS)

lint: $(TEST_SETUP) ## ruff and import-linter only
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

notebooks: $(TEST_SETUP) ## build and execute what changed in lessons/ (LESSON=09 for one)
	$(ONE_THREAD) $(MLP) notebooks build $(if $(LESSON),--lesson $(LESSON))

slides: $(TEST_SETUP) ## slides of the lessons in build/slides, for any browser (LESSON=09 for one)
	$(MLP) notebooks slides $(if $(LESSON),--lesson $(LESSON))

site: $(TEST_SETUP) ## the course as a website in site/, from the executed notebooks
	$(ONE_THREAD) $(MLP) site build

exercises: $(TEST_SETUP) ## exercises/ and solutions/ from lessons/exercises/ (BOOK=06 for one)
	$(ONE_THREAD) $(MLP) exercises build $(if $(BOOK),--book $(BOOK))

grade: $(SETUP) ## grade handed-in exercise books: SUBMISSIONS=folder OUT=grades.csv
	$(if $(SUBMISSIONS),,$(error Name the folder: make grade SUBMISSIONS=folder OUT=grades.csv))
	$(MLP) grade "$(SUBMISSIONS)" "$(OUT)"

data: $(SETUP) ## compute the embedded labels again (hours; goes on where it stopped)
	$(ONE_THREAD) $(PY) -m mlp_course.sampling.embedded_dataset

models: $(SETUP) ## train the shipped models again (over an hour; needs rMD17, goes on where it stopped)
	$(ONE_THREAD) $(PY) benchmarks/accuracy.py --seconds 1800 --ship
	$(ONE_THREAD) $(PY) benchmarks/accuracy.py --molecule malonaldehyde --models painn --seconds 420 --ship

browser-test: $(TEST_SETUP) ## all lessons in a real Chromium (pictures in build/screenshots)
	$(ONE_THREAD) $(PY) -m pytest -n 2 --dist loadgroup -m browser tests $(PYTEST_ARGS)

codes: ## Quantum ESPRESSO, CP2K and GPAW from Debian's packages (asks for root)
	@if command -v pw.x >/dev/null && command -v cp2k.psmp >/dev/null \
		&& /usr/bin/python3 -c "import gpaw" 2>/dev/null; then \
		echo "Quantum ESPRESSO, CP2K and GPAW are installed."; \
	elif ! command -v apt-get >/dev/null; then \
		echo "This is not Debian or Ubuntu. Install Quantum ESPRESSO (pw.x), CP2K (cp2k.psmp) and"; \
		echo "GPAW (for /usr/bin/python3) as your system does it, or run the course in a Debian"; \
		echo "container. The course works without them."; exit 1; \
	elif [ "$$(id -u)" -ne 0 ]; then \
		echo "Root is needed. Run:"; \
		echo "  sudo apt-get install --no-install-recommends $(CODES)"; exit 1; \
	else \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends $(CODES) >/dev/null; \
	fi

test-codes: $(TEST_SETUP) ## really run Quantum ESPRESSO, CP2K and GPAW (make codes installs them)
	$(ONE_THREAD) $(PY) -m pytest -m codes tests/reference/test_codes.py $(PYTEST_ARGS)

peers: $(PEERS)/.made $(DEEPMD)/.made ## other packages for potentials, in .venv-peers and .venv-deepmd

$(PEERS)/.made: tests/peers/requirements.txt | $(SETUP)
	$(PY) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --disable-pip-version-check -r $< $(TORCH_REQUEST)
	$(PEERS)/bin/python -m pip install --disable-pip-version-check --no-deps $(MACE)
	touch $@

$(DEEPMD)/.made: tests/peers/requirements-deepmd.txt | $(SETUP)
	$(PY) -m venv $(DEEPMD)
	$(DEEPMD)/bin/python -m pip install --disable-pip-version-check -r $<
	touch $@

test-peers: $(TEST_SETUP) peers ## our models against the packages in .venv-peers
	$(ONE_THREAD) $(PY) -m pytest -m peers tests/peers $(PYTEST_ARGS)

race: $(SETUP) ## train what the race still lacks (hours; needs rMD17, goes on where it stopped)
	$(ONE_THREAD) $(PY) benchmarks/race.py

constraints: $(MADE) ## write the newest versions that fit together into constraints.txt
	$(PY) -m venv --clear build/newest
	build/newest/bin/python -m pip install -e ".[test]" $(TORCH_REQUEST)
	build/newest/bin/python .ci/constraints.py > build/constraints.txt
	mv build/constraints.txt constraints.txt && rm -rf build/newest

clean: ## remove the environment and all caches
	rm -rf $(VENV) build site *.egg-info .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each is written last, so that an interrupted set-up starts again.
$(SETUP): $(MADE) pyproject.toml constraints.txt
	$(if $(TORCH_REQUEST),,$(error TORCH must be default, cpu or cuda; got "$(TORCH)"))
	@echo "Installing the course into $(VENV) (torch: $(TORCH)). The first time takes minutes."
	$(PIP_INSTALL) -e . $(TORCH_REQUEST)
	@rm -f $(VENV)/.setup-* && echo $(TORCH) > $(VENV)/.torch && touch $@

$(TEST_SETUP): $(SETUP)
	$(PIP_INSTALL) --quiet -e ".[test]" $(TORCH_REQUEST)
	@rm -f $(VENV)/.test-setup-* && touch $@

# PYTHON=/path/to/python chooses the interpreter; else the first that is new enough.
$(MADE):
	@for python in $(if $(PYTHON),"$(PYTHON)",python3.11 python3.12 python3.13 python3 python); do \
		if "$$python" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then \
			echo "Making $(VENV) with $$("$$python" --version)."; \
			"$$python" -m venv $(VENV) && touch $@; exit $$?; \
		fi; \
	done; \
	echo "No Python 3.11 or newer found. Install one, or name it: make lab PYTHON=/path/to/python"; \
	exit 1
