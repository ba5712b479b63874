PY := .venv/bin/python
WORKERS ?= 2
# Threads that wait leave the processor to the other workers.
export OMP_WAIT_POLICY ?= passive

.PHONY: setup demo lock check docs quick test bench worlds

.venv/ready: requirements.lock pyproject.toml tools/setup.sh tools/uv.lock
	sh tools/setup.sh && touch $@

setup: .venv/ready  ## the environment, and the program in .venv/bin/triage

demo: setup  ## everything at once on a simulated marketplace, then a service to ask
	.venv/bin/triage demo $(DEMO_ARGS)

lock:  ## resolve requirements.lock anew: hashes, no addresses
	.venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--all-extras pyproject.toml -o requirements.lock

check: setup  ## style, types, who may import whom, and whether the reference and the procedure are fresh
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) tools/reference.py --check
	$(PY) tools/sop_pages.py --check

docs: setup  ## the reference, made from the code, the procedure, and the statements of reasons of one case
	$(PY) tools/reference.py
	$(PY) tools/sop_pages.py
	$(PY) tools/statement_pages.py

quick: setup  ## the tests that take no longer than a cup of tea
	$(PY) -m pytest -n $(WORKERS) -m "not slow"

test: setup  ## every test
	$(PY) -m pytest -n $(WORKERS)

bench: setup  ## figures beside their peers, into benchmarks/results and README.md; BENCH_ARGS=--quick only tries them
	for name in history procon contributions score families training truth policy backtest; do $(PY) -m benchmarks.$$name $(BENCH_ARGS) || exit 1; done
	$(PY) -m benchmarks.readme

worlds: setup  ## twenty worlds, three levels of the arbitrators' error; about an hour; BENCH_ARGS=--quick only tries it
	$(PY) -m benchmarks.many_worlds $(BENCH_ARGS)
	$(PY) -m benchmarks.readme
