"""Skeletons that might have been: other cameras, other bodies, other timing."""

import numpy as np

from rnnzoo.datasets.action3d.invariant import checked_joints
from rnnzoo.datasets.action3d.skeletons import BONES, HIPS, SIDES
from rnnzoo.datasets.common.arguments import checked_seed, is_number
from rnnzoo.datasets.common.errors import InputError

KNOTS = 4  # where the speed of a warped sequence is drawn


def augmented(
    joints, seed, *, tilt=8.0, turn=15.0, limbs=0.1, warp=0.3, crop=0.1, noise=0.0, mirror=0.0
):
    """A sequence that shows the same action, as another person before another camera might.

    Every strength at 0 leaves its part out; all at 0 return the sequence as it is.

    Args:
        joints: array (frames, 20, 3), y upward.
        seed: int or list of int; the same gives the same.
        tilt: float, degrees: standard deviation of the turns about the two level axes.
        turn: float, degrees, about the vertical: features that face the person take it out, but
            for what they do not see, errors of the facing.
        limbs: float, standard deviation of the log of each bone's length, the same on both sides.
        warp: float, standard deviation of the log of the speed along the way.
        crop: float below 0.5, most that is cut off at either end, a share of the whole.
        noise: float, metres, standard deviation of each joint's place, drawn for each frame.
        mirror: float from 0 to 1, how probable it is that left and right change places. Labels
            stay right where an action may be done with either hand; MSR Action3D asked for the
            right one, and ticks are drawn from left to right, so it is 0 unless asked for.

    Returns:
        float64 array (frames, 20, 3); with `crop`, of fewer frames perhaps, at least 2 where there
        were.

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
    # All that chance decides is drawn in any case: one strength does not change another's draw.
    angles, sides = random.normal(size=3), random.random() < mirror
    lengths, speeds = random.normal(size=len(BONES)), random.normal(size=KNOTS)
    cuts, places = random.random(2), random.normal(size=joints.shape)
    if sides:
        joints = mirrored(joints)
    if limbs:
        joints = _stretched(joints, np.exp(limbs * lengths))
    joints = _turned(joints, np.radians(angles * [tilt, turn, tilt]))
    joints = joints + noise * places
    if warp or crop:
        joints = _timed(joints, np.exp(warp * speeds), crop * cuts)
    return joints


def mirrored(joints):
    """The same with left and right changed: x reversed, and each joint in place of its twin."""
    order = np.arange(joints.shape[1])
    for one, other in SIDES:
        order[[one, other]] = other, one
    return joints[:, order] * [-1.0, 1.0, 1.0]


def _stretched(joints, factors):
    twin = {one: other for pair in SIDES for one, other in (pair, pair[::-1])}
    factor = {joint: value for (joint, _), value in zip(BONES, factors, strict=True)}
    found = joints.copy()
    for joint, parent in BONES:
        same = min(joint, twin.get(joint, joint))
        found[:, joint] = found[:, parent] + factor[same] * (joints[:, joint] - joints[:, parent])
    return found


def _turned(joints, angles):
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    middle = joints[:, HIPS].mean(axis=0)
    return (joints - middle) @ (about_z @ about_y @ about_x).T + middle


def _timed(joints, speeds, cuts):
    """The sequence at other times: from cut to cut, at a speed that changes smoothly."""
    frames = len(joints)
    if frames < 2:
        return joints
    steps = max(2, round(frames * (1 - cuts.sum())))
    along = np.interp(np.linspace(0, 1, steps - 1), np.linspace(0, 1, len(speeds)), speeds)
    time = np.concatenate([[0], np.cumsum(along)])
    first, last = cuts[0], 1 - cuts[1]
    time = (first + (last - first) * time / time[-1]) * (frames - 1)
    flat = joints.reshape(frames, -1)
    found = np.stack([np.interp(time, np.arange(frames), column) for column in flat.T], axis=-1)
    return found.reshape(steps, *joints.shape[1:])
