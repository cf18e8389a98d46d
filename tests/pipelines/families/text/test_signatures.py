"""What exported text models answer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import rnnzoo
from rnnzoo.artifacts import find, packaged_dir, versions
from rnnzoo.datasets.char_text.load import CharText
from rnnzoo.datasets.text.vocabulary import Vocabulary
from rnnzoo.families import families
from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.pipelines.families.text.family import TextFamily

PRETRAINED = sorted(folder.name for folder in packaged_dir().iterdir() if versions(folder))
TEXT = [name for name in PRETRAINED if rnnzoo.info(name)["task"] == "TextGenerator"]


@pytest.fixture(scope="module", params=[*TEXT, "sonnets-lstm"])
def exported(request, small_model):
    """(name, signatures) of every pretrained text model and the small one."""
    loaded = tf.saved_model.load(find(request.param))
    yield request.param, loaded.signatures  # `loaded` owns the weights: it has to live as long


def after(step, texts, states=None):
    """Logits and states after reading `texts`, from `states` or from none."""
    if states is None:
        shapes = step.structured_input_signature[1]
        states = {
            name: tf.zeros([len(texts), *spec.shape[1:]])
            for name, spec in shapes.items()
            if name.startswith("state_")
        }
    outputs = step(text=tf.constant(texts), **states)
    return outputs.pop("logits"), outputs


def test_raw_texts_of_different_length_are_answered_like_the_model(exported):
    name, signatures = exported
    model = rnnzoo.load(name)
    texts = ["The", "Shall I compare", "a"]
    outputs = signatures["serving_default"](text=tf.constant(texts))["logits"]
    for text, logits in zip(texts, outputs, strict=True):
        expected = model(model.vocabulary.encode(text)[None])[0, -1]
        np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_steps_one_after_the_other_are_the_whole_text(exported):
    signatures = exported[1]
    whole = signatures["serving_default"](text=tf.constant(["Shall", "I see"]))["logits"]
    logits, states = after(signatures["step"], ["Sh", "I"])
    for pair in (["a", " "], ["ll", "see"]):
        logits, states = after(signatures["step"], pair, states)
    np.testing.assert_allclose(logits, whole, atol=1e-5)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "no text"),
        (
            ["a" * 100, *["a"] * 2622],
            "too much text: 262144 characters a request at most, not 262300",
        ),
    ],
)
def test_a_text_that_cannot_be_read_is_said(exported, texts, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        exported[1]["serving_default"](text=tf.constant(texts, dtype=tf.string))


UNKNOWN = ["日", "q'\\\"x\n\t\x00\x7f\xa0é", "".join(map(chr, range(256)))]


def test_a_text_is_refused_in_the_words_of_python(tiny, tmp_path, refused_alike):
    export_saved_model(tiny, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    serving, step = (loaded.signatures[name] for name in ("serving_default", "step"))
    specs = step.structured_input_signature[1].items()
    states = {name: tf.zeros([2, *spec.shape[1:]]) for name, spec in specs if name != "text"}
    logits = [serving(text=tf.constant([text]))["logits"] for text in ("abc", "\ufeffabc")]
    np.testing.assert_array_equal(*logits)
    for text in ("", *UNKNOWN):
        texts = tf.constant(["abc", text])
        refused_alike(lambda text=text: tiny.generate(text, 1), serving, text=texts)
        refused_alike(lambda text=text: tiny.generate(text, 1), step, text=texts, **states)


def test_characters_of_several_bytes_and_layers_of_several_states(tmp_path):
    from rnnzoo.text.generator import TextGenerator

    layers = [keras.layers.LSTM(4), keras.layers.SimpleRNN(3), keras.layers.GRU(2)]
    model = TextGenerator("aé❦ b", layers)
    export_saved_model(model, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    outputs = loaded.signatures["serving_default"](text=tf.constant(["❦é b"]))["logits"]
    expected = model(model.vocabulary.encode("❦é b")[None])[:, -1]
    np.testing.assert_allclose(outputs, expected, atol=1e-6)
    assert {"state_0_0", "state_0_1", "state_1_0", "state_2_0"} <= set(
        loaded.signatures["step"].structured_outputs
    )


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
    recipe = families()["TextGenerator"].complete({"units": 3, **settings})
    text = CharText("x", "", "", "", Vocabulary("abcde"))
    model = TextFamily().build("x", recipe, text).finished()
    export_saved_model(model, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    step, states = loaded.signatures["step"], None
    for character in "abcade":
        logits, states = after(step, [character], states)
    expected = model(model.vocabulary.encode("abcade")[None])[0, -1]
    np.testing.assert_allclose(logits[0], expected, atol=1e-6)
