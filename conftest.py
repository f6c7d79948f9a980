"""Kernels of `pytest --nbval` run in the surroundings of `tools/lesson.py run`, and are compared strictly."""

import os

import notebooks

pytest_plugins = ["strict_comparison"]
# A student's own notebooks are not compared with anything.
collect_ignore = [path for path in (notebooks.ROOT / "notebooks").rglob("*.ipynb") if path not in notebooks.lessons()]
os.environ.update(notebooks.SURROUNDINGS)
