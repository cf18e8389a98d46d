"""The layer beside an independent NumPy pass, and beside SimpleRNN."""

import inspect
import itertools

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import SVDSimpleRNN, jacobian_spectrum
from rnnzoo.layers.jacobian.simple_rnn import unfused_reason

pytestmark = [pytest.mark.portable, pytest.mark.once]

BACKEND = keras.backend.backend()
BATCH, STEPS, FEATURES, UNITS = 3, 8, 2, 5

tensorflow_only = pytest.mark.skipif(BACKEND != "tensorflow", reason="once is enough")


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def penalty_of(layer, x, mask=None, initial=None, late=False):
    """The mean penalty of all steps, from the layer's weights: NumPy only."""
    w, u, *bias = (np.asarray(value, "float64") for value in layer.get_weights())
    b = bias[0] if bias else 0
    x, mask = np.asarray(x, "float64"), np.ones(x.shape[:2], bool) if mask is None else mask
    if layer.go_backwards:
        x, mask = x[:, ::-1], mask[:, ::-1]
    costs = []
    for n in range(len(x)):
        h = np.zeros(UNITS) if initial is None else np.asarray(initial[n], "float64")
        counted = np.flatnonzero(mask[n])
        paying = counted[len(counted) * 3 // 4 :] if late else counted
        for t in counted:
            z = x[n, t] @ w + h @ u + b
            s = np.linalg.svd((1 - np.tanh(z) ** 2)[:, None] * u.T, compute_uv=False)
            low, high = np.minimum(s - 0.9, 0), np.maximum(s - 1.1, 0)
            cost = 0.5 * np.sum(low**2 + high**2) + 10 * (np.sqrt(np.mean(s**2)) - 1) ** 2
            if t in paying:
                costs.append(cost)
            h = np.tanh(z)
    return np.mean(costs)


def layer_of(**settings):
    settings = {"jacobian_samples": BATCH * STEPS, "bias_initializer": "normal", **settings}
    layer = SVDSimpleRNN(UNITS, **settings)
    layer.build((BATCH, STEPS, FEATURES))
    return layer


PADDED = np.arange(STEPS)[None] < np.array([[8], [5], [2]])
LEADING = PADDED[:, ::-1]

CASES = [
    ({}, None),
    ({"return_sequences": True}, None),
    ({"return_sequences": True, "return_state": True}, PADDED),
    ({"go_backwards": True}, None),
    ({"go_backwards": True, "return_sequences": True}, PADDED),
    ({"unroll": True}, LEADING),
    ({"use_bias": False}, LEADING),
    ({"zero_output_for_mask": True, "return_sequences": True}, PADDED),
    ({"zero_output_for_mask": True}, LEADING),
    ({"jacobian_steps": "late"}, None),
    ({"jacobian_steps": "late"}, PADDED),
    ({"jacobian_steps": "late", "go_backwards": True}, PADDED),
]


# Elsewhere there is no kernel, and a few cases are enough.
@pytest.mark.parametrize("fused", [True, False] if BACKEND == "tensorflow" else [True])
@pytest.mark.parametrize("initial", [False, True] if BACKEND == "tensorflow" else [True])
@pytest.mark.parametrize(("settings", "mask"), CASES if BACKEND == "tensorflow" else CASES[2::3])
def test_the_penalty_beside_numpy(settings, mask, initial, fused):
    layer, x = layer_of(fused=fused, **settings), numbers(BATCH, STEPS, FEATURES)
    states = numbers(BATCH, UNITS, seed=2) if initial else None
    arguments = {"initial_state": ops.convert_to_tensor(states)} if initial else {}
    if mask is not None:
        arguments["mask"] = ops.convert_to_tensor(mask)
    result = layer(x, training=True, **arguments)
    (loss,) = layer.losses
    late = settings.get("jacobian_steps") == "late"
    assert float(loss) == pytest.approx(penalty_of(layer, x, mask, states, late), rel=1e-4)
    stock = keras.layers.SimpleRNN(
        UNITS, **{k: v for k, v in settings.items() if k != "jacobian_steps"}
    )
    stock.build((BATCH, STEPS, FEATURES))
    stock.set_weights(layer.get_weights())
    for actual, expected in zip(
        *map(keras.tree.flatten, (result, stock(x, **arguments))), strict=True
    ):
        np.testing.assert_allclose(
            ops.convert_to_numpy(actual), ops.convert_to_numpy(expected), rtol=1e-5, atol=1e-6
        )
    again = layer(x, training=False, **arguments)
    assert not layer.losses
    for actual, expected in zip(*map(keras.tree.flatten, (result, again)), strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(actual), ops.convert_to_numpy(expected), rtol=1e-5, atol=1e-6
        )


@tensorflow_only
def test_a_sample_of_the_steps_is_drawn_anew_in_every_call():
    layer, x = layer_of(jacobian_samples=4, seed=1), numbers(BATCH, STEPS, FEATURES)
    result = []
    for _ in range(100):
        layer(x, training=True)
        result.append(float(layer.losses[0]))
    assert len(set(result)) > 80
    spread = np.std(result) / len(result) ** 0.5
    assert abs(np.mean(result) - penalty_of(layer, x)) < 4.5 * spread


def test_a_mask_without_any_step_costs_nothing():
    layer = layer_of()
    layer(numbers(BATCH, STEPS, FEATURES), mask=np.zeros((BATCH, STEPS), bool), training=True)
    assert float(layer.losses[0]) == 0


def test_a_last_batch_of_fewer_steps_than_are_drawn():
    """The size of a batch is not known when fit traces a step."""
    x, y = numbers(5, 3, FEATURES), numbers(5, 1)
    layer = SVDSimpleRNN(UNITS, jacobian_samples=11, name="memory")
    model = keras.Sequential([keras.Input((3, FEATURES)), layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    losses = model.fit(x, y, batch_size=4, epochs=2, verbose=0).history["loss"]
    assert np.isfinite(losses).all()


def test_stateful_layers_pay_for_the_states_they_carry():
    layer, x = layer_of(stateful=True), numbers(BATCH, STEPS, FEATURES)
    layer(x, training=True)
    carried = ops.convert_to_numpy(layer.states[0])
    layer(x, training=True)
    assert float(layer.losses[-1]) == pytest.approx(penalty_of(layer, x, None, carried), rel=1e-4)
    layer.reset_states()
    layer(x, training=True)
    assert float(layer.losses[-1]) == pytest.approx(penalty_of(layer, x), rel=1e-4)


def test_arguments_are_those_of_simple_rnn_in_its_order():
    stock = list(inspect.signature(keras.layers.SimpleRNN.__init__).parameters.values())
    ours = list(inspect.signature(SVDSimpleRNN.__init__).parameters.values())
    assert [p for p in ours if p.kind is not p.KEYWORD_ONLY] == stock
    assert [p.name for p in ours if p.kind is p.KEYWORD_ONLY] == [
        "rho",
        "tau",
        "rms",
        "interval_weight",
        "rms_weight",
        "jacobian_samples",
        "jacobian_steps",
        "fused",
    ]


def test_a_seed_gives_the_weights_of_a_stock_layer():
    kinds = (keras.layers.SimpleRNN, SVDSimpleRNN)
    result = []
    for kind in kinds:
        keras.utils.set_random_seed(5)
        layer = kind(UNITS)
        layer.build((None, None, FEATURES))
        result.append(layer.get_weights())
    for actual, expected in zip(*result, strict=True):
        np.testing.assert_array_equal(actual, expected)


def sequential(layer, **compiled):
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), layer, keras.layers.Dense(1)])
    model.compile("adam", "mse", **compiled)
    return model


def test_fit_adds_the_penalty_to_the_loss():
    """With a learning rate of 0, the loss of fit is that of evaluate and the penalty."""
    layer = layer_of(name="memory")
    model = sequential(layer)
    model.optimizer.learning_rate = 0.0
    x, y = numbers(BATCH, STEPS, FEATURES), numbers(BATCH, 1)
    logs = model.fit(x, y, batch_size=BATCH, epochs=2, verbose=0).history
    plain = model.evaluate(x, y, verbose=0, return_dict=True)["loss"]
    expected = penalty_of(layer, x)
    np.testing.assert_allclose(logs["loss"], plain + expected, rtol=1e-5)
    if BACKEND != "jax":
        np.testing.assert_allclose(logs["memory_jacobian_penalty"], expected, rtol=1e-5)


@tensorflow_only
@pytest.mark.slow
def test_the_defaults_move_the_spectrum():
    """Sums over the first of 30 steps; without the penalty the median comes out below 0.7."""
    keras.utils.set_random_seed(1)
    x = numbers(640, 30, 3)
    y = x[:, :5].sum(axis=(1, 2))[:, None] / 15**0.5
    medians = []
    for settings in ({}, {"interval_weight": 0, "rms_weight": 0}):
        layer = SVDSimpleRNN(20, name="memory", **settings)
        model = keras.Sequential([keras.Input((30, 3)), layer, keras.layers.Dense(1)])
        model.compile(keras.optimizers.Adam(0.003), "mse")
        model.fit(x, y, epochs=20, batch_size=64, verbose=0)
        s = jacobian_spectrum(model, x[:64], samples=200)["memory"]
        medians.append(np.median(s))
        if not settings:
            assert np.sqrt(np.mean(s**2)) == pytest.approx(1, abs=0.03)
    assert 0.9 < medians[0] < 1.1
    assert medians[1] < 0.8


def test_its_gradient_reaches_the_weights():
    """Without a loss but the penalty, training lowers it; and states are held fixed."""
    layer = layer_of(interval_weight=1.0, rms_weight=1.0, recurrent_initializer="glorot_normal")
    model = sequential(layer)
    model.compile(keras.optimizers.SGD(0.05), loss=lambda y, p: 0.0 * ops.mean(p))
    x = numbers(BATCH, STEPS, FEATURES)
    losses = model.fit(x, numbers(BATCH, 1), epochs=60, verbose=0).history["loss"]
    assert losses[-1] < 0.3 * losses[0]
    assert np.isfinite(losses).all()


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "softsign", "linear", "elu"])
def test_other_activations_train(activation):
    eagerly = BACKEND == "tensorflow"  # three steps are sooner done than traced
    layer = layer_of(activation=activation, jacobian_samples=6)
    model = sequential(layer, run_eagerly=eagerly)
    logs = model.fit(numbers(30, STEPS, FEATURES), numbers(30, 1), epochs=3, verbose=0).history
    assert np.isfinite(logs["loss"]).all()
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16", "float16"])
def test_the_penalty_is_in_float32_under_mixed_precision(policy):
    if BACKEND != "tensorflow" and policy == "float16":
        pytest.skip("there are no orthogonal initial weights in float16")
    layer, x = layer_of(dtype=policy), numbers(BATCH, STEPS, FEATURES)
    layer(x, training=True)
    (loss,) = layer.losses
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"
    assert float(loss) == pytest.approx(penalty_of(layer, x), rel=0.05)


def test_weights_are_not_rounded_under_mixed_precision():
    """At one step from 0 without inputs, the Jacobian is the recurrent kernel itself."""
    layer = layer_of(
        dtype="mixed_bfloat16", use_bias=False, recurrent_initializer="glorot_normal", seed=1
    )
    x = np.zeros((BATCH, 1, FEATURES), "float32")
    layer(x, training=True)
    assert float(layer.losses[0]) == pytest.approx(penalty_of(layer, x), rel=1e-5)


def test_with_dropout_the_jacobian_is_that_without():
    layer, x = layer_of(dropout=0.5, seed=3), numbers(BATCH, STEPS, FEATURES)
    layer(x[:, :1], training=True)
    x = x[:, :1]
    assert float(layer.losses[0]) == pytest.approx(penalty_of(layer, x), rel=1e-4)


def test_bidirectional_and_stacked():
    inputs = keras.Input((STEPS, FEATURES))
    both = keras.layers.Bidirectional(SVDSimpleRNN(3, return_sequences=True), name="both")
    model = keras.Model(inputs, keras.layers.Dense(1)(SVDSimpleRNN(4)(both(inputs))))
    model.compile("adam", "mse")
    x, y = numbers(BATCH, STEPS, FEATURES), numbers(BATCH, 1)
    logs = model.fit(x, y, epochs=2, verbose=0).history
    assert np.isfinite(logs["loss"]).all()
    model(x, training=True)
    assert len(model.losses) == 3
    if BACKEND != "jax":
        assert sum(name.endswith("jacobian_penalty") for name in logs) == 3


def test_off_it_is_a_simple_rnn():
    layer = layer_of(interval_weight=0, rms_weight=0.0, activation="softmax")
    layer(numbers(BATCH, STEPS, FEATURES), training=True)
    assert not layer.losses


def test_a_configuration_and_a_file_make_it_again(tmp_path):
    layer = SVDSimpleRNN(
        4, rho=0.8, tau=1.3, rms=0.9, interval_weight=0.5, rms_weight=0.2, jacobian_samples=7,
        jacobian_steps="late", fused=False, seed=11, return_sequences=True, name="memory",
    )  # fmt: skip
    again = SVDSimpleRNN.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    model = sequential(layer)
    x = numbers(BATCH, STEPS, FEATURES)
    model.fit(x, numbers(BATCH, STEPS, 1), verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
    assert loaded.get_layer("memory").get_config() == layer.get_config()
    model.save_weights(tmp_path / "model.weights.h5")
    keras.models.clone_model(model).load_weights(tmp_path / "model.weights.h5")


def test_weights_move_to_and_from_a_stock_layer():
    ours, stock = layer_of(), keras.layers.SimpleRNN(UNITS)
    stock.build((BATCH, STEPS, FEATURES))
    stock.set_weights(ours.get_weights())
    ours.set_weights(stock.get_weights())
    x = numbers(BATCH, STEPS, FEATURES)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(ours(x)), ops.convert_to_numpy(stock(x, training=False))
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"jacobian_samples": 0}, "jacobian_samples is 0: give a whole number of at least 1"),
        ({"jacobian_samples": 2.5}, "jacobian_samples is 2.5: give a whole number"),
        ({"jacobian_steps": "some"}, "jacobian_steps is 'some': choose one of 'all', 'late'"),
        ({"rho": 2.0}, "rho is 2.0 and tau is 1.1"),
        ({"fused": "yes"}, "fused is 'yes': choose one of True, False"),
        ({"activation": "softmax"}, "activation is .*softmax: the Jacobian needs"),
    ],
)
def test_wrong_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        SVDSimpleRNN(4, **settings)


def trained(layer, x, mask):
    """Outputs, penalty and the gradients of both together by weights and inputs, in a graph."""
    import tensorflow as tf

    @tf.function
    def run(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = layer(x, mask=mask, training=True)
            penalty = tf.cast(tf.add_n(layer.losses) if layer.losses else 0.0, x.dtype)
            loss = tf.reduce_sum(tf.sin(3 * outputs)) + penalty
        sources = [x, *(weight.value for weight in layer.trainable_weights)]
        return [outputs, penalty, *tape.gradient(loss, sources)]

    return [value.numpy() for value in run(tf.constant(x))]


@tensorflow_only
@pytest.mark.parametrize(
    ("activation", "masked", "penalised", "how"),
    [
        *itertools.product(["tanh"], [False, True], [True, False], ["unrolled", "compiled"]),
        *itertools.product(["tanh", "silu"], [False, True], [True], ["loop"]),
        ("silu", True, False, "unrolled"),
        ("silu", False, True, "compiled"),
    ],
)
def test_as_a_whole_and_step_by_step(activation, masked, penalised, how, monkeypatch):
    from rnnzoo.layers.fused import tensorflow_sequence

    monkeypatch.setattr(tensorflow_sequence, "loop_kind", lambda *_: how)
    x = numbers(17, STEPS, FEATURES).astype("float64")
    mask = np.resize([True, True, False, True, True], (17, STEPS)) if masked else None
    weights = {} if penalised else {"interval_weight": 0, "rms_weight": 0}
    result = []
    for fused in (True, False):
        layer = layer_of(
            activation=activation, fused=fused, return_sequences=True, dtype="float64",
            jacobian_samples=17 * STEPS, **weights,
        )  # fmt: skip
        layer.set_weights([numbers(*w.shape, seed=i) / 2 for i, w in enumerate(layer.weights)])
        assert (unfused_reason(layer, mask) is None) == fused
        result.append(trained(layer, x, mask))
    for actual, expected in zip(*result, strict=True):
        np.testing.assert_allclose(actual, expected, atol=1e-9 * max(1, np.abs(expected).max()))


@tensorflow_only
@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"fused": False}, "fused=False"),
        ({"dropout": 0.1}, "there is dropout"),
        ({"dtype": "mixed_bfloat16"}, "the compute type is bfloat16"),
        (
            {"activation": "softmax", "interval_weight": 0, "rms_weight": 0},
            "the derivative of the activation is not known",
        ),
    ],
)
def test_why_a_layer_trains_step_by_step(settings, reason):
    assert unfused_reason(SVDSimpleRNN(2, **settings)) == reason


@tensorflow_only
@pytest.mark.parametrize("eager", [True, False], ids=["eager", "graph"])
def test_the_gradient_of_the_penalty_beside_finite_differences(eager):
    """By each weight, with the states that the layer visits held fixed, in float64."""
    import tensorflow as tf

    layer = layer_of(dtype="float64")
    x = tf.constant(numbers(BATCH, STEPS, FEATURES).astype("float64"))

    def gradients():
        with tf.GradientTape() as tape:
            layer(x, training=True)
            (loss,) = layer.losses
        return tape.gradient(loss, [weight.value for weight in layer.trainable_weights])

    result = gradients() if eager else tf.function(gradients)()
    w, u, b = layer.get_weights()
    h, states = np.zeros((BATCH, UNITS)), []
    for t in range(STEPS):
        states.append(h)
        h = np.tanh(x[:, t] @ w + h @ u + b)

    def penalty(w, u, b):
        z = np.stack([x[:, t] @ w + states[t] @ u + b for t in range(STEPS)])
        s = np.linalg.svd((1 - np.tanh(z) ** 2)[..., None] * u.T, compute_uv=False)
        outside = np.minimum(s - 0.9, 0) + np.maximum(s - 1.1, 0)
        rms = np.sqrt(np.mean(s**2, axis=-1))
        return np.mean(0.5 * np.sum(outside**2, axis=-1) + 10 * (rms - 1) ** 2)

    weights = [w, u, b]
    for position, gradient in enumerate(result):
        for index in np.ndindex(weights[position].shape):
            values = []
            for h in (1e-6, -1e-6):
                moved = [value.copy() for value in weights]
                moved[position][index] += h
                values.append(penalty(*moved))
            slope = (values[0] - values[1]) / 2e-6
            assert gradient[index].numpy() == pytest.approx(slope, abs=1e-7)


@tensorflow_only
def test_an_export_is_that_of_a_simple_rnn(tmp_path):
    import tensorflow as tf

    model = sequential(layer_of())
    x = numbers(BATCH, STEPS, FEATURES)
    model.fit(x, numbers(BATCH, 1), verbose=0)
    model.export(tmp_path / "exported", verbose=False)
    served = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(served.serve(x), model.predict(x, verbose=0), atol=1e-6)
    names = {node.op for node in served.serve.concrete_functions[0].graph.as_graph_def().node}
    assert not names & {"Svd", "SelfAdjointEigV2", "StatelessRandomUniformV2"}
