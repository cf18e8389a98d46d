"""The contract that every export follows, and what the text family answers under it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import rnnzoo
from rnnzoo.artifacts import find, packaged_dir, versions
from rnnzoo.datasets.vocabulary import Vocabulary
from rnnzoo.pipelines.export import export_saved_model
from rnnzoo.text.build import build, finished
from rnnzoo.text.recipe import complete

PRETRAINED = sorted(folder.name for folder in packaged_dir().iterdir() if versions(folder))


@pytest.fixture(scope="module", params=[*PRETRAINED, "sonnets-lstm"])
def exported(request, small_model):
    """(name, folder, signatures) of every pretrained model and the small one."""
    folder = find(request.param)
    loaded = tf.saved_model.load(folder)
    return request.param, folder, loaded, loaded.signatures


def test_three_signatures_with_named_values(exported):
    _, _, _, signatures = exported
    assert set(signatures) == {"serving_default", "step", "model"}
    for name, signature in signatures.items():
        inputs, outputs = signature.structured_input_signature[1], signature.structured_outputs
        assert not any(key.startswith(("args", "output_")) for key in (*inputs, *outputs)), name


def test_the_states_of_a_step_come_back_as_they_went_in(exported):
    step = exported[3]["step"]
    inputs, outputs = step.structured_input_signature[1], step.structured_outputs
    states = {name for name in inputs if name.startswith("state_")}
    assert states
    assert states == {name for name in outputs if name.startswith("state_")}
    for name in states:
        assert inputs[name].shape == outputs[name].shape


def test_the_model_answers_its_golden_outputs(exported):
    _, folder, _, signatures = exported
    golden = np.load(folder / "golden.npz")
    (name,) = signatures["model"].structured_input_signature[1]
    (answer,) = signatures["model"](**{name: tf.constant(golden["inputs"])}).values()
    np.testing.assert_allclose(answer, golden["outputs"], atol=1e-5)


def after(step, texts, states=None):
    """Logits and states after reading `texts`, from `states` or from none."""
    if states is None:
        shapes = step.structured_input_signature[1]
        states = {
            name: tf.zeros([len(texts), *spec.shape[1:]])
            for name, spec in shapes.items()
            if name.startswith("state_")
        }
    answer = step(text=tf.constant(texts), **states)
    return answer.pop("logits"), answer


def test_raw_texts_of_different_length_are_answered_like_the_model(exported):
    name, _, _, signatures = exported
    model = rnnzoo.load(name)
    texts = ["The", "Shall I compare", "a"]
    answer = signatures["serving_default"](text=tf.constant(texts))["logits"]
    for text, logits in zip(texts, answer, strict=True):
        expected = model(model.vocabulary.encode(text)[None])[0, -1]
        np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_steps_one_after_the_other_are_the_whole_text(exported):
    signatures = exported[3]
    whole = signatures["serving_default"](text=tf.constant(["Shall", "I see"]))["logits"]
    logits, states = after(signatures["step"], ["Sh", "I"])
    for pair in (["a", " "], ["ll", "see"]):
        logits, states = after(signatures["step"], pair, states)
    np.testing.assert_allclose(logits, whole, atol=1e-5)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["a", "日本"], "unknown characters"),
        (["a", ""], "empty text"),
        ([], "no text"),
        (
            ["a" * 100, *["a"] * 2622],
            "too much text: 262144 characters a request at most, not. .262300",
        ),
    ],
)
def test_a_text_that_cannot_be_read_is_said(exported, texts, said):
    with pytest.raises(tf.errors.InvalidArgumentError, match=said):
        exported[3]["serving_default"](text=tf.constant(texts, dtype=tf.string))


def test_characters_of_several_bytes_and_layers_of_several_states(tmp_path):
    from rnnzoo.text.generator import TextGenerator

    layers = [keras.layers.LSTM(4), keras.layers.SimpleRNN(3), keras.layers.GRU(2)]
    model = TextGenerator("aé❦ b", layers)
    export_saved_model(model, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    answer = loaded.signatures["serving_default"](text=tf.constant(["❦é b"]))["logits"]
    expected = model(model.vocabulary.encode("❦é b")[None])[:, -1]
    np.testing.assert_allclose(answer, expected, atol=1e-6)
    assert {"state_0_0", "state_0_1", "state_1_0", "state_2_0"} <= set(
        loaded.signatures["step"].structured_outputs
    )


def test_each_weight_is_stored_once(exported):
    name, folder, _, _ = exported
    stored = [
        shape
        for key, shape in tf.train.list_variables(folder / "variables/variables")
        if key.endswith("VARIABLE_VALUE")
    ]
    assert sum(map(np.prod, stored)) == rnnzoo.info(name)["architecture"]["parameters"]


@pytest.mark.parametrize(
    "settings",
    [
        {"architecture": "svdrnn", "rms_weight": 1.0},
        {"architecture": "nemgru", "noise_std": 0.1},
        {"architecture": "nemlstm", "noise_std": 0.1, "layers": 2, "dropout": 0.5},
    ],
    ids=lambda settings: settings["architecture"],
)
def test_every_kind_of_layer_is_served_character_by_character(settings, tmp_path):
    recipe = complete({"units": 3, **settings})
    model = finished(build("x", recipe, Vocabulary("abcde")))
    export_saved_model(model, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    step, states = loaded.signatures["step"], None
    for character in "abcade":
        logits, states = after(step, [character], states)
    expected = model(model.vocabulary.encode("abcade")[None])[0, -1]
    np.testing.assert_allclose(logits[0], expected, atol=1e-6)
