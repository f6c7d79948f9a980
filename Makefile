# `make lab` opens the course, `make test` checks everything. Each command is short for
# `python tools/bootstrap.py NAME`, which is what to type where there is no make.

PYTHON ?= $(shell command -v python3 || command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python)
RUN = @$(if $(PYTHON),$(PYTHON),$(error Python was not found: install Python 3.12 and type the same command again)) tools/bootstrap.py

.PHONY: help lab present start-over test format lessons bench lock clean

help:
	$(RUN) || true

# LAB holds arguments for JupyterLab: make lab LAB="--no-browser --port 8899", make lab LAB=notebooks/en/02-filtering.ipynb
lab:
	$(RUN) lab $(LAB)

# LESSON is a lesson's number or name: make present LESSON=03, make start-over LESSON=filtering.
# VOILA holds arguments for Voila, such as VOILA="--no-browser --port 8899".
present:
	$(RUN) present "$(LESSON)" $(VOILA)

start-over:
	$(RUN) start-over "$(LESSON)"

test:
	$(RUN) test

format:
	$(RUN) format

# LESSONS names notebooks; all of them otherwise.
lessons:
	$(RUN) lessons $(LESSONS)

bench:
	$(RUN) bench

# LOCK=--upgrade takes the newest versions that pyproject.toml allows.
lock:
	$(RUN) lock $(LOCK)

clean:
	$(RUN) clean
