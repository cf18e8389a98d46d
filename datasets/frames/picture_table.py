"""Arranges frames and lines of text in a table of pixels."""

import numpy as np

GAP = 2  # pixels between cells and around them
BACK, INK = 96, 255  # of 255: the background is neither black nor white, unlike frames


def enlarged(frames, scale):
    """uint8 array (frames, height * scale, width * scale) of squares of the same grey."""
    return np.rint(255 * frames).astype("uint8").repeat(scale, axis=1).repeat(scale, axis=2)


def written(text):
    """uint8 array (height, width) of a line of text in Pillow's own font."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default()
    image = Image.new("L", (int(np.ceil(font.getlength(text))), sum(font.getmetrics())), BACK)
    ImageDraw.Draw(image).text((0, 0), text, fill=INK, font=font)
    return np.asarray(image)


def table(lines):
    """A page of cells; each column is as wide, and each line as high, as its largest cell.

    Args:
        lines: list of lists of uint8 arrays (height, width), as many in each.

    Returns:
        uint8 array (height, width).
    """
    heights = [max(len(cell) for cell in line) for line in lines]
    widths = [max(cell.shape[1] for cell in column) for column in zip(*lines, strict=True)]
    tops, lefts = (GAP + np.cumsum([0, *np.add(sides, GAP)]) for sides in (heights, widths))
    page = np.full((tops[-1], lefts[-1]), BACK, "uint8")
    for top, line in zip(tops[:-1], lines, strict=True):
        for left, cell in zip(lefts[:-1], line, strict=True):
            page[top : top + cell.shape[0], left : left + cell.shape[1]] = cell
    return page
