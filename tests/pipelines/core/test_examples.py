"""Examples come back as they were written, with their types."""

import numpy as np
import pytest

from rnnzoo.pipelines.core.examples import Feature, read_split, write_split

FEATURES = {
    "text": Feature("string"),
    "label": Feature("int64"),
    "weight": Feature("float32"),
    "pair": Feature("float32", (2,)),
    "frames": Feature("float32", None),
    "words": Feature("string", None),
}


def example(time, words):
    return {
        "text": "perché", "label": -3, "weight": 0.1, "pair": [1.5, -2.0],
        "frames": np.arange(time * 6, dtype="float32").reshape(time, 2, 3), "words": words,
    }  # fmt: skip


def test_a_round_trip(tmp_path):
    examples = [example(2, ["a", "bé"]), example(0, ["c"])]
    assert write_split(tmp_path, "train", FEATURES, examples) == 2
    assert [path.name for path in tmp_path.rglob("*.gz")] == ["data_tfrecord-00000-of-00001.gz"]
    assert (tmp_path / "Split-train").is_dir()
    first, second = read_split(tmp_path, "train", FEATURES)
    assert (first["text"], first["label"]) == ("perché", -3)
    assert first["weight"] == np.float32(0.1)
    np.testing.assert_array_equal(first["pair"], [1.5, -2.0])
    assert first["frames"].shape == (2, 2, 3)
    assert second["frames"].shape == (0, 2, 3)
    np.testing.assert_array_equal(first["frames"], examples[0]["frames"])
    assert list(first["words"]) == ["a", "bé"]


def test_other_tools_read_standard_examples(tmp_path):
    import tensorflow as tf

    write_split(tmp_path, "test", FEATURES, [example(1, ["a"])])
    path = str(next(tmp_path.rglob("*.gz")))
    (record,) = tf.data.TFRecordDataset(path, "GZIP").as_numpy_iterator()
    features = tf.train.Example.FromString(record).features.feature
    assert features["text"].bytes_list.value[0].decode() == "perché"
    assert list(features["frames/shape"].int64_list.value) == [1, 2, 3]
    assert len(features["frames"].float_list.value) == 6


def test_the_same_examples_are_the_same_bytes(tmp_path):
    contents = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_split(tmp_path / name, "train", FEATURES, [example(3, ["a"])])
        contents.add(next((tmp_path / name).rglob("*.gz")).read_bytes())
    assert len(contents) == 1


@pytest.mark.parametrize("name", ["pair", "label"])
def test_a_missing_feature_is_an_error(tmp_path, name):
    incomplete = {key: value for key, value in example(1, ["a"]).items() if key != name}
    with pytest.raises(KeyError, match=name):
        write_split(tmp_path, "train", FEATURES, [incomplete])
