"""Features of skeletons as Keras operations, so that an exported model takes joints."""

from keras import ops

from rnnzoo.datasets.action3d.invariant import ACROSS, ARMS, ENDS, FIRST, SECOND, feature_count
from rnnzoo.datasets.action3d.skeletons import HIPS, JOINTS, NECK


def invariant(joints, steps, accelerations=False, arms=False, distances=False):
    """As `rnnzoo.datasets.action3d.invariant.invariant_features`, of a batch of one length.

    Args:
        joints: float tensor (batch, frames, 20, 3), y upward.
        steps: int.
        accelerations, arms, distances: bool.

    Returns:
        float tensor (batch, steps, features).
    """
    batch, frames = ops.shape(joints)[:2]
    upright = _facing(joints)
    hips = upright[:, :, HIPS]
    torso = _median(ops.norm(upright[:, :, NECK] - hips, axis=-1))
    moved = hips - _median(hips)[:, None]
    is_hip = ops.reshape(ops.arange(JOINTS) == HIPS, (JOINTS, 1))
    positions = ops.where(is_hip, moved[:, :, None], upright - hips[:, :, None])
    positions = _resampled(ops.reshape(positions, (batch, frames, 3 * JOINTS)), steps)
    positions = positions / ops.maximum(torso, 1e-9)[:, None, None]
    velocities = _changes(positions) * (steps / 10)
    features = [positions, velocities]
    if accelerations:
        features.append(_changes(velocities))
    columns = [positions[..., 3 * joint : 3 * joint + 3] for joint in range(JOINTS)]
    if arms:
        features += [columns[joint] - columns[other] for joint, other in ARMS]
    if distances:
        ends = [columns[joint] if joint != HIPS else 0 * columns[joint] for joint in ENDS]
        pairs = [ends[i] - ends[k] for i, k in zip(FIRST, SECOND, strict=True)]
        lengths = ops.sqrt(ops.sum(ops.stack(pairs, axis=2) ** 2, axis=-1))
        features += [lengths, _changes(lengths) * (steps / 10)]
    # LiteRT has to know the batch size, which sorting loses.
    count = feature_count(accelerations, arms, distances)
    return ops.reshape(ops.concatenate(features, axis=-1), (batch, steps, count))


def _changes(values):
    """Differences between steps, 0 for the first."""
    return values - ops.concatenate([values[:, :1], values[:, :-1]], axis=1)


def _median(values):
    """Medians over the second axis; `ops.median` computes in float64, which LiteRT cannot."""
    ordered, count = ops.sort(values, axis=1), ops.shape(values)[1]
    return (ordered[:, (count - 1) // 2] + ordered[:, count // 2]) / 2


def _facing(joints):
    across = sum(joints[:, :, right] - joints[:, :, left] for left, right in ACROSS)
    across = ops.sum(across, axis=1)
    length = ops.sqrt(across[:, 0] ** 2 + across[:, 2] ** 2)
    some, safe = length > 0, ops.where(length > 0, length, 1.0)
    cos = ops.where(some, across[:, 0] / safe, 1.0)[:, None, None]
    sin = ops.where(some, across[:, 2] / safe, 0.0)[:, None, None]
    x, y, z = joints[..., 0], joints[..., 1], joints[..., 2]
    return ops.stack([cos * x + sin * z, y, cos * z - sin * x], axis=-1)


def _resampled(values, steps):
    """(batch, frames, columns) -> (batch, steps, columns), linear between frames."""
    last = ops.shape(values)[1] - 1
    at = ops.cast(ops.arange(steps), values.dtype) * ops.cast(last, values.dtype) / (steps - 1)
    first = ops.minimum(ops.cast(ops.floor(at), "int32"), last)
    share = (at - ops.cast(first, values.dtype))[:, None]
    after = ops.minimum(first + 1, last)
    return (1 - share) * ops.take(values, first, axis=1) + share * ops.take(values, after, axis=1)
