"""The kernels that `pytest --nbval` starts run as those of `tools/lesson.py run`: one thread, no random hashes."""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED="0")
