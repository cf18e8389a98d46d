"""Only what is near a gap is read into work, and what comes out is the same."""

import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest

from rnnzoo.audio import windows as windows_module
from rnnzoo.audio.inpainting import restore
from rnnzoo.audio.restored_blocks import restored_blocks
from rnnzoo.audio.resynthesis import restored
from rnnzoo.audio.scores import snr
from rnnzoo.audio.windows import read_windows, windows
from rnnzoo.baselines.janssen import janssen
from rnnzoo.baselines.spectrogram_linear import linear
from rnnzoo.baselines.spectrogram_wiener import wiener
from rnnzoo.datasets.audio.gaps import Missing, missing_cells, missing_gaps
from rnnzoo.datasets.audio.reader import BLOCK
from rnnzoo.datasets.audio.spectrogram_grid import columns_of

RATE = 8000
COUNT = 60_000
# Two that are filled together, one apart, and one near the end.
GAPS = [(1.0, 1.02), (1.2, 1.21), (4.0, 4.02), (7.4, 7.42)]


def tune(count=COUNT):
    n = np.arange(count)
    tone = np.sin(0.2 * n) * (1 + np.sin(0.002 * n)) + 0.5 * np.cos(0.71 * n)
    return np.stack([tone, tone[::-1]]) + 0.01 * np.random.default_rng(0).normal(size=(2, count))


@pytest.fixture
def small(monkeypatch):
    """Windows of 16,384 samples at most, and gaps of 4,096 from the first to the last."""
    monkeypatch.setattr(windows_module, "FITTED", 8192)
    monkeypatch.setattr(windows_module, "WHOLE", 16384)
    monkeypatch.setattr(windows_module, "MOST", 4096)


def test_janssen_and_linear_interpolation_are_as_of_the_whole():
    samples, missing = tune()[:1], missing_gaps(GAPS, COUNT, RATE)
    assert len(windows(missing, "linear")) == 3
    whole = restored(samples, missing, linear)
    np.testing.assert_allclose(restore(samples, missing, "linear"), whole, atol=1e-12)
    whole = np.stack([janssen(channel, missing.spans) for channel in samples])
    np.testing.assert_allclose(restore(samples, missing, "janssen"), whole, atol=1e-12)


def test_linear_interpolation_of_cells_is_as_of_the_whole():
    samples, mask = tune(), np.zeros((129, columns_of(COUNT)), bool)
    mask[10:, 50:60], mask[:20, 500:510] = True, True
    missing = missing_cells(mask, COUNT, RATE)
    whole = restored(samples, missing, linear)
    np.testing.assert_allclose(restore(samples, missing, "linear"), whole, atol=1e-12)


def test_short_audio_is_read_whole_by_a_method_that_is_fitted():
    samples, missing = tune()[:1], missing_gaps(GAPS[:1], COUNT, RATE)
    (window,) = windows(missing, "wiener")
    assert (window.start, window.stop, window.spans) == (0, COUNT, missing.spans)
    whole = restored(samples, missing, wiener)
    np.testing.assert_array_equal(restore(samples, missing, "wiener"), whole)


def test_of_long_audio_a_part_near_the_gap(small):
    missing = missing_gaps([(0.5, 0.51), (3.75, 3.76), (7.4, 7.41)], COUNT, RATE)
    parts = windows(missing, "wiener")
    assert [part.spans for part in parts] == [(span,) for span in missing.spans]
    for part in parts:
        assert part.start % 64 == 0
        # Near an end of the audio there is more of the other side.
        assert 2 * 8192 <= part.stop - part.start <= 2 * 8192 + 80 + 128
        assert part.missing.length == part.stop - part.start
    true = missing.samples()
    for part in parts:
        np.testing.assert_array_equal(part.missing.samples(), true[part.start : part.stop])
    samples = tune()[:1]
    result = restore(samples, missing, "wiener")
    np.testing.assert_array_equal(result[:, ~true], samples[:, ~true])
    damaged = np.where(true, 0, samples)
    assert np.linalg.norm((result - samples)[:, true]) < np.linalg.norm(samples[:, true])
    np.testing.assert_array_equal(restore(damaged, missing, "wiener"), result)


def test_many_gaps_are_split_into_parts_that_mask_each_other(small):
    gaps = [(0.5 * k, 0.5 * k + 0.02) for k in range(1, 12, 2)]
    missing = missing_gaps(gaps, COUNT, RATE)
    parts = windows(missing, "linear")
    assert len(parts) > 2 and sum((part.spans for part in parts), ()) == missing.spans
    samples, inside = tune()[:1], missing.samples()
    # The phase in a gap is extrapolated from the restored gaps before it, too.
    whole, apart = restored(samples, missing, linear), restore(samples, missing, "linear")
    np.testing.assert_array_equal(apart[:, ~inside], samples[:, ~inside])
    assert snr(samples, apart, inside) > snr(samples, whole, inside) - 0.5
    read = list(read_windows(np.split(samples, range(1000, COUNT, 1000), axis=1), parts))
    for part, of_part in read:
        np.testing.assert_array_equal(of_part, samples[:, part.start : part.stop])


def test_the_memory_of_a_long_recording_does_not_grow_with_it():
    length = 400 * BLOCK  # ten minutes at 44,100 samples per second
    missing = Missing(length, ((200 * BLOCK - 100, 200 * BLOCK + 500),))
    block = np.random.default_rng(0).normal(size=(1, BLOCK))
    file = SimpleNamespace(blocks=lambda: (block for _ in range(length // BLOCK)))
    seen = []

    def counted(iterable, label, unit):
        for channel in iterable:
            seen.append(len(channel))
            yield channel

    tracemalloc.start()
    try:
        changed = 0
        for before, after in restored_blocks(file, missing, "linear", counted):
            changed += np.count_nonzero(before != after)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert changed == 600
    assert seen == [windows(missing, "linear")[0].missing.length] and seen[0] < 20_000
    assert peak < 20 * block.nbytes < 0.06 * 8 * length


def test_janssen_of_gaps_without_end_is_bounded(monkeypatch):
    samples, gaps = tune(30_000)[0], [(at, at + 100) for at in range(2000, 28_000, 1000)]
    whole = janssen(samples, gaps, order=64, context=2000)
    monkeypatch.setattr("rnnzoo.baselines.janssen.MOST", 500)
    parts = janssen(samples, gaps, order=64, context=2000)
    missing = Missing(30_000, tuple(gaps)).samples()
    errors = [np.linalg.norm((x - samples)[missing]) for x in (whole, parts)]
    assert errors[1] < 1.1 * errors[0] < 0.2 * np.linalg.norm(samples[missing])
