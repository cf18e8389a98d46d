"""What the stages write, on texts of which one knows what is in them."""

import json

import numpy as np
import pytest

from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.text.reader import read_text
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.core.runner import Runner
from rnnzoo.pipelines.families.text import data_stages as stages
from rnnzoo.pipelines.families.text.family import STAGES
from rnnzoo.pipelines.stages.anomalies import read_warnings


@pytest.fixture
def stage_of(tmp_path):
    """Runs the data stages on a text; returns a function from stage name to its folder."""

    def run(text, upto="transformed"):
        path = tmp_path / "my.txt"
        path.write_text(text, encoding="utf-8")
        pipeline = Pipeline("sonnets-lstm", tmp_path / "models", path, "mine")
        names = [one.name for one in STAGES]
        wanted = STAGES[: names.index(upto) + 1]
        made = Runner(tmp_path / "work", lambda line: None).run(wanted, pipeline._parameters)
        return lambda name: made[name].path

    return run


TEXT = "".join(f"Line {i} of a text.\n" for i in range(400))


def test_passages_are_the_splits(stage_of):
    passages = stages.read_passages(stage_of(TEXT)("examples"))
    assert "".join(text for split in passages.values() for text in split) == TEXT
    assert {len(text) for text in passages["train"][:-1]} == {stages.PASSAGE}


def test_statistics_count(stage_of):
    splits = stages.read_statistics(stage_of("ab" * 900 + "ba" * 50 + "cc" * 50)("statistics"))
    character = splits["train"]["character"].string_stats
    assert character.common_stats.num_non_missing == 1800
    assert {b.label: b.sample_count for b in character.rank_histogram.buckets} == {
        "a": 900,
        "b": 900,
    }
    assert splits["train"]["text"].string_stats.avg_length == 900
    assert splits["validation"]["repeated"].num_stats.mean == 1.0
    assert splits["test"]["repeated"].num_stats.mean == 0.0
    assert splits["test"]["character"].string_stats.unique == 1


def test_the_schema_has_the_characters_of_all_splits(stage_of):
    text = "ab" * 900 + "ba" * 50 + "cc" * 50
    assert stages.read_vocabulary(stage_of(text)("schema")).characters == "abc"


def test_what_is_odd_is_a_warning(stage_of):
    odd = "ab" * 900 + "ba" * 50 + "c\ufffd" * 50
    assert read_warnings(stage_of(odd)("anomalies")) == [
        "test has characters that train has not: 'c', '�'",
        "test has 50 replacement characters: it was decoded wrongly once",
        "100% of validation stands in train too: its figures mean little",
    ]


def test_a_text_of_one_character_ends_the_pipeline(stage_of):
    with pytest.raises(InputError, match="one distinct character"):
        stage_of("a" * 1000)


def test_shakespeare_has_no_anomalies(tmp_path, real_text):
    real_text("shakespeare")
    pipeline = Pipeline("shakespeare-rnn", tmp_path)
    made = Runner(tmp_path / "work", lambda line: None).run(STAGES[:4], pipeline._parameters)
    assert read_warnings(made["anomalies"].path) == []


def test_what_a_model_is_trained_on_is_the_text(stage_of, tmp_path):
    folder = stage_of(TEXT)("transformed")
    text = stages.read_text_of(folder)
    wanted = load_char_text(text=read_text(tmp_path / "my.txt"))
    assert (text.train, text.validation, text.test) == (
        wanted.train,
        wanted.validation,
        wanted.test,
    )
    assert text.vocabulary == wanted.vocabulary
    assert np.load(folder / "train.npy").dtype == np.int32
    assert json.loads((folder / "name.json").read_text()).startswith("text-")
