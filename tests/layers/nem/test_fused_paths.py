"""Which layers train as a whole and which step by step, and that the two ways agree."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMGRU, NEMLSTM
from rnnzoo.layers.nem.fused import obstacle

pytestmark = pytest.mark.portable

tensorflow_only = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the kernel is for TensorFlow"
)
each_layer = pytest.mark.parametrize("kind", [NEMLSTM, NEMGRU], ids=["lstm", "gru"])
FEATURES = 3
MASK = "mask"
STATES = "initial_state"

# (arguments of the layer, what its call is given, why it trains step by step or None)
CASES = [
    ({}, [], None),
    ({}, [MASK], None),
    ({}, [STATES], None),
    ({}, [MASK, STATES], None),
    ({"return_sequences": False}, [], None),
    ({"return_sequences": False, "return_state": False}, [MASK], None),
    ({"go_backwards": True}, [MASK, STATES], None),
    ({"unroll": True}, [MASK], None),
    ({"stateful": True}, [], None),
    ({"use_bias": False}, [STATES], None),
    ({"implementation": 1}, [], None),
    ({"zero_output_for_mask": True}, [], None),
    ({"noise": "none"}, [MASK, STATES], None),
    ({"noise": "none", "use_bias": False}, [], None),
    ({"noise": "blind"}, [], None),
    ({"noise": "blind_half"}, [], None),
    ({"noise_mode": "multiplicative"}, [MASK], None),
    ({"noise": "blind", "noise_mode": "multiplicative"}, [], None),
    ({"noise_distribution": "gaussian"}, [], None),
    ({"noise_distribution": "signs"}, [], None),
    ({"noise_gates": "last"}, [MASK], None),
    ({"noise_gates": "reversed"}, [], None),
    ({"noise_gates": []}, [], None),
    ({"dtype": "float32"}, [], None),
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
each_case = pytest.mark.parametrize(
    ("option", "given", "expected"),
    CASES,
    ids=["-".join([*map(str, o.items()), *g]) or "plain" for o, g, _ in CASES],
)

# What changes the loop itself; all else is tried in the one that starts soonest.
IN_THE_LOOP = {"return_sequences", "go_backwards", "noise", "noise_mode", "use_bias"}

# (batch, steps, units) and the way the loop runs. An odd batch goes through it in unequal halves.
SHAPES = {"unrolled": (3, 4, 5), "compiled": (17, 9, 128), "loop": (3, 4, 5)}


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


def call_of(layer, shape, given):
    """(x, mask or None, initial states or None)."""
    batch, steps, units = shape
    mask = numbers(batch, steps, seed=7) > -0.5 if MASK in given else None
    count = 2 if isinstance(layer, NEMLSTM) else 1
    states = [numbers(batch, units, seed=8 + i) for i in range(count)] if STATES in given else None
    return numbers(batch, steps, FEATURES, seed=6), mask, states


def trained(layer, x, mask, states, way):
    """Outputs, last states, and the gradients of weights, inputs and states."""
    import tensorflow as tf

    dtype = layer.compute_dtype
    x = tf.constant(x, dtype)
    states = None if states is None else [tf.constant(one, dtype) for one in states]
    lengths = None if way == "loop" else x.shape[1]

    @tf.function(input_signature=[tf.TensorSpec((x.shape[0], lengths, FEATURES), dtype)])
    def run(x):
        with tf.GradientTape() as tape:
            tape.watch([x, *(states or [])])
            found = tf.nest.flatten(layer(x, mask=mask, initial_state=states, training=True))
            loss = tf.add_n([tf.reduce_sum(tf.sin(3 * tf.cast(one, "float64"))) for one in found])
        sources = [x, *(states or []), *(one.value for one in layer.trainable_weights)]
        return [*found, *tape.gradient(loss, sources)]

    return [keras.ops.convert_to_numpy(tf.cast(one, "float64")) for one in run(x)]


@tensorflow_only
@each_layer
@each_case
@pytest.mark.parametrize("way", SHAPES)
def test_both_ways_agree(kind, option, given, expected, way, monkeypatch):
    from rnnzoo.layers.kernels import tensorflow

    if way != "unrolled" and (expected or not set(option) <= IN_THE_LOOP):
        pytest.skip("nothing that the loop sees")
    taken, original = [], tensorflow.way

    def watched(*args):
        taken.append(original(*args))
        return taken[-1]

    monkeypatch.setattr(tensorflow, "way", watched)
    layer = layer_of(kind, SHAPES[way], option)
    call = call_of(layer, SHAPES[way], given)
    assert obstacle(layer, call[1]) == expected
    fused = trained(layer, *call, way)
    assert set(taken) == ({way} if expected is None else set())
    cells = trained(layer_of(kind, SHAPES[way], {**option, "fused": False}), *call, way)
    tolerance = 1e-9 if layer.compute_dtype == "float64" else 2e-5
    for one, other in zip(fused, cells, strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance * max(1, np.abs(other).max()))


@each_layer
def test_a_gru_that_resets_before_and_other_backends_train_step_by_step(kind):
    if keras.backend.backend() != "tensorflow":
        assert obstacle(kind(2)) == f"there is no kernel for {keras.backend.backend()}"
    elif kind is NEMGRU:
        assert obstacle(kind(2, reset_after=False)) == "reset_after=False"


@tensorflow_only
@each_layer
@pytest.mark.parametrize("eager", [True, False], ids=["eager", "graph"])
@pytest.mark.parametrize("way", ["unrolled", "compiled"])
def test_second_derivatives(kind, eager, way):
    """Such as those of a gradient penalty."""
    import tensorflow as tf

    x = tf.constant(numbers(SHAPES[way][0], SHAPES[way][1], FEATURES))

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
    fused, cells = (
        layer_of(kind, SHAPES[way], {**option, "fused": fused}) for fused in (True, False)
    )
    found = penalty(fused) if eager else tf.function(penalty)(fused)
    for one, other in zip(found, penalty(cells), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9 * max(1, np.abs(other).max()))


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
