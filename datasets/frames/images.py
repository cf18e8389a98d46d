"""Reads frames from images and GIFs."""

import contextlib
import os
import warnings

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.datasets.frames.sizes import check_same, check_size

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
FORMATS = ("PNG", "JPEG", "BMP", "GIF")  # Pillow has decoders that run other programs


@contextlib.contextmanager
def opened(path):
    """Opens an image; every problem with it becomes a one-line `InputError`.

    Args:
        path: `pathlib.Path`.

    Yields:
        `PIL.Image.Image`.

    Raises:
        InputError: it cannot be read, or has so many pixels that it may exhaust memory.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=FORMATS) as image:
                yield image
        except InputError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            most = f"{Image.MAX_IMAGE_PIXELS:,}"
            raise InputError(f"{path} is too large: give an image of at most {most} pixels") from (
                None
            )
        except Image.UnidentifiedImageError:
            raise InputError(f"{path} is no image: give {', '.join(FORMATS)}") from None
        except Exception as problem:  # a decoder can raise anything
            reason = reason_of(problem)
            raise InputError(f"{path} cannot be read as an image: {reason}") from None


def grey(image):
    """Luminance of a Pillow image, upright, with transparent pixels black.

    Args:
        image: `PIL.Image.Image`.

    Returns:
        float32 array (height, width), 0 to 1.
    """
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits, which Pillow would cut off at 8
        return np.asarray(image, "float32") / 65535
    if image.has_transparency_data:
        black = Image.new("RGBA", image.size, "black")
        image = Image.alpha_composite(black, image.convert("RGBA"))
    return np.asarray(image.convert("L"), "float32") / 255


def frame_count(image):
    """Number of frames of a Pillow image; previews inside photographs are not counted."""
    return image.n_frames if image.format in ("GIF", "PNG") else 1


def image_frame(path, size=None):
    """Reads one image.

    Args:
        path: `pathlib.Path`.
        size: (height, width) that it must have, or None.

    Returns:
        float32 array (height, width), 0 to 1.

    Raises:
        InputError: it is no image, one of another size, or an animation.
    """
    with opened(path) as image:
        if frame_count(image) > 1:
            raise InputError(f"{path} has {image.n_frames} frames: give one image per frame")
        frame = grey(image)
    check_size(path, frame.shape, size)
    return frame


def gif_frames(path, size=None):
    """Reads the frames of a GIF, each complete, though the file may store differences.

    Args:
        path: `pathlib.Path`.
        size: (height, width) that they must have, or None.

    Returns:
        float32 array (steps, height, width), 0 to 1.

    Raises:
        InputError: it cannot be read, or is of another size.
    """
    frames = []
    with opened(path) as image:
        for step in range(frame_count(image)):
            image.seek(step)
            frames.append(grey(image))
            check_size(path, frames[0].shape, size)  # before all of it is read
            check_same(path, frames[-1].shape, "its first", frames[0].shape)
    return np.stack(frames)


def is_animation(path):
    """Whether a path is a GIF of several frames.

    Raises:
        InputError: it has a GIF's name and cannot be read.
    """
    if path.suffix.lower() != ".gif" or not os.path.isfile(path):
        return False
    with opened(path) as image:
        return frame_count(image) > 1
