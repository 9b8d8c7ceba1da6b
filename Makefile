# One command each. `make` alone lists them. Nothing here asks a question, and a command that was killed is run again.

VENV ?= .venv
export VENV
BIN := $(VENV)/bin
PYTHON_IN_VENV := $(BIN)/python
WITH_SERVERS := $(PYTHON_IN_VENV) -m smartmessage.stack.embedded run
export PYTHONPATH := .

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast check e2e bench fmt shell reset lock environment test-environment

help: ## Lists the commands
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

demo: environment ## Runs the whole product here, with PostgreSQL, Redis and a stand-in for Twilio; Ctrl-C ends it
	@exec $(PYTHON_IN_VENV) -m smartmessage.stack.demo

test: check ## Everything that CI checks: `make check`, all tests, and the browser tests in a real Chromium
	@exec bin/test all

test-fast: test-environment ## The tests without browser, process and simulator tests
	@exec bin/test fast

e2e: test-environment ## Only the browser and process tests
	@exec bin/test flows

check: test-environment ## Lint, formatting, types, import directions, migrations, production settings, templates
	@exec bin/check

bench: test-environment ## The benchmarks, as ratios to a baseline of the same run; table and plot in .data/bench/; ONLY="inbox weight" for some
	@CHROME=$$($(PYTHON_IN_VENV) -m smartmessage.stack.browser) && export CHROME && DEMO=1 exec $(WITH_SERVERS) --temporary -- $(PYTHON_IN_VENV) -m tests.bench $(ONLY)

fmt: test-environment ## Formats Python and templates
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/djlint --quiet --reformat templates || true # its exit code only says that it changed something

shell: environment ## A Django shell on the demo's data, whether the demo runs or not
	@exec $(PYTHON_IN_VENV) -m smartmessage.stack.shell

reset: ## Forgets the demo's data
	@exec bin/reset

lock: test-environment ## Pins the packages of pyproject.toml anew, with their hashes
	@exec bin/lock

environment:
	@exec bin/bootstrap demo

test-environment:
	@exec bin/bootstrap test
