"""Animations of fields."""

import numpy as np
import pytest
from PIL import Image

from rnnzoo.fields import colours
from rnnzoo.fields.field_animation import LARGEST, save_animation

TIMES = np.datetime64("2024-01-01", "s") + np.arange(3) * np.timedelta64(3600, "s")


def pages(path):
    """list of uint8 arrays (height, width, 3)."""
    with Image.open(path) as image:
        for page in range(image.n_frames):
            image.seek(page)
            yield np.asarray(image.convert("RGB"))


def test_a_grid_is_squares_of_the_palettes_colours(tmp_path):
    fields = np.array([[[0, 4.0], [np.nan, 1]]] * 3) * np.array([0.25, 0.5, 1])[:, None, None]
    save_animation(tmp_path / "a.gif", {"prediction": fields}, TIMES, "name")
    table = np.reshape(colours.palette(), (-1, 3))
    last = list(pages(tmp_path / "a.gif"))[-1]
    assert last.shape[1] == 320 + 12
    tops = [row for row in range(len(last)) if (last[row, 10] == table[0]).all()]
    top = tops[0]
    # The middle of a square-root scale is a quarter of the highest value.
    middle = table[colours.indices(np.array(0.5))]
    for row, column, colour in (
        (0, 0, table[0]),
        (0, 1, table[colours.SHADES - 1]),
        (1, 0, table[colours.OUTSIDE]),
        (1, 1, middle),
    ):
        square = last[top + 160 * row : top + 160 * (row + 1), 6 + 160 * column :][:, :160]
        assert (square == colour).all(), (row, column)


def test_bars_are_as_high_as_their_values(tmp_path):
    fields = np.array([[[1.0, 0.5, np.nan, 0.25]]] * 3)
    save_animation(tmp_path / "a.gif", {"prediction": fields}, TIMES, "name")
    first = next(pages(tmp_path / "a.gif"))
    table = np.reshape(colours.palette(), (-1, 3))
    heights = [
        int((first == table[shade]).all(axis=-1).sum(axis=0).max())
        for shade in colours.indices(np.array([1.0, 0.5, 0.25]))
    ]
    assert heights == [220, 110, 55]


def test_large_grids_are_means_of_blocks(tmp_path):
    fields = np.ones((3, 4, 2 * LARGEST + 1))
    fields[:, :2, :2] = np.nan
    fields[:, 2, :4] = 0.5
    save_animation(tmp_path / "a.gif", {"prediction": fields * 8}, TIMES, "name")
    assert next(pages(tmp_path / "a.gif")).shape[1] <= LARGEST + 12


@pytest.mark.parametrize("zones", [1, 700])
def test_any_number_of_zones_without_any_value_above_zero(tmp_path, zones):
    save_animation(tmp_path / "a.gif", {"prediction": np.zeros((3, 1, zones))}, TIMES, "name")
    assert len(list(pages(tmp_path / "a.gif"))) == 3


def test_the_palette_is_viridis():
    matplotlib = pytest.importorskip("matplotlib")
    shades = np.reshape(colours.palette(), (-1, 3))[: colours.SHADES] / 255
    expected = matplotlib.colormaps["viridis"](np.linspace(0, 1, colours.SHADES))[:, :3]
    np.testing.assert_allclose(shades, expected, atol=0.03)
    assert colours.indices(np.array([0, 1, 2, -1, np.nan])).tolist() == [0, 239, 239, 0, 240]


def test_the_scale_of_values_with_a_sign_is_linear_from_the_lowest(tmp_path):
    fields = np.array([[[-4.0, 4.0], [0.0, 2.0]]] * 3)
    save_animation(tmp_path / "a.gif", {"prediction": fields}, TIMES, "name")
    table = np.reshape(colours.palette(), (-1, 3))
    last = list(pages(tmp_path / "a.gif"))[-1]
    top = next(row for row in range(len(last)) if (last[row, 10] == table[0]).all())
    shares = {(0, 0): 0.0, (0, 1): 1.0, (1, 0): 0.5, (1, 1): 0.75}
    for (row, column), share in shares.items():
        pixel = last[top + 160 * row + 80, 6 + 160 * column + 80]
        assert (pixel == table[colours.indices(np.array(share))]).all(), (row, column)
