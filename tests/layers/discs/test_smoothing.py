import keras
import numpy as np
import pytest

from rnnzoo.layers.discs.motion import DiscMotionCell
from rnnzoo.layers.discs.smoothing import smooth_states

pytestmark = [pytest.mark.portable, pytest.mark.once]
TIMES = np.arange(10)


def cell(objects=2):
    """One that nothing stops: discs go straight on."""
    keras.utils.set_random_seed(1)
    made = DiscMotionCell(keras.layers.GRU(4), objects, (18, 18), radius=1.0, hidden=5)
    made.build((None, objects * 3))
    made.bounces.assign([0, 0])
    return made


def paths(noise, batch=3):
    """Places (batch, time, discs, 2) of two discs, far from each other, and what is seen."""
    random = np.random.default_rng(0)
    starts = np.array([[3.0, 4.0], [13.0, 12.0]]) + random.uniform(-1, 1, (batch, 1, 2, 2))
    speeds = random.uniform(-0.3, 0.3, (batch, 1, 2, 2))
    true = starts + speeds * TIMES[:, None, None]
    seen = true + random.normal(size=true.shape, scale=noise)
    found = np.concatenate([seen, np.ones((*seen.shape[:3], 1))], axis=-1)
    return true, found.astype("float32")


def states_near(true, made, away=0.2):
    """States after the last frame, wrong by about this much."""
    random = np.random.default_rng(1)
    speed = true[:, -1] - true[:, -2]
    p, v = true[:, -1] + speed, speed
    p, v = (one + random.uniform(-away, away, one.shape) * size for one, size in ((p, 1), (v, 0.3)))
    states = [np.array(one) for one in made.get_initial_state(len(true))]
    states[:2] = [one.reshape(len(true), -1).astype("float32") for one in (p, v)]
    states[4] = np.ones_like(states[4])
    return [keras.ops.convert_to_tensor(one) for one in states]


def run(made, found, states):
    flat = found.reshape(*found.shape[:2], -1)
    after = smooth_states(made, keras.ops.convert_to_tensor(flat), states)
    return [keras.ops.convert_to_numpy(one) for one in after]


def lines(found):
    """Where straight lines by least squares are next, and their slopes."""
    flat = found[..., :2].transpose(1, 0, 2, 3).reshape(len(TIMES), -1)
    slopes, places = np.polyfit(TIMES, flat, 1)
    return (one.reshape(len(found), -1) for one in (places + 10 * slopes, slopes))


def test_without_hits_it_is_a_straight_line_by_least_squares():
    made = cell()
    true, found = paths(0.05)
    states = states_near(true, made)
    after = run(made, found, states)
    for one, expected in zip(after[:2], lines(found), strict=True):
        np.testing.assert_allclose(one, expected, atol=2e-3)
    for one, before in zip(after[2:], states[2:], strict=True):
        np.testing.assert_array_equal(one, keras.ops.convert_to_numpy(before))


def test_the_order_in_which_discs_are_found_does_not_matter():
    made = cell()
    true, found = paths(0.05)
    states = states_near(true, made)
    mixed = found.copy()
    mixed[:, ::3] = found[:, ::3, ::-1]
    for one, other in zip(run(made, mixed, states), run(made, found, states), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_frame_in_which_a_disc_is_not_seen_does_not_count():
    made = cell()
    true, found = paths(0.0)
    found[:, 2:4, 1] = 0
    places, slopes = lines(paths(0.0)[1])
    after = run(made, found, states_near(true, made))
    np.testing.assert_allclose(after[0], places, atol=2e-3)
    np.testing.assert_allclose(after[1], slopes, atol=2e-3)


def test_of_many_frames_the_last_ten_count_and_two_are_used_as_far_as_they_go():
    made = cell()
    true, found = paths(0.05)
    states = states_near(true, made)
    longer = np.concatenate([found[:, ::-1] * [[[[1, 1, 0]]]], found], axis=1).astype("float32")
    np.testing.assert_array_equal(run(made, longer, states)[0], run(made, found, states)[0])
    few = run(made, found[:, -2:], states)
    back = few[0] - 2 * few[1], few[0] - few[1]
    for one, expected in zip(back, (found[:, -2], found[:, -1]), strict=True):
        np.testing.assert_allclose(one, expected[..., :2].reshape(3, -1), atol=0.02)


def test_what_the_motion_does_not_explain_stays_as_the_filter_has_it():
    made = cell()
    true, found = paths(0.05)
    found[1] = np.random.default_rng(2).uniform(3, 15, found[1].shape)
    found[1, ..., 2] = 1
    states = states_near(true, made)
    after = run(made, found, states)
    for one, before in zip(after[:2], states[:2], strict=True):
        before = keras.ops.convert_to_numpy(before)
        np.testing.assert_array_equal(one[1], before[1])
        assert not np.allclose(one[[0, 2]], before[[0, 2]])


def test_a_disc_that_is_not_there_stays_nowhere():
    made = cell(3)
    true, found = paths(0.05)
    found = np.concatenate([found, np.zeros_like(found[:, :, :1])], axis=2)
    states = states_near(np.concatenate([true, np.zeros_like(true[:, :, :1])], axis=2), made)
    states[4] = keras.ops.convert_to_tensor(np.float32([[1, 1, 0]] * 3))
    states[:2] = [one * np.float32([1, 1, 1, 1, 0, 0]) for one in states[:2]]
    after = run(made, found, states)
    assert not after[0][:, 4:].any() and not after[1][:, 4:].any()
    for one, expected in zip(after[:2], lines(found[:, :, :2]), strict=True):
        np.testing.assert_allclose(one[:, :4], expected, atol=2e-3)
