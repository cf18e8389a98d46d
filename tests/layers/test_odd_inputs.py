"""Recurrent layers on no sequence, no time step, ragged sequences, and another batch size."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import NEMGRU, NEMLSTM, EchoState, SVDSimpleRNN

each_layer = pytest.mark.parametrize("layer", [NEMLSTM, NEMGRU, SVDSimpleRNN, EchoState])


@each_layer
def test_no_sequence_gives_no_output(layer):
    none = np.zeros((0, 4, 2), "float32")
    for training in (False, True):
        assert layer(3)(none, training=training).shape == (0, 3)
    outputs, *states = layer(3, return_sequences=True, return_state=True)(none)
    assert outputs.shape == (0, 4, 3)
    assert {tuple(state.shape) for state in states} == {(0, 3)}


@each_layer
def test_no_time_step_is_refused(layer):
    with pytest.raises(ValueError, match="mine got sequences of no time steps: give one or more$"):
        layer(3, name="mine")(np.zeros((2, 0, 2), "float32"))


@each_layer
def test_ragged_sequences_are_to_be_padded(layer):
    ragged = tf.ragged.constant([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]], inner_shape=(2,))
    recurrent = layer(3, name="mine")
    with pytest.raises(ValueError, match=r"mine takes no ragged .* x = sequences.to_tensor\(\)"):
        recurrent(ragged)
    model = keras.Sequential([layer(3, name="mine"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"mine takes no ragged .* x = sequences.to_tensor\(\)"):
        model.fit(tf.data.Dataset.from_tensors((ragged, tf.ones((2, 1)))), shuffle=False, verbose=0)
    mask = tf.sequence_mask(ragged.row_lengths())
    padded = recurrent(ragged.to_tensor(), mask=mask)
    np.testing.assert_allclose(padded[1:], recurrent(ragged[1:].to_tensor()), atol=1e-6)


@pytest.mark.parametrize("layer", [NEMLSTM, EchoState])
def test_a_stateful_layer_names_its_batch_size(layer, tmp_path):
    recurrent = layer(3, stateful=True, name="mine")
    model = keras.Sequential([keras.Input((4, 2), batch_size=1), recurrent])
    x = np.ones((2, 4, 2), "float32")
    rule = "it is stateful with a fixed batch size of 1: give as many, .* the `step` of a task"
    with pytest.raises(ValueError, match=f"^mine got 2 sequences, but {rule}"):
        recurrent(x)
    recurrent.reset_state()
    expected = [np.asarray(recurrent(x[:1])) for _ in range(2)]
    with pytest.raises(ValueError, match=rule):
        model.predict(x, batch_size=2, verbose=0)
    with pytest.raises(ValueError, match="mine is stateful, and the batch size is not known"):
        layer(3, stateful=True, name="mine")(keras.Input((4, 2)))
    recurrent.reset_state()
    model.export(tmp_path, verbose=False)
    exported = tf.saved_model.load(tmp_path)
    for output in expected:  # the export has states too
        np.testing.assert_allclose(exported.serve(x[:1]), output, atol=1e-6)
    in_a_graph = r"stateful_with_a_fixed_batch_size_for_others_use_step(?s:.*)\[1,4,2\]"
    with pytest.raises(tf.errors.InvalidArgumentError, match=in_a_graph):
        exported.serve(x)
