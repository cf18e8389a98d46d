"""Skeletons as input for a recurrent network."""

import numpy as np

from rnnzoo.datasets.action3d.skeletons import HIPS, NECK


def skeleton_features(joints, steps, velocities=True):
    """Joint positions relative to the hips and their velocities, per sequence.

    Lengths are in torsos, the sequence's median distance from neck to hips, so that neither the
    person's position nor size matters.

    Args:
        joints: list of arrays (frames, 20, 3), metres.
        steps: int of at least 2; number of steps that every sequence is resampled to, linearly.
        velocities: bool; append the differences between steps, in torsos per tenth of the
            sequence, which gives them about the scale of the positions.

    Returns:
        float32 array (sequences, steps, 60), or 120 with velocities.
    """
    features = np.stack([_positions(sequence, steps) for sequence in joints])
    if velocities:
        change = np.diff(features, axis=1, prepend=features[:, :1]) * (steps / 10)
        features = np.concatenate([features, change], axis=-1)
    return features.astype("float32")


def _positions(joints, steps):
    torso = np.median(np.linalg.norm(joints[:, NECK] - joints[:, HIPS], axis=-1))
    centred = (joints - joints[:, HIPS, None]) / max(torso, 1e-6)
    return resampled(centred.reshape(len(joints), -1), steps)


def resampled(values, steps):
    """Values (frames, columns) resampled to `steps` evenly spaced times by linear interpolation."""
    return interpolated(values, np.linspace(0, len(values) - 1, steps))


def interpolated(values, at):
    """Values (frames, ...) at the times `at`, in frames from 0 to the last, linearly."""
    before = np.minimum(np.floor(at).astype(int), max(len(values) - 2, 0))
    after = np.minimum(before + 1, len(values) - 1)
    share = np.reshape(at - before, (-1,) + (1,) * (values.ndim - 1))
    return values[before] + share * (values[after] - values[before])
