# make repro: set up and run the pipeline.  make test: set up and run all tests.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
# DeepSpeed builds no CUDA operators
export DS_BUILD_OPS := 0
# waiting threads sleep (see src/belle/stage.py)
export OMP_WAIT_POLICY := PASSIVE
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: repro test test-fast lint generate constraints clean

repro: $(READY)
	dvc repro

test: $(READY)
	pytest --durations=15

test-fast: $(READY)
	pytest -m "not slow and not e2e"

lint: $(READY)
	ruff check .
	ruff format --check .
	mypy

# all that is written by the code: JSON Schemas, comments of params.yaml, docs/params.md, code deps, one-conversation.md
generate: $(READY)
	python scripts/generate.py

# torch first: gptqmodel's build looks for it
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -c constraints.txt torch setuptools wheel numpy
	$(BIN)/pip install -c constraints.txt --no-build-isolation gptqmodel
	$(BIN)/pip install -c constraints.txt -e '.[dev,s3,ssh]'
	touch $@

constraints: $(READY)
	$(BIN)/python scripts/constraints.py

clean:
	rm -rf $(VENV)
