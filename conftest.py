"""The kernels that `pytest --nbval` starts run in the surroundings of `tools/lesson.py run`."""

import os

import notebooks

# A student's own notebooks are not compared with anything.
collect_ignore = [path for path in (notebooks.ROOT / "notebooks").rglob("*.ipynb") if path not in notebooks.lessons()]
os.environ.update(notebooks.SURROUNDINGS)
