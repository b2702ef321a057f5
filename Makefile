# Every verb of this project; `make help` lists them.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
WORKERS ?= 2
LIGHTHOUSE := frontend/lighthouse/node_modules/.package-lock.json
HTMLCHECK := frontend/htmlcheck/node_modules/.package-lock.json
JAVA := .venv/.java

# Compiled modules are kept, whatever the machine is set to: every process starts the sooner.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check browser assets words lock format mutation bench bench-full clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F '\t' '{printf "make %-10s %s\n", $$1, $$2}'

$(INSTALLED): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing pinned dependencies ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

assets: $(INSTALLED) ## Build the style sheet, script, images and fonts, where anything changed
	@$(BIN)/python build_assets.py

# Programmes that only measure or check: what measures pages as a slow phone gets them, and what reads their HTML.
frontend/%/node_modules/.package-lock.json: frontend/%/package-lock.json $(INSTALLED)
	@$(BIN)/python -c "from build_assets import *; run_node(npm_script(), 'ci', '--no-progress', '--ignore-scripts', cwd=FRONTEND / '$*')"
	@touch $@

$(JAVA): frontend/htmlcheck/requirements.lock $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

run: assets ## Serve with the demonstration organisation on 127.0.0.1:8000 (PORT= changes it)
	@$(BIN)/training migrate
	@$(BIN)/training demo
	@echo "Open http://127.0.0.1:$(PORT)"
	@echo "Sign in as worker@demo.example, prescriber@demo.example, nurse@demo.example, carer@demo.example,"
	@echo "manager@demo.example, site-manager@demo.example or auditor@demo.example; the password is training-demo"
	@TRAINING_BASE_URL=$${TRAINING_BASE_URL:-http://127.0.0.1:$(PORT)} $(BIN)/training serve --port $(PORT)

browser: ## Install Chromium for the browser tests, where it is missing and can be installed
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || true

check: $(INSTALLED) ## Style, types of imports, and the content
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/training content check

test: assets browser check $(HTMLCHECK) $(JAVA) ## Everything that is checked before a change lands
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	@command -v chromium >/dev/null || echo "NOT RUN: the browser tests, because Chromium is not installed here."

words: $(INSTALLED) ## Bring the catalogues of the other languages up to date with the sentences in the code
	@$(BIN)/pybabel --quiet extract -F babel.cfg -k N_ -k later --no-location --sort-output --no-wrap -o training/translations/messages.pot .
	@for code in cy pl; do $(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap -l $$code -d training/translations -i training/translations/messages.pot; done

lock: ## Pin every dependency anew, with hashes and without addresses
	@$(BIN)/pip-compile --quiet --strip-extras --extra dev --generate-hashes --allow-unsafe --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-options --output-file requirements.lock pyproject.toml

format: $(INSTALLED) ## Put the code in order
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

mutation: $(INSTALLED) ## Change the rules one by one and see whether a test notices (long)
	@rm -rf mutants
	@$(BIN)/mutmut run && $(BIN)/python -m tests.mutation

bench: assets $(LIGHTHOUSE) ## Measure the service on 25,000 made-up people, on SQLite and PostgreSQL (minutes)
	@$(BIN)/training bench both --people 25000 --document docs/performance.md

bench-full: assets $(LIGHTHOUSE) ## Measure it on a million people on PostgreSQL, and on a million lines on SQLite (hours, 30 GB of disk)
	@$(BIN)/training bench both --people 1000000 --on postgresql --limit 3600 --document docs/performance.md
	@$(BIN)/training bench both --people 100000 --on sqlite --limit 3600 --document docs/performance.md

clean: ## Remove what was built; the database in instance/ stays
	@rm -rf .venv training/static/dist frontend/node_modules
