"""Janssen's method: its equations, and signals that it restores."""

import numpy as np
import pytest
from scipy.signal import lfilter

from rnnzoo.audio.scores import snr
from rnnzoo.baselines.autoregression import burg
from rnnzoo.baselines.janssen import janssen
from rnnzoo.datasets.common.errors import InputError


def process(count, seed=0):
    return lfilter([1], [1, -1.6, 0.9], np.random.default_rng(seed).normal(size=count))


def linear(samples, start, stop):
    line = samples.copy()
    line[start:stop] = np.interp(range(start, stop), [start - 1, stop], samples[[start - 1, stop]])
    return line


@pytest.mark.parametrize("indices", [range(40, 60), [30, 31, 35, 36, 90, 91], range(290, 300)])
def test_the_gap_is_the_least_squares_solution(indices):
    samples, indices, order = process(300), np.array(indices), 7
    runs = np.split(indices, np.flatnonzero(np.diff(indices) > 1) + 1)
    spans = [(run[0], run[-1] + 1) for run in runs]
    bounds = [0, *np.concatenate(spans), 300]
    sides = [samples[i:j] for i, j in zip(bounds[::2], bounds[1::2], strict=True)]
    a = burg([side for side in sides if len(side) > order], order)
    rows = np.zeros((300 - order, 300))  # e = rows @ x
    for n in range(order, 300):
        rows[n - order, n - order : n + 1] = a[::-1]
    expected = np.where(np.isin(np.arange(300), indices), 0, samples)
    expected[indices] = np.linalg.lstsq(rows[:, indices], -rows @ expected)[0]
    filled = janssen(samples, spans, order, context=300, iterations=1)
    np.testing.assert_allclose(filled, expected, atol=1e-4)


def test_an_ar_process_is_filled_better_than_by_a_line():
    samples = process(4000)
    spans = [(s, s + 6) for s in range(500, 3500, 300)]
    filled = janssen(samples, spans, order=8, context=1000)
    lines = samples.copy()
    for start, stop in spans:
        lines = linear(lines, start, stop)
    inside = np.concatenate([np.arange(*span) for span in spans])
    assert snr(samples[inside], filled[inside]) > snr(samples[inside], lines[inside]) + 3
    outside = np.delete(np.arange(4000), inside)
    np.testing.assert_array_equal(filled[outside], samples[outside])


@pytest.mark.parametrize("frequency", [0.05, 0.31, 2.0])
def test_tones_are_continued_to_a_thousandth(frequency):
    n = np.arange(8000)
    tones = np.sin(frequency * n + 1) + 0.3 * np.cos(1.4 * frequency * n)
    holed = tones.copy()
    holed[4000:4500] = 99
    assert np.abs(janssen(holed, [(4000, 4500)], 64, 2000) - tones).max() < 1e-3


def test_gaps_next_to_each_other_and_at_both_ends():
    n = np.arange(6000)
    tones = np.sin(0.31 * n + 1) + 0.3 * np.cos(0.5 * n)
    for spans in [[(3000, 3200), (3210, 3300), (3301, 3310)], [(0, 100), (5900, 6000)]]:
        np.testing.assert_allclose(janssen(tones, spans, 64, 2000), tones, atol=1e-3)


def test_bands_of_nothing_do_not_silence_the_gap():
    # White noise of 120 dB above the rest of the spectrum, as decoders leave it.
    samples = process(9000)
    spectrum = np.fft.rfft(samples)
    spectrum[1500:] *= 1e-7
    samples = np.fft.irfft(spectrum)
    filled = janssen(samples, [(4400, 4420)], 256, 4000)
    assert snr(samples[4400:4420], filled[4400:4420]) > 20


def test_silence_around_is_silence_and_long_gaps_are_refused():
    samples = np.zeros(1000)
    samples[500:510] = 1
    np.testing.assert_array_equal(janssen(samples, [(500, 510)]), 0)
    with pytest.raises(InputError, match="janssen is for gaps of up to 100000"):
        janssen(np.ones(300_000), [(0, 100_001)])
