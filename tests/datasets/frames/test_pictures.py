"""Pictures read back: where each frame is in them, and what is refused."""

import os

import numpy as np
import pytest
from PIL import Image, ImageSequence

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.picture_table import BACK, GAP
from rnnzoo.datasets.frames.pictures import animation, strip
from rnnzoo.datasets.frames.reader import read_frames

TRUTH = np.random.default_rng(1).integers(0, 256, (5, 3, 4)) / 255
PREDICTION = np.random.default_rng(2).integers(0, 256, (5, 3, 4)) / 255


def grey(frames):
    return np.rint(255 * frames).astype("uint8")


def test_an_animation_has_the_frames_side_by_side(tmp_path):
    path = tmp_path / "a.gif"
    animation(path, [TRUTH, PREDICTION], scale=2)
    with Image.open(path) as image:
        pages = [np.asarray(page.convert("L")) for page in ImageSequence.Iterator(image)]
        assert image.info["loop"] == 0 and image.info["duration"] == 100
    pages = np.stack(pages)
    assert pages.shape == (5, 6 + 2 * GAP, 16 + 3 * GAP)
    first, second = pages[:, GAP:-GAP, GAP : GAP + 8], pages[:, GAP:-GAP, 2 * GAP + 8 : -GAP]
    for di in (0, 1):
        for dj in (0, 1):
            np.testing.assert_array_equal(first[:, di::2, dj::2], grey(TRUTH))
            np.testing.assert_array_equal(second[:, di::2, dj::2], grey(PREDICTION))
    assert (pages[:, :, GAP + 8 : 2 * GAP + 8] == BACK).all() and (pages[:, :GAP] == BACK).all()
    assert os.listdir(tmp_path) == ["a.gif"]


def test_labels_stand_above(tmp_path):
    animation(tmp_path / "a.gif", [TRUTH, PREDICTION], ["truth", "a long prediction"], scale=2)
    pages = np.rint(255 * read_frames(tmp_path / "a.gif")[0])
    height, width = pages.shape[1:]
    assert height > 6 + 3 * GAP and width > 80
    np.testing.assert_array_equal(
        pages[:, height - 6 - GAP : -GAP : 2, GAP : GAP + 8 : 2], grey(TRUTH)
    )
    above = pages[:, : height - 6 - GAP]
    assert above.max() > 200 and (above == above[0]).all()


def test_what_is_beyond_black_and_white_is_black_or_white(tmp_path):
    frames = np.array([[[-3.0, 0, 0.5, 1, 7]], [[0, 0, 0, 0, 0]]])
    strip(tmp_path / "a.png", [frames], every=2, scale=1)
    page = np.asarray(Image.open(tmp_path / "a.png"))
    assert page[-1 - GAP, GAP : GAP + 5].tolist() == [0, 0, 128, 255, 255]


def test_equal_pages_are_shown_for_as_long_as_all(tmp_path):
    animation(tmp_path / "a.gif", [TRUTH[[0, 0, 0, 1]]])
    with Image.open(tmp_path / "a.gif") as image:
        durations = [page.info["duration"] for page in ImageSequence.Iterator(image)]
    assert durations == [300, 100]
    animation(tmp_path / "a.gif", [TRUTH[:1]])
    assert read_frames(tmp_path / "a.gif", least=1).shape[1] == 1


@pytest.mark.parametrize(
    "every, shown", [(1, [0, 1, 2, 3, 4]), (2, [0, 2, 4]), (3, [0, 3]), (9, [0])]
)
def test_a_strip_has_a_row_a_sequence_and_a_column_a_step(every, shown, tmp_path):
    path = tmp_path / "a.PNG"
    strip(path, [TRUTH, PREDICTION], every, scale=7)
    page = np.asarray(Image.open(path))
    assert page.shape[1] == GAP + len(shown) * (28 + GAP)
    below = page[-2 * (21 + GAP) :]
    for i, frames in enumerate((TRUTH, PREDICTION)):
        for j, step in enumerate(shown):
            top, left = i * (21 + GAP), GAP + j * (28 + GAP)
            cell = below[top : top + 21, left : left + 28]
            np.testing.assert_array_equal(cell[3::7, 3::7], grey(frames[step]))
            number = page[: -2 * (21 + GAP), left : left + 28]
            assert number.max() > 200
    strip(path, [TRUTH, PREDICTION], every, ["truth", "prediction"], scale=7)
    labelled = np.asarray(Image.open(path))
    np.testing.assert_array_equal(labelled[:, GAP - page.shape[1] :], page[:, GAP:])


@pytest.mark.parametrize("write, suffix", [(animation, ".gif"), (strip, ".png")])
def test_paths_that_are_refused(write, suffix, tmp_path):
    def said(path):
        with pytest.raises(InputError) as error:
            write(path, [TRUTH])
        assert "\n" not in str(error.value)
        return str(error.value)

    for name in ("a.jpg", "a", suffix):
        assert f"{tmp_path / name} does not end in {suffix}" in said(tmp_path / name)
    nowhere = tmp_path / "nowhere"
    assert f"{nowhere} is no folder: give a path in an existing one" in said(nowhere / f"a{suffix}")
    (tmp_path / f"b{suffix}").mkdir()
    assert "is a folder: give the path of a file" in said(tmp_path / f"b{suffix}")
    assert "cannot be written: File name too long" in said(tmp_path / ("a" * 300 + suffix))
    assert os.listdir(tmp_path) == [f"b{suffix}"]


def test_a_picture_that_is_there_stays_until_the_new_one_is_whole(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    strip(path, [TRUTH])
    before = path.read_bytes()

    def full(image, partial, **how):
        partial.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Image.Image, "save", full)
        with pytest.raises(InputError, match="a.png cannot be written: No space left"):
            strip(path, [PREDICTION])
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["a.png"]
    strip(path, [PREDICTION])
    assert path.read_bytes() != before


@pytest.mark.parametrize(
    "rows, named, message",
    [
        ([], {}, "rows are of shape none: give all the same"),
        ([TRUTH[0]], {}, r"rows are of shape \(3, 4\): give all the same \(steps, height, width\)"),
        ([TRUTH, TRUTH[:4]], {}, r"rows are of shape \(5, 3, 4\), \(4, 3, 4\)"),
        ([TRUTH[:0]], {}, "rows are of shape"),
        ([TRUTH, TRUTH + np.nan], {}, "a row has values that are not finite"),
        ([TRUTH], {"labels": ["a", "b"]}, "2 labels of 1 rows: give one for each"),
        ([TRUTH], {"scale": 0}, "scale is 0: give a whole number of at least 1"),
        ([TRUTH], {"scale": 10**9}, "scale is 1000000000: frames of 3 x .* in all would be more"),
    ],
)
def test_what_is_refused(rows, named, message, tmp_path):
    for write, name in ((animation, "a.gif"), (strip, "a.png")):
        with pytest.raises(InputError, match=message):
            write(tmp_path / name, rows, **named)
    assert not os.listdir(tmp_path)


def test_every_is_checked(tmp_path):
    with pytest.raises(InputError, match="every is 0: give a whole number of at least 1"):
        strip(tmp_path / "a.png", [TRUTH], every=0)


def test_an_animation_says_when_the_rollout_begins(tmp_path):
    animation(tmp_path / "a.gif", [TRUTH, PREDICTION], ["truth", "prediction"], given=2)
    pages = np.rint(255 * read_frames(tmp_path / "a.gif")[0])
    assert len(pages) == 5
    lines = pages[:, GAP + 1, GAP:]  # of the caption, above its letters
    assert (lines[:2] == BACK).all() and (lines[2:] == 255).all()


def test_a_strip_has_a_rule_where_the_rollout_begins(tmp_path):
    path, labels = tmp_path / "a.png", ["truth", "prediction"]

    def rules(**named):
        strip(path, [TRUTH, PREDICTION], labels=labels, scale=5, **named)
        page = np.asarray(Image.open(path))
        return page, np.flatnonzero((page == 255).all(axis=0))

    page, rule = rules(given=2)
    assert len(rule) == 2
    left = page[-5 - GAP, : rule[0]]
    # Two columns before it are the first frames of the prediction, 20 pixels each.
    np.testing.assert_array_equal(
        page[-15 - GAP : -GAP : 5, rule[0] - 24 : rule[0] - 4 : 5], grey(PREDICTION[1])
    )
    assert (left[-4:] == BACK).all()
    np.testing.assert_array_equal(
        page[-15 - GAP : -GAP : 5, rule[1] + 5 : rule[1] + 25 : 5], grey(PREDICTION[2])
    )
    for named in ({}, {"given": 5}, {"given": 1, "every": 9}):  # there is one part only
        assert not len(rules(**named)[1])


def test_a_long_strip_is_in_bands_below_one_another(tmp_path):
    frames = np.random.default_rng(3).random((40, 18, 18))
    strip(tmp_path / "a.png", [frames, frames], every=3, labels=["truth", "prediction"], given=10)
    page = np.asarray(Image.open(tmp_path / "a.png"))
    assert page.shape[1] < 1000 < 2 * page.shape[1] and page.shape[0] > 4 * 108
    # Fourteen columns, seven per band; the last frame is at the end of the second.
    assert page[-GAP - 108 : -GAP : 6, -GAP - 10 - 108 : -10 - GAP : 6].shape == (18, 18)
