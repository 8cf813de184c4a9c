# One command a job; each sets up what it needs first, and is quick when nothing has changed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export PYTHONWARNINGS := ignore
# Two cores: threads of a calculation would only wait for each other.
export OPENBLAS_NUM_THREADS ?= 1
# The terminal's action server (make chat) has no authentication: it listens on loopback only.
export SANIC_HOST := 127.0.0.1
export GATEWAY_TOKEN ?= no-website-in-the-terminal
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

STAMPS := var/stamps
PYTHON := .venv/bin/python
RASA := $(PYTHON) -m rasa
MODEL := models/assistant.tar.gz
# A working uv on the PATH is used; otherwise one from PyPI is put under var/uv.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo var/uv/bin/uv)
TRAINED_FROM := config.yml domain.yml $(shell find data language -type f \( -name '*.yml' -o -name '*.py' -o -name '*.txt' \) 2>/dev/null)

say = @printf '\033[1m%s\033[0m\n' "$(1)"

.PHONY: help run scale scale-restart chat train test test-scale lint audit evaluate screenshots clean
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: $(MODEL) $(STAMPS)/front-end data-base ## Start everything and print the website's address
	@exec $(PYTHON) -m gateway run

scale: $(MODEL) $(STAMPS)/front-end $(STAMPS)/system ## Start PostgreSQL, Redis, a proxy and two of each process on this machine
	@exec $(PYTHON) -m deploy up

scale-restart: ## Restart one tier of it without losing a message: make scale-restart TIER=rasa
	@$(PYTHON) -m deploy restart $(TIER)

chat: $(MODEL) data-base ## Chat with the assistant in this terminal
	@$(RASA) run actions > var/actions.log 2>&1 & trap "kill $$!" EXIT; \
	  echo 'Starting; type what happened with your order, and /stop to leave.'; \
	  $(RASA) shell 2> var/shell.log

train: $(MODEL) ## Train the assistant's model, if anything changed

test: $(STAMPS)/environment $(STAMPS)/front-end $(STAMPS)/system $(MODEL) lint ## Set up and run every test
	$(call say,Running the tests)
	@$(PYTHON) -m pytest

test-scale: $(STAMPS)/environment $(STAMPS)/front-end $(STAMPS)/system $(MODEL) ## Start the scaled-out set-up, kill and restart its tiers: some minutes
	@$(PYTHON) -m pytest -m long

lint: $(STAMPS)/environment ## Lint, format check and types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy

audit: $(STAMPS)/environment ## Ask whether pinned packages have known vulnerabilities that docs/advisories.yml does not explain
	@UV=$(UV) $(PYTHON) -m tests.audit

evaluate: $(MODEL) ## Measure how well customers are understood (report in var/)
	@$(PYTHON) -m language.evaluate

screenshots: $(MODEL) $(STAMPS)/front-end $(STAMPS)/system ## Write pictures of the chat and the desk to var/screenshots
	@$(PYTHON) -m tests.gateway.screenshots

clean: ## Remove everything that was generated, the environment included
	rm -rf .venv var models .rasa node_modules

.PHONY: data-base
data-base: $(STAMPS)/environment
	@$(PYTHON) -m casework migrate
	@$(PYTHON) -m casework sample-orders

var/uv/bin/uv:
	$(call say,Getting uv from PyPI)
	@mkdir -p var
	@for python in python3.10 python3 python /usr/bin/python3; do \
	  if $$python -c 'import venv, ensurepip' 2>/dev/null; then $$python -m venv var/uv && break; fi; done
	@test -x var/uv/bin/python || { echo 'Needs uv, or any Python 3 with its venv module (Debian: python3-venv).' >&2; exit 1; }
	@var/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

$(STAMPS)/environment: pyproject.toml uv.lock .python-version $(filter var/%,$(UV))
	$(call say,Setting up the Python environment: about a minute the first time)
	@$(UV) sync --frozen --compile-bytecode
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/language: $(STAMPS)/environment $(shell find language -name '*.py' -o -name '*.txt' -o -name '*.yml' 2>/dev/null)
	$(call say,Setting up the language models)
	@UV=$(UV) $(PYTHON) -m language setup
	@touch $@

$(STAMPS)/front-end: package.json package-lock.json $(STAMPS)/environment
	$(call say,Fetching the front-end packages)
	@$(PYTHON) -m gateway setup
	@touch $@

$(STAMPS)/system: tests/setup_system.py $(STAMPS)/environment
	@$(PYTHON) -m tests.setup_system
	@touch $@

$(MODEL): $(STAMPS)/language $(TRAINED_FROM)
	$(call say,Training the assistant: some two minutes; its log is var/train.log)
	@mkdir -p var && { $(RASA) train --fixed-model-name assistant --out models > var/train.log 2>&1 \
	  || { cat var/train.log; exit 1; }; }
	@touch $@
