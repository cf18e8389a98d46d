"""The logits of candidates against a dense readout with all other classes masked."""

import keras
import numpy as np
import pytest

from rnnzoo.layers.candidate_logits import CandidateLogits

# Of four items; class 4 is the end. Item 2 has one candidate, and no order is kept.
CANDIDATES = [[1, 2, 4], [3, 0, 4], [4, -1, -1], [2, -1, 4]]
ENDS = np.array([2, 2, 0, 2])  # the column of class 4
CLASSES, UNITS = 5, 3
numbers = np.random.default_rng(0)
H = numbers.normal(size=(2, 6, UNITS)).astype("float32")
ITEMS = numbers.integers(0, 4, (2, 6)).astype("int32")


def layer_with_weights():
    layer = CandidateLogits(CANDIDATES, bias_initializer="random_normal")
    layer(H, ITEMS)
    return layer, [keras.ops.convert_to_numpy(weight) for weight in layer.weights]


def dense_log_probabilities(kernel, bias, h, items):
    """log softmax over all classes, NumPy, (batch, time, classes); -inf where impossible."""
    logits = h @ kernel.T
    for index in np.ndindex(items.shape):
        allowed = np.full(CLASSES, -np.inf)
        for column, k in enumerate(CANDIDATES[items[index]]):
            if k >= 0:
                allowed[k] = bias[items[index], column]
        logits[index] += allowed
    top = logits.max(axis=-1, keepdims=True)
    return logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))


@pytest.mark.core
@pytest.mark.portable
def test_it_is_a_dense_softmax_with_a_mask():
    layer, (kernel, bias) = layer_with_weights()
    assert (kernel.shape, bias.shape) == ((CLASSES, UNITS), (4, 3))
    p = keras.ops.convert_to_numpy(keras.ops.softmax(layer(H, ITEMS)))
    dense = np.exp(dense_log_probabilities(kernel, bias, H, ITEMS))
    for index in np.ndindex(ITEMS.shape):
        row = np.array(CANDIDATES[ITEMS[index]])
        expected = np.where(row >= 0, dense[index][row], 0)
        np.testing.assert_allclose(p[index], expected, atol=1e-6)
        assert (p[index][row < 0] == 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-6)


@pytest.mark.portable
def test_numbers_worked_out_by_hand():
    layer = CandidateLogits([[1, -1], [0, 1]])
    layer(np.zeros((1, 2)), np.zeros(1, "int32"))
    layer.set_weights([np.array([[1, 2], [3, 4]]), np.array([[10, 0], [20, 30]])])
    h = np.array([[1, 1], [1, -1]], "float32")
    logits = keras.ops.convert_to_numpy(layer(h, np.array([0, 1])))
    np.testing.assert_allclose(logits, [[17, -1e9], [19, 29]])


def test_gradients_are_those_of_the_dense_softmax():
    """Central differences of the dense one, in float64."""
    import tensorflow as tf

    layer, weights = layer_with_weights()
    columns = ENDS[ITEMS]
    h = tf.convert_to_tensor(H)
    with tf.GradientTape() as tape:
        tape.watch(h)
        logits = layer(h, ITEMS)
        loss = keras.ops.sum(
            keras.losses.sparse_categorical_crossentropy(columns, logits, from_logits=True)
        )
    variables = [weight.value for weight in layer.trainable_weights]
    gradients = [tf.convert_to_tensor(g).numpy() for g in tape.gradient(loss, [*variables, h])]

    def dense_loss(kernel, bias, h):
        return -dense_log_probabilities(kernel, bias, h, ITEMS)[..., 4].sum()

    arrays = [array.astype("float64") for array in (*weights, H)]
    assert float(loss) == pytest.approx(dense_loss(*arrays), rel=1e-5)
    for array, gradient in zip(arrays, gradients, strict=True):
        for index in np.ndindex(array.shape):
            value = array[index]
            array[index] = value + 1e-5
            above = dense_loss(*arrays)
            array[index] = value - 1e-5
            below = dense_loss(*arrays)
            array[index] = value
            assert gradient[index] == pytest.approx((above - below) / 2e-5, abs=1e-4)


@pytest.mark.portable
def test_no_array_is_as_wide_as_the_classes():
    """100,000 links with four candidates each: a dense readout would need 26 GB for this batch."""
    links = 100_000
    candidates = (np.arange(links)[:, None] + np.arange(1, 5)) % links
    layer = CandidateLogits(candidates)
    logits = layer(np.ones((64, 1000, 2), "float32"), np.full((64, 1000), links - 1))
    assert tuple(logits.shape) == (64, 1000, 4)
    assert keras.ops.convert_to_numpy(logits).std() < 10  # no padding, so nothing is masked


def test_a_model_is_trained_saved_and_exported(tmp_path):
    items = keras.Input((None,), dtype="int32")
    states = keras.layers.Embedding(4, UNITS)(items)
    logits = CandidateLogits(CANDIDATES, kernel_regularizer=keras.regularizers.L2(1e-4))(
        states, items
    )
    assert logits.shape == (None, None, 3)
    model = keras.Model(items, logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), loss)
    history = model.fit(ITEMS, ENDS[ITEMS], epochs=20, verbose=0).history["loss"]
    assert history[-1] < history[0] / 2
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(again(ITEMS), model(ITEMS), rtol=1e-6)
    assert again.layers[-1].kernel_regularizer is not None
    model.export(tmp_path / "exported", verbose=False)
    import tensorflow as tf

    exported = tf.saved_model.load(tmp_path / "exported")
    served = exported.serve(ITEMS)
    np.testing.assert_allclose(served, model(ITEMS), rtol=1e-5)


def test_masked_steps_are_left_out_of_the_loss():
    states, items = keras.Input((None, UNITS)), keras.Input((None,), dtype="int32")
    logits = CandidateLogits(CANDIDATES)(keras.layers.Masking()(states), items)
    model = keras.Model([states, items], logits)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    h = H.copy()
    h[:, 4:] = 0
    items, columns = np.zeros_like(ITEMS), np.zeros_like(ITEMS)
    expected = model.evaluate([h, items], columns, verbose=0)
    columns[:, 4:] = 2
    assert model.evaluate([h, items], columns, verbose=0) == expected
    columns[:, 3] = 2
    assert model.evaluate([h, items], columns, verbose=0) != expected


@pytest.mark.parametrize(
    ("candidates", "classes", "message"),
    [
        ([1, 2], None, r"candidates have shape \(2,\) and dtype int64: give integers \(items, wid"),
        ([[0.5]], None, "dtype float64: give integers"),
        (np.zeros((0, 3), int), None, r"shape \(0, 3\)"),
        ([[0, -2]], None, "candidates have the class -2: give -1 for none"),
        ([[0], [-1]], None, "the item 1 has no candidate: give one or more per item"),
        ([[0, 1], [1, 1]], None, "the item 1 has a candidate twice: give each class once"),
        ([[0, 5]], 5, "candidates have the class 5: give classes below 5"),
        ([[0, 5]], 0, "classes is 0: give a whole number of at least 1"),
    ],
)
def test_what_is_refused(candidates, classes, message):
    with pytest.raises(ValueError, match=message):
        CandidateLogits(candidates, classes)
