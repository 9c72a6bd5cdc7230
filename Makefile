# Two commands for everybody: `make run` and `make test`. They need python3 (3.11 or newer) and make, nothing else.
# PYTHON=/path/to/python names another interpreter; CHROMIUM=/path/to/browser names the browser of the tests.

SHELL := /bin/bash
VENV  := .venv
BIN   := $(VENV)/bin

# Streamlit opens the browser by itself; HEADLESS=1 or CI keeps it from doing so.
HEADLESS_FLAG := $(if $(HEADLESS)$(CI),--server.headless true)

.PHONY: help run serve test test-nightly test-engines test-all bench load soak small pictures texts audit clean

help:
	@echo "make run    set up and open the dashboard on 127.0.0.1"
	@echo "make serve ATLAS_HOST=atlas.example.org   the same for many, behind a proxy: docs/instance.md"
	@echo "make test   set up what the tests need, a browser included, and run them: seven minutes (ARGS='-k map' for a few)"
	@echo "make test-all    make test at full depth, then every slow test, the engines and a short soak: 50 minutes, or with PROFILE=small fewer examples, as CI does"
	@echo "make test-nightly   only the slow tests: all of the browser, hostile text, the benchmark"
	@echo "make test-engines   the tests that need a PostgreSQL server and Spark (Java 17), which it installs with apt-get"
	@echo "make bench  measure speed and size, as ratios from one run, and how often statistics and duplicates are right"
	@echo "make load   many readers at once: how long each waits, what each costs the server (ARGS='--users 1,25 --seconds 30')"
	@echo "make soak   one tab and 2,000 interactions: what grows (ARGS='--interactions 200' for a quick look)"
	@echo "make small  memory at its peak on a small instance, over every page and file"
	@echo "make pictures   make the pictures of README and docs anew"
	@echo "make texts  write the catalogue of all texts anew, for translators and for the test that holds it"
	@echo "make audit  ask for advisories and licences of all that the dashboard needs to run; needs the internet"
	@echo "make clean  remove the virtual environment, caches and generated files"

run: $(VENV)/.run
	$(BIN)/python -m streamlit run app.py --server.address 127.0.0.1 $(HEADLESS_FLAG) $(ARGS)

# For many: the proxy of deploy/Caddyfile stands in front of it.
serve: $(VENV)/.run
	@ATLAS_HOST="$(ATLAS_HOST)" ATLAS_FRAME_ANCESTORS="$(ATLAS_FRAME_ANCESTORS)" exec bash deploy/serve.sh

# PROFILE=full looks deeper with the same tests: 10,000 hostile files for 500, all examples of the property tests.
PROFILE ?= small
WORKERS ?= 2

# The last lines are pytest's own.
test: $(VENV)/.dev
	@bash tools/setup/chromium.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not nightly" --hypothesis-profile $(PROFILE) $(ARGS)

# A file at a time: what the tests of one file share takes minutes to make.
# A browser test that timed out, on a busy machine one in some 800, runs once more and is listed as rerun; a wrong answer fails at once.
test-nightly: $(VENV)/.dev
	@bash tools/setup/chromium.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m nightly --hypothesis-profile $(PROFILE) --reruns 1 --only-rerun TimeoutError -rR $(ARGS)

# The servers are started by the tests themselves, and ended.
test-engines: $(VENV)/.engines
	@bash tools/setup/servers.sh
	$(BIN)/python -m pytest -m engines tests/dataset/test_engine_servers.py $(ARGS)

test-all:
	@bash tools/setup/test_all.sh

bench: $(VENV)/.dev
	$(BIN)/python -m tools.bench.run $(ARGS)

# These three end with 1 when an answer was wrong or missing, never because of a figure.
load: $(VENV)/.dev
	$(BIN)/python -m tools.bench.load $(ARGS)

soak: $(VENV)/.dev
	@bash tools/setup/chromium.sh
	$(BIN)/python -m tools.bench.soak $(ARGS)

small: $(VENV)/.dev
	@bash tools/setup/chromium.sh
	$(BIN)/python -m tools.bench.small_instance $(ARGS)

pictures: $(VENV)/.dev
	@bash tools/setup/chromium.sh
	$(BIN)/python -m tools.docs.pictures $(ARGS)

texts: $(VENV)/.dev
	$(BIN)/python -m tools.texts.catalogue

# Ends with 1 when something is found, with 2 when the advisories could not be asked.
audit: $(VENV)/.audit
	$(BIN)/python -m tools.audit

# A stamp per list: nothing is installed again until the list itself changes.
$(VENV)/.run: requirements.txt
	@bash tools/setup/venv.sh requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@bash tools/setup/venv.sh requirements-dev.txt
	@touch $@

$(VENV)/.engines: requirements-engines.txt $(VENV)/.dev
	@bash tools/setup/venv.sh requirements-engines.txt
	@touch $@

$(VENV)/.audit: requirements-audit.txt $(VENV)/.run
	@bash tools/setup/venv.sh requirements-audit.txt
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .hypothesis .ruff_cache screenshots bench_out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
