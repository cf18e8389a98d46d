"""The records of a family's splits, as the workers of Beam make them; they need not import TFX."""

import json
from pathlib import Path

import tensorflow as tf

from rnnzoo.datasets.common.atomic_write import atomic_folder
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.examples import FILE, encoded

INDEX = "index"


def serialized(split, settings):
    """Yields the serialized examples of a split.

    Args:
        split: str.
        settings: str, JSON of the parameters `family`, `data`, `data_sha256` and `ingest`.

    Raises:
        InputError: the data cannot be read, or there is no example.
    """
    parameters = json.loads(settings)
    family = contract.of(parameters.pop("family"))
    count = 0
    for example in family.examples(**parameters)[split]:
        proto = encoded(family.features, example)
        proto.features.feature[INDEX].int64_list.value.append(count)
        count += 1
        yield proto.SerializeToString()
    if not count:
        raise InputError(f"{split} of {parameters['data']} has no example: give more {family.kind}")


def write_split(split, settings, folders):
    """Writes the examples of a split as one file, in a folder that appears complete.

    What a worker has written that is killed meanwhile is no part of the split: another one begins
    it again.

    Args:
        split, settings: see `serialized`.
        folders: dict from split to the path of its folder.
    """
    with atomic_folder(Path(folders[split])) as folder:
        with tf.io.TFRecordWriter(str(folder / FILE), "GZIP") as writer:
            for record in serialized(split, settings):
                writer.write(record)
