"""Arrays of colour frames: luminance as of images, and shapes with two readings."""

import numpy as np
import pytest
from PIL import Image

from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.reader import is_single, read_frames

COLOURS = np.random.default_rng(1).integers(0, 256, (6, 18, 20, 4)).astype("uint8")


def of_images(folder, frames):
    folder.mkdir()
    for i, frame in enumerate(frames):
        Image.fromarray(frame).save(folder / f"{i}.png")
    return read_frames(folder)


def test_colours_are_those_of_images(tmp_path):
    path, rgb = tmp_path / "rgb.npy", COLOURS[..., :3]
    expected = of_images(tmp_path / "rgb", rgb)
    for array in (rgb, rgb[None], rgb.astype("int64")):
        np.save(path, array)
        np.testing.assert_array_equal(read_frames(path), expected)
    np.testing.assert_allclose(read_frames(rgb / 255.0), expected, atol=0.51 / 255)
    np.testing.assert_allclose(
        read_frames(COLOURS[None]), of_images(tmp_path / "rgba", COLOURS), atol=1.01 / 255
    )
    grey = COLOURS[..., :1]
    expected = grey[None, ..., 0] / np.float32(255)
    for array in (grey, grey[None], grey.repeat(3, axis=-1)):
        np.testing.assert_array_equal(read_frames(array), expected)
    sequences = np.stack([rgb, rgb[::-1]])
    np.testing.assert_array_equal(read_frames(sequences)[1], read_frames(rgb)[0, ::-1])


@pytest.mark.parametrize(
    "shape, size, expected",
    [
        ((6, 18, 20, 3), (18, 20), (1, 6, 18, 20)),
        ((6, 5, 18, 3), (18, 3), (6, 5, 18, 3)),
        ((6, 5, 4, 4), (4, 4), (6, 5, 4, 4)),
        ((6, 5, 4, 4), (5, 4), (1, 6, 5, 4)),
        ((2, 6, 3, 3, 3), None, (2, 6, 3, 3)),
        ((6, 18, 3), (18, 3), (1, 6, 18, 3)),
    ],
)
def test_a_size_decides(shape, size, expected):
    assert read_frames(np.zeros(shape), size).shape == expected
    if size:
        assert is_single(np.zeros(shape), size) == (expected[0] == 1)


@pytest.mark.parametrize(
    "shape, message",
    [
        (
            (60, 10, 12, 3),
            "has shape (60, 10, 12, 3), 60 colour frames of 10 x 12 pixels or 60 sequences of 10 "
            "grey frames of 12 x 3 pixels: give (1, 60, 10, 12, 3) for colours or "
            "(60, 10, 12, 3, 1) for grey",
        ),
        ((60, 4, 4, 4), "60 colour frames of 4 x 4 pixels or 60 sequences of 4 grey"),
        ((60, 3, 18, 18), "give (1, 60, 18, 18, 3) for colours or (60, 3, 18, 18, 1) for grey"),
        ((9, 12, 3), "1 colour frame of 9 x 12 pixels or 9 grey frames of 12 x 3 pixels: give (1"),
        ((480, 640, 3), "has 1 frame per sequence: give at least 2"),
    ],
)
def test_two_readings_are_refused_and_both_are_named(shape, message, tmp_path, capsys, monkeypatch):
    path = tmp_path / "a.npy"
    np.save(path, np.zeros(shape, "uint8"))
    with pytest.raises(InputError) as refused:
        read_frames(path)
    assert message in str(refused.value)
    assert f"{path} " in str(refused.value)


def test_both_sizes_fit(tmp_path):
    with pytest.raises(InputError, match="the array of frames has shape .*, 6 colour frames of 3"):
        read_frames(np.zeros((6, 3, 3, 3)), (3, 3))


def test_training_on_colours_through_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    np.save("clip.npy", np.zeros((60, 10, 12, 3), "uint8"))
    assert main(["train", "balls3-rnn", "--data", "clip.npy", "--name", "mine"]) == 2
    (line,) = capsys.readouterr().err.splitlines()[-1:]
    assert "60 colour frames of 10 x 12 pixels or 60 sequences of 10 grey frames" in line
