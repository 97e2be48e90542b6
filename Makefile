# The project's commands; `make` alone lists them. Nothing needs activating: all of them run from .venv.
PYTHON ?= python3
BIN := .venv/bin
ENGINES := .cache/engines/venv

export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help site serve draft offline test check bench bench-engines lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

site: .venv/.ready ## Train, draw, check every claim and write site/
	$(BIN)/python -m vgcore.press.site

serve: .venv/.ready ## Preview the book; pages reload as you edit
	$(BIN)/mkdocs serve

draft: .venv/.ready ## Build the book from the tests' small runs into draft/, within a minute
	DRAFT=true $(BIN)/mkdocs build --strict --site-dir draft

offline: .venv/.ready ## Write the book as vanishing-gradients.zip, to be read without a server
	OFFLINE=true $(BIN)/mkdocs build --strict --site-dir .cache/offline
	$(BIN)/python -m vgcore.press.offline .cache/offline vanishing-gradients.zip

# The book is built first: the processes of the tests would each make what is missing.
test: .venv/.ready ## Run every test
	$(BIN)/vgcore build
	$(BIN)/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=loadscope

check: .venv/.ready ## Check format, lint, types, import contracts and words
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.prose

bench: .venv/.ready ## Measure the budgets of builds, as ratios within one run, of the preview and the draft
	$(BIN)/python -m tests.bench

bench-engines: $(ENGINES)/.ready ## Measure the press beside other engines, in an environment that has them too
	$(ENGINES)/bin/python -m tests.engines

lock: ## Pin the dependencies of pyproject.toml in requirements.lock
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH: pip install uv"; exit 1; }
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--extra site --extra dev pyproject.toml -o requirements.lock >/dev/null
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--constraints requirements.lock --extra site pyproject.toml tests/engines/requirements.in \
		-o tests/engines/requirements.lock >/dev/null

clean: ## Remove all that the other commands made: environment, results, site
	rm -rf .venv .cache site draft vanishing-gradients.zip dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps, so that an edit of pyproject.toml does not install everything again. `--clear` removes both:
# an installation that was interrupted starts anew, and the environment never holds more than the lock.
.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "This project needs Python 3.11, 3.12 or 3.13, but $(PYTHON) is %d.%d: try make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Installing requirements.lock into .venv (once, about two minutes)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.ready: .venv/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The other engines, at the versions of their own lock; all that the two locks share has one version.
$(ENGINES)/.ready: tests/engines/requirements.lock pyproject.toml
	@echo "Installing tests/engines/requirements.lock into $(ENGINES) (once, about three minutes)"
	@$(PYTHON) -m venv --clear $(ENGINES)
	@$(ENGINES)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(ENGINES)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
