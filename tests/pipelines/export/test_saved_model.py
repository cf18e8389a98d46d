"""The contract that every export follows."""

import numpy as np
import pytest
import tensorflow as tf

import rnnzoo
from rnnzoo.artifacts import find, packaged_dir, versions

PRETRAINED = sorted(folder.name for folder in packaged_dir().iterdir() if versions(folder))


@pytest.fixture(scope="module", params=[*PRETRAINED, "sonnets-lstm"])
def exported(request, small_model):
    """(name, folder, signatures) of every pretrained model and the small one."""
    folder = find(request.param)
    loaded = tf.saved_model.load(folder)
    return request.param, folder, loaded, loaded.signatures


def bidirectional(name):
    """Whether a model reads a sequence in both directions, and so cannot be streamed."""
    return any("both ways" in layer for layer in rnnzoo.info(name)["architecture"]["layers"])


# Further signatures, by the task of the model.
FURTHER = {"PathPredictor": {"with_destination"}}


def test_the_signatures_have_named_values(exported):
    name, _, _, signatures = exported
    steps = set() if bidirectional(name) else {"step"}
    further = FURTHER.get(rnnzoo.info(name)["task"], set())
    assert set(signatures) == {"serving_default", "model"} | steps | further
    for name, signature in signatures.items():
        inputs, outputs = signature.structured_input_signature[1], signature.structured_outputs
        assert not any(key.startswith(("args", "output_")) for key in (*inputs, *outputs)), name


def test_the_states_of_a_step_are_inputs_and_outputs_of_one_shape(exported):
    if bidirectional(exported[0]):
        pytest.skip("a bidirectional model has no step")
    step = exported[3]["step"]
    inputs, outputs = step.structured_input_signature[1], step.structured_outputs
    states = {name for name in inputs if name.startswith("state_")}
    assert states
    assert states == {name for name in outputs if name.startswith("state_")}
    for name in states:
        assert inputs[name].shape == outputs[name].shape


def test_the_model_returns_its_golden_outputs(exported):
    _, folder, _, signatures = exported
    golden = np.load(folder / "golden.npz")
    (name,) = signatures["model"].structured_input_signature[1]
    (outputs,) = signatures["model"](**{name: tf.constant(golden["inputs"])}).values()
    np.testing.assert_allclose(outputs, golden["outputs"], atol=1e-5)


def test_each_weight_is_stored_once(exported):
    name, folder, _, _ = exported
    stored = [
        shape
        for key, shape in tf.train.list_variables(folder / "variables/variables")
        if key.endswith("VARIABLE_VALUE")
    ]
    assert sum(map(np.prod, stored)) == rnnzoo.info(name)["architecture"]["parameters"]
