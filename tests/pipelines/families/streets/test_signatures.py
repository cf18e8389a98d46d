"""What exported path predictors answer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.streets.path_predictor import PathPredictor


@pytest.fixture(scope="module")
def exported(city, tmp_path_factory):
    """(model, the loaded export) of an untrained predictor."""
    keras.utils.set_random_seed(1)
    model = PathPredictor(city[0], [keras.layers.GRU(5), keras.layers.LSTM(4)], embedding=3)
    for weight in model.weights:
        weight.assign(keras.random.normal(weight.shape, 0.0, 0.7, seed=1))
    folder = tmp_path_factory.mktemp("exported")
    export_saved_model(model, folder)
    return model, tf.saved_model.load(folder)


PATHS = [["r0c0-r0c1", "r0c1-r1c1", "r1c1-r1c2"], ["r3c3-r3c2"]]
PADDED = tf.constant([PATHS[0], [*PATHS[1], "", ""]])
GOAL = "r2c0-r3c0"


def as_dict(model, path, destination=None):
    return {row.link or "": row.probability for row in model.next(path, destination=destination)}


def named(outputs, row):
    links = [link.decode() for link in outputs["links"][row].numpy()]
    p = outputs["probabilities"][row].numpy()
    assert links[-1] == "" and abs(p.sum() - 1) < 1e-5
    assert all(p[i] == 0 for i in range(len(links) - 1) if not links[i])
    return {link: float(p[i]) for i, link in enumerate(links) if link or i == len(links) - 1}


@pytest.mark.parametrize("destination", [None, GOAL])
def test_paths_of_different_length_are_answered_like_the_model(exported, destination):
    model, loaded = exported
    if destination is None:
        outputs = loaded.signatures["serving_default"](prefix=PADDED)
    else:
        goals = tf.constant([destination] * 2)
        outputs = loaded.signatures["with_destination"](prefix=PADDED, destination=goals)
    for row, path in enumerate(PATHS):
        assert named(outputs, row) == pytest.approx(as_dict(model, path, destination), abs=1e-5)


def test_steps_one_after_the_other_are_the_whole_path(exported):
    model, loaded = exported
    step = loaded.signatures["step"]
    specs = step.structured_input_signature[1]
    states = {n: tf.zeros([1, *s.shape[1:]]) for n, s in specs.items() if n.startswith("state_")}
    for link in PATHS[0]:
        outputs = step(link=tf.constant([link]), destination=tf.constant([GOAL]), **states)
        states = {name: outputs[name] for name in states}
    assert named(outputs, 0) == pytest.approx(as_dict(model, PATHS[0], GOAL), abs=1e-5)


def test_the_model_takes_indices(exported):
    model, loaded = exported
    inputs = np.array([[[0, -1], [model.candidates[0, 0], -1]]], "int32")
    outputs = loaded.signatures["model"](links=tf.constant(inputs))["logits"]
    np.testing.assert_allclose(outputs, model(inputs), atol=1e-5)
    with pytest.raises(tf.errors.InvalidArgumentError, match="indices are from 0 to 47"):
        loaded.signatures["model"](links=tf.constant([[[48, -1]]]))


@pytest.mark.parametrize(
    "path", [["nowhere"], ["r0c0-r0c1", "r3c3-r3c2"], [""], ["r0c0-r0c1", "r0c0-r0c1"]]
)
def test_what_python_refuses_is_refused_in_the_same_words(exported, refused_alike, path):
    model, loaded = exported
    in_python = [link for link in path if link]
    default = loaded.signatures["serving_default"]
    refused_alike(lambda: model.next(in_python), default, prefix=tf.constant([path]))


def test_an_unknown_destination_is_refused(exported, refused_alike):
    model, loaded = exported
    refused_alike(
        lambda: model.next(PATHS[1], destination="nowhere"),
        loaded.signatures["with_destination"],
        prefix=tf.constant(PATHS[1:]),
        destination=tf.constant(["nowhere"]),
    )


def test_as_many_destinations_as_paths(exported):
    both = exported[1].signatures["with_destination"]
    with pytest.raises(tf.errors.InvalidArgumentError, match="1 destinations of 2 paths"):
        both(prefix=PADDED, destination=tf.constant([GOAL]))


def test_ids_after_the_end_of_a_path_are_refused(exported):
    default = exported[1].signatures["serving_default"]
    with pytest.raises(tf.errors.InvalidArgumentError, match="empty ids end a path"):
        default(prefix=tf.constant([["r0c0-r0c1", "", "r0c1-r1c1"]]))
