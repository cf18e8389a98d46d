"""The stages from a text to what a model is trained on.

examples      ExampleGen: passages of each split as TFRecord
statistics    StatisticsGen: counts of passages and characters, a Statistics proto
schema        SchemaGen: the characters there are, a Schema proto
anomalies     ExampleValidator: what is odd about the splits, an Anomalies proto
transformed   Transform: ids of each split, and the vocabulary
"""

import json

from rnnzoo.datasets.common.errors import InputError, quoted
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.stages.anomalies import Anomalies
from rnnzoo.pipelines.stages.schema_file import read_schema, write_schema

# Characters of one example.
PASSAGE = 1000

# Characters of the training split that repetitions are looked for in: bounds memory.
MOST_COMPARED = 5_000_000

# Characters of a window whose second appearance is called a repetition.
REPETITION = 50


def given_text_path(sha256):
    """Where a user's own text is kept for the stages, by the sha256 of its UTF-8 bytes."""
    return cache_dir() / "texts" / f"{sha256}.txt"


@stage(version=1)
def examples(out, *, data, data_sha256):
    """Writes `<split>.tfrecord`: `tf.train.Example`s of `text`, 1,000 characters each."""
    import tensorflow as tf

    from rnnzoo.datasets.char_text.load import load_char_text

    given = given_text_path(data_sha256)
    if given.is_file():
        text = load_char_text(text=given.read_bytes().decode())
    else:
        text = load_char_text(data)
    if text.sha256 != data_sha256:
        raise InputError(f"{data} is not the text that was asked for: sha256 {data_sha256}")
    for split in ("train", "validation", "test"):
        part = getattr(text, split)
        with tf.io.TFRecordWriter(str(out / f"{split}.tfrecord")) as writer:
            for start in range(0, len(part), PASSAGE):
                value = tf.train.BytesList(value=[part[start : start + PASSAGE].encode()])
                features = tf.train.Features(feature={"text": tf.train.Feature(bytes_list=value)})
                writer.write(tf.train.Example(features=features).SerializeToString())


def read_passages(folder):
    """Passages of every split: dict from split to list of str."""
    import tensorflow as tf

    passages = {}
    for split in ("train", "validation", "test"):
        records = tf.data.TFRecordDataset(str(folder / f"{split}.tfrecord"))
        parsed = [tf.train.Example.FromString(record.numpy()) for record in records]
        passages[split] = [e.features.feature["text"].bytes_list.value[0].decode() for e in parsed]
    return passages


@stage(version=1)
def statistics(out, *, examples):
    """Writes `statistics.binpb`, a `DatasetFeatureStatisticsList` with a data set a split.

    The feature `text` has the passages, `character` the characters in them by frequency,
    and `repeated` the share of the split's windows of 50 characters that the training
    split has too.
    """
    from collections import Counter

    from tensorflow_metadata.proto.v0 import statistics_pb2

    result = statistics_pb2.DatasetFeatureStatisticsList()
    passages = read_passages(examples)
    train = "".join(passages["train"])[-MOST_COMPARED:]
    seen = {hash(train[i : i + REPETITION]) for i in range(len(train) - REPETITION + 1)}
    for split, texts in passages.items():
        whole = "".join(texts)
        dataset = result.datasets.add(name=split, num_examples=len(texts))
        text = dataset.features.add(name="text", type=statistics_pb2.FeatureNameStatistics.STRING)
        text.string_stats.common_stats.num_non_missing = len(texts)
        text.string_stats.unique = len(set(texts))
        text.string_stats.avg_length = len(whole) / max(1, len(texts))
        counts = Counter(whole)
        character = dataset.features.add(
            name="character", type=statistics_pb2.FeatureNameStatistics.STRING
        )
        character.string_stats.common_stats.num_non_missing = len(whole)
        character.string_stats.unique = len(counts)
        for rank, (label, count) in enumerate(sorted(counts.items(), key=lambda c: (-c[1], c[0]))):
            character.string_stats.rank_histogram.buckets.add(
                low_rank=rank, high_rank=rank, label=label, sample_count=count
            )
        repeated = dataset.features.add(
            name="repeated", type=statistics_pb2.FeatureNameStatistics.FLOAT
        )
        starts = range(0, max(0, len(whole) - REPETITION + 1), REPETITION)
        again = sum(hash(whole[start : start + REPETITION]) in seen for start in starts)
        repeated.num_stats.mean = again / max(1, len(starts))
    (out / "statistics.binpb").write_bytes(result.SerializeToString(deterministic=True))


def read_statistics(folder):
    """dict from split to dict from feature name to its statistics."""
    from tensorflow_metadata.proto.v0 import statistics_pb2

    parsed = statistics_pb2.DatasetFeatureStatisticsList.FromString(
        (folder / "statistics.binpb").read_bytes()
    )
    return {d.name: {feature.name: feature for feature in d.features} for d in parsed.datasets}


def _characters(features):
    buckets = features["character"].string_stats.rank_histogram.buckets
    return {bucket.label: int(bucket.sample_count) for bucket in buckets}


@stage(version=1)
def schema(out, *, statistics):
    """Writes `schema.pbtxt`: a passage is one string, over the characters of all splits."""
    from tensorflow_metadata.proto.v0 import schema_pb2

    result = schema_pb2.Schema()
    text = result.feature.add(name="text", type=schema_pb2.BYTES)
    text.presence.min_fraction = 1.0
    text.shape.dim.add(size=1)
    splits = read_statistics(statistics).values()
    characters = sorted(set().union(*map(_characters, splits)))
    character = result.feature.add(name="character", type=schema_pb2.BYTES, domain="characters")
    character.presence.min_fraction = 1.0
    result.string_domain.add(name="characters", value=characters)
    write_schema(out, result)


def read_vocabulary(folder):
    """The characters of a schema, as a `Vocabulary`."""
    from rnnzoo.datasets.text.vocabulary import Vocabulary

    parsed = read_schema(folder)
    return Vocabulary("".join(parsed.string_domain[0].value))


@stage(version=1)
def anomalies(out, *, statistics, schema):
    """Writes `anomalies.pbtxt`; an error among them ends the pipeline, a warning does not.

    Raises:
        InputError: an error, in its own words.
    """
    splits = read_statistics(statistics)
    trained = _characters(splits["train"])
    found = Anomalies()
    if len(read_vocabulary(schema)) < 2:
        found.error("character", "the text has one distinct character: there is nothing to learn")
    for split, features in splits.items():
        characters = _characters(features)
        if unseen := characters.keys() - trained.keys():
            description = f"{split} has characters that train has not: {quoted(unseen)}"
            found.warning(f"character/{split}", description)
        if "\ufffd" in characters:
            description = f"{split} has {characters[chr(0xFFFD)]} replacement characters"
            found.warning(f"encoding/{split}", f"{description}: it was decoded wrongly once")
        repeated = features["repeated"].num_stats.mean
        if split != "train" and repeated > 0.5:
            description = f"{repeated:.0%} of {split} stands in train too: its figures mean little"
            found.warning(f"repeated/{split}", description)
    found.write(out)


@stage(version=1)
def transformed(out, *, data, examples, schema, anomalies):
    """Writes `<split>.npy` of int32 ids, `vocabulary.json`, and `name.json`.

    The model carries the vocabulary, so that its export takes raw text.
    """
    import numpy as np

    vocabulary = read_vocabulary(schema)
    vocabulary.save(out / "vocabulary.json")
    for split, passages in read_passages(examples).items():
        np.save(out / f"{split}.npy", vocabulary.encode("".join(passages)))
    (out / "name.json").write_text(json.dumps(data), encoding="utf-8")


def read_text_of(folder):
    """The `CharText` that `transformed` wrote."""
    import numpy as np

    from rnnzoo.datasets.char_text.load import CharText
    from rnnzoo.datasets.text.vocabulary import Vocabulary

    vocabulary = Vocabulary.load(folder / "vocabulary.json")
    parts = {
        split: vocabulary.decode(np.load(folder / f"{split}.npy", allow_pickle=False))
        for split in ("train", "validation", "test")
    }
    name = json.loads((folder / "name.json").read_text(encoding="utf-8"))
    return CharText(name=name, vocabulary=vocabulary, **parts)
