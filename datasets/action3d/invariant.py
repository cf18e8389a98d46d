"""Features of a skeleton that are invariant to position, size and facing direction."""

import numpy as np

from rnnzoo.datasets.action3d.features import resampled
from rnnzoo.datasets.action3d.skeletons import HIPS, JOINTS, NECK, SIDES
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError

# (joint, the joint that it is relative to): hands to head, shoulders and each other, wrists to
# shoulders, hands to wrists.
ARMS = ((11, 19), (12, 19), (11, 0), (12, 1), (11, 12), (9, 0), (10, 1), (11, 9), (12, 10))

# Joints whose distances from each other are features: hands, head, hips, feet, elbows.
ENDS = (11, 12, 19, HIPS, 17, 18, 7, 8)
FIRST, SECOND = np.triu_indices(len(ENDS), 1)

# Messages, of exported graphs too.
SHAPE = f"joints have shape {{shape}}: give (frames, {JOINTS}, 3)"
NOT_FINITE = "joints have values that are not finite: give metres"

# Pairs of joints that span the body from side to side: shoulders and hips.
ACROSS = SIDES[:2]


def invariant_features(joints, steps=32, accelerations=False, arms=False, distances=False):
    """Positions and velocities of the joints in the person's own frame of reference.

    With p the joints, h the hips, s the median distance from neck to hips over all frames, and R
    the rotation about the vertical axis that aligns the mean line across shoulders and hips with
    the x axis:

        x_t = R (p_t - h_t) / s    for each joint but the hips
        x_t = R (h_t - h) / s      for the hips, h their median over all frames
        v_t = (x_t - x_(t-1)) steps / 10
        a_t = v_t - v_(t-1)
        r_t = x_t[joint] - x_t[other]    for each pair of `ARMS`
        d_t = |R (p_t - q_t)| / s        for each pair of `ENDS`

    after linear resampling in time. Moving, scaling, and turning the whole sequence about a
    vertical axis changes nothing. Movements and turns during the sequence are preserved.

    Args:
        joints: array (frames, 20, 3), y upward.
        steps: int of at least 2.
        accelerations: bool; append the accelerations a.
        arms: bool; append the relative positions r of hands and wrists.
        distances: bool; append the distances d, and their changes as those of positions.

    Returns:
        float32 array (steps, features), see `feature_count`: 60 positions, joint by joint, 60
        velocities, and where asked for 60 accelerations, 27 relative positions, and 28 distances
        with 28 velocities.

    Raises:
        InputError: the joints have another shape, no frames, or values that are not finite.
    """
    upright = facing(checked_joints(joints))
    hips = upright[:, HIPS]
    positions = upright - hips[:, None]
    positions[:, HIPS] = hips - np.median(hips, axis=0)
    flat = positions.reshape(len(positions), -1) / _torso(upright)
    positions = resampled(flat, whole("steps", steps, 2))
    velocities = _changes(positions) * (steps / 10)
    features = [positions, velocities]
    if accelerations:
        features.append(_changes(velocities))
    by_joint = positions.reshape(steps, JOINTS, 3)
    if arms:
        joint, other = np.transpose(ARMS)
        features.append((by_joint[:, joint] - by_joint[:, other]).reshape(steps, -1))
    if distances:
        ends = by_joint[:, ENDS]  # a copy
        ends[:, ENDS.index(HIPS)] = 0  # to which the others are relative
        lengths = np.linalg.norm(ends[:, FIRST] - ends[:, SECOND], axis=-1)
        features += [lengths, _changes(lengths) * (steps / 10)]
    return np.concatenate(features, axis=-1).astype("float32")


def _changes(values):
    """Differences between steps, 0 for the first."""
    return np.diff(values, axis=0, prepend=values[:1])


def pair_differences(joints, steps=32):
    """Positions of all joints relative to each other, R (p_t - q_t) / s in `invariant_features`.

    Args:
        joints: array (frames, 20, 3), y upward.
        steps: int of at least 2.

    Returns:
        float64 array (steps, 570): for each of the 190 pairs three differences.

    Raises:
        InputError: as for `invariant_features`.
    """
    upright = facing(checked_joints(joints))
    first, second = np.triu_indices(JOINTS, 1)
    pairs = (upright[:, first] - upright[:, second]) / _torso(upright)
    return resampled(pairs.reshape(len(pairs), -1), whole("steps", steps, 2))


def _torso(joints):
    """The median distance from neck to hips, a float above 0."""
    return max(np.median(np.linalg.norm(joints[:, NECK] - joints[:, HIPS], axis=-1)), 1e-9)


def feature_count(accelerations=False, arms=False, distances=False):
    """int, the number of features per step of `invariant_features`."""
    vectors = JOINTS * (3 if accelerations else 2) + (len(ARMS) if arms else 0)
    return 3 * vectors + (2 * len(FIRST) if distances else 0)


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
