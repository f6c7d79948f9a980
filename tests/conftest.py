"""What every test may count on: English, NumPy's own way of printing, and examples of hypothesis that repeat in CI."""

import os

import numpy as np
import pytest
from hypothesis import settings

from lessons_lib.core import i18n

settings.register_profile("course", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("course")


@pytest.fixture(autouse=True)
def _as_before():
    """`begin()` chooses a language and how arrays are printed; the next test knows nothing of it."""
    with np.printoptions():
        yield
    i18n.use("en")
