"""The features in a graph are those of NumPy, and the batches are those of their seed."""

import numpy as np
import pytest
from keras import ops

from rnnzoo.datasets.action3d.augmentation import augmented
from rnnzoo.datasets.action3d.invariant import invariant_features
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.batches import SequenceBatches
from rnnzoo.sequences.readers import reader_of
from rnnzoo.sequences.skeleton_graph import invariant


@pytest.mark.parametrize("distances", [False, True])
@pytest.mark.parametrize("arms", [False, True])
@pytest.mark.parametrize("accelerations", [False, True])
@pytest.mark.parametrize(("frames", "steps"), [(1, 2), (2, 5), (9, 9), (40, 32), (7, 16)])
def test_the_features_in_a_graph_are_those_of_numpy(frames, steps, accelerations, arms, distances):
    joints = np.random.default_rng(frames).normal(size=(3, frames, 20, 3))
    optional = {"accelerations": accelerations, "arms": arms, "distances": distances}
    settings = {"steps": steps, **optional}
    features = invariant(ops.convert_to_tensor(joints, "float32"), **settings)
    expected = np.stack([invariant_features(sequence, **settings) for sequence in joints])
    np.testing.assert_allclose(ops.convert_to_numpy(features), expected, rtol=1e-3, atol=1e-4)


def test_a_body_without_sides_stays_as_it_is():
    joints = np.zeros((1, 4, 20, 3), "float32")
    joints[..., 1] = np.arange(20)
    features = invariant(ops.convert_to_tensor(joints), 4)
    np.testing.assert_allclose(
        ops.convert_to_numpy(features)[0], invariant_features(joints[0], 4), atol=1e-5
    )


@pytest.mark.parametrize(
    "optional", [{}, {"accelerations": True}, {"arms": True}, {"distances": True}]
)
def test_a_reader_has_the_features_that_it_was_given(optional):
    config = {"kind": "skeletons", "steps": 4, **optional}
    reader = reader_of(config)
    assert reader.get_config() == config
    joints = np.random.default_rng(1).normal(size=(7, 20, 3))
    features = reader.read(joints)
    assert features.shape == (4, reader.features)
    np.testing.assert_array_equal(features, invariant_features(joints, 4, **optional))
    left_out = reader_of({"kind": "skeletons", "steps": 4, "accelerations": False})
    assert left_out.get_config() == {"kind": "skeletons", "steps": 4}
    with pytest.raises(InputError, match="arms is 'yes': give true or false"):
        reader_of({"kind": "skeletons", "arms": "yes"})


def batches(**settings):
    random = np.random.default_rng(0)
    sequences = [random.normal(size=(4 + k % 3, 20, 3)) for k in range(10)]
    settings = {"batch_size": 4, "seed": 3, **settings}
    read = lambda joints: invariant_features(joints, 4)  # noqa: E731
    return SequenceBatches(sequences, np.arange(10) % 3, 3, read, **settings)


def changed(joints, seed):
    return augmented(joints, seed)


def test_an_epoch_has_every_sequence_once_changed_by_seed_epoch_and_sequence():
    shuffled, again = batches(change=changed), batches(change=changed)
    assert [len(shuffled), len(shuffled[2][0])] == [3, 2]
    first = [shuffled[i] for i in range(3)]
    assert sum(y.sum(axis=0) for _, y in first).tolist() == [4, 3, 3]
    for i in (2, 0, 1):  # regardless of the order of the workers
        np.testing.assert_array_equal(first[i][0], again[i][0])
    shuffled.on_epoch_end()
    later = batches(change=changed, first_epoch=1)
    np.testing.assert_array_equal(shuffled[0][0], later[0][0])
    assert not np.array_equal(shuffled[0][0], first[0][0])


def test_not_shuffled_they_are_in_their_order_and_not_changed():
    plain = batches(shuffle=False, change=changed)
    assert plain[0][1].argmax(axis=1).tolist() == [0, 1, 2, 0]
    before = plain[0][0]
    plain.on_epoch_end()
    np.testing.assert_array_equal(plain[0][0], before)


@pytest.mark.parametrize(
    ("labels", "message"),
    [([0, 1], "10 sequences and labels of shape"), (range(10), "up to 9: give 0 to 2")],
)
def test_labels_that_do_not_fit(labels, message):
    sequences = [np.ones((2, 20, 3))] * 10
    with pytest.raises(InputError, match=message):
        SequenceBatches(sequences, list(labels), 3, np.asarray)
