"""The family of text models, on texts whose content is known."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.char_text.load import CharText, load_char_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.text.vocabulary import Vocabulary
from rnnzoo.families import families
from rnnzoo.layers import NEMGRU, NEMLSTM, SVDSimpleRNN
from rnnzoo.pipelines.core.examples import read_split
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.families.text.family import PASSAGE, TEXT
from rnnzoo.pipelines.stages.example_validator import read_warnings
from rnnzoo.pipelines.stages.schema_gen import read_schema
from rnnzoo.pipelines.stages.statistics_gen import label_counts, read_statistics
from rnnzoo.text import evaluation
from rnnzoo.text.generator import TextGenerator

LINES = "".join(f"Line {i} of a text.\n" for i in range(400))
ODD = "ab" * 900 + "ba" * 50 + "c\ufffd" * 50


@pytest.fixture
def stages_of(data_stages, tmp_path):
    """A function from a text to the folders of the stages up to Transform."""

    def run(text, last="transformed"):
        path = tmp_path / "my.txt"
        path.write_text(text, encoding="utf-8")
        return data_stages("TextGenerator", *TEXT.user_data(path, {}), last=last)

    return run


def test_passages_are_the_splits(stages_of):
    folder = stages_of(LINES, "examples")["examples"]
    texts = {s: [e["text"] for e in read_split(folder, s, TEXT.features)] for s in SPLITS}
    assert "".join(passage for split in texts.values() for passage in split) == LINES
    assert {len(passage) for passage in texts["train"][:-1]} == {PASSAGE}


def test_columns_count_characters_and_repetitions(stages_of):
    folders = stages_of("ab" * 900 + "ba" * 50 + "cc" * 50, "schema")
    splits = read_statistics(folders["statistics"])
    assert label_counts(splits["train"]["character"]) == {"a": 900, "b": 900}
    assert splits["train"]["text"].string_stats.avg_length == 900
    assert splits["validation"]["repeated"].num_stats.mean == 1.0
    assert splits["test"]["repeated"].num_stats.mean == 0.0
    assert splits["test"]["character"].string_stats.unique == 1
    schema = read_schema(folders["schema"])
    assert list(schema.string_domain[0].value) == ["a", "b", "c"], "of all splits"


def test_warnings(stages_of):
    assert read_warnings(stages_of(ODD, "anomalies")["anomalies"]) == [
        "test has characters that train has not: 'c', '\ufffd'",
        "test has 50 replacement characters: it was decoded wrongly once",
        "100% of validation is in train too: its figures mean little",
    ]


def test_a_text_of_one_character_ends_the_pipeline(stages_of):
    with pytest.raises(InputError, match="one distinct character"):
        stages_of("a" * 1000)


def test_shakespeare_has_no_anomalies(data_stages, real_text):
    sha256 = real_text("shakespeare").sha256
    folders = data_stages("TextGenerator", "shakespeare", sha256, last="anomalies")
    assert read_warnings(folders["anomalies"]) == []


def test_the_dataset_is_the_text(stages_of):
    folder = stages_of(LINES)["transformed"]
    dataset, expected = TEXT.dataset(Transformed(folder)), load_char_text(text=LINES)
    assert dataset == expected
    assert np.load(folder / "train.npy").dtype == np.int32


SHIPPED = {
    "rnn": (keras.layers.SimpleRNN, {}),
    "svdrnn": (SVDSimpleRNN, {"interval_weight": 0.1, "rms_weight": 1.0}),
    "lstm": (keras.layers.LSTM, {}),
    "nemlstm": (NEMLSTM, {"noise_std": 0.2}),
    "gru": (keras.layers.GRU, {}),
    "nemgru": (NEMGRU, {"noise_std": 0.2}),
}
IDS = np.array([[0, 3, 1, 4, 2]])


def built(architecture, **settings):
    """An untrained model of two layers of three units."""
    recipe = {"architecture": architecture, "units": 3, "layers": 2, **settings}
    text = CharText("x", "", "", "", Vocabulary("abcde"))
    return TEXT.build("a-b", families()["TextGenerator"].complete(recipe), text)


@pytest.mark.parametrize("architecture", SHIPPED)
def test_what_ships_predicts_as_what_was_trained(architecture, tmp_path):
    layer, settings = SHIPPED[architecture]
    trained = built(architecture, dropout=0.5, **settings)
    model = trained.finished()
    assert [type(recurrent) for recurrent in model.recurrent] == [layer, layer]
    for name, value in settings.items():
        assert model.recurrent[0].get_config()[name] == value
    assert model.dropout == 0.5
    np.testing.assert_allclose(model(IDS), trained(IDS), atol=1e-6)
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
    assert type(again) is TextGenerator
    assert again.get_config() == model.get_config()
    np.testing.assert_array_equal(again(IDS), model(IDS))


def test_dropout_acts_in_training_only():
    model = built("gru", dropout=0.5)
    np.testing.assert_array_equal(model(IDS), model(IDS, training=False))
    assert np.abs(model(IDS, training=True) - model(IDS)).max() > 0


@pytest.mark.parametrize(
    ("architecture", "settings", "message"),
    [
        ("esn", {}, "unknown architecture 'esn': choose one of rnn, svdrnn, lstm"),
        ("lstm", {"noise_std": 0.1}, "a-b: lstm with {'noise_std': 0.1}: only nemlstm"),
        ("svdrnn", {}, "they need one above 0"),
    ],
)
def test_a_recipe_that_does_not_fit_the_architecture(architecture, settings, message):
    with pytest.raises(InputError, match=message):
        built(architecture, **settings)


def test_evaluation_is_against_the_ngrams_of_the_recipe(tiny):
    text = CharText("t", "ab cd " * 40, "ab cd " * 4, "dc ba " * 4, tiny.vocabulary)
    recipe = {"must_beat": 2, "structure": ""}
    result = evaluation.evaluate({"1": tiny}, text, recipe)
    assert result.figures == {"1": TEXT.figures(tiny, text)}
    assert result.figures["1"]["test"] == tiny.nats_per_character(text.test)
    rows = result.baselines["ngram"]
    assert [row["order"] for row in rows] == list(range(1, 9))
    assert result.checks == [("2-grams", rows[1]["validation"], rows[1]["validation"])]
    assert evaluation.evaluate({"1": tiny}, text, None).checks == [], "fine-tuned"
    assert TEXT.limit(1.5) == pytest.approx(1.51)


def test_a_structure_that_is_none(tiny):
    text = CharText("t", "ab cd " * 40, "ab cd " * 4, "dc ba " * 4, tiny.vocabulary)
    with pytest.raises(InputError, match="structure='poem': choose 'recipe'"):
        evaluation.evaluate({"1": tiny}, text, {"must_beat": 1, "structure": "poem"})
    with pytest.raises(InputError, match="t has no recipes: leave structure out"):
        evaluation.evaluate({"1": tiny}, text, {"must_beat": 1, "structure": "recipe"})
