"""The stages from sequences of frames to what a model is trained on.

examples      ExampleGen: the sequences of each split as TFRecord
statistics    StatisticsGen: how many, how long, how lit and how moving they are, a Statistics proto
schema        SchemaGen: the shape and the range of a frame, a Schema proto
anomalies     ExampleValidator: what is odd about the splits, an Anomalies proto
transformed   Transform: arrays of each split
"""

import json

import numpy as np

from rnnzoo.datasets.bouncing_balls.simulator import BouncingBalls
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.frames.splits import split_frames
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.stages.anomalies import Anomalies
from rnnzoo.pipelines.stages.number_statistics import read_numbers, write_numbers
from rnnzoo.pipelines.stages.schema_file import read_schema, write_schema

# Beside the frames, where a simulator knows it.
TRUTH = ("positions", "velocities", "radii", "masses")


def given_frames_path(sha256):
    """Where a user's own frames are kept for the stages, by the sha256 of shape and values."""
    return cache_dir() / "frames" / f"{sha256}.npy"


@stage(version=1)
def examples(out, *, data, data_sha256):
    """Writes `<split>.tfrecord`: a `tf.train.Example` a sequence, of frames and their truth.

    Each feature is the bytes of an array; `<feature>/dtype` and `<feature>/shape` say of which.
    """
    import tensorflow as tf

    from rnnzoo.datasets.bouncing_balls.load import load_bouncing_balls

    given = given_frames_path(data_sha256)
    parts = split_frames(np.load(given, allow_pickle=False)) if given.is_file() else None
    for split in SPLITS:
        if parts is not None:
            sequences = [{"frames": frames} for frames in parts[split]]
        else:
            balls = load_bouncing_balls(data, split)
            fixed = {"radii": balls.radii, "masses": balls.masses}
            moving = zip(balls.frames, balls.positions, balls.velocities, strict=True)
            sequences = [
                {"frames": frames, "positions": x, "velocities": v, **fixed}
                for frames, x, v in moving
            ]
        options = tf.io.TFRecordOptions(compression_type="GZIP", compression_level=1)
        with tf.io.TFRecordWriter(str(out / f"{split}.tfrecord"), options) as writer:
            for sequence in sequences:
                writer.write(_example(sequence).SerializeToString())


def _example(sequence):
    import tensorflow as tf

    features = {}
    for name, array in sequence.items():
        for key, value in (
            (name, array.tobytes()),
            (f"{name}/dtype", array.dtype.str.encode()),
        ):
            features[key] = tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
        shape = tf.train.Int64List(value=array.shape)
        features[f"{name}/shape"] = tf.train.Feature(int64_list=shape)
    return tf.train.Example(features=tf.train.Features(feature=features))


def _read_example(record):
    import tensorflow as tf

    features = tf.train.Example.FromString(record).features.feature
    found = {}
    for name in ("frames", *TRUTH):
        if name in features:
            dtype = np.dtype(features[f"{name}/dtype"].bytes_list.value[0].decode())
            flat = np.frombuffer(features[name].bytes_list.value[0], dtype)
            found[name] = flat.reshape(features[f"{name}/shape"].int64_list.value)
    return found


def read_sequences(folder, split):
    """The sequences of a split: list of dict from feature to array."""
    import tensorflow as tf

    records = tf.data.TFRecordDataset(str(folder / f"{split}.tfrecord"), "GZIP")
    return [_read_example(record.numpy()) for record in records]


@stage(version=1)
def statistics(out, *, examples):
    """Writes `statistics.binpb`, a `DatasetFeatureStatisticsList` with a data set a split.

    The feature `frames` has the values of the pixels, `steps`, `height` and `width` the sizes,
    `moving` the share of steps in which a pixel changes, by sequence, and `repeated` whether a
    sequence stands in the training split too.
    """
    found, trained = {}, set()
    for split in SPLITS:
        sequences = [one["frames"] for one in read_sequences(examples, split)]
        digests = [hash(frames.tobytes()) for frames in sequences]
        trained = trained or set(digests)
        changes = [frames[1:] != frames[:-1] for frames in sequences]
        columns = {
            "frames": np.concatenate([frames.ravel() for frames in sequences]),
            "steps": [len(frames) for frames in sequences],
            "height": [frames.shape[1] for frames in sequences],
            "width": [frames.shape[2] for frames in sequences],
            "moving": [float(change.any(axis=(1, 2)).mean()) for change in changes],
            "repeated": [float(digest in trained) for digest in digests],
        }
        found[split] = len(sequences), columns
    write_numbers(out, found)


@stage(version=1)
def schema(out, *, statistics):
    """Writes `schema.pbtxt`: a sequence is frames of one size, each pixel from 0 to 1."""
    from tensorflow_metadata.proto.v0 import schema_pb2

    train = read_numbers(statistics)["train"]
    result = schema_pb2.Schema()
    frames = result.feature.add(name="frames", type=schema_pb2.FLOAT)
    frames.presence.min_fraction = 1.0
    for size in ("steps", "height", "width"):
        frames.shape.dim.add(name=size, size=int(train[size].max))
    frames.float_domain.min, frames.float_domain.max = 0.0, 1.0
    frames.float_domain.disallow_nan = True
    write_schema(out, result)


def read_size(folder):
    """(height, width) of a schema."""
    parsed = read_schema(folder)
    sizes = {dim.name: dim.size for dim in parsed.feature[0].shape.dim}
    return sizes["height"], sizes["width"]


@stage(version=1)
def anomalies(out, *, statistics, schema):
    """Writes `anomalies.pbtxt`; an error among them ends the pipeline, a warning does not.

    Raises:
        InputError: an error, in its own words.
    """
    size, found = read_size(schema), Anomalies()
    for split, features in read_numbers(statistics).items():
        frames, moving = features["frames"], features["moving"]
        sizes = [(features["height"].min, features["width"].min)]
        sizes.append((features["height"].max, features["width"].max))
        if any(one != size for one in sizes):
            found.error(f"size/{split}", f"{split} has frames of another size than {size}")
        if not (0 <= frames.min and frames.max <= 1):
            description = f"{split} has pixels from {frames.min:g} to {frames.max:g}"
            found.error(f"range/{split}", f"{description}: give 0 to 1")
        if moving.max == 0:
            description = f"in {split} nothing moves: there is nothing to learn"
            (found.error if split == "train" else found.warning)(f"still/{split}", description)
        elif moving.min == 0:
            found.warning(f"still/{split}", f"{split} has a sequence in which nothing moves")
        repeated = features["repeated"].mean
        if split != "train" and repeated > 0:
            description = f"{repeated:.0%} of the sequences of {split} stand in train too"
            found.warning(f"repeated/{split}", f"{description}: its figures mean little")
    found.write(out)


@stage(version=1)
def transformed(out, *, data, data_sha256, examples, anomalies):
    """Writes `<split>-<feature>.npy`, and `data.json` of the name and the sha256."""
    for split in SPLITS:
        sequences = read_sequences(examples, split)
        for name in sequences[0]:
            columns = [one[name] for one in sequences]
            whole = columns[0] if name in ("radii", "masses") else np.stack(columns)
            np.save(out / f"{split}-{name}.npy", whole)
    named = {"name": data, "sha256": data_sha256}
    (out / "data.json").write_text(json.dumps(named), encoding="utf-8")


def read_name(folder):
    """(name, sha256) of the data that `transformed` wrote."""
    named = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    return named["name"], named["sha256"]


def read_frames_of(folder, split):
    """Frames (sequences, steps, height, width) of a split that `transformed` wrote."""
    return np.load(folder / f"{split}-frames.npy", allow_pickle=False)


def read_balls_of(folder, split):
    """The `BouncingBalls` of a split, None for frames whose truth is not known."""
    if not (folder / f"{split}-positions.npy").is_file():
        return None
    frames = read_frames_of(folder, split)
    truth = [np.load(folder / f"{split}-{name}.npy", allow_pickle=False) for name in TRUTH]
    return BouncingBalls(frames, *truth)
