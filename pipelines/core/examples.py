"""Examples on disk: `tf.train.Example`s with typed features, in the layout that TFX gives them.

Split-train/data_tfrecord-00000-of-00001.gz
"""

from dataclasses import dataclass

import numpy as np

FILE = "data_tfrecord-00000-of-00001.gz"


@dataclass(frozen=True)
class Feature:
    """The type of one feature of an example.

    Args:
        dtype: str, `"string"`, `"int64"` or `"float32"`.
        shape: tuple of int, () for a single value; None if it differs between examples: then an
            int64 feature `<name>/shape` is stored beside it.
    """

    dtype: str
    shape: tuple | None = ()


def split_folder(folder, split):
    """Path of the folder of a split inside an artifact's folder."""
    return folder / f"Split-{split}"


def write_split(folder, split, features, examples):
    """Writes the examples of a split and returns their number.

    Args:
        folder: Path of the artifact's folder.
        split: str.
        features: dict from name to `Feature`.
        examples: iterable of dict from each name to a value: str, number or array.

    Returns:
        int, the number of examples.
    """
    import tensorflow as tf

    split_folder(folder, split).mkdir()
    path = str(split_folder(folder, split) / FILE)
    options = tf.io.TFRecordOptions(compression_type="GZIP", compression_level=1)
    count = 0
    with tf.io.TFRecordWriter(path, options) as writer:
        for example in examples:
            writer.write(encoded(features, example).SerializeToString())
            count += 1
    return count


def encoded(features, example):
    """The `tf.train.Example` of a dict from each name of `features` to a value."""
    import tensorflow as tf

    lists = {}
    for name, feature in features.items():
        array = np.asarray(example[name], str if feature.dtype == "string" else feature.dtype)
        if feature.shape is None:
            shape = tf.train.Int64List(value=array.shape)
            lists[f"{name}/shape"] = tf.train.Feature(int64_list=shape)
        values = array.ravel()  # not a list of Python numbers: an example can be a whole video
        if feature.dtype == "string":
            content = tf.train.BytesList(value=[text.encode() for text in values.tolist()])
            lists[name] = tf.train.Feature(bytes_list=content)
        elif feature.dtype == "int64":
            lists[name] = tf.train.Feature(int64_list=tf.train.Int64List(value=values))
        else:
            lists[name] = tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Example(features=tf.train.Features(feature=lists))


def read_split(folder, split, features):
    """Yields the examples that `write_split` wrote.

    Args:
        folder, split, features: as for `write_split`.

    Yields:
        dict from name to str, number or array.
    """
    import tensorflow as tf

    specs = {}
    for name, feature in features.items():
        if feature.shape is None:
            dtype = tf.as_dtype(feature.dtype)
            specs[name] = tf.io.FixedLenSequenceFeature([], dtype, allow_missing=True)
            specs[f"{name}/shape"] = tf.io.FixedLenSequenceFeature([], "int64", allow_missing=True)
        else:
            specs[name] = tf.io.FixedLenFeature(feature.shape, tf.as_dtype(feature.dtype))
    records = tf.data.TFRecordDataset(str(split_folder(folder, split) / FILE), "GZIP")
    for record in records.as_numpy_iterator():
        parsed = tf.io.parse_single_example(record, specs)
        yield {
            name: _decoded(feature, parsed[name].numpy(), parsed.get(f"{name}/shape"))
            for name, feature in features.items()
        }


def _decoded(feature, value, shape):
    if shape is not None:
        value = value.reshape(shape.numpy())
    if feature.dtype == "string":
        return value.decode() if feature.shape == () else np.vectorize(bytes.decode)(value)
    return value.item() if feature.shape == () else value
