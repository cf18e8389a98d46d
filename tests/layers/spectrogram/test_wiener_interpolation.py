import numpy as np
import pytest
from keras import ops

from rnnzoo.baselines import spectrogram_wiener
from rnnzoo.layers.spectrogram import wiener_interpolation
from rnnzoo.layers.spectrogram.wiener_interpolation import WienerInterpolation

pytestmark = pytest.mark.portable


def cells(columns=160, bins=5):
    """Bins that swing slowly; a long gap, one of some bins, and one at the very end."""
    random, t = np.random.default_rng(0), np.arange(columns)[None, :, None]
    pace = random.uniform(0.05, 0.2, (2, 1, bins))
    true = 2 + np.sin(pace * t) + 0.1 * random.random((2, columns, bins))
    masked = true.astype("float32")
    masked[0, 60:80], masked[1, 40:45, 2:], masked[1, -6:] = -1, -1, -1
    return true, masked


def interpolated(masked, predicted=2.05):
    predicted = np.full((len(masked), 1, masked.shape[2]), predicted, "float32")
    return ops.convert_to_numpy(WienerInterpolation()(masked, predicted))


def test_it_is_what_the_baseline_does_in_double_precision(monkeypatch):
    monkeypatch.setattr(
        spectrogram_wiener, "predicted", lambda magnitudes, _: np.full(magnitudes.shape, 2.05)
    )
    assert spectrogram_wiener.NOISE == wiener_interpolation.NOISE
    assert spectrogram_wiener.PARTS == wiener_interpolation.LAG_FRACTION
    assert spectrogram_wiener.LAGS == wiener_interpolation.MAX_LAGS
    _, masked = cells()
    interpolations = interpolated(masked)
    for value, result in zip(masked, interpolations, strict=True):
        mask = value.T < 0
        expected = spectrogram_wiener.wiener(np.where(mask, 0, value.T), mask)
        np.testing.assert_allclose(result.T[mask], expected[mask], atol=1e-4)


def test_what_swings_goes_on_swinging_on_both_sides():
    true, masked = cells()
    missing = masked < 0
    error = np.abs(interpolated(masked) - true)[missing].mean()
    assert error < 0.3 * np.abs(2.05 - true)[missing].mean()


def test_a_gap_turned_round_is_filled_turned_round():
    _, masked = cells()
    forwards, backwards = interpolated(masked), interpolated(masked[:, ::-1].copy())
    np.testing.assert_allclose(forwards, backwards[:, ::-1], atol=1e-3)


@pytest.mark.parametrize("columns", [1, 2, 7, 50])
def test_of_any_length_and_of_nothing_at_all(columns):
    masked = np.full((1, columns, 3), -1, "float32")
    np.testing.assert_allclose(interpolated(masked), 2.05, atol=1e-5)
    masked[0, 0] = 3
    result = interpolated(masked)
    np.testing.assert_allclose(result[0, 0], 3, atol=1e-4)
    assert np.all((result > 2.04) & (result < 3.001))


def test_twice_as_loud_is_twice_as_much():
    _, masked = cells()
    louder = np.where(masked < 0, -1, 2 * masked).astype("float32")
    np.testing.assert_allclose(interpolated(louder, 4.1), 2 * interpolated(masked), atol=4e-3)


@pytest.mark.once
def test_of_long_audio_with_many_gaps_it_is_better_than_what_was_predicted(monkeypatch):
    columns, random = 40_000, np.random.default_rng(0)
    levels = np.repeat(random.uniform(1, 3, columns // 2000 + 1), 2000)[:columns]
    true = (levels + 0.3 * random.random(columns)).astype("float32")
    masked = true.copy()
    for start in range(200, columns - 100, 500):
        masked[start : start + 30] = -1
    missing, mean = masked < 0, float(masked[masked >= 0].mean())
    result = interpolated(masked[None, :, None], mean)[0, :, 0]
    error, by_mean = (np.sqrt(np.mean((value - true)[missing] ** 2)) for value in (result, mean))
    assert error < 0.5 * by_mean
    monkeypatch.setattr(
        spectrogram_wiener, "predicted", lambda magnitudes, _: np.full(magnitudes.shape, mean)
    )
    expected = spectrogram_wiener.wiener(np.where(missing, 0, true)[None], missing[None])[0]
    assert np.sqrt(np.mean((result - expected)[missing] ** 2)) < 0.05 * by_mean
