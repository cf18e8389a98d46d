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
    tracker = DiscMotionCell(keras.layers.GRU(4), objects, (18, 18), radius=1.0, hidden=5)
    tracker.build((None, objects * 3))
    tracker.bounces.assign([0, 0])
    return tracker


def paths(noise, batch=3):
    """Centres (batch, time, discs, 2) of two distant discs, and their mask."""
    random = np.random.default_rng(0)
    starts = np.array([[3.0, 4.0], [13.0, 12.0]]) + random.uniform(-1, 1, (batch, 1, 2, 2))
    speeds = random.uniform(-0.3, 0.3, (batch, 1, 2, 2))
    true = starts + speeds * TIMES[:, None, None]
    observed = true + random.normal(size=true.shape, scale=noise)
    detected = np.concatenate([observed, np.ones((*observed.shape[:3], 1))], axis=-1)
    return true, detected.astype("float32")


def states_near(true, tracker, away=0.2):
    """States after the last frame, wrong by about this much."""
    random = np.random.default_rng(1)
    speed = true[:, -1] - true[:, -2]
    p, v = true[:, -1] + speed, speed
    p, v = (
        values + random.uniform(-away, away, values.shape) * size
        for values, size in ((p, 1), (v, 0.3))
    )
    states = [np.array(values) for values in tracker.get_initial_state(len(true))]
    states[:2] = [values.reshape(len(true), -1).astype("float32") for values in (p, v)]
    states[4] = np.ones_like(states[4])
    return [keras.ops.convert_to_tensor(values) for values in states]


def run(tracker, detected, states):
    flat = detected.reshape(*detected.shape[:2], -1)
    after = smooth_states(tracker, keras.ops.convert_to_tensor(flat), states)
    return [keras.ops.convert_to_numpy(values) for values in after]


def lines(detected):
    """Where straight lines by least squares are next, and their slopes."""
    flat = detected[..., :2].transpose(1, 0, 2, 3).reshape(len(TIMES), -1)
    slopes, positions = np.polyfit(TIMES, flat, 1)
    return (values.reshape(len(detected), -1) for values in (positions + 10 * slopes, slopes))


def test_without_hits_it_is_a_straight_line_by_least_squares():
    tracker = cell()
    true, detected = paths(0.05)
    states = states_near(true, tracker)
    after = run(tracker, detected, states)
    for values, expected in zip(after[:2], lines(detected), strict=True):
        np.testing.assert_allclose(values, expected, atol=2e-3)
    for values, before in zip(after[2:], states[2:], strict=True):
        np.testing.assert_array_equal(values, keras.ops.convert_to_numpy(before))


def test_the_order_in_which_discs_are_found_does_not_matter():
    tracker = cell()
    true, detected = paths(0.05)
    states = states_near(true, tracker)
    mixed = detected.copy()
    mixed[:, ::3] = detected[:, ::3, ::-1]
    for actual, expected in zip(
        run(tracker, mixed, states), run(tracker, detected, states), strict=True
    ):
        np.testing.assert_allclose(actual, expected, atol=1e-5)


def test_a_frame_in_which_a_disc_is_not_seen_does_not_count():
    tracker = cell()
    true, detected = paths(0.0)
    detected[:, 2:4, 1] = 0
    positions, slopes = lines(paths(0.0)[1])
    after = run(tracker, detected, states_near(true, tracker))
    np.testing.assert_allclose(after[0], positions, atol=2e-3)
    np.testing.assert_allclose(after[1], slopes, atol=2e-3)


def test_of_many_frames_the_last_ten_count_and_two_are_used_as_far_as_they_go():
    tracker = cell()
    true, detected = paths(0.05)
    states = states_near(true, tracker)
    longer = np.concatenate([detected[:, ::-1] * [[[[1, 1, 0]]]], detected], axis=1).astype(
        "float32"
    )
    np.testing.assert_array_equal(
        run(tracker, longer, states)[0], run(tracker, detected, states)[0]
    )
    few = run(tracker, detected[:, -2:], states)
    back = few[0] - 2 * few[1], few[0] - few[1]
    for values, expected in zip(back, (detected[:, -2], detected[:, -1]), strict=True):
        np.testing.assert_allclose(values, expected[..., :2].reshape(3, -1), atol=0.02)


def test_what_the_motion_does_not_explain_stays_as_the_filter_has_it():
    tracker = cell()
    true, detected = paths(0.05)
    detected[1] = np.random.default_rng(2).uniform(3, 15, detected[1].shape)
    detected[1, ..., 2] = 1
    states = states_near(true, tracker)
    after = run(tracker, detected, states)
    for values, before in zip(after[:2], states[:2], strict=True):
        before = keras.ops.convert_to_numpy(before)
        np.testing.assert_array_equal(values[1], before[1])
        assert not np.allclose(values[[0, 2]], before[[0, 2]])


def test_a_disc_that_is_not_there_stays_nowhere():
    tracker = cell(3)
    true, detected = paths(0.05)
    detected = np.concatenate([detected, np.zeros_like(detected[:, :, :1])], axis=2)
    states = states_near(np.concatenate([true, np.zeros_like(true[:, :, :1])], axis=2), tracker)
    states[4] = keras.ops.convert_to_tensor(np.float32([[1, 1, 0]] * 3))
    states[:2] = [values * np.float32([1, 1, 1, 1, 0, 0]) for values in states[:2]]
    after = run(tracker, detected, states)
    assert not after[0][:, 4:].any() and not after[1][:, 4:].any()
    for values, expected in zip(after[:2], lines(detected[:, :, :2]), strict=True):
        np.testing.assert_allclose(values[:, :4], expected, atol=2e-3)
