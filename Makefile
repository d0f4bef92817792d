# `make run` starts the local stack; `make check test` is what must pass. Both set up what
# they need: a virtual environment and the node packages.

SHELL := /bin/bash
VENV ?= .venv
BIN := $(VENV)/bin
NODE_MODULES := web/node_modules
NPM := npm --prefix web --loglevel=error --no-audit --no-fund

# The newest that Lambda runs, else the newest that the local stack runs on.
PYTHON ?= $(shell for candidate in python3.14 python3.13 python3.12 python3 python3.11; do \
	$$candidate -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$candidate && break; done)

# Files are UTF-8, whatever the terminal's language says.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run redeploy watch reset check test test-python test-e2e test-web bench simulate \
	defects chaos screenshots lock deploy

help:
	@echo 'make run       start the local stack: demo site, agent desktop, phone (Ctrl-C stops it)'
	@echo 'make redeploy  load changed code into the running stack'
	@echo 'make watch     the same, whenever Python code changes'
	@echo 'make reset     forget the data of the local stack'
	@echo 'make check     formatting, types, imports, dead code, dependencies, template'
	@echo 'make test      all tests'
	@echo 'make bench     what it costs, measured beside the budgets'
	@echo 'make simulate  every race and crash that SEEDS=200 come upon, FROM=1 on'
	@echo 'make defects   each planted defect, and the seed that finds it, WITHIN=1000'
	@echo 'make chaos     nothing lost, doubled or stranded while workers and sockets die, MINUTES=5'
	@echo 'make screenshots  the pictures of the README, made anew'
	@echo 'make lock      what the requirements*.in choose, with all that it needs and every hash'
	@echo 'make deploy STAGE=production  bring an installation on AWS to this code'

run: $(VENV)/.stamp
	@$(BIN)/python -m infra local up

redeploy: $(VENV)/.stamp
	@$(BIN)/python -m infra local redeploy

watch: $(VENV)/.stamp
	@$(BIN)/python -m infra local watch

reset: $(VENV)/.stamp
	@$(BIN)/python -m infra local reset

screenshots: $(VENV)/.stamp $(NODE_MODULES)/.stamp
	SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/e2e/test_browser.py

check: $(VENV)/.stamp $(NODE_MODULES)/.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry --config deptry.toml .
	$(BIN)/deptry --config deptry.toml --requirements-files requirements.in chalicelib
	$(BIN)/cfn-lint infra/template.yaml
	$(NPM) run check

test: $(VENV)/.stamp $(NODE_MODULES)/.stamp
	@$(MAKE) --no-print-directory test-web
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target test-python test-e2e

test-python: $(VENV)/.stamp
	$(BIN)/python -m pytest --ignore tests/e2e

test-e2e: $(VENV)/.stamp $(NODE_MODULES)/.stamp
	$(BIN)/python -m pytest tests/e2e

test-web: $(NODE_MODULES)/.stamp
	$(NPM) test

SEEDS ?= 200
FROM ?= 1

simulate: $(VENV)/.stamp
	@$(BIN)/python -m proof.simulation --seeds $(SEEDS) --from $(FROM)

WITHIN ?= 1000

defects: $(VENV)/.stamp
	@$(BIN)/python -m proof.simulation.planted --within $(WITHIN)

MINUTES ?= 5
CONVERSATIONS ?= 20
SEED ?= 1

chaos: $(VENV)/.stamp
	@$(BIN)/python -m proof.chaos --minutes $(MINUTES) --conversations $(CONVERSATIONS) --seed $(SEED)

bench: $(VENV)/.stamp $(NODE_MODULES)/.stamp
	@$(NPM) run build >/dev/null
	@$(BIN)/python -m proof.benchmarks $(BENCH)

deploy: $(VENV)/.stamp
	@test -n '$(STAGE)' || { echo 'Name the installation: make deploy STAGE=production' >&2; exit 1; }
	@$(BIN)/python -m infra deploy --stage '$(STAGE)'

# `make lock UPGRADE=--upgrade` also takes newer versions of what nobody chose.
UPGRADE ?=
LOCK := pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --custom-compile-command 'make lock' --quiet

lock:
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT \
	&& "$(PYTHON)" -m venv "$$scratch" \
	&& "$$scratch/bin/python" -m pip install -qq --disable-pip-version-check uv==0.13.9 \
	&& "$$scratch/bin/uv" $(LOCK) $(UPGRADE) requirements.in -o requirements.txt \
	&& "$$scratch/bin/uv" $(LOCK) $(UPGRADE) -c requirements.txt requirements-dev.in \
		-o requirements-dev.txt

$(VENV)/.stamp: requirements-dev.txt
	@test -n '$(PYTHON)' || { echo 'Lambdesk needs Python 3.11 or newer; none was found.' >&2; \
		echo 'Install it, or name one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@echo 'Setting up $(VENV) (a minute or two)'
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
		-r requirements-dev.txt
	@touch $@

$(NODE_MODULES)/.stamp: web/package-lock.json
	@command -v npm >/dev/null || { echo 'The web clients need Node.js 20 or newer, with npm.' >&2; \
		exit 1; }
	@test ! -L $(NODE_MODULES) || { echo 'web/node_modules is a link: npm would empty the folder' \
		'that it leads to. Remove it, or install there.' >&2; exit 1; }
	@echo 'Installing the node packages'
	@$(NPM) ci
	@touch $@
