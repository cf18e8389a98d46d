"""The stages from pieces of music to what an imputer is trained on.

examples      ExampleGen: each piece of each split in parts of 30 seconds, as TFRecord
statistics    StatisticsGen: how long, how loud, how silent, what repeats, a Statistics proto
schema        SchemaGen: the rate and the range of the samples, a Schema proto
anomalies     ExampleValidator: what is odd about the splits, an Anomalies proto
transformed   Transform: a spectrogram of each piece
"""

import json
import sys

import numpy as np

from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.music.mono import RATE, mono
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.families.audio.given_pieces import listed_pieces
from rnnzoo.pipelines.stages.anomalies import Anomalies
from rnnzoo.pipelines.stages.number_statistics import read_numbers, write_numbers
from rnnzoo.pipelines.stages.schema_file import write_schema

PART = 30 * RATE  # samples of an example
FULL = 2**15 - 1
SILENT = 1e-3  # of full scale: a part that is quieter is silent
CLIPPED = 0.01  # share of samples at full scale, above which a piece is clipped
LITTLE = 600  # seconds of training music, below which there is little to learn from


@stage(version=1)
def examples(out, *, data, data_sha256):
    """Writes `<split>.tfrecord`: `piece`, `part` and `samples`, int16 of one channel, 22,050 Hz.

    A piece that cannot be read is left out, and a line says so.

    Raises:
        InputError: no piece of a split is left.
    """
    import tensorflow as tf

    for split, pieces in listed_pieces(data_sha256).items():
        written = 0
        with tf.io.TFRecordWriter(str(out / f"{split}.tfrecord")) as writer:
            for piece in pieces:
                try:
                    samples = mono(read_audio(piece.path))
                except InputError as problem:
                    print(f"skipped: {problem}", file=sys.stderr)
                    continue
                whole = np.round(np.clip(samples, -1, 1) * FULL).astype("<i2")
                for part, start in enumerate(range(0, len(whole), PART)):
                    writer.write(_example(piece.name, part, whole[start : start + PART]))
                    written += 1
        if not written:
            raise InputError(f"no piece of {split} can be read: give music of which some can")


def _example(piece, part, samples):
    import tensorflow as tf

    def of_bytes(value):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))

    feature = {
        "piece": of_bytes(piece.encode()),
        "part": tf.train.Feature(int64_list=tf.train.Int64List(value=[part])),
        "samples": of_bytes(samples.tobytes()),
    }
    features = tf.train.Features(feature=feature)
    return tf.train.Example(features=features).SerializeToString()


def read_parts(folder, split):
    """Yields (name of the piece, float32 samples (n,)) of each part, in their order."""
    import tensorflow as tf

    for record in tf.data.TFRecordDataset(str(folder / f"{split}.tfrecord")):
        feature = tf.train.Example.FromString(record.numpy()).features.feature
        samples = np.frombuffer(feature["samples"].bytes_list.value[0], "<i2")
        yield feature["piece"].bytes_list.value[0].decode(), samples.astype("float32") / FULL


@stage(version=1)
def statistics(out, *, examples):
    """Writes `statistics.binpb`, a `DatasetFeatureStatisticsList` with a data set a split.

    A row is a part: its `seconds`, `loudness` (root mean square), `peak`, `clipped` (share of
    samples at full scale), `silent`, and `repeated`, whether it stands in the training split too.
    """
    found, trained = {}, set()
    for split in SPLITS:
        rows = []
        for _, samples in read_parts(examples, split):
            digest, size = hash(samples.tobytes()), np.abs(samples)
            loudness = float(np.sqrt(np.mean(samples**2)))
            rows.append(
                {
                    "seconds": len(samples) / RATE,
                    "loudness": loudness,
                    "peak": float(size.max()),
                    "clipped": float(np.mean(size >= 1)),
                    "silent": float(loudness < SILENT),
                    "repeated": float(split != "train" and digest in trained),
                }
            )
            if split == "train":
                trained.add(digest)
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        found[split] = len(rows), columns
    write_numbers(out, found)


@stage(version=1)
def schema(out, *, statistics):
    """Writes `schema.pbtxt`: a part is at most 30 seconds of samples from -1 to 1."""
    from tensorflow_metadata.proto.v0 import schema_pb2

    train = read_numbers(statistics)["train"]
    result = schema_pb2.Schema()
    samples = result.feature.add(name="samples", type=schema_pb2.FLOAT)
    samples.presence.min_fraction = 1.0
    samples.float_domain.min, samples.float_domain.max = -1.0, 1.0
    seconds = result.feature.add(name="seconds", type=schema_pb2.FLOAT)
    seconds.float_domain.min, seconds.float_domain.max = 0.0, max(train["seconds"].max, 30.0)
    write_schema(out, result)


@stage(version=1)
def anomalies(out, *, statistics, schema):
    """Writes `anomalies.pbtxt`; an error among them ends the pipeline, a warning does not.

    Raises:
        InputError: an error, in its own words.
    """
    found = Anomalies()
    for split, features in read_numbers(statistics).items():
        silent, clipped = features["silent"].mean, features["clipped"].mean
        if silent == 1:
            found.error(f"silent/{split}", f"{split} is silent: give music")
        elif silent > 0:
            found.warning(f"silent/{split}", f"{silent:.0%} of the parts of {split} are silent")
        if clipped > CLIPPED:
            found.warning(
                f"clipped/{split}", f"{clipped:.1%} of the samples of {split} are at full scale"
            )
        if (repeated := features["repeated"].mean) > 0:
            description = f"{repeated:.0%} of the parts of {split} stand in train too"
            found.warning(f"repeated/{split}", f"{description}: its figures mean little")
        seconds = features["seconds"].mean * features["seconds"].common_stats.num_non_missing
        if split == "train" and seconds < LITTLE:
            description = f"train has {seconds:.3g} s of music: {LITTLE} or more make a difference"
            found.warning("little/train", description)
    found.write(out)


@stage(version=1)
def transformed(out, *, data, data_sha256, examples, anomalies):
    """Writes `<split>-<number>.npy`, float16 magnitudes (columns, 129) of a piece.

    And `data.json` of the name and the sha256 of the data and the pieces' names.
    """
    names = {}
    for split in SPLITS:
        pieces = {}
        for name, samples in read_parts(examples, split):
            pieces.setdefault(name, []).append(samples)
        for number, parts in enumerate(pieces.values()):
            magnitudes = np.abs(analyse(np.concatenate(parts))).T
            np.save(out / f"{split}-{number}.npy", magnitudes.astype("float16"))
        names[split] = list(pieces)
    named = {"name": data, "sha256": data_sha256, "pieces": names}
    (out / "data.json").write_text(json.dumps(named), encoding="utf-8")


def read_data(folder):
    """dict of `name`, `sha256` and `pieces`, a dict from split to list of names."""
    return json.loads((folder / "data.json").read_text(encoding="utf-8"))


def read_pieces(folder, split):
    """dict from a piece's name to its magnitudes (columns, 129), float16 and not in memory."""
    names = read_data(folder)["pieces"][split]
    return {
        name: np.load(folder / f"{split}-{number}.npy", mmap_mode="r", allow_pickle=False)
        for number, name in enumerate(names)
    }
