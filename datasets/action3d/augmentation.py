"""Random augmentation of skeletons: camera angle, body proportions and timing."""

import numpy as np

from rnnzoo.datasets.action3d.features import interpolated
from rnnzoo.datasets.action3d.invariant import checked_joints
from rnnzoo.datasets.action3d.skeletons import BONES, HIPS, SIDES
from rnnzoo.datasets.common.arguments import checked_seed, is_number
from rnnzoo.datasets.common.errors import InputError

KNOTS = 4  # points at which the speed of a warped sequence is drawn


def augmented(
    joints, seed, *, tilt=8.0, turn=15.0, limbs=0.1, warp=0.3, crop=0.1, noise=0.0, mirror=0.0
):
    """Returns a randomly changed sequence of the same action.

    A strength of 0 switches its change off; with all at 0 the sequence is returned unchanged.

    Args:
        joints: array (frames, 20, 3), y upward.
        seed: int or list of int; equal seeds give equal results.
        tilt: float, degrees, standard deviation of the rotations about the two horizontal axes.
        turn: float, degrees, standard deviation of the rotation about the vertical axis, which
            `invariant_features` removes except for errors of the facing direction.
        limbs: float, standard deviation of the log of each bone's length, equal on both sides.
        warp: float, standard deviation of the log of the speed over time.
        crop: float from 0 to 0.5, largest share of the frames that is cut off at either end.
        noise: float, metres, standard deviation of each joint's position, drawn per frame.
        mirror: float from 0 to 1, probability that left and right are exchanged. Labels stay
            correct only for actions that either hand may do; in MSR Action3D the right hand was
            asked for, and ticks are drawn from left to right.

    Returns:
        float64 array (frames, 20, 3); `crop` may leave fewer frames, but at least 2 of two or more.

    Raises:
        InputError: the joints or a strength cannot be used.
    """
    joints = checked_joints(joints)
    strengths = {"tilt": tilt, "turn": turn, "limbs": limbs, "warp": warp, "crop": crop,
                 "noise": noise, "mirror": mirror}  # fmt: skip
    most = {"crop": 0.5, "mirror": 1.0}
    for name, value in strengths.items():
        if not is_number(value) or not 0 <= value <= most.get(name, np.inf):
            limit = f"from 0 to {most[name]:g}" if name in most else "of at least 0"
            raise InputError(f"{name} is {value!r}: give a number {limit}")
    random = np.random.default_rng(checked_seed(seed))
    # Everything random is drawn in any case: a strength does not change another's draw.
    angles, sides = random.normal(size=3), random.random() < mirror
    lengths, speeds = random.normal(size=len(BONES)), random.normal(size=KNOTS)
    cuts, offsets = random.random(2), random.normal(size=joints.shape)
    if sides:
        joints = mirrored(joints)
    if limbs:
        joints = _stretched(joints, np.exp(limbs * lengths))
    joints = _turned(joints, np.radians(angles * [tilt, turn, tilt]))
    joints = joints + noise * offsets
    if warp or crop:
        joints = _timed(joints, np.exp(warp * speeds), crop * cuts)
    return joints


def mirrored(joints):
    """Exchanges left and right: x is negated, and each joint swapped with its counterpart."""
    order = np.arange(joints.shape[1])
    for left, right in SIDES:
        order[[left, right]] = right, left
    return joints[:, order] * [-1.0, 1.0, 1.0]


def _stretched(joints, factors):
    twin = {joint: other for pair in SIDES for joint, other in (pair, pair[::-1])}
    factor = {joint: value for (joint, _), value in zip(BONES, factors, strict=True)}
    stretched = joints.copy()
    for joint, parent in BONES:
        same = min(joint, twin.get(joint, joint))
        bone = joints[:, joint] - joints[:, parent]
        stretched[:, joint] = stretched[:, parent] + factor[same] * bone
    return stretched


def _turned(joints, angles):
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    middle = joints[:, HIPS].mean(axis=0)
    return (joints - middle) @ (about_z @ about_y @ about_x).T + middle


def _timed(joints, speeds, cuts):
    """Resamples the sequence between the cuts, at a speed that changes smoothly."""
    frames = len(joints)
    if frames < 2:
        return joints
    steps = max(2, round(frames * (1 - cuts.sum())))
    along = np.interp(np.linspace(0, 1, steps - 1), np.linspace(0, 1, len(speeds)), speeds)
    time = np.concatenate([[0], np.cumsum(along)])
    first, last = cuts[0], 1 - cuts[1]
    time = (first + (last - first) * time / time[-1]) * (frames - 1)
    return interpolated(joints, np.clip(time, 0, frames - 1))
