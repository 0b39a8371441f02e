# Bare `make` prints what there is. Nothing but Python 3.11 or newer is needed beforehand.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MACHINE := $(PYTHON) -I clinic/machine.py
export FLASK_APP := wsgi
# Python keeps what it compiled: the tests start it a few hundred times.
export PYTHONDONTWRITEBYTECODE :=
# Two test processes: one for each core of the smallest machine that we promise.
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test lint format screenshots migration mutate soak bench bench-quick lock

help: ## print the targets
	@echo "make run [PORT=8000]   set everything up and serve the demo clinic"
	@echo "make test              set everything up and run all tests on both engines"
	@echo "make lint              ruff, formatting, types, bandit, our own habits (tests/habits.py)"
	@echo "make format            let ruff mend what it can"
	@echo "make screenshots       every page of every role into instance/screenshots"
	@echo 'make migration m="…"   a new numbered migration from the models'
	@echo "make mutate            the screening rules with one mistake each: does a test notice?"
	@echo "make soak              the long races, kills and random weeks, with full counts"
	@echo "make bench             how fast it is, against bare pages (docs/speed.md)"
	@echo "make bench-quick       the same without a million visits, in under three minutes"
	@echo "make lock              pin requirements again"

.venv/run: requirements.txt
	@$(MACHINE) python
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: .venv/run
	@$(MACHINE) port --port $(PORT)
	@$(MACHINE) secrets
	@CLINIC_BASE_URL=http://localhost:$(PORT) exec $(BIN)/flask serve --port $(PORT)

test: .venv/test
	@$(BIN)/python -I clinic/machine.py browser
	@$(BIN)/python -m pytest -m "browser or not browser" --engines sqlite,postgresql -n $(JOBS) --dist worksteal

soak: .venv/test
	@$(BIN)/python -m pytest -m "not browser" --engines sqlite,postgresql --soak --timeout 0 -k "race or kill or random"

mutate: .venv/test
	@JOBS=$(JOBS) $(BIN)/python -m tests.mutate

bench: .venv/test
	@$(BIN)/python -m tests.bench

bench-quick: .venv/test
	@$(BIN)/python -m tests.bench --quick

lint: .venv/test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive clinic wsgi.py
	@$(BIN)/python -m tests.habits

format: .venv/test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

screenshots: .venv/test
	@$(BIN)/python -I clinic/machine.py browser
	@$(BIN)/python -m tests.browser.screenshots

migration: .venv/test
	@$(MACHINE) secrets
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add rooms"'; exit 2; }
	@$(BIN)/flask db migrate -m "$(m)" --rev-id $$(printf '%04d' $$(( $$(ls clinic/migrations/versions/[0-9]*.py | wc -l) + 1 )))
	@$(BIN)/ruff format clinic/migrations/versions

lock: .venv/test
	@for name in requirements requirements-dev; do $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --no-header --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --upgrade -o $$name.txt $$name.in; done
