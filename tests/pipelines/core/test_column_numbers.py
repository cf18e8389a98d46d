"""Statistics of columns against NumPy's on the whole column."""

import numpy as np
import pytest

from rnnzoo.pipelines.core import column_numbers

RANDOM = np.random.default_rng(0)
COLUMNS = {
    "pixels": RANDOM.integers(0, 256, 60, "uint8"),
    "rates": RANDOM.normal(60, 1e-3, 100).astype("float32"),
    "flags": np.array([True, False, True]),
    "counts": np.arange(-50, 50),
}


@pytest.fixture(params=COLUMNS)
def values(request, monkeypatch):
    monkeypatch.setattr(column_numbers, "PIECE", 7)
    return COLUMNS[request.param]


def test_moments_are_those_of_numpy(values):
    mean, deviation = column_numbers.moments(values)
    assert mean == pytest.approx(np.mean(values, dtype="float64"), rel=1e-12)
    assert deviation == pytest.approx(np.std(values, dtype="float64"), rel=1e-9)


def test_the_histogram_is_that_of_numpy(values):
    edges, counts = column_numbers.histogram(values)
    expected, expected_edges = np.histogram(values.astype("float64"), 10)
    assert counts.tolist() == expected.tolist()
    np.testing.assert_allclose(edges, expected_edges, rtol=1e-15)


def test_only_finite_values_are_counted(monkeypatch):
    monkeypatch.setattr(column_numbers, "PIECE", 2)
    values = np.array([np.nan, np.nan, 0, 1, np.inf, 10, -np.inf])
    edges, counts = column_numbers.histogram(values)
    assert (edges[0], edges[-1], counts.tolist()) == (0, 10, [1, 1, *[0] * 7, 1])
    assert column_numbers.quantiles(values[2:4], [0, 0.5, 1]).tolist() == [0, 0.5, 1]
    assert column_numbers.count(values, np.isnan) == 2
    assert column_numbers.count(values, np.isinf) == 2


def test_a_constant_column_has_one_bucket():
    edges, counts = column_numbers.histogram(np.full(5, 3.0))
    assert (edges.tolist(), counts.tolist()) == ([3, 3], [5])
    neighbours = np.array([1.0, np.nextafter(1.0, 2.0)])
    edges, counts = column_numbers.histogram(neighbours)
    assert (edges.tolist(), counts.tolist()) == (neighbours.tolist(), [2])


@pytest.mark.parametrize("values", [[], [np.nan, np.inf], [-1.7e308, 1.7e308]])
def test_a_column_without_a_finite_range_has_no_histogram(values):
    edges, counts = column_numbers.histogram(np.array(values, "float64"))
    assert len(edges) == len(counts) == 0


def test_quantiles_are_those_of_numpy():
    shares = [0, 0.1, 0.5, 1]
    expected = np.quantile(COLUMNS["rates"].astype("float64"), shares)
    quantiles = column_numbers.quantiles(COLUMNS["rates"], shares)
    np.testing.assert_allclose(quantiles, expected, rtol=1e-15)
    assert len(column_numbers.quantiles(np.array([np.nan]), shares)) == 0


def test_quantiles_of_a_long_column_are_of_a_sample(monkeypatch):
    monkeypatch.setattr(column_numbers, "PIECE", 4096)
    pictures = np.tile(np.arange(64, dtype="uint8"), 1000)  # the same row again and again
    quantiles = column_numbers.quantiles(pictures, [0.25, 0.5, 0.75])
    np.testing.assert_allclose(quantiles, np.quantile(pictures, [0.25, 0.5, 0.75]), atol=1)
    again = column_numbers.quantiles(pictures, [0.25, 0.5, 0.75])
    assert quantiles.tolist() == again.tolist()
