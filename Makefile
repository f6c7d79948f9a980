# Each command is short for `python tools/course.py NAME`, which is what to type where there is no make.
PYTHON ?= $(or $(shell command -v python3 || command -v python),$(error Python was not found: install Python 3.12))
.PHONY: help lab test present start-over lessons format bench site web lock count
help lab test present start-over lessons format bench site web lock count:
	@$(PYTHON) tools/course.py $@ $(ARGUMENTS)
# make lab LAB="--no-browser --port 8899" or LAB=notebooks/en/02-filtering.ipynb; LESSON is a number or a name.
lab: ARGUMENTS = $(LAB)
present: ARGUMENTS = "$(LESSON)" $(VOILA)
start-over: ARGUMENTS = "$(LESSON)"
lessons: ARGUMENTS = $(or $(LESSONS),all)
lock: ARGUMENTS = $(LOCK)
