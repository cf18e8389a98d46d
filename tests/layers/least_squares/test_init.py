"""Least-squares initialisation beside (5.1)-(5.7) in plain NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import NEMLSTM, SVDSimpleRNN, least_squares_init
from rnnzoo.layers.least_squares.normal_equations import NormalEquations

pytestmark = [pytest.mark.portable, pytest.mark.once]

SAMPLES, STEPS, FEATURES, UNITS, OUTPUTS = 6, 40, 3, 8, 5
INVERSES = {
    "tanh": lambda y: np.arctanh(np.clip(y, -0.998, 0.998)),
    "sigmoid": lambda y: np.log(np.clip(y, 1e-3, 0.999) / (1 - np.clip(y, 1e-3, 0.999))),
    "linear": lambda y: y,
}
FUNCTIONS = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "linear": lambda z: z}


def data(seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(SAMPLES, STEPS, FEATURES)).astype("float32")
    y = np.tanh(np.cumsum(x, axis=1)[..., [0, 1, 2, 0, 1]] / 4).astype("float32")
    return x, y


def network(layer=keras.layers.SimpleRNN, before=(), after=(), output="tanh", **kwargs):
    keras.utils.set_random_seed(1)
    kwargs = {"return_sequences": True, **kwargs}
    readout = keras.layers.Dense(OUTPUTS, activation=output)
    inputs = keras.Input((None, FEATURES))
    return keras.Sequential([inputs, *before, layer(UNITS, **kwargs), *after, readout])


def iterated(weights, x, y, hidden, output, step, ridge, mask, washout=0):
    """One iteration, sample by sample, step by step, solved by lstsq."""
    a, b, bias, c, bias_out = (value.astype("float64") for value in weights)
    recurrent, readout = [], []
    pseudo = np.linalg.pinv(c)
    for sequence, wanted, counted in zip(x, y, mask, strict=True):
        h, before = np.zeros(UNITS), np.zeros(UNITS)
        for t in np.flatnonzero(counted):
            h = FUNCTIONS[hidden](sequence[t] @ a + h @ b + bias)
            logits = INVERSES[output](wanted[t].astype("float64"))
            back = (logits - bias_out) @ pseudo
            if t >= washout:
                recurrent.append((np.concatenate([sequence[t], before]), INVERSES[hidden](back)))
                readout.append((h, logits))
            before = back

    def solved(pairs):
        rows, targets = (np.array(value) for value in zip(*pairs, strict=True))
        size, wide = rows.shape
        root = np.sqrt(ridge * size)
        rows = np.concatenate(
            [np.concatenate([rows, np.ones((size, 1))], axis=1), root * np.eye(wide, wide + 1)]
        )
        targets = np.concatenate([targets, np.zeros((wide, targets.shape[1]))])
        return np.linalg.lstsq(rows, targets, rcond=None)[0]

    both, out = solved(recurrent), solved(readout)
    new = [both[:FEATURES], both[FEATURES:-1], both[-1], out[:-1], out[-1]]
    return [old - step * (old - value) for old, value in zip(weights, new, strict=True)]


@pytest.mark.parametrize(("hidden", "output"), [("tanh", "sigmoid"), ("sigmoid", "tanh")])
@pytest.mark.parametrize("layer", [keras.layers.SimpleRNN, SVDSimpleRNN])
def test_an_iteration_is_the_equations(layer, hidden, output):
    x, y = data()
    y = (y + 1) / 2  # within the range of both
    model = network(layer, output=output, activation=hidden)
    expected = model.get_weights()
    for _ in range(2):
        mask = np.ones((SAMPLES, STEPS), bool)
        expected = iterated(expected, x, y, hidden, output, 0.5, 0.01, mask)
    assert least_squares_init(model, x, y, iterations=2, batch_size=4) is model
    same(model, expected)


def same(model, expected, rtol=2e-3, atol=2e-4):
    for value, reference in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(value, reference, rtol=rtol, atol=atol)


def test_steps_that_a_mask_leaves_out_do_not_count():
    x, y = data()
    mask = np.random.default_rng(3).uniform(size=(SAMPLES, STEPS)) < 0.7
    x[~mask], y[~mask] = 0, np.nan
    model = network(before=[keras.layers.Masking()], after=[keras.layers.Dropout(0.5)])
    expected = iterated(model.get_weights(), x, y, "tanh", "tanh", 0.5, 0.01, mask)
    least_squares_init(model, x, y, iterations=1)
    same(model, expected)


def test_steps_of_a_washout_do_not_count():
    x, y = data()
    y[:, :6] = 9  # beyond what the readout gives; the seventh is where h_back begins
    model = network()
    mask = np.ones((SAMPLES, STEPS), bool)
    expected = iterated(model.get_weights(), x, y, "tanh", "tanh", 0.5, 0.01, mask, washout=7)
    least_squares_init(model, x, y, iterations=1, washout=7)
    same(model, expected)


def test_a_stateful_model_goes_on_where_the_last_batch_ended():
    x, y = data()
    inputs = keras.Input(batch_shape=(SAMPLES, STEPS // 4, FEATURES))
    memory = keras.layers.SimpleRNN(UNITS, return_sequences=True, stateful=True)
    model = keras.Sequential([inputs, memory, keras.layers.Dense(OUTPUTS, activation="tanh")])
    expected = network()
    model.set_weights(expected.get_weights())
    windows = list(zip(np.split(x, 4, axis=1), np.split(y, 4, axis=1), strict=True))
    least_squares_init(model, windows, iterations=3)
    least_squares_init(expected, x, y, iterations=3)
    same(model, expected.get_weights(), rtol=1e-4, atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_however_the_data_come():
    x, y = data()

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return x[2 * index : 2 * index + 2], y[2 * index : 2 * index + 2]

    def generated():
        for index in range(6):
            yield ops.convert_to_tensor(x[index : index + 1]), y[index : index + 1]

    first = least_squares_init(network(), x, y, iterations=2)
    for batches in (Batches(), generated, list(generated())):
        same(least_squares_init(network(), batches, iterations=2), first.get_weights(), 1e-4, 1e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_models_of_a_file_and_functional_ones(tmp_path):
    x, y = data()
    model = network(before=[keras.layers.Masking()], after=[keras.layers.Dropout(0.5)])
    model.save(tmp_path / "model.keras")
    inputs = keras.Input((None, FEATURES))
    hidden = keras.layers.Masking()(inputs)
    hidden = keras.layers.SimpleRNN(UNITS, return_sequences=True)(hidden)
    readout = keras.layers.TimeDistributed(keras.layers.Dense(OUTPUTS, activation="tanh"))
    functional = keras.Model(inputs, readout(keras.layers.Dropout(0.5)(hidden)))
    functional.set_weights(model.get_weights())
    others = [functional, keras.models.load_model(tmp_path / "model.keras")]
    before = model.get_weights()
    least_squares_init(model, x, y, iterations=2)
    assert all(np.any(a != b) for a, b in zip(model.get_weights(), before, strict=True))
    for expected in others:
        same(least_squares_init(expected, x, y, iterations=2), model.get_weights(), 1e-5, 1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_it_learns_what_a_network_can():
    x, y = data()
    teacher = network()
    teacher.layers[0].cell.recurrent_kernel.assign(0.5 * np.eye(UNITS))
    y = ops.convert_to_numpy(teacher(x))
    student = network(recurrent_initializer="glorot_uniform")
    keras.utils.set_random_seed(7)
    student.set_weights(
        [np.random.default_rng(9).normal(size=w.shape) / 3 for w in student.get_weights()]
    )
    student.compile("sgd", "mse")
    before = student.evaluate(x, y, verbose=0)
    least_squares_init(student, x, y, iterations=20)
    assert student.evaluate(x, y, verbose=0) < before / 20
    student.fit(x, y, verbose=0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
@pytest.mark.parametrize("layer", [keras.layers.LSTM, NEMLSTM, keras.layers.GRU])
def test_of_gated_layers_the_readout_moves(layer):
    x, y = data()
    model = network(layer, output="linear")
    before = model.get_weights()
    least_squares_init(model, x, y, iterations=1, step=1, ridge=0)
    for value, reference in zip(model.get_weights()[:-2], before[:-2], strict=True):
        np.testing.assert_array_equal(value, reference)
    rows = ops.convert_to_numpy(model.layers[0](x)).reshape(-1, UNITS).astype("float64")
    rows = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    expected = np.linalg.lstsq(rows, y.reshape(-1, OUTPUTS), rcond=None)[0]
    np.testing.assert_allclose(model.get_weights()[-2], expected[:-1], rtol=1e-3, atol=1e-3)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_layers_that_are_frozen_or_give_one_step_or_go_backwards_stay():
    x, y = data()
    for model, targets in (
        (network(trainable=False), y),
        (network(return_sequences=False), y[:, -1]),
        (network(go_backwards=True), y),
        (network(activation="relu"), y),
        (network(after=[keras.layers.LayerNormalization()]), y),
    ):
        before, readout = model.layers[0].get_weights(), model.layers[-1].get_weights()
        least_squares_init(model, x, targets, iterations=1)
        for actual, expected in zip(model.layers[0].get_weights(), before, strict=True):
            np.testing.assert_array_equal(actual, expected)
        assert np.abs(model.layers[-1].get_weights()[0] - readout[0]).max() > 0


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_frozen_weights_stay_one_by_one():
    x, y = data()
    model = network()
    model.layers[0].cell.bias.trainable = model.layers[-1].kernel.trainable = False
    before = model.get_weights()
    least_squares_init(model, x, y, iterations=1)
    moved = [np.abs(a - b).max() > 0 for a, b in zip(model.get_weights(), before, strict=True)]
    frozen = [not value.trainable for value in model.weights]
    assert moved == [not value for value in frozen]
    assert sum(frozen) == 2


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_whole_numbers_for_one_output_are_no_classes():
    x, _ = data()
    memory = keras.layers.SimpleRNN(UNITS, return_sequences=True)
    inputs = keras.Input((None, FEATURES))
    model = keras.Sequential([inputs, memory, keras.layers.Dense(1)])
    with pytest.raises(
        ValueError, match="y has shape .6, 40.: the outputs for this x have .6, 40, 1."
    ):
        least_squares_init(model, x, np.zeros(x.shape[:2], int))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_classes_that_a_mask_leaves_out_may_be_anything():
    x, _ = data()
    x[:, 30:] = 0
    labels, models = np.zeros(x.shape[:2], int), []
    labels[:, ::2] = 1
    for padding in (-1, 2):
        labels[:, 30:] = padding
        models.append(network(before=[keras.layers.Masking()], output="softmax"))
        least_squares_init(models[-1], x, labels, iterations=1)
    same(models[0], models[1].get_weights(), 0, 0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_a_readout_of_what_a_pool_makes_of_masked_steps():
    x, y = data()
    x[:, 30:] = 0
    pool = keras.layers.GlobalAveragePooling1D()
    model = network(keras.layers.LSTM, [keras.layers.Masking()], [pool])
    least_squares_init(model, x, y[:, -1], iterations=1, step=1, ridge=0.1)
    rows = keras.Model(model.inputs, model.layers[-2].output).predict(x, verbose=0)
    system = NormalEquations(UNITS, OUTPUTS).add(rows, INVERSES["tanh"](y[:, -1]))
    for actual, expected in zip(model.layers[-1].get_weights(), system.solve(0.1), strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_classes():
    x, _ = data()
    labels = (np.cumsum(x[..., 0], axis=1) > 0).astype("int64") + (x[..., 1] > 0)
    first, second = network(output="softmax"), network(output="softmax")
    least_squares_init(first, x, labels, iterations=2)
    least_squares_init(second, x, np.eye(OUTPUTS, dtype="float32")[labels], iterations=2)
    same(first, second.get_weights(), 1e-6, 1e-6)
    least_squares_init(first, x, labels, iterations=4)
    guessed = ops.convert_to_numpy(first(x)).argmax(axis=-1)
    assert np.mean(guessed == labels) > 1.3 * np.mean(labels == 1)
    with pytest.raises(ValueError, match="y has class 5: the model has classes 0 to 4"):
        least_squares_init(first, x, labels + 3)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_saturated_and_constant_data_give_finite_weights():
    x, y = data()
    for inputs, targets in ((x, np.sign(y)), (np.ones_like(x), y), (x, np.zeros_like(y))):
        for ridge in (0, 0.01):
            model = least_squares_init(network(), inputs, targets, iterations=3, ridge=ridge)
            assert all(np.isfinite(value).all() for value in model.get_weights())


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_what_is_refused():
    x, y = data()
    model = network()
    before = model.get_weights()
    for arguments, kwargs, message in (
        ((x, y[:, 1:]), {}, "y has shape .6, 39, 5.: the outputs for this x have .6, 40, 5."),
        ((x, y[:3]), {}, "x and y have .3, 6. samples"),
        ((x[:0], y[:0]), {}, "there are no valid steps"),
        ((x[:, :0], y[:, :0]), {}, "x has shape .6, 0, 3.: give at least one sequence of one step"),
        ((np.where(x > 2, np.inf, x), y), {}, "the inputs hold (inf|nan): give finite numbers"),
        ((x, np.where(y > 0.9, np.nan, y)), {}, "the targets hold nan"),
        (((pair for pair in [(x, y)]),), {}, "x is a generator, which allows one pass, and 10"),
        (([(x, y, np.ones(len(x)))],), {}, "a batch has 3 parts: give pairs"),
        ((x,), {}, "a batch has 1 parts: give pairs"),
        ((x, y), {"step": 0.0}, "step is 0.0: give a number above 0 and up to 1"),
        ((x, y), {"iterations": 0}, "iterations is 0: give a whole number of at least 1"),
        ((x, y), {"washout": -1}, "washout is -1: give a whole number of at least 0"),
        ((x, y), {"washout": STEPS}, "there are no valid steps"),
        ((x, y), {"ridge": -1}, "ridge is -1: give a finite number of at least 0"),
    ):
        with pytest.raises(ValueError, match=message):
            least_squares_init(model, *arguments, **kwargs)
        same(model, before, 0, 0)
    inputs = keras.Input(batch_shape=(SAMPLES, STEPS, FEATURES))
    memory = keras.layers.LSTM(UNITS, return_sequences=True, stateful=True)
    going_on = keras.Sequential([inputs, memory, keras.layers.Dense(OUTPUTS)])
    with pytest.raises(ValueError, match="washout is 5 and .* is stateful, .*: give 0"):
        least_squares_init(going_on, x, y, washout=5)
    with pytest.raises(ValueError, match="the activation of .*, 'relu', has no inverse here"):
        least_squares_init(network(output="relu"), x, y)
    with pytest.raises(ValueError, match="ends in .*, a SimpleRNN: let it end in a Dense"):
        least_squares_init(keras.Sequential([keras.Input((5, 3)), keras.layers.SimpleRNN(2)]), x, y)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_layers_within_models_and_those_of_another_model():
    x, y = data()
    x[:, 30:], y[:, 30:] = 0, np.nan
    plain = network(before=[keras.layers.Masking()])
    readout = keras.layers.Dense(OUTPUTS, activation="tanh")
    memory = keras.layers.SimpleRNN(UNITS, return_sequences=True)
    inner = keras.Sequential([keras.Input((None, FEATURES)), memory, keras.layers.Dropout(0.1)])
    outer = keras.Sequential(
        [keras.Input((None, FEATURES)), keras.layers.Masking(), inner, readout]
    )
    inputs = keras.Input((None, FEATURES))
    shared = keras.Model(inputs, readout(memory(keras.layers.Masking()(inputs))))
    start = plain.get_weights()
    least_squares_init(plain, x, y, iterations=2)
    for model in (outer, shared):
        model.set_weights(start)
        least_squares_init(model, x, y, iterations=2)
        same(model, plain.get_weights(), 1e-5, 1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
@pytest.mark.parametrize("merge", [keras.layers.Concatenate, keras.layers.Add])
def test_a_step_counts_if_it_does_in_a_branch_as_in_keras(merge):
    x, y = data()
    second = x.copy()
    x[:, 30:], second[:, :5], second[:, 35:] = 0, 0, 0
    inputs = [keras.Input((STEPS, FEATURES)) for _ in range(2)]
    keras.utils.set_random_seed(1)
    branches = [
        keras.layers.GRU(UNITS, return_sequences=True)(keras.layers.Masking()(actual))
        for actual in inputs
    ]
    merged = merge()(branches)
    model = keras.Model(inputs, keras.layers.Dense(OUTPUTS)(merged))
    rows = keras.Model(inputs, merged).predict([x, second], verbose=0)
    system = NormalEquations(rows.shape[-1], OUTPUTS)
    counted = slice(0, 35)
    system.add(rows[:, counted].reshape(-1, rows.shape[-1]), y[:, counted].reshape(-1, OUTPUTS))
    y[:, 35:] = np.nan
    least_squares_init(model, [x, second], y, iterations=1, step=1, ridge=0.1)
    for actual, expected in zip(model.layers[-1].get_weights(), system.solve(0.1), strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_constraints_hold():
    x, y = data()
    model = network(bias_constraint="non_neg", recurrent_constraint=keras.constraints.MaxNorm(0.5))
    least_squares_init(model, x, y, iterations=2)
    cell = model.layers[0].cell
    assert ops.convert_to_numpy(cell.bias).min() == 0
    norms = np.linalg.norm(ops.convert_to_numpy(cell.recurrent_kernel), axis=0)
    assert norms.max() == pytest.approx(0.5, abs=1e-4)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
@pytest.mark.parametrize(("output", "low"), [("tanh", -1), ("sigmoid", 0), ("softmax", 0)])
def test_targets_beyond_what_the_readout_gives(output, low):
    x, y = data()
    model = network(output=output)
    before = model.get_weights()
    for odd in (low - 0.5, 1.5):
        y = np.clip(y, low, 1)
        y[2, 3, 1] = odd
        message = f"y has {odd}: the activation of the readout, {output}, gives {low} to 1"
        with pytest.raises(ValueError, match=message):
            least_squares_init(model, x, y)
    same(model, before, 0, 0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_a_model_that_stands_twice_in_another():
    x, y = data()
    turn = keras.Sequential([keras.Input((None, FEATURES)), keras.layers.Dense(FEATURES)])
    memory = keras.layers.SimpleRNN(UNITS, return_sequences=True)
    readout = keras.layers.Dense(OUTPUTS, activation="tanh")
    inputs = keras.Input((None, FEATURES))
    model = keras.Model(inputs, readout(memory(turn(turn(inputs)))))
    plain = keras.Sequential([keras.Input((None, FEATURES)), memory, readout])
    turned, start = ops.convert_to_numpy(turn(turn(x))), plain.get_weights()
    least_squares_init(model, x, y, iterations=2)
    result = plain.get_weights()
    plain.set_weights(start)
    same(least_squares_init(plain, turned, y, iterations=2), result, 1e-5, 1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_masks_of_many_branches_that_meet_are_asked_for_once():
    """Without that, forty sums of a tensor and itself would take 2^40 steps."""
    inputs = keras.Input((STEPS, 2))
    hidden = keras.layers.GRU(2, return_sequences=True)(keras.layers.Masking()(inputs))
    for _ in range(40):
        hidden = keras.layers.Average()([hidden, hidden])
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    x, _ = data()
    x[:, 30:], y = 0, np.cumsum(x[..., :1], axis=1)
    y[:, 30:] = np.nan
    least_squares_init(model, x[..., :2], y, iterations=1, step=1)
    assert all(np.isfinite(value).all() for value in model.get_weights())
