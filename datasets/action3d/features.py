"""Skeletons as input for a recurrent network."""

import numpy as np

from rnnzoo.datasets.action3d.skeletons import HIPS, NECK


def skeleton_features(joints, steps, velocities=True):
    """Where the joints are relative to the hips, and how they move; each sequence on its own.

    Lengths are in torsos, the sequence's median distance from neck to hips, so that neither the
    place before the camera nor the size of the person counts.

    Args:
        joints: list of arrays (frames, 20, 3), metres.
        steps: int of at least 2; every sequence is resampled linearly to so many.
        velocities: bool; append the differences between steps, in torsos per sequence length
            over ten, which gives them about the size of the positions.

    Returns:
        float32 array (sequences, steps, 60), or 120 with velocities.
    """
    found = np.stack([_positions(sequence, steps) for sequence in joints])
    if velocities:
        change = np.diff(found, axis=1, prepend=found[:, :1]) * (steps / 10)
        found = np.concatenate([found, change], axis=-1)
    return found.astype("float32")


def _positions(joints, steps):
    torso = np.median(np.linalg.norm(joints[:, NECK] - joints[:, HIPS], axis=-1))
    centred = (joints - joints[:, HIPS, None]) / max(torso, 1e-6)
    return resampled(centred.reshape(len(joints), -1), steps)


def resampled(values, steps):
    """Values (frames, columns) at so many steps evenly spread in time, linear between frames."""
    before, at = np.arange(len(values)), np.linspace(0, len(values) - 1, steps)
    return np.stack([np.interp(at, before, column) for column in values.T], axis=-1)
