"""The stages from labelled sequences to what a classifier is trained on.

examples      ExampleGen: the sequences of each split as TFRecord
statistics    StatisticsGen: how long, how many of each class, what repeats, a Statistics proto
schema        SchemaGen: the classes, a Schema proto
anomalies     ExampleValidator: what is odd about the splits, an Anomalies proto
transformed   Transform: arrays of all splits, and the classes
"""

import json

import numpy as np

from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.families.sequences import clips
from rnnzoo.pipelines.families.sequences.labelled import SPLITS, Labelled, read_parts, write_parts
from rnnzoo.pipelines.stages.anomalies import Anomalies
from rnnzoo.pipelines.stages.number_statistics import read_numbers, write_numbers
from rnnzoo.pipelines.stages.schema_file import read_schema, write_schema

# A feature of the statistics for each class: 1 for a sequence of it, 0 for another.
CLASS = "class/"

# Of the sequences of the most frequent class: a class with fewer is hardly learned.
RARE = 0.1


def given_path(sha256):
    """Where a user's own sequences are kept for the stages, see `labelled.sha256_of`."""
    return cache_dir() / "sequences" / f"{sha256}.npz"


def own_parts(data):
    """dict from split to `Labelled` of the skeletons that a recipe names."""
    assert data == "action3d"
    from rnnzoo.datasets.action3d.load import load_action3d

    return {split: skeletons(load_action3d(split)) for split in SPLITS}


def skeletons(data):
    """`Labelled` of an `Action3D`."""
    from rnnzoo.datasets.action3d.skeletons import ACTIONS

    joints = [np.asarray(one, "float32") for one in data.joints]
    return Labelled(list(data.names), joints, [ACTIONS[action] for action in data.action])


@stage(version=1)
def examples(out, *, data, data_sha256, steps):
    """Writes `<split>.tfrecord`: `name`, `label`, `shape`, and `values`, float32 bytes.

    And `reader.json`, how a classifier reads them. Of videos the values are features of frames.
    """
    import tensorflow as tf

    given, listed = given_path(data_sha256), clips.listed_clips(data_sha256)
    reader = {"kind": "skeletons", "steps": steps}
    if listed is not None:
        parts, reader = clips.labelled_clips(listed)
    else:
        parts = read_parts(given) if given.is_file() else own_parts(data)
    (out / "reader.json").write_text(json.dumps(reader), encoding="utf-8")

    def text(value):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))

    for split, part in parts.items():
        with tf.io.TFRecordWriter(str(out / f"{split}.tfrecord")) as writer:
            for name, one, label in zip(part.names, part.sequences, part.labels, strict=True):
                feature = {
                    "name": text(name.encode()),
                    "label": text(label.encode()),
                    "shape": tf.train.Feature(int64_list=tf.train.Int64List(value=one.shape)),
                    "values": text(one.astype("<f4").tobytes()),
                }
                features = tf.train.Features(feature=feature)
                writer.write(tf.train.Example(features=features).SerializeToString())


def read_split(folder, split):
    """The `Labelled` of a split that `examples` wrote."""
    import tensorflow as tf

    names, sequences, labels = [], [], []
    for record in tf.data.TFRecordDataset(str(folder / f"{split}.tfrecord")):
        features = tf.train.Example.FromString(record.numpy()).features.feature
        names.append(features["name"].bytes_list.value[0].decode())
        labels.append(features["label"].bytes_list.value[0].decode())
        values = np.frombuffer(features["values"].bytes_list.value[0], "<f4")
        sequences.append(values.reshape(features["shape"].int64_list.value))
    return Labelled(names, sequences, labels)


@stage(version=1)
def statistics(out, *, examples):
    """Writes `statistics.binpb`, a `DatasetFeatureStatisticsList` with a data set a split.

    The feature `steps` has the lengths, `repeated` whether a sequence is in the same split or one
    before it already, and each `class/...` whether a sequence is of that class.
    """
    parts = {split: read_split(examples, split) for split in SPLITS}
    classes = dict.fromkeys(label for part in parts.values() for label in part.labels)
    found, seen = {}, set()
    for split, part in parts.items():
        repeated = []
        for one in part.sequences:
            content = one.tobytes()
            repeated.append(float(content in seen))
            seen.add(content)
        columns = {"steps": [len(one) for one in part.sequences], "repeated": repeated}
        for name in classes:
            columns[CLASS + name] = [float(label == name) for label in part.labels]
        found[split] = len(part), columns
    write_numbers(out, found)


@stage(version=1)
def schema(out, *, statistics):
    """Writes `schema.pbtxt`: one of the classes of training a sequence."""
    from tensorflow_metadata.proto.v0 import schema_pb2

    train = read_numbers(statistics)["train"]
    result = schema_pb2.Schema()
    label = result.feature.add(name="label", type=schema_pb2.BYTES)
    label.presence.min_fraction = 1.0
    label.shape.dim.add(size=1)
    label.string_domain.value.extend(
        name.removeprefix(CLASS)
        for name, column in train.items()
        if name.startswith(CLASS) and column.max
    )
    write_schema(out, result)


def read_classes(folder):
    """The classes that a schema names, in order."""
    return list(read_schema(folder).feature[0].string_domain.value)


@stage(version=1)
def anomalies(out, *, statistics, schema):
    """Writes `anomalies.pbtxt`; an error among them ends the pipeline, a warning does not.

    Raises:
        InputError: an error, in its own words.
    """
    classes, found = read_classes(schema), Anomalies()
    if len(classes) < 2:
        found.error("classes", f"all of train is {classes[0]!r}: give two classes or more")
    for split, features in read_numbers(statistics).items():
        shares = {
            name.removeprefix(CLASS): column.mean
            for name, column in features.items()
            if name.startswith(CLASS)
        }
        for name, share in shares.items():
            if share and name not in classes:
                found.error(f"unknown/{split}/{name}", f"{split} has {name!r}, which train has not")
            elif not share and name in classes:
                found.warning(f"missing/{split}/{name}", f"{split} has no {name!r}")
            elif split == "train" and share < RARE * max(shares.values()):
                found.warning(f"rare/{name}", f"{name!r} is {share:.1%} of train: hardly learned")
        if features["repeated"].mean:
            times = round(
                features["repeated"].mean * features["repeated"].common_stats.num_non_missing
            )
            found.warning(
                f"repeated/{split}", f"{split} has {times} sequences that are there before"
            )
    found.write(out)


@stage(version=1)
def transformed(out, *, data, data_sha256, examples, schema, anomalies):
    """Writes `parts.npz`, all splits, and `data.json`: name, sha256, classes, reader.

    Features are made of the sequences in training, where they are changed anew in every epoch.
    """
    parts = {split: read_split(examples, split) for split in SPLITS}
    with open(out / "parts.npz", "wb") as file:
        write_parts(file, parts)
    reader = json.loads((examples / "reader.json").read_text(encoding="utf-8"))
    about = {"name": data, "sha256": data_sha256, "classes": read_classes(schema), "reader": reader}
    (out / "data.json").write_text(json.dumps(about), encoding="utf-8")


def read_about(folder):
    """dict `name`, `sha256`, `classes`, `reader`."""
    return json.loads((folder / "data.json").read_text(encoding="utf-8"))


def read_parts_of(folder):
    """dict from split to `Labelled`, that `transformed` wrote."""
    return read_parts(folder / "parts.npz")
