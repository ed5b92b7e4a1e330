# `make demo` and `make test` do all their own set-up; `make help` lists the rest.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo quick test newest oldest check lint format docs site screenshots bench lock clean runtime dev

BIN := .venv/bin
# Two workers for each processor: whole runs of the crawler wait for time-outs and second looks. Three take as long: each
# collects all tests by itself.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 2)
# Files by name, not those of most tests first: those last would be the few and long ones, one worker with each.
PARALLEL := -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# What Python compiles is kept even where the environment wants nothing kept: it is a fifth of each start of the crawler.
COMPILED := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.venv/pycache
PYTEST := $(COMPILED) $(BIN)/python $(PARALLEL)
# What needs nothing. The folders left out hold nothing else; to read them would take longer than many tests.
QUICK := --hypothesis-profile=quick -m 'not (process or server or shared_data or slow)' \
	$(addprefix --ignore=tests/,end_to_end labelled_web web_harness)
# The tests of single parts, with the processes and servers that these need.
UNIT := -m 'not (shared_data or postgres or namespace or browser)' $(addprefix tests/,configuration content \
	crawl extractors fetching operations reporting rules session sidecar state transport)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: runtime ## a first result, offline: a sample collection against a sample web, crawled twice
	@$(BIN)/linkhealth demo $(ARGS)

quick: dev ## the tests that need no process, server or shared data, in a minute
	@$(PYTEST) $(QUICK) $(ARGS)

test: dev ## all tests, in parallel (ARGS='-k name' for some)
	@scripts/services
	@$(PYTEST) $(ARGS)

newest: dev ## the unit tests with the newest versions that pyproject.toml allows
	@scripts/versions newest
	@.venv-newest/bin/python $(PARALLEL) $(UNIT) $(ARGS)

oldest: dev ## the unit tests with the oldest versions that pyproject.toml allows
	@scripts/versions oldest
	@.venv-oldest/bin/python $(PARALLEL) $(UNIT) $(ARGS)

check: lint ## the gate before every commit: lint, then the tests with branch coverage
	@scripts/services
	@$(PYTEST) --cov --cov-report=term $(ARGS)
	@$(BIN)/coverage report --include='crawler/model/*,crawler/rules/*' --fail-under=100

lint: dev ## ruff, mypy and the layers, without the tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/words.py --check
	@$(BIN)/python scripts/configuration_schema.py --check

format: dev ## let ruff repair and format what it can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

docs: dev ## write what is made from the code: reasons, problems and options in docs/, the schema of .linkhealth.yml
	@$(BIN)/python scripts/words.py
	@$(BIN)/python scripts/configuration_schema.py

site: dev ## docs/ as a site that opens offline, in build/site; warnings are errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file deploy/site/mkdocs.yml

screenshots: dev ## the pictures of docs/pictures, of the demonstration's report in Chromium
	@scripts/services
	@$(BIN)/python scripts/screenshots.py $(ARGS)

bench: dev ## the measurements of benchmarks/README.md (ARGS='load' for one)
	@$(BIN)/python benchmarks/run.py $(ARGS)

lock: dev ## write the lock files anew (ARGS=--upgrade for the newest versions)
	@scripts/lock $(ARGS)

clean: ## remove everything that make has made
	rm -rf .venv .venv-newest .venv-oldest build dist *.egg-info .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
	rm -rf .import_linter_cache .hypothesis linkhealth-demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime:
	@scripts/setup runtime

dev:
	@scripts/setup dev
