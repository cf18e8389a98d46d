"""A line of text on a frame, white on a dark bar at the lower edge."""

import functools

import numpy as np

SHARE = 1 / 14  # of the height of a frame: the size of its text
LEAST = 8  # pixels; smaller text cannot be read
DARK = 0.35  # how much of the picture is left below the text


def captioned(pixels, text):
    """A frame with a caption.

    The text is smaller where it would be wider than the frame, down to 8 pixels; of a frame that is
    narrower still the end of the text is left out.

    Args:
        pixels: uint8 array (height, width, 3).
        text: str.

    Returns:
        uint8 array (height, width, 3), another one.

    Example:

    >>> frame = captioned(np.full((60, 80, 3), 200, "uint8"), "golf")
    >>> frame[0].min(), bool(frame[-1].min() < 100)
    (np.uint8(200), True)
    """
    from PIL import Image, ImageDraw

    height, width, _ = pixels.shape
    font, margin = _fitting(text, width, max(LEAST, round(height * SHARE)))
    rows = min(height, sum(font.getmetrics()) + margin)
    bar = Image.fromarray((pixels[-rows:] * DARK).astype("uint8"))
    ImageDraw.Draw(bar).text((margin, margin // 2), text, fill="white", font=font)
    return np.concatenate([pixels[:-rows], np.asarray(bar)])


@functools.lru_cache(maxsize=16)
def _fitting(text, width, size):
    """(Pillow's own font, margin beside the text in pixels), at most of `size` pixels."""
    from PIL import ImageFont

    while True:
        font, margin = ImageFont.load_default(size), max(2, size // 2)
        if size <= LEAST or font.getlength(text) + 2 * margin <= width:
            return font, margin
        size -= 1
