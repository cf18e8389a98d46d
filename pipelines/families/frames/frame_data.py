"""The dataset of a frame predictor: frames of three splits, and their balls if known."""

import hashlib
import json
from dataclasses import dataclass, field

import numpy as np

from rnnzoo.datasets.frames.splits import split_frames


@dataclass(frozen=True)
class FrameData:
    """Frames by split.

    Args:
        name: str.
        sha256: str, of the frames, or of the simulator's settings.
        frames: dict from split to array (sequences, steps, height, width), 0 to 1; uint8 where
            all pixels are 0 or 1.
        balls: dict from split to `BouncingBalls` with these frames; empty if they are not known.
    """

    name: str
    sha256: str
    frames: dict
    balls: dict = field(default_factory=dict)

    @classmethod
    def of_user(cls, frames):
        """The `FrameData` of a user's frames, named by their sha256, whatever the file's name.

        Args:
            frames: array (sequences, steps, height, width), 0 to 1.

        Raises:
            InputError: the sequences are too few and too short for the splits.
        """
        sha = hashlib.sha256(json.dumps(frames.shape).encode())
        sha.update(np.ascontiguousarray(frames).tobytes())
        sha256 = sha.hexdigest()
        return cls(f"frames-{sha256[:16]}", sha256, split_frames(frames))

    @property
    def size(self):
        """(height, width), pixels."""
        return self.frames["train"].shape[2:]
