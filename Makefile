# Everything works in .venv. `make run` and `make test` set up what they need first: all of it as root on
# Debian, otherwise a sentence says which packages are missing. A second run finds everything in place.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
BIN := .venv/bin
COVERED := rules registry review lookup people exchange
PYBABEL := $(BIN)/pybabel

# $(call need,test that it is there,Debian packages,what needs it,exit status when it cannot be installed)
define need
@{ $(1); } >/dev/null 2>&1 || \
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
  echo "Installing $(2)"; \
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) >/dev/null; \
else \
  echo "$(3) needs packages that are missing here. Install them with: sudo apt-get install $(2)" >&2; exit $(4); \
fi
endef

# Prints the newest suitable Python; python3 is preferred, so that a chosen environment stays chosen.
define find_python
for one in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
  "$$one" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$one"; break; }; \
done
endef

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: .venv/.ready  ## make .venv with the program in it

run: setup  ## serve the sample data with demonstration accounts on http://127.0.0.1:8000
	$(call need,$(BIN)/python -c 'import weasyprint',libpangoft2-1.0-0 libharfbuzz-subset0,Printing as PDF,0)
	@exec $(BIN)/rqf demo --port $(PORT)

test: .venv/.ready-dev system-tests  ## run every test, on both databases and in the browser
	@$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(foreach part,$(COVERED),--cov=rqf/$(part)) --cov-report=term --cov-fail-under=95 $(ARGS)

lint: .venv/.ready-dev  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.ready-dev  ## measure, and print a table of ratios
	@set -e; for one in benchmarks/bench_*.py; do PYTHONPATH=. $(BIN)/python "$$one"; done

wheel: .venv/.ready-dev  ## build dist/rqf-*.whl
	rm -rf build dist
	$(BIN)/python -m build
	rm -rf build

translations: .venv/.ready-dev  ## collect the texts and compile the translations
	$(PYBABEL) -q extract -F babel.cfg -k _l -k lazy_gettext -k N_ -k message --ignore-dirs ".*" -o .venv/messages.pot .
	$(PYBABEL) -q update -i .venv/messages.pot -d rqf/translations --no-fuzzy-matching
	$(PYBABEL) -q compile -d rqf/translations

clean:  ## remove what was built; .venv stays
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .coverage htmlcov

.venv/.ready: setup.cfg pyproject.toml
	$(call need,test -n "$$($(find_python))",python3 python3-venv,The program,1)
	@echo "Setting up .venv"
	@python="$$($(find_python))"; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed, with its venv module." >&2; exit 1; fi; \
	test -x $(BIN)/python || "$$python" -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check -e .
	@touch $@

.venv/.ready-dev: .venv/.ready
	@echo "Setting up the tools for development"
	@$(BIN)/pip install -q --disable-pip-version-check -e ".[dev]"
	@touch $@

system-tests: .venv/.ready
	$(call need,command -v chromium || command -v chromium-browser || command -v google-chrome,chromium,The tests in a browser,1)
	$(call need,ls /usr/lib/postgresql/*/bin/initdb || command -v initdb,postgresql,The tests on PostgreSQL,1)
	$(call need,$(BIN)/python -c 'import weasyprint',libpangoft2-1.0-0 libharfbuzz-subset0,Printing as PDF,1)

.PHONY: help setup run test lint bench wheel translations clean system-tests
