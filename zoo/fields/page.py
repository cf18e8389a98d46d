"""Blocks of palette indices, arranged on the pages of an animation."""

import numpy as np

from rnnzoo.fields import colours

GAP, FONT, BAR = 6, 14, 10  # pixels


def blank(height, width):
    """uint8 array (height, width) of the background."""
    return np.full((height, width), colours.BACK, "uint8")


def text(line):
    """uint8 array (height, width) of a line of text in Pillow's own font."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(FONT)
    image = Image.new("L", (int(np.ceil(font.getlength(line))), sum(font.getmetrics())), 255)
    ImageDraw.Draw(image).text((0, 0), line, fill=0, font=font)
    return colours.greys(np.asarray(image) / 255)


def stacked(blocks, gap=GAP):
    """Blocks below one another, at the left."""
    return _joined([block.T for block in blocks], gap).T


def beside(blocks, gap=GAP):
    """Blocks beside one another, at the top."""
    return _joined(blocks, gap)


def _joined(blocks, gap):
    height = max(map(len, blocks))
    parts = []
    for block in blocks:
        rest = blank(height - len(block), block.shape[1])
        parts += [np.concatenate([block, rest]), blank(height, gap)]
    return np.concatenate(parts[:-1], axis=1)


def framed(block):
    """A block with a margin."""
    return np.pad(block, GAP, constant_values=colours.BACK)


def same_size(pages):
    """Pages filled up to the size of the largest: list of arrays."""
    height, width = (max(page.shape[axis] for page in pages) for axis in (0, 1))
    return [
        np.pad(
            page,
            ((0, height - page.shape[0]), (0, width - page.shape[1])),
            constant_values=colours.BACK,
        )
        for page in pages
    ]


def colour_bar(ticks, width):
    """A scale of colours, with labels below.

    Args:
        ticks: three numbers, the values at the ends and in the middle.
        width: int, pixels.
    """
    shades = colours.indices(np.linspace(0, 1, width))[None].repeat(BAR, axis=0)
    labels = [text(f"{tick:.3g}") for tick in ticks]
    line = blank(len(labels[0]), max(width, sum(label.shape[1] + GAP for label in labels)))
    lefts = (0, (width - labels[1].shape[1]) // 2, width - labels[2].shape[1])
    for label, left in zip(labels, lefts, strict=True):
        left = max(0, left)
        line[:, left : left + label.shape[1]] = label
    return stacked([shades, line], 1)
