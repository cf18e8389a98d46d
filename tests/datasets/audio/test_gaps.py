"""What is missing, in seconds, samples and cells."""

import numpy as np
import pytest

from rnnzoo.datasets.audio.gaps import missing_cells, missing_gaps, parsed_gap
from rnnzoo.datasets.audio.spectrogram_grid import columns_of, columns_that_see, seen_by
from rnnzoo.datasets.common.errors import InputError


@pytest.mark.parametrize(
    ("length", "n_fft", "hop"), [(1, 8, 2), (16, 8, 2), (37, 8, 4), (50, 8, 8)]
)
def test_columns_and_samples_by_going_through_all(length, n_fft, hop):
    columns = columns_of(length, n_fft, hop)
    sees = np.array(
        [
            [(t + 1) * hop - n_fft <= n < (t + 1) * hop for n in range(length)]
            for t in range(-1, columns + 1)
        ]
    )
    assert not sees[0].any()
    assert not sees[-1].any()
    assert (sees[1:-1].sum(axis=0) == n_fft // hop).all()
    for start in range(length):
        for stop in range(start + 1, length + 1):
            first, end = columns_that_see(start, stop, n_fft, hop)
            assert np.flatnonzero(sees[1:-1, start:stop].any(axis=1)).tolist() == list(
                range(first, end)
            )
            low, high = seen_by(first, end, length, n_fft, hop)
            seen = np.flatnonzero(sees[1:-1][first:end].any(axis=0))
            assert (seen[0], seen[-1] + 1) == (low, high)


def test_a_gap_as_text():
    assert parsed_gap("3.2:4.1") == (3.2, 4.1)
    for wrong in ("", "3.2", "1:2:3", "a:b", "3.2-4.1", ":"):
        with pytest.raises(InputError, match="give START:END in seconds"):
            parsed_gap(wrong)


def test_gaps_in_samples_and_cells():
    missing = missing_gaps([(0.5, 0.6), (0.2, 0.25)], 10_000, 10_000, available=4)
    assert missing.spans == ((2000, 2500), (5000, 6000))
    assert missing.notes == ()
    samples = missing.samples()
    assert samples.sum() == 1500 and samples[2000] and samples[5999] and not samples[6000]
    mask = missing.mask()
    assert mask.shape == (129, columns_of(10_000))
    assert not mask[:4].any()
    known = ~mask.any(axis=0)
    assert (mask[4:].all(axis=0) == ~known).all()
    for t in np.flatnonzero(known):  # what is known has seen no missing sample
        assert not samples[max((t + 1) * 64 - 256, 0) : (t + 1) * 64].any()


def test_gaps_that_overlap_or_touch_are_one_and_it_is_said():
    missing = missing_gaps([(0.5, 0.7), (0.1, 0.2), (0.6, 0.65), (0.2, 0.3)], 1000, 1000)
    assert missing.spans == ((100, 300), (500, 700))
    assert missing.notes == (
        "the gap 0.2:0.3 overlaps or touches another: merged to 0.1:0.3",
        "the gap 0.6:0.65 overlaps or touches another: merged to 0.5:0.7",
    )


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        ([], "no gap"),
        ([(-0.1, 0.2)], "the gap -0.1:0.2 is outside the audio: it lasts from 0 to 1 s"),
        ([(0.9, 1.1)], "the gap 0.9:1.1 is outside the audio"),
        ([(0.3, 0.3)], "the gap 0.3:0.3 has no sample in it"),
        ([(0.4, 0.3)], "the gap 0.4:0.3 has no sample in it"),
        ([(0.2, float("nan"))], "is none: give"),
        ([(0.2, "0.3")], "is none: give"),
        ([0.2], "the gap 0.2 is none"),
        ([(0.1, 0.4), (0.5, 0.8)], "0.6 s are missing and 0.4 s are intact"),
        ([(0, 0.6), (0.1, 0.2)], "0.6 s are missing"),
    ],
)
def test_gaps_that_cannot_be(gaps, said):
    with pytest.raises(InputError, match=said) as problem:
        missing_gaps(gaps, 1000, 1000)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("available", [-1, 129, 0.5, True, "2"])
def test_bins_that_cannot_be_available(available):
    with pytest.raises(InputError, match="give lowest bins from 0 to 128"):
        missing_gaps([(0.1, 0.2)], 1000, 1000, available)


def test_cells_and_the_samples_that_they_touch(tmp_path):
    mask = np.zeros((129, columns_of(5000)), bool)
    mask[5, 20] = mask[100:, 21] = mask[0, 60] = True
    np.save(tmp_path / "mask.npy", mask)
    missing = missing_cells(tmp_path / "mask.npy", 5000, 1000)
    np.testing.assert_array_equal(missing.mask(), mask)
    assert missing.spans == ((21 * 64 - 256, 22 * 64), (61 * 64 - 256, 61 * 64))
    with pytest.raises(InputError, match="is of shape"):
        missing.mask(hop=128)


def test_masks_that_cannot_be(tmp_path):
    shape = (129, columns_of(1000))
    (tmp_path / "text.npy").write_text("no numbers")
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    most = np.ones(shape, bool)
    most[3, :5] = False
    for mask, said in [
        (tmp_path / "no.npy", "does not exist: give an .npy file of bool"),
        (tmp_path, "is no file"),
        (tmp_path / "text.npy", "is no .npy file"),
        (tmp_path / "objects.npy", "is no .npy file"),
        (np.ones(shape), "is of type float64: give bool"),
        (np.ones((128, shape[1]), bool), r"is of shape \(128, 19\): give \(129, 19\)"),
        (np.zeros(shape, bool), "has no missing cell"),
        (most, "leaves nothing of 14 of 19 columns"),
    ]:
        with pytest.raises(InputError, match=said):
            missing_cells(mask, 1000, 1000)
