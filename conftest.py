"""The kernels that `pytest --nbval` starts run as those of `tools/lesson.py run`: one thread, no random hashes."""

import os

import notebooks

# A student's own notebooks are not compared with anything.
collect_ignore = [path for path in (notebooks.ROOT / "notebooks").rglob("*.ipynb") if path not in notebooks.lessons()]
os.environ.update(OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED="0")
