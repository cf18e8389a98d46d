"""Skeleton features that do not know place, size and facing; augmentation that keeps actions."""

import numpy as np
import pytest

from rnnzoo.datasets.action3d.augmentation import augmented, mirrored
from rnnzoo.datasets.action3d.features import resampled
from rnnzoo.datasets.action3d.invariant import (
    ARMS,
    facing,
    feature_count,
    invariant_features,
    pair_differences,
)
from rnnzoo.datasets.action3d.load import load_action3d
from rnnzoo.datasets.action3d.skeletons import BONES, HIPS, NECK, SIDES
from rnnzoo.datasets.common.errors import InputError

NONE = dict.fromkeys(("tilt", "turn", "limbs", "warp", "crop", "noise", "mirror"), 0.0)


@pytest.fixture
def joints():
    """A person who stands, and then moves."""
    random = np.random.default_rng(0)
    body = random.normal(size=(20, 3))
    for left, right in SIDES:
        body[right] = body[left] * [-1, 1, 1]
        body[left, 0] = -abs(body[left, 0]) - 0.1
        body[right, 0] = abs(body[right, 0]) + 0.1
    return body + 0.3 * random.normal(size=(15, 20, 3)).cumsum(axis=0)


def turned(joints, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return joints @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T


@pytest.mark.parametrize("case", range(12))
def test_features_do_not_know_place_size_and_facing(joints, case):
    random = np.random.default_rng([1, case])
    shift, scale, angle = (
        random.normal(size=3) * 10,
        np.exp(random.normal()),
        random.uniform(0, 360),
    )
    moved = scale * turned(joints + shift, angle) - random.normal(size=3)
    for steps in (15, 32, 4):
        features, expected = (
            invariant_features(data, steps, accelerations=True, arms=True, distances=True)
            for data in (moved, joints)
        )
        np.testing.assert_allclose(features, expected, atol=1e-5)
    assert features.shape == (4, 120 + 60 + 27 + 56)
    assert features.dtype == np.float32


def test_real_skeletons_too():
    try:
        some = load_action3d("validation").joints[::9]
    except InputError as reason:
        pytest.skip(str(reason))
    for case, joints in enumerate(some):
        moved = 0.7 * turned(joints, 40 + 20 * case) + [1.0, 0.3, -2.0]
        features, expected = invariant_features(moved), invariant_features(joints)
        np.testing.assert_allclose(features, expected, atol=1e-5)
        assert np.abs(features[:, :60]).max() < 20


def test_features_by_hand(joints):
    """A person who faces the camera, walks sideways and bows, with a torso of length 2."""
    body = np.zeros((20, 3))
    body[NECK], body[0], body[1] = [0, 2, 0], [-1, 2, 0], [1, 2, 0]
    sequence = np.stack([body + [step, 0, 0] for step in range(3)])
    sequence[2, :, 1] *= 0.5
    result = invariant_features(sequence, steps=3)
    positions, moves = result[:, :60].reshape(3, 20, 3), result[:, 60:].reshape(3, 20, 3)
    np.testing.assert_allclose(positions[:, NECK], [[0, 1, 0], [0, 1, 0], [0, 0.5, 0]], atol=1e-6)
    np.testing.assert_allclose(positions[:, HIPS, 0], [-0.5, 0, 0.5], atol=1e-6)
    np.testing.assert_allclose(moves[:, HIPS, 0], [0, 0.15, 0.15], atol=1e-6)
    np.testing.assert_allclose(moves[2, NECK], [0, -0.15, 0], atol=1e-6)
    away = facing(turned(sequence, 70))
    np.testing.assert_allclose(away[..., 2], 0, atol=1e-12)
    assert (away[:, 1, 0] > away[:, 0, 0]).all()
    # Who turns on the way is seen to turn.
    pirouette = np.stack([turned(frame, 10 * step) for step, frame in enumerate(joints)])
    assert np.abs(invariant_features(pirouette) - invariant_features(joints)).max() > 0.1
    assert np.isfinite(invariant_features(np.ones((2, 20, 3)))).all()


def test_accelerations_and_arms_by_hand():
    """One hand rises at a growing speed; the torso has length 2, steps are frames."""
    sequence = np.zeros((4, 20, 3))
    sequence[:, [NECK, 0, 1]] = [[0, 2, 0], [-1, 2, 0], [1, 2, 0]]
    sequence[:, 11, 1] = [0, 2, 6, 12]
    plain = invariant_features(sequence, 4)
    result = invariant_features(sequence, 4, accelerations=True, arms=True)
    np.testing.assert_array_equal(result[:, :120], plain)
    accelerations = result[:, 120:180].reshape(4, 20, 3)
    # positions 0, 1, 3, 6 torsos; velocities 0, 0.4, 0.8, 1.2
    np.testing.assert_allclose(accelerations[:, 11, 1], [0, 0.4, 0.4, 0.4], atol=1e-6)
    np.testing.assert_array_equal(np.delete(accelerations, 11, axis=1), 0)
    arms = dict(zip(ARMS, result[3, 180:].reshape(-1, 3), strict=True))
    np.testing.assert_allclose(arms[11, 0], [0.5, 5, 0], atol=1e-6)
    np.testing.assert_allclose(arms[12, 1], [-0.5, -1, 0], atol=1e-6)
    np.testing.assert_allclose(arms[11, 12], [0, 6, 0], atol=1e-6)
    for optional in ({}, {"accelerations": True}, {"arms": True}, {"distances": True}):
        features = invariant_features(sequence, 2, **optional)
        assert features.shape == (2, feature_count(**optional))
    np.testing.assert_array_equal(
        invariant_features(sequence, 4, arms=True)[:, 120:], result[:, 180:]
    )


def test_what_are_no_joints():
    for wrong, said in (
        (np.zeros((0, 20, 3)), r"shape \(0, 20, 3\): give \(frames, 20, 3\)"),
        (np.zeros((4, 20, 4)), "shape"),
        (np.full((2, 20, 3), np.nan), "not finite"),
        ([["a"]], "no numbers"),
    ):
        for function in (invariant_features, lambda x: augmented(x, 0)):
            with pytest.raises(InputError, match=said):
                function(wrong)
    with pytest.raises(InputError, match="steps is 1"):
        invariant_features(np.ones((2, 20, 3)), 1)


def test_augmentation_is_a_function_of_its_seed(joints):
    before = joints.copy()
    np.testing.assert_array_equal(augmented(joints, 3), augmented(joints, 3))
    assert np.abs(augmented(joints, [3, 1])[0] - augmented(joints, [3, 2])[0]).max() > 1e-3
    np.testing.assert_array_equal(joints, before)
    np.testing.assert_allclose(augmented(joints, 5, **NONE), joints, atol=1e-12)


def lengths(joints):
    return np.stack([np.linalg.norm(joints[:, a] - joints[:, b], axis=-1) for a, b in BONES], 1)


def test_each_part_does_what_it_says_and_nothing_else(joints):
    for name in ("tilt", "turn"):
        result = augmented(joints, 7, **NONE | {name: 20.0})
        np.testing.assert_allclose(lengths(result), lengths(joints))
        level = np.abs(result[..., 1] - joints[..., 1]).max()
        assert (level < 1e-9) == (name == "turn")
        assert np.abs(result - joints).max() > 0.01
    # Turning about the vertical is what the features do not see.
    np.testing.assert_allclose(
        invariant_features(augmented(joints, 7, **NONE | {"turn": 90.0})),
        invariant_features(joints),
        atol=1e-5,
    )
    result = augmented(joints, 7, **NONE | {"limbs": 0.3})
    ratio = lengths(result) / lengths(joints)
    np.testing.assert_allclose(ratio, ratio[:1].repeat(len(joints), 0))
    assert np.ptp(ratio[0]) > 0.1
    by_joint = dict(zip((joint for joint, _ in BONES), ratio[0], strict=True))
    for left, right in SIDES:
        assert by_joint[left] == pytest.approx(by_joint[right])
    np.testing.assert_allclose(result[:, HIPS], joints[:, HIPS])
    noisy = augmented(joints, 7, **NONE | {"noise": 0.02}) - joints
    assert noisy.std() == pytest.approx(0.02, rel=0.1)


def test_time_is_warped_and_cropped_in_order():
    # A joint whose x is the time tells which moments are shown.
    clock = np.zeros((40, 20, 3))
    clock[..., 0] = np.arange(40)[:, None]
    for seed in range(5):
        warped = augmented(clock, seed, **NONE | {"warp": 0.5})[:, 0, 0]
        assert (warped[0], warped[-1], len(warped)) == (0, pytest.approx(39), 40)
        assert (np.diff(warped) > 0).all()
        assert np.ptp(np.diff(warped)) > 0.1
        cropped = augmented(clock, seed, **NONE | {"crop": 0.2})[:, 0, 0]
        assert 0 <= cropped[0] <= 0.2 * 39 <= 0.8 * 39 <= cropped[-1] <= 39
        np.testing.assert_allclose(np.diff(cropped), np.diff(cropped)[0])
    short = augmented(np.ones((2, 20, 3)), 0, crop=0.5)
    assert short.shape == (2, 20, 3)
    assert augmented(np.ones((1, 20, 3)), 0).shape == (1, 20, 3)


def test_a_mirror_changes_left_and_right(joints):
    result = mirrored(joints)
    np.testing.assert_array_equal(mirrored(result), joints)
    np.testing.assert_array_equal(result[:, 0], joints[:, 1] * [-1, 1, 1])
    np.testing.assert_array_equal(result[:, NECK, 1:], joints[:, NECK, 1:])
    np.testing.assert_allclose(augmented(joints, 1, **NONE | {"mirror": 1.0}), result, atol=1e-12)


def test_strengths_that_cannot_be():
    for name, value in (("tilt", -1), ("crop", 0.6), ("mirror", 2), ("warp", "a")):
        with pytest.raises(InputError, match=f"{name} is"):
            augmented(np.ones((3, 20, 3)), 0, **{name: value})
    with pytest.raises(InputError, match="seed is -1"):
        augmented(np.ones((3, 20, 3)), -1)


def test_resampling_is_linear():
    values = np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 5.0]])
    np.testing.assert_allclose(resampled(values, 5)[:, 0], [0, 1, 2, 3, 4])
    np.testing.assert_allclose(resampled(values, 5)[3], [3, 3])


def test_distances_by_hand():
    """The hands part, seen from walking hips; the torso has length 2, steps are frames."""
    sequence = np.zeros((3, 20, 3))
    sequence[:, [NECK, 0, 1]] = [[0, 2, 0], [-1, 2, 0], [1, 2, 0]]
    sequence[:, 11], sequence[:, 12] = [3, 0, 0], [[3, 0, 0], [3, 4, 0], [0, 4, 0]]
    sequence[:, :, 0] += np.arange(3)[:, None]
    features = invariant_features(sequence, 3, distances=True)[:, 120:]
    distances, changes = features[:, :28], features[:, 28:]
    np.testing.assert_allclose(distances[:, 0], [0, 2, 2.5], atol=1e-6)  # of the hands
    np.testing.assert_allclose(distances[:, 2], 1.5, atol=1e-6)  # of a hand and the hips
    np.testing.assert_allclose(changes[:, 0], [0, 0.6, 0.15], atol=1e-6)


def test_differences_of_pairs_are_invariant_and_all_there(joints):
    moved = 3 * turned(joints, 50) + [1, 2, 3]
    pairs = pair_differences(joints, 5)
    assert pairs.shape == (5, 570)
    np.testing.assert_allclose(pair_differences(moved, 5), pairs, atol=1e-9)
    first = np.zeros((1, 20, 3))
    first[0, NECK], first[0, 0], first[0, 1] = [0, 2, 0], [-1, 2, 0], [1, 2, 0]
    np.testing.assert_allclose(pair_differences(first, 2)[0, :6], [-1, 0, 0, -0.5, 0, 0])
    with pytest.raises(InputError, match="shape"):
        pair_differences(np.zeros((3, 19, 3)))
