"""Samples from magnitudes: known samples stay, the phase continues, and there are no clicks."""

import numpy as np
import pytest

from rnnzoo.audio.resynthesis import resynthesise
from rnnzoo.audio.scores import relative_error, snr
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.baselines.spectrogram_linear import linear
from rnnzoo.datasets.audio.gaps import missing_cells, missing_gaps
from rnnzoo.datasets.audio.reader import read_audio

RATE = 8000


def tones(count=8000, channels=1):
    n = np.arange(count)
    channel = np.sin(0.2 * n + 1) + 0.5 * np.cos(0.55 * n) + 0.2 * np.sin(1.3 * n)
    return np.stack([channel, channel[::-1]])[:channels]


def holed(samples, missing):
    return np.where(missing.samples(), 0, samples)


def jumps(samples, start, stop):
    """(largest step at the borders, largest step elsewhere outside the gap)."""
    steps = np.abs(np.diff(samples))
    border = np.concatenate([steps[max(start - 2, 0) : start + 2], steps[stop - 2 : stop + 2]])
    return border.max(), np.concatenate([steps[: max(start - 2, 0)], steps[stop + 2 :]]).max()


def test_outside_the_gaps_every_bit_stays():
    samples = tones(channels=2)
    missing = missing_gaps([(0.2, 0.25), (0.26, 0.3), (0.7, 0.71)], 8000, RATE)
    restored = resynthesise(holed(samples, missing), missing, np.abs(analyse(samples)))
    outside = ~missing.samples()
    np.testing.assert_array_equal(restored[:, outside], samples[:, outside])
    assert restored.shape == samples.shape
    assert not np.array_equal(restored, samples)


def test_of_true_magnitudes_it_is_nearly_the_audio():
    samples = tones(channels=2)
    missing = missing_gaps([(0.3, 0.4)], 8000, RATE)
    restored = resynthesise(holed(samples, missing), missing, np.abs(analyse(samples)))
    assert snr(samples, restored, missing.samples()) > 20


def test_what_is_in_the_gap_does_not_count():
    samples = tones()
    missing = missing_gaps([(0.3, 0.4)], 8000, RATE)
    magnitudes = np.abs(analyse(samples))
    restored = resynthesise(holed(samples, missing), missing, magnitudes)
    changed = np.where(missing.samples(), 7.0, samples)
    np.testing.assert_allclose(resynthesise(changed, missing, magnitudes), restored, atol=1e-9)


@pytest.mark.parametrize("span", [(0, 0.05), (0.95, 1), (0.0, 0.0005), (0.5, 0.5005), (0.3, 0.45)])
def test_no_click_wherever_the_gap_is(span):
    samples = tones()
    missing = missing_gaps([span], 8000, RATE)
    magnitudes = (
        np.abs(analyse(samples))
        * np.random.default_rng(0).uniform(0.3, 1.7, 128 + 1)[None, :, None]
    )
    restored = resynthesise(holed(samples, missing), missing, magnitudes)
    border, elsewhere = jumps(restored[0], *missing.spans[0])
    assert border <= elsewhere


@pytest.mark.parametrize("name", ["trumpet", "sweetwaltz"])
@pytest.mark.parametrize("milliseconds", [20, 200])
def test_no_click_in_music(music, name, milliseconds):
    pytest.importorskip("soundfile", reason="the extra audio is not installed")
    audio = read_audio(music(name))
    samples = audio.samples[:1, 44100 : 3 * 44100]
    missing = missing_gaps([(1, 1 + milliseconds / 1000)], samples.shape[1], 44100)
    mask, known = missing.mask(), holed(samples, missing)
    magnitudes = linear(np.abs(analyse(known[0])), mask)[None]
    restored = resynthesise(known, missing, magnitudes)
    border, elsewhere = jumps(restored[0], *missing.spans[0])
    assert border <= elsewhere
    # A click is energy above the music's own high frequencies.
    curve = np.abs(np.diff(restored[0], 3))
    start, stop = missing.spans[0]
    edges = np.concatenate([curve[start - 3 : start + 3], curve[stop - 3 : stop + 3]])
    assert edges.max() <= max(curve[: start - 3].max(), curve[stop + 3 :].max())


def test_known_cells_of_the_gap_are_used():
    # The low tone is known in the gap, although the context does not determine its start.
    samples = tones()
    samples[0, 4000:4400] += 2 * np.sin(0.1 * np.arange(400)) * np.hanning(400)
    missing = missing_gaps([(0.48, 0.57)], 8000, RATE, available=12)
    true = analyse(samples)
    # The audio when the higher bins of the gap are missing.
    low = np.abs(true)
    restored = resynthesise(samples, missing, low)
    without = missing_gaps([(0.48, 0.57)], 8000, RATE)
    blind = resynthesise(holed(samples, without), without, linear(low[0], without.mask())[None])
    inside = missing.samples()
    assert snr(samples, restored, inside) > snr(samples, blind, inside) + 10


def test_masked_cells_end_in_what_is_known():
    samples = tones()
    mask = np.zeros(analyse(samples[0]).shape, bool)
    mask[40:60, 50:56] = mask[:, 90] = True
    missing = missing_cells(mask, 8000, RATE)
    magnitudes = np.abs(analyse(samples))
    restored = resynthesise(samples, missing, magnitudes)
    outside = ~missing.samples()
    np.testing.assert_array_equal(restored[:, outside], samples[:, outside])
    assert snr(samples, restored) > 30
    assert relative_error(magnitudes, np.abs(analyse(restored))) < 0.02
    for span in missing.spans:
        border, elsewhere = jumps(restored[0], *span)
        assert border <= elsewhere


def test_silence_beside_the_gap_is_no_error():
    samples = np.zeros((1, 4000))
    samples[0, 3000:] = np.sin(np.arange(1000))
    missing = missing_gaps([(0.1, 0.2)], 4000, RATE)
    restored = resynthesise(samples, missing, np.zeros((1, *missing.mask().shape)))
    assert np.abs(restored[0, :2000]).max() < 1e-6
