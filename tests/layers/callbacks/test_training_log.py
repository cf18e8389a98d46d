import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from rnnzoo.layers.callbacks.training_log import TrainingLog, markdown_block

tf = pytest.importorskip("tensorflow")

pytestmark = pytest.mark.core


@pytest.fixture
def logged(tmp_path):
    """(model, events) of three epochs of a linear model, sampled every second one."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="linear")])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x, y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
    samples = iter(["one\ntwo", "three"])
    log = TrainingLog(tmp_path, (x, y), lambda: next(samples), every=2)
    model.fit(x, y, epochs=3, verbose=0, callbacks=[log])
    events = EventAccumulator(str(tmp_path), size_guidance={"tensors": 0, "graph": 1})
    events.Reload()
    return model, events


def values(events, tag):
    return [(e.step, tf.make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)]


def test_figures_and_the_learning_rate_of_every_epoch(logged):
    _, events = logged
    assert [step for step, _ in values(events, "loss")] == [1, 2, 3]
    np.testing.assert_allclose([rate for _, rate in values(events, "learning_rate")], 0.1)


@pytest.mark.portable
def test_weights_and_gradients_every_so_often_and_at_the_end(logged):
    model, events = logged
    kernel, bias = (weight.path for weight in model.weights)
    for tag in (f"weights/{kernel}", f"gradients/{bias}"):
        assert [step for step, _ in values(events, tag)] == [2, 3]
    # d mse / d bias = 2 (w x + b - y), the only value of its histogram: (left, right, count).
    _, last = values(events, f"gradients/{bias}")[-1]
    left, right, count = last[last[:, 2] > 0][0]
    expected = 2 * (float(np.sum(model.layers[0].kernel)) + float(model.layers[0].bias[0]) - 1)
    assert count == 1
    assert left - 1e-6 <= expected <= right + 1e-6


def test_samples_are_shown_line_by_line(logged):
    _, events = logged
    texts = [text.item().decode() for _, text in values(events, "sample")]
    assert (
        texts
        == [markdown_block("one\ntwo"), markdown_block("three")]
        == ["    one\n    two\n", "    three\n"]
    )


def test_the_graph_is_that_of_the_concrete_function(logged):
    _, events = logged
    assert any(node.op == "MatMul" for node in all_nodes(events.Graph()))


def test_a_weight_without_a_gradient_has_no_histogram_of_it(tmp_path):
    inputs = keras.Input((2,))
    unused = keras.layers.Dense(3, name="unused")
    outputs = {"a": keras.layers.Dense(1, name="used")(inputs), "b": unused(inputs)}
    model = keras.Model(inputs, outputs)
    model.compile("sgd", {"a": "mse"})
    x, y = np.ones((4, 2), "float32"), {"a": np.ones((4, 1), "float32")}
    model.fit(x, y, verbose=0, callbacks=[TrainingLog(tmp_path, (x, y))])
    events = EventAccumulator(str(tmp_path)).Reload()
    tags = events.Tags()["tensors"]
    for weight in unused.weights:
        assert f"weights/{weight.path}" in tags
        assert f"gradients/{weight.path}" not in tags
    assert "gradients/used/kernel" in tags


def all_nodes(graph):
    yield from graph.node
    for function in graph.library.function:
        yield from function.node_def
