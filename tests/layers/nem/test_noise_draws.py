"""Unit noise: mean 0, variance 1, nothing in common between any two numbers."""

import keras
import numpy as np
import pytest
from scipy import stats

from rnnzoo.layers.nem import draws

pytestmark = pytest.mark.portable

SHAPE = (40, 25, 20)
each = pytest.mark.parametrize("name", draws.DISTRIBUTIONS)


def numbers(name, seed, calls=1):
    generator = keras.random.SeedGenerator(seed)
    result = [draws.get(name)(SHAPE, dtype="float32", seed=generator) for _ in range(calls)]
    return np.array([keras.ops.convert_to_numpy(value) for value in result])


@each
def test_it_has_the_distribution_of_its_name(name):
    result = numbers(name, seed=1).ravel().astype("float64")
    if name == "signs":
        assert set(result) == {-1, 1}
        p = stats.binomtest(int((result == 1).sum()), result.size).pvalue
    else:
        bounds = (-(3**0.5), 2 * 3**0.5)
        theory = stats.norm() if "gaussian" in name else stats.uniform(*bounds)
        p = stats.kstest(result, theory.cdf).pvalue
    assert p > 1e-4
    assert result.mean() == pytest.approx(0, abs=4.5 / np.sqrt(result.size))
    assert result.var() == pytest.approx(1, abs=0.04)


def test_sixteen_bits_have_the_moments_of_the_normal_distribution():
    """Exactly, over all that can be drawn; and half of the numbers of an odd shape are not lost."""
    levels = draws.quantiles().astype("float64")
    assert len(set(levels)) == 2**16
    assert levels.mean() == pytest.approx(0, abs=1e-7)
    assert levels.var() == pytest.approx(1, abs=1e-6)
    assert (levels**4).mean() == pytest.approx(3, abs=2e-3)
    below = np.arange(2**16) / 2**16
    theory = stats.norm.cdf(levels)
    assert np.abs(theory - below).max() < 2**-16 > np.abs(theory - below - 2**-16).max()
    result = draws.gaussian16((30, 7), seed=keras.random.SeedGenerator(1))
    assert len(np.unique(keras.ops.convert_to_numpy(result))) > 200


@each
def test_neighbours_have_nothing_in_common(name):
    """Along each axis, and between two calls of one generator."""
    result = numbers(name, seed=2, calls=2)
    for axis in range(result.ndim):
        for lag in (1, 2, 7)[: result.shape[axis] - 1]:
            pairs = np.moveaxis(result, axis, 0)
            product = pairs[lag:] * pairs[:-lag]
            assert abs(product.mean()) < 4.5 / np.sqrt(product.size)


@each
def test_one_seed_one_sequence(name):
    np.testing.assert_array_equal(numbers(name, 3, calls=2), numbers(name, 3, calls=2))
    assert np.any(numbers(name, 3) != numbers(name, 4))
