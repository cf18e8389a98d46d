"""Arranges frames and lines of text in a table of pixels."""

import numpy as np

GAP = 2  # pixels between cells and around them
RULE = 10  # pixels of a gap with a rule in it
BACK, INK = 96, 255  # of 255: the background is neither black nor white, unlike frames
FONT = 14  # pixels


def enlarged(frames, scale):
    """uint8 array (frames, height * scale, width * scale) of squares of the same grey."""
    return np.rint(255 * frames).astype("uint8").repeat(scale, axis=1).repeat(scale, axis=2)


def written(text, ink=INK, back=BACK):
    """uint8 array (height, width) of a line of text in Pillow's own font."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(FONT)
    image = Image.new("L", (int(np.ceil(font.getlength(text))), sum(font.getmetrics())), back)
    ImageDraw.Draw(image).text((0, 0), text, fill=ink, font=font)
    return np.asarray(image)


def table(lines, captions=None, ruled=None):
    """A page of cells; each column is as wide, and each line as high, as its largest cell.

    Args:
        lines: list of lists of uint8 arrays (height, width), as many in each.
        captions: dict from column to a uint8 array above it, which is cut off at the next caption
            and at the end of the page; or None.
        ruled: int, a column with a white rule before it; or None.

    Returns:
        uint8 array (height, width).
    """
    heights = [max(len(cell) for cell in line) for line in lines]
    widths = [max(cell.shape[1] for cell in column) for column in zip(*lines, strict=True)]
    gaps = [RULE if column == ruled else GAP for column in range(len(widths))]
    tops = GAP + np.cumsum([0, *np.add(heights, GAP)])
    lefts = np.cumsum(np.add([0, *widths], [*gaps, GAP]))
    page = np.full((tops[-1], lefts[-1]), BACK, "uint8")
    for top, line in zip(tops[:-1], lines, strict=True):
        for left, cell in zip(lefts[:-1], line, strict=True):
            page[top : top + cell.shape[0], left : left + cell.shape[1]] = cell
    if captions:
        page = np.concatenate([_header(captions, lefts), page])
    if ruled is not None:
        middle = lefts[ruled] - RULE // 2
        page[:, middle - 1 : middle + 1] = INK
    return page


def _header(captions, lefts):
    """The line of captions, as wide as the page."""
    height = max(len(text) for text in captions.values())
    header = np.full((GAP + height, lefts[-1]), BACK, "uint8")
    for column, text in sorted(captions.items()):
        header[GAP:, lefts[column] :] = text[0, 0]
        cell = text[:, : lefts[-1] - lefts[column]]
        header[GAP : GAP + len(cell), lefts[column] : lefts[column] + cell.shape[1]] = cell
    return header
