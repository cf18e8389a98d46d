"""Frames of a region: seeds, batches, noise, cells outside, and what is refused."""

import tracemalloc

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.region_fields.simulator import Region, simulated_region

pytestmark = pytest.mark.core


def frames(region, size=64, **settings):
    return np.concatenate(list(region.batches(size, **settings)))


def test_a_seed_makes_the_same_again():
    first, again, changed = (simulated_region(20, 30, 48, s, towns=8) for s in ([1, 2], [1, 2], 1))
    np.testing.assert_array_equal(first.values, again.values)
    assert not np.array_equal(first.values, changed.values, equal_nan=True)
    assert not np.array_equal(first.mask, changed.mask)


def test_frames_do_not_depend_on_batches_and_threads():
    region = Region(20, 30, 50, 1, towns=8)
    expected = simulated_region(20, 30, 50, 1, towns=8).values[..., 0]
    for size, threads in ((1, 1), (7, 3), (50, 2), (100, 1)):
        np.testing.assert_array_equal(frames(region, size, threads=threads), expected)
    inside = frames(region, 13, inside=True)
    np.testing.assert_array_equal(inside, expected[:, region.mask])


def test_the_series_has_counts_inside_and_nan_outside():
    series = simulated_region(40, 60, 48, 3, start="2024-02-28T00", towns=10, people=5.0)
    assert series.values.dtype == np.float32 and series.values.shape == (48, 40, 60, 1)
    assert str(series.times[-1]) == "2024-02-29T23:00:00" and series.step == 3600
    assert 0.4 < series.mask.mean() < 0.6 and not series.mask[0].any()
    assert np.isnan(series.values[:, ~series.mask]).all()
    counts = series.values[:, series.mask]
    assert (counts >= 0).all() and (counts == np.rint(counts)).all()
    assert counts.mean() == pytest.approx(5, rel=0.1)


def test_all_cells_of_a_rectangle_are_inside_on_request():
    assert simulated_region(5, 6, 2, 0, towns=2, outside=False).mask.all()


def test_residents_and_others_are_two_channels():
    both = Region(20, 20, 24, 1, towns=5, channels=2, noise=False)
    total = Region(20, 20, 24, 1, towns=5, noise=False)
    assert both.channels == ["residents", "others"]
    assert frames(both).shape == (24, 20, 20, 2)
    np.testing.assert_allclose(frames(both).sum(axis=-1), frames(total), rtol=1e-5)
    assert simulated_region(20, 20, 24, 1, towns=5, channels=2).values.shape == (24, 20, 20, 2)
    night, day = frames(both, inside=True)[[3, 11]].sum(axis=1)
    assert night[0] > day[0] and night[1] < 0.1 * day[1]


def test_the_variance_of_a_cell_is_its_mean():
    settings = {"towns": 10, "people": 20.0}
    counts = frames(Region(12, 12, 3000, 1, **settings), inside=True)
    rates = frames(Region(12, 12, 3000, 1, noise=False, **settings), inside=True)
    scaled = (counts - rates) / np.sqrt(rates)
    # The variance of a mean of 3000 squares is (2 + 1/rate) / 3000.
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=5 / np.sqrt(3000))
    np.testing.assert_allclose(np.square(scaled).mean(axis=0), 1, atol=5 * np.sqrt(2.5 / 3000))
    assert abs(np.corrcoef(scaled[:-1, 5], scaled[1:, 5])[0, 1]) < 0.1


def test_a_hundred_components_are_more_than_ten():
    rates = frames(Region(40, 40, 1000, 1, towns=60, noise=False), inside=True)
    squares = np.square(np.linalg.svd(rates, compute_uv=False))
    residual = [squares[rank:].sum() / squares.sum() for rank in (10, 100)]
    assert residual[0] > 5e-5 and residual[1] < residual[0] / 4


def test_memory_is_that_of_a_batch():
    region = Region(150, 150, 400, 1, towns=20)
    tracemalloc.start()
    try:
        total = sum(np.nansum(batch, dtype="float64") for batch in region.batches(8))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    batch = 8 * 150 * 150 * 4
    assert total > 0 and peak < 4 * batch < 400 * 150 * 150 * 4 / 10


def test_the_smallest_region():
    assert np.isfinite(simulated_region(1, 1, 2, 0, towns=1).values).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"height": 0}, "height is 0: give a whole number of at least 1"),
        ({"width": 2.5}, "width is 2.5: give a whole number"),
        ({"steps": 1}, "steps is 1: give a whole number of at least 2"),
        ({"seed": -1}, "seed is -1: give a whole number of at least 0"),
        ({"start": "soon"}, "start is 'soon': give a time such as 2019-01-01T00"),
        ({"start": 5}, "start is 5: give a time"),
        ({"towns": 0}, "towns is 0: give a whole number of at least 1"),
        ({"towns": 3001}, "towns is 3001: give at most 3000"),
        ({"people": 0}, "people is 0: give a number above 0"),
        ({"people": float("nan")}, "people is nan: give a number above 0"),
        ({"channels": 3}, "channels is 3: give 1 or 2"),
        ({"channels": [1]}, r"channels is \[1\]: give a whole number"),
        ({"outside": 1}, "outside is 1: give True or False"),
        ({"noise": None}, "noise is None: give True or False"),
    ],
)
def test_bad_input_is_one_line(changed, message):
    settings = {"height": 8, "width": 8, "steps": 24, "seed": 0, "towns": 2} | changed
    with pytest.raises(InputError, match=message):
        simulated_region(**settings)


@pytest.mark.parametrize("name", ["size", "threads"])
def test_batches_of_no_frame_are_refused_at_once(name):
    with pytest.raises(InputError, match=f"{name} is 0: give a whole number of at least 1"):
        Region(8, 8, 24, 0, towns=2).batches(**{name: 0})
