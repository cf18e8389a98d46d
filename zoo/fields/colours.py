"""Shares from 0 to 1 as colours, without Matplotlib."""

import numpy as np

# Of the map viridis, which is perceptually uniform and told apart by the colour-blind, at equal
# distances; linear between them.
VIRIDIS = (
    "440154", "48186a", "472d7b", "424086", "3b528b", "33638d", "2c728e", "26828e", "21918c",
    "1fa088", "28ae80", "3fbc73", "5ec962", "84d44b", "addc30", "d8e219", "fde725",
)  # fmt: skip
SHADES = 240  # indices of a palette that are colours of shares
OUTSIDE, RULE = SHADES, SHADES + 1  # indices of other colours
INK, BACK = SHADES + 2, SHADES + 11  # the first and the last of greys, from ink to background
OTHERS = ("d9d9d9", "bfbfbf")
DARKEST = 0x20  # of the ink


def indices(shares):
    """uint8 array, the palette's index of each share from 0 to 1, `OUTSIDE` of NaN."""
    shades = np.rint(np.clip(np.nan_to_num(shares), 0, 1) * (SHADES - 1))
    return np.where(np.isnan(shares), OUTSIDE, shades).astype("uint8")


def greys(shares):
    """uint8 array, the palette's index of each grey from 0, ink, to 1, background."""
    return np.rint(INK + (BACK - INK) * np.asarray(shares)).astype("uint8")


def palette():
    """list of int, red, green and blue of each index, as `PIL.Image.Image.putpalette` takes it."""
    anchors = np.array([_parts(colour) for colour in VIRIDIS])
    at, where = np.linspace(0, 1, SHADES), np.linspace(0, 1, len(VIRIDIS))
    shades = np.stack([np.interp(at, where, part) for part in anchors.T], axis=1)
    ramp = np.linspace(DARKEST, 255, BACK - INK + 1)[:, None].repeat(3, axis=1)
    colours = np.concatenate([shades, [_parts(colour) for colour in OTHERS], ramp])
    return np.rint(colours).astype(int).ravel().tolist()


def _parts(colour):
    return [int(colour[start : start + 2], 16) for start in (0, 2, 4)]
