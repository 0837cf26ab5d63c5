# One desk for a county. Needs Python 3.11 or newer, make and the package registries; nothing else.
# `make help` prints what can be made.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

V := .venv
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
# For demo: the county's size and where it is served.
SIZE ?= small
PORT ?= 8000
# For bench: a group of docs/goals.json.
GROUP ?= cases
# For test: sqlite or postgresql; unsaid, PostgreSQL if DATABASE_URL names one, else SQLite.
DATABASE ?=
# For test: "no" leaves out what drives a browser.
BROWSER ?= yes
# For test: anything more for pytest, such as ARGS="-x -k calendar".
ARGS ?=

PYTEST = $(V)/bin/python -m pytest $(if $(DATABASE),--database=$(DATABASE)) $(ARGS)
ON_POSTGRESQL = $(filter postgresql,$(DATABASE))$(if $(DATABASE),,$(filter postgres%,$(DATABASE_URL)))
# pytest ends with 5 when nothing was selected, which is no failure of a part that may be empty.
MAY_BE_EMPTY = || [ $$? -eq 5 ]

##@ To use it

.PHONY: setup
setup: $(V)/.ok ## Install everything into .venv (again only when what it is made from has changed).

$(V)/.ok: pyproject.toml constraints.txt hatch_build.py web/package.json web/package-lock.json web/vendor.json
	@if [ ! -x $(V)/bin/python ]; then \
	  [ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Tongban needs Python 3.11 or newer; PYTHON=/path/to/python names one that is not on PATH." >&2; exit 1; }; \
	  echo "Making $(V) with $(PYTHON)"; "$(PYTHON)" -m venv $(V); fi
	@echo "Installing (a minute or two when nothing is cached)"
	@$(V)/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

.PHONY: demo
demo: setup ## Build the demo county and serve it at 127.0.0.1:8000 (SIZE=small or full, PORT=8000).
	@exec $(V)/bin/tongban demo --size $(SIZE) --port $(PORT)

##@ To work on it

.PHONY: test
test: setup ## Run the tests, those with a browser or on PostgreSQL where these are there (DATABASE=postgresql, ARGS=…).
	$(PYTEST) -n 2 -m "not browser"
ifneq ($(BROWSER),no)
	$(PYTEST) -n 2 -m browser $(MAY_BE_EMPTY)
endif
ifeq ($(ON_POSTGRESQL),)
	$(PYTEST) -m postgresql --database=postgresql $(MAY_BE_EMPTY)
endif

.PHONY: test-long
test-long: setup ## Run the tests that take long and write their result to docs/test-long.txt.
	@mkdir -p docs
	$(PYTEST) -q --no-header --long -m long -n 2 --durations=0 --durations-min=1 2>&1 | tee docs/test-long.txt $(MAY_BE_EMPTY)

.PHONY: check
check: setup ## Check style, imports and types, side by side, in seconds.
	@$(MAKE) --no-print-directory --keep-going --output-sync=target -j4 check-style check-format check-imports check-types

.PHONY: check-style check-format check-imports check-types
check-style:
	@$(V)/bin/ruff check --quiet && echo "style: ok"
check-format:
	@$(V)/bin/ruff format --check --quiet && echo "format: ok" \
	  || { $(V)/bin/ruff format --check; echo "format: $(V)/bin/ruff format puts this right" >&2; exit 1; }
check-imports:
	@$(V)/bin/lint-imports --config pyproject.toml > $(V)/imports.txt 2>&1 && echo "imports: ok" || { cat $(V)/imports.txt; exit 1; }
check-types:
	@TONGBAN_DATA=$(V)/check-data $(V)/bin/mypy --no-error-summary && echo "types: ok"

.PHONY: bench
bench: setup ## Measure one group of docs/goals.json beside its peers and write docs/bench/GROUP.json (GROUP=cases).
	@mkdir -p docs/bench
	$(V)/bin/tongban bench $(GROUP) --peers --json docs/bench/$(GROUP).json

.PHONY: clean
clean: ## Remove .venv, the copied browser files and every cache; a county's data stay.
	rm -rf $(V) build dist src/tongban/web/static/vendor tests/vendor test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests web -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Print this.
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
