"""Features of a skeleton that are invariant to position, size and facing direction."""

import numpy as np

from rnnzoo.datasets.action3d.features import resampled
from rnnzoo.datasets.action3d.skeletons import HIPS, JOINTS, NECK, SIDES
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError

FEATURES = 2 * 3 * JOINTS

# Messages, of exported graphs too.
SHAPE = f"joints have shape {{shape}}: give (frames, {JOINTS}, 3)"
NOT_FINITE = "joints have values that are not finite: give metres"

# Pairs of joints that span the body from side to side: shoulders and hips.
ACROSS = SIDES[:2]


def invariant_features(joints, steps=32):
    """Positions and velocities of the joints in the person's own frame of reference.

    With p the joints, h the hips, s the median distance from neck to hips over all frames, and R
    the rotation about the vertical axis that aligns the mean line across shoulders and hips with
    the x axis:

        x_t = R (p_t - h_t) / s    for each joint but the hips
        x_t = R (h_t - h) / s      for the hips, h their median over all frames
        v_t = (x_t - x_(t-1)) steps / 10

    after linear resampling in time. Moving, scaling, and turning the whole sequence about a
    vertical axis changes nothing. Movements and turns during the sequence are preserved.

    Args:
        joints: array (frames, 20, 3), y upward.
        steps: int of at least 2.

    Returns:
        float32 array (steps, 120): 60 positions, joint by joint, and 60 velocities.

    Raises:
        InputError: the joints have another shape, no frames, or values that are not finite.
    """
    upright = facing(checked_joints(joints))
    hips = upright[:, HIPS]
    torso = np.median(np.linalg.norm(upright[:, NECK] - hips, axis=-1))
    positions = upright - hips[:, None]
    positions[:, HIPS] = hips - np.median(hips, axis=0)
    flat = positions.reshape(len(positions), -1) / max(torso, 1e-9)
    positions = resampled(flat, whole("steps", steps, 2))
    velocities = np.diff(positions, axis=0, prepend=positions[:1]) * (steps / 10)
    return np.concatenate([positions, velocities], axis=-1).astype("float32")


def facing(joints):
    """Rotates all frames alike about the vertical axis, so that the person faces along z.

    Args:
        joints: array (frames, 20, 3), y upward.

    Returns:
        float64 array (frames, 20, 3); unchanged if left and right coincide.
    """
    across = sum(joints[:, right] - joints[:, left] for left, right in ACROSS).sum(axis=0)
    length = np.hypot(across[0], across[2])
    if not length:
        return joints
    cos, sin = across[0] / length, across[2] / length
    x, y, z = np.moveaxis(joints, -1, 0)
    return np.stack([cos * x + sin * z, y, cos * z - sin * x], axis=-1)


def checked_joints(joints):
    """A float64 array (frames, 20, 3).

    Raises:
        InputError: it has another shape, no frames, or values that are not finite.
    """
    try:
        joints = np.asarray(joints, "float64")
    except (TypeError, ValueError):
        raise InputError(f"joints are no numbers: give (frames, {JOINTS}, 3)") from None
    if joints.ndim != 3 or joints.shape[1:] != (JOINTS, 3) or not len(joints):
        raise InputError(SHAPE.format(shape=joints.shape))
    if not np.isfinite(joints).all():
        raise InputError(NOT_FINITE)
    return joints
