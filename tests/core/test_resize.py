"""Other sizes: the means stay, and the tents are those that SciPy interpolates with where a picture grows."""

import numpy as np
import pytest
from scipy.interpolate import interp1d

from lessons_lib.core.resize import resize, tent_weights


@pytest.mark.parametrize("shape", [(5, 8), (7, 3, 3)])
def test_sides_are_those_asked_for_and_a_constant_stays(shape):
    assert resize(np.full(shape, 3.0), 4, 9).shape == (4, 9, *shape[2:])
    np.testing.assert_allclose(resize(np.full(shape, 3.0), 4), 3)
    picture = np.random.default_rng(0).random(shape)
    np.testing.assert_allclose(resize(picture, *shape[:2]), picture)


def test_growing_is_linear_interpolation():
    values = np.random.default_rng(1).random(6)
    middles = (np.arange(20) + 0.5) * 6 / 20 - 0.5
    inside = (middles >= 0) & (middles <= 5)
    np.testing.assert_allclose((tent_weights(6, 20) @ values)[inside], interp1d(np.arange(6), values)(middles[inside]))
