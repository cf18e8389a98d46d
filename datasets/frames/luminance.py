"""Luminance of colours, as Pillow computes it for images."""

import numpy as np

# Of red, green and blue (ITU-R 601-2), as Pillow's whole numbers: grey stays grey exactly.
WEIGHTS = np.array([19595, 38470, 7471], "float32") / 2**16


def luminance(frames, most):
    """Frames without their axis of channels.

    Args:
        frames: float32 array (..., channels), 0 to `most`; 1 channel is grey, 3 are red, green and
            blue, and of 4 the last is alpha: transparent pixels are black.
        most: 255 for whole numbers, which are rounded as those of images; or 1.

    Returns:
        float32 array (...), 0 to `most`.
    """
    channels = frames.shape[-1]
    if channels == 1:
        return frames[..., 0]
    grey = frames[..., :3] @ WEIGHTS
    if channels == 4:
        grey *= frames[..., 3] / most
    return np.floor(grey + 0.5) if most == 255 else grey
