# make run       set up, then start the app with its demonstration council; the address is the last line printed
# make test      every test: units, SQLite, PostgreSQL, browser
# make check     lint, format, types, import contracts, generated documents
# make coverage  whether the tests reach every line and branch of rules, permissions and operations
# make docs      write the generated documents anew
# make bench     speed
# make setup     the set-up alone
#
# A second run does nothing that is done already: each step leaves a stamp.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := $(CURDIR)/.venv
STAMPS := $(CURDIR)/.stamps
# Tools of the environment come first, its Node.js included where the machine has none.
export PATH := $(VENV)/bin:$(PATH)
export PORT ?= 8000
export DATA_DIR ?= instance
export PIP_DISABLE_PIP_VERSION_CHECK := 1

ASSET_SOURCES := $(shell find qa_app/static/js qa_app/static/scss qa_app/static/images -type f) scripts/build-assets.mjs

.PHONY: setup run test check coverage docs bench wheel clean

setup: $(STAMPS)/assets

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	@bash scripts/make-venv.sh "$(PYTHON)" "$(VENV)"
	@touch $@

$(STAMPS)/python: $(STAMPS)/venv requirements.lock pyproject.toml
	@echo "Installing Python packages"
	@$(VENV)/bin/python -m pip install -q --no-deps --require-hashes -r requirements.lock
	@$(VENV)/bin/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/node: $(STAMPS)/python node.lock
	@bash scripts/find-node.sh "$(VENV)"
	@touch $@

$(STAMPS)/npm: $(STAMPS)/node package.json package-lock.json .npmrc
	@echo "Installing front-end packages"
	@npm ci --silent
	@touch $@

$(STAMPS)/assets: $(STAMPS)/npm $(ASSET_SOURCES)
	@echo "Building front-end files"
	@node scripts/build-assets.mjs
	@touch $@

run: setup
	@exec $(VENV)/bin/python scripts/run.py

test: setup
	@$(VENV)/bin/python scripts/run_tests.py

check: setup
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	qa-app docs --check

# What decides and what changes something, as a module or as a package.
DECIDES := */rules.py,*/rules/*,*/permissions.py,*/permissions/*,*/operations.py,*/operations/*

coverage: setup
	@$(VENV)/bin/python -m pytest tests/unit tests/integration tests/guards tests/simulation -n 2 --cov --cov-report=
	@$(VENV)/bin/python -m coverage report --include='$(DECIDES)' --show-missing --skip-covered --fail-under=100

docs: setup
	qa-app docs

bench: setup
	$(VENV)/bin/python -m bench
	$(VENV)/bin/python -m bench.reminders

# Holds the templates and the built front-end files, so that an installation needs neither Node.js nor this folder.
wheel: setup
	$(VENV)/bin/python -m hatchling build -t wheel

clean:
	rm -rf $(STAMPS) $(VENV) node_modules qa_app/static/build dist
