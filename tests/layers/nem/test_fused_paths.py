"""Which layers train as a whole and which step by step, and that the two ways agree."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMGRU, NEMLSTM
from rnnzoo.layers.nem.fused_training import unfused_reason

pytestmark = [pytest.mark.portable, pytest.mark.once]

tensorflow_only = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the kernel is for TensorFlow"
)
each_layer = pytest.mark.parametrize("kind", [NEMLSTM, NEMGRU], ids=["lstm", "gru"])
FEATURES = 3
MASK = "mask"
STATES = "initial_state"

# (arguments of the layer, arguments of its call)
CASES = [
    ({}, []),
    ({}, [MASK]),
    ({}, [STATES]),
    ({}, [MASK, STATES]),
    ({"return_sequences": False}, []),
    ({"return_sequences": False, "return_state": False}, [MASK]),
    ({"go_backwards": True}, [MASK, STATES]),
    ({"unroll": True}, [MASK]),
    ({"stateful": True}, []),
    ({"use_bias": False}, [STATES]),
    ({"implementation": 1}, []),
    ({"zero_output_for_mask": True}, []),
    ({"noise": "none"}, [MASK, STATES]),
    ({"noise": "none", "use_bias": False}, []),
    ({"noise": "blind"}, []),
    ({"noise": "blind_half"}, []),
    ({"noise_mode": "multiplicative"}, [MASK]),
    ({"noise": "blind", "noise_mode": "multiplicative"}, []),
    ({"noise_distribution": "gaussian"}, []),
    ({"noise_distribution": "signs"}, []),
    ({"noise_gates": "last"}, [MASK]),
    ({"noise_gates": "reversed"}, []),
    ({"noise_gates": []}, []),
    ({"dtype": "float32"}, []),
]
# With a reason: why it trains step by step.
STEP_BY_STEP = [
    ({"fused": False}, [], "fused=False"),
    ({"zero_output_for_mask": True}, [MASK], "zero_output_for_mask with a mask"),
    ({"activation": "relu"}, [], "activation is not tanh"),
    (
        {"noise": "none", "recurrent_activation": "hard_sigmoid"},
        [],
        "recurrent_activation is not sigmoid",
    ),
    ({"dropout": 0.5, "seed": 3}, [], "there is dropout"),
    ({"recurrent_dropout": 0.5, "seed": 3}, [MASK], "there is dropout"),
    ({"dtype": "mixed_float16"}, [], "the compute type is float16"),
    ({"dtype": "mixed_bfloat16"}, [], "the compute type is bfloat16"),
]

# What is compiled too: each way through the loop, the first one by `make test`, the others by
# `make test-slow`. All else is tried in what starts soonest.
COMPILED = [
    ({}, [MASK, STATES]),
    ({"noise_mode": "multiplicative"}, [MASK]),
    ({"return_sequences": False, "return_state": False}, [MASK]),
    ({"go_backwards": True}, [MASK, STATES]),
    ({"use_bias": False}, [STATES]),
    ({"noise": "none"}, [MASK, STATES]),
]


def tried(option, arguments):
    """The kinds of loop that a case is tried in: a plain one is a compiled one, interpreted."""
    if not option:
        return {"unrolled", "loop"} | ({"compiled"} if (option, arguments) in COMPILED else set())
    return {"unrolled", "compiled"} if (option, arguments) in COMPILED else {"unrolled"}


# (batch, steps, units) by the kind of loop. Two halves of one shape are compiled once.
SHAPES = {"unrolled": (3, 4, 5), "compiled": (16, 17, 5), "loop": (3, 4, 5)}
# An odd batch is run in unequal halves; so many numbers of noise are drawn by a compiled function.
ODD = (17, 9, 128)

each_case = pytest.mark.parametrize(
    ("option", "arguments", "how"),
    [
        pytest.param(
            *(option, arguments, how),
            id="-".join([how, *map(str, [*option, *arguments])]),
            marks=[pytest.mark.slow] * (how == "compiled" and (option, arguments) in COMPILED[1:]),
        )
        for option, arguments in CASES
        for how in SHAPES
        if how in tried(option, arguments)
    ],
)


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def layer_of(kind, shape, option):
    """A layer with random weights, in double precision if nothing else is asked for."""
    batch, steps, units = shape
    option = {"dtype": "float64", "noise_std": 0.3, "seed": 1, **option}
    option = {"return_sequences": True, "return_state": True, **option}
    gates = option.get("noise_gates")
    if isinstance(gates, str):
        known = list(kind(1).cell.GATES)
        option["noise_gates"] = known[-1:] if gates == "last" else known[::-1]
    layer = kind(units, **option)
    layer.build((batch, steps, FEATURES))
    weights = [numbers(*w.shape, seed=i) / np.sqrt(w.shape[0]) for i, w in enumerate(layer.weights)]
    layer.set_weights(weights)
    return layer


def call_of(layer, shape, arguments):
    """(x, mask or None, initial states or None)."""
    batch, steps, units = shape
    mask = numbers(batch, steps, seed=7) > -0.5 if MASK in arguments else None
    count = 2 if isinstance(layer, NEMLSTM) else 1
    states = (
        [numbers(batch, units, seed=8 + i) for i in range(count)] if STATES in arguments else None
    )
    return numbers(batch, steps, FEATURES, seed=6), mask, states


def trained(layer, x, mask, states, how, graph):
    """Outputs, last states, and the gradients of weights, inputs and states."""
    import tensorflow as tf

    dtype = layer.compute_dtype
    x = tf.constant(x, dtype)
    states = None if states is None else [tf.constant(value, dtype) for value in states]
    lengths = None if how == "loop" else x.shape[1]

    def run(x):
        with tf.GradientTape() as tape:
            tape.watch([x, *(states or [])])
            result = tf.nest.flatten(layer(x, mask=mask, initial_state=states, training=True))
            loss = tf.add_n(
                [tf.reduce_sum(tf.sin(3 * tf.cast(value, "float64"))) for value in result]
            )
        sources = [x, *(states or []), *(value.value for value in layer.trainable_weights)]
        return [*result, *tape.gradient(loss, sources)]

    if graph:
        signature = [tf.TensorSpec((x.shape[0], lengths, FEATURES), dtype)]
        run = tf.function(run, input_signature=signature, autograph=False)
    return [keras.ops.convert_to_numpy(tf.cast(value, "float64")) for value in run(x)]


@pytest.fixture
def loops(monkeypatch):
    """The kinds of loop that were taken."""
    from rnnzoo.layers.fused import tensorflow_sequence

    taken, original = [], tensorflow_sequence.loop_kind

    def watched(*args):
        taken.append(original(*args))
        return taken[-1]

    monkeypatch.setattr(tensorflow_sequence, "loop_kind", watched)
    return taken


@tensorflow_only
@each_layer
@each_case
def test_both_ways_agree(kind, option, arguments, how, loops):
    shape = ODD if (how, option, arguments) == ("compiled", *CASES[3]) else SHAPES[how]
    layer = layer_of(kind, shape, option)
    call = call_of(layer, shape, arguments)
    assert unfused_reason(layer, call[1]) is None
    graph = how != "unrolled" or not option  # a few steps need no graph, which takes seconds
    fused = trained(layer, *call, how, graph)
    assert set(loops) == {how}
    cells = trained(layer_of(kind, shape, {**option, "fused": False}), *call, how, graph)
    tolerance = 1e-9 if layer.compute_dtype == "float64" else 2e-5
    for actual, expected in zip(fused, cells, strict=True):
        np.testing.assert_allclose(
            actual, expected, atol=tolerance * max(1, np.abs(expected).max())
        )


@tensorflow_only
@each_layer
@pytest.mark.parametrize(("option", "arguments", "expected"), STEP_BY_STEP, ids=str)
def test_what_trains_step_by_step_does_as_one_that_is_told_to(
    kind, option, arguments, expected, loops
):
    shape = SHAPES["unrolled"]
    layer, unfused = (layer_of(kind, shape, {**option, **more}) for more in ({}, {"fused": False}))
    call = call_of(layer, shape, arguments)
    assert unfused_reason(layer, call[1]) == expected
    result, expected = (
        trained(value, *call, "unrolled", graph=False) for value in (layer, unfused)
    )
    assert not loops
    for value, reference in zip(result, expected, strict=True):
        np.testing.assert_array_equal(value, reference)


@each_layer
def test_a_gru_that_resets_before_and_other_backends_train_step_by_step(kind):
    if keras.backend.backend() != "tensorflow":
        assert unfused_reason(kind(2)) == f"there is no kernel for {keras.backend.backend()}"
    elif kind is NEMGRU:
        assert unfused_reason(kind(2, reset_after=False)) == "reset_after=False"


@tensorflow_only
@each_layer
@pytest.mark.parametrize(
    "eager", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["eager", "graph"]
)
@pytest.mark.parametrize("how", SHAPES)
def test_second_derivatives(kind, eager, how, monkeypatch):
    """Such as those of a gradient penalty."""
    import tensorflow as tf

    from rnnzoo.layers.fused import tensorflow_sequence

    monkeypatch.setattr(tensorflow_sequence, "loop_kind", lambda *_: how)
    shape = (17 if eager else 4, 3, 5)  # the odd batch is run in halves
    x = tf.constant(numbers(*shape[:2], FEATURES))

    def penalty(layer):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                loss = tf.reduce_sum(tf.sin(layer(x, training=True)))
            first = inner.gradient(loss, x)
            value = tf.reduce_sum(first * first)
        return [value, *outer.gradient(value, [x, *(w.value for w in layer.trainable_weights)])]

    option = {"return_state": False}
    fused, cells = (layer_of(kind, shape, {**option, "fused": fused}) for fused in (True, False))
    result = penalty(fused) if eager else tf.function(penalty)(fused)
    for actual, expected in zip(result, penalty(cells), strict=True):
        np.testing.assert_allclose(actual, expected, atol=1e-9 * max(1, np.abs(expected).max()))


@tensorflow_only
@each_layer
def test_batches_of_any_size_through_a_compiled_loop(kind):
    """The batch is not known when it is traced; one sample leaves an empty half."""
    import tensorflow as tf

    layer = layer_of(kind, SHAPES["compiled"], {"noise": "none", "return_state": False})
    cells = layer_of(
        kind, SHAPES["compiled"], {"noise": "none", "return_state": False, "fused": False}
    )
    signature = [tf.TensorSpec((None, SHAPES["compiled"][1], FEATURES), "float64")]
    run = tf.function(lambda x: layer(x, training=True), input_signature=signature)
    for batch in (1, 2, 5):
        x = numbers(batch, SHAPES["compiled"][1], FEATURES)
        np.testing.assert_allclose(run(x), cells(x, training=True), atol=1e-9)


@tensorflow_only
@pytest.mark.parametrize(
    ("noisy", "stock"), [(NEMLSTM, keras.layers.LSTM), (NEMGRU, keras.layers.GRU)], ids=str
)
def test_inference_costs_what_that_of_keras_costs(noisy, stock):
    """The same operations, in the graph and in its loop."""
    from collections import Counter

    import tensorflow as tf

    def operations(kind):
        layer = kind(5)
        run = tf.function(lambda x: layer(x, training=False))
        graph = run.get_concrete_function(tf.TensorSpec((None, 4, FEATURES))).graph.as_graph_def()
        loops = [node for function in graph.library.function for node in function.node_def]
        return Counter(node.op for node in [*graph.node, *loops])

    assert operations(noisy) == operations(stock)


@tensorflow_only
def test_how_a_loop_runs(monkeypatch):
    import tensorflow as tf

    from rnnzoo.layers.fused import tensorflow_sequence

    compiled = "compiled" if tensorflow_sequence.XLA else "loop"
    kinds = {(32, 4, 50): "unrolled", (32, 7, 256): compiled, (32, 1000, 1): compiled}
    kinds |= {(32, 17, 1): compiled, (32, 8, 64): compiled, (None, 16, 24): "unrolled"}
    kinds |= {(32, None, 8): "loop", (None, 100, 8): compiled}

    @tf.function
    def graph():
        assert {
            value: tensorflow_sequence.loop_kind(value[:2], value[2]) for value in kinds
        } == kinds

    graph()
    monkeypatch.setattr(tensorflow_sequence, "_eager_shapes", set())
    lengths = [*range(100, 106), 100]
    result = [tensorflow_sequence.loop_kind((32, steps), 8) for steps in lengths]
    assert result == [compiled] * 4 + ["loop"] * 2 + [compiled]


def by_both_ways(kind, **option):
    """The same layer as a whole and step by step."""
    return [layer_of(kind, (3, 4, 5), {**option, "fused": fused}) for fused in (True, False)]


@each_layer
@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_whole_numbers_as_inputs(kind, dtype):
    """The noise that goes through the loop with them is not made whole."""
    x = np.random.default_rng(0).integers(0, 3, (3, 4, FEATURES))
    results = [
        keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x, value), training=True)[0])
        for value in (dtype, "float32")
        for layer in by_both_ways(kind, dtype="float32", noise="blind")
    ]
    for result in results[1:]:
        np.testing.assert_allclose(result, results[0], atol=1e-5)


@each_layer
@pytest.mark.parametrize(
    "change",
    [lambda m: m.astype("int32"), lambda m: m.astype("float32"), lambda m: m[..., None]],
    ids=["int", "float", "column"],
)
def test_masks_of_any_form(kind, change):
    x = numbers(3, 4, FEATURES).astype("float32")
    mask = np.array([[1, 1, 0, 0], [1, 0, 1, 1], [0, 0, 0, 0]], bool)
    results = [
        keras.ops.convert_to_numpy(layer(x, mask=value, training=True)[0])
        for value in (mask, change(mask))
        for layer in by_both_ways(kind, dtype="float32")
    ]
    for result in results[1:]:
        np.testing.assert_allclose(result, results[0], atol=1e-5)


@tensorflow_only
@each_layer
@pytest.mark.parametrize("how", SHAPES)
def test_one_initial_state_for_all_samples(kind, how, monkeypatch):
    """Such as one that is learned."""
    import tensorflow as tf

    from rnnzoo.layers.fused import tensorflow_sequence

    monkeypatch.setattr(tensorflow_sequence, "loop_kind", lambda *_: how)
    x = tf.constant(numbers(17, 4, FEATURES))
    states = [tf.constant(numbers(1, 5, seed=i)) for i in range(2 if kind is NEMLSTM else 1)]
    result = []
    for layer in by_both_ways(kind, noise="none"):
        with tf.GradientTape() as tape:
            tape.watch(states)
            loss = tf.reduce_sum(layer(x, initial_state=states, training=True)[0] ** 2)
        result.append(tape.gradient(loss, states))
    for actual, expected in zip(*result, strict=True):
        assert actual.shape == (1, 5)
        np.testing.assert_allclose(actual, expected, atol=1e-9)
