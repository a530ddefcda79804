# make repro: set up and run the pipeline.  make test: set up and run all tests.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
# DeepSpeed builds no CUDA operators
export DS_BUILD_OPS := 0
# of llama.cpp only what its Python API needs: 210 processor seconds instead of 540
export CMAKE_ARGS := -DLLAVA_BUILD=OFF -DCMAKE_PROJECT_INCLUDE="$(CURDIR)/scripts/llama_cpp.cmake"
# waiting threads sleep after a short spin (see src/belle/stage.py)
export GOMP_SPINCOUNT := 1000
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: repro test test-fast test-gpu lint generate constraints clean

repro: $(READY)
	dvc repro

# two workers, a file to each at a time: most tests keep one core busy, and files share what they prepare
TWO_AT_ONCE := -n 2 --dist loadfile

test: $(READY)
	pytest $(TWO_AT_ONCE) --durations=15

test-fast: $(READY)
	pytest $(TWO_AT_ONCE) -m "not slow and not e2e"

# what needs a CUDA GPU, and skips itself elsewhere
test-gpu: $(READY)
	pytest -m gpu

lint: $(READY)
	ruff check .
	ruff format --check .
	mypy

# all that is written by the code: JSON Schemas, comments of params.yaml, docs/params.md, code deps, one-conversation.md
generate: $(READY)
	python scripts/generate.py

# two jobs at once: llama.cpp is compiled while torch is installed
MAKEFLAGS += --jobs=2

$(BIN)/pip:
	$(PYTHON) -m venv $(VENV)

# torch first: the builds of gptqmodel and DeepSpeed look for it
$(VENV)/.torch: constraints.txt | $(BIN)/pip
	$(BIN)/pip install -c constraints.txt torch setuptools wheel numpy
	$(BIN)/pip install -c constraints.txt --no-build-isolation gptqmodel deepspeed
	touch $@

$(VENV)/.llama: constraints.txt scripts/llama_cpp.cmake | $(BIN)/pip
	$(BIN)/pip wheel -c constraints.txt --no-deps -w $(VENV)/wheels llama-cpp-python
	touch $@

$(READY): pyproject.toml $(VENV)/.torch $(VENV)/.llama
	$(BIN)/pip install -c constraints.txt --find-links $(VENV)/wheels -e '.[dev,s3,ssh]'
	touch $@

constraints: $(READY)
	$(BIN)/python scripts/constraints.py

clean:
	rm -rf $(VENV)
