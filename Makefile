PY := .venv/bin/python
WORKERS ?= 2
# Threads that wait leave the processor to the other workers.
export OMP_WAIT_POLICY ?= passive

.PHONY: setup lock check quick test bench

.venv/ready: requirements.lock pyproject.toml tools/setup.sh tools/uv.lock
	sh tools/setup.sh && touch $@

setup: .venv/ready  ## the environment, and the program in .venv/bin/triage

lock:  ## resolve requirements.lock anew: hashes, no addresses
	.venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--all-extras pyproject.toml -o requirements.lock

check: setup  ## style, types, and who may import whom
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

quick: setup  ## the tests that take no longer than a cup of tea
	$(PY) -m pytest -n $(WORKERS) -m "not slow"

test: setup  ## every test
	$(PY) -m pytest -n $(WORKERS)
