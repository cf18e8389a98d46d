"""StatisticsGen: statistics of each split, as `tensorflow_metadata` protos.

Split-train/FeatureStats.pb    a DatasetFeatureStatisticsList with one data set
"""

import math
from collections import Counter

import numpy as np

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.examples import read_split, split_folder
from rnnzoo.pipelines.core.runner import stage

FILE = "FeatureStats.pb"
PIECE = 2**20  # numbers of which a copy is made at a time


@stage(version=1)
def statistics(out, *, family, examples):
    """Writes the statistics of the family's columns, see `Family.columns`."""
    family = contract.of(family)
    columns = family.columns(lambda split: read_split(examples, split, family.features))
    for split in SPLITS:
        write_statistics(out, split, columns[split], family.features)


def write_statistics(folder, split, columns, features):
    """Writes the statistics of a split.

    Args:
        folder: Path of the artifact's folder.
        split: str.
        columns: dict, of a split, as `Family.columns` returns it.
        features: dict from name to `Feature`, whose type its statistics have.
    """
    from tensorflow_metadata.proto.v0 import statistics_pb2

    result = statistics_pb2.DatasetFeatureStatisticsList()
    dataset = result.datasets.add(name=split, num_examples=columns["examples"])
    for name, column in columns.items():
        if name == "examples":
            continue
        is_text = isinstance(column, Counter) or (len(column) and isinstance(column[0], str))
        whole = name in features and features[name].dtype == "int64"
        kind = statistics_pb2.FeatureNameStatistics
        numbers = kind.INT if whole else kind.FLOAT
        feature = dataset.features.add(name=name, type=kind.STRING if is_text else numbers)
        (_describe_strings if is_text else _describe_numbers)(feature, column)
    split_folder(folder, split).mkdir(exist_ok=True)
    content = result.SerializeToString(deterministic=True)
    (split_folder(folder, split) / FILE).write_bytes(content)


def _describe_numbers(feature, column):
    stats = feature.num_stats
    stats.common_stats.num_non_missing = len(column)
    if len(column):
        stats.min, stats.max = float(np.min(column)), float(np.max(column))
        stats.mean, stats.std_dev = _moments(np.asarray(column).reshape(-1))


def _moments(values):
    """(mean, standard deviation); bytes of pictures become float64 a piece at a time."""
    pieces = [values[i : i + PIECE] for i in range(0, len(values), PIECE)]
    mean = sum(float(np.sum(piece, dtype="float64")) for piece in pieces) / len(values)
    squares = sum(float(np.sum((piece.astype("float64") - mean) ** 2)) for piece in pieces)
    return mean, math.sqrt(squares / len(values))


def _describe_strings(feature, column):
    stats, counts = feature.string_stats, Counter(column)
    total = counts.total()
    stats.common_stats.num_non_missing = total
    stats.unique = len(counts)
    stats.avg_length = sum(len(label) * count for label, count in counts.items()) / max(1, total)
    if isinstance(column, Counter):
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        for rank, (label, count) in enumerate(ordered):
            stats.rank_histogram.buckets.add(
                low_rank=rank, high_rank=rank, label=label, sample_count=count
            )


def read_statistics(folder):
    """dict from split to dict from name to `FeatureNameStatistics`."""
    from tensorflow_metadata.proto.v0 import statistics_pb2

    by_split = {}
    for split in SPLITS:
        content = (split_folder(folder, split) / FILE).read_bytes()
        (dataset,) = statistics_pb2.DatasetFeatureStatisticsList.FromString(content).datasets
        by_split[split] = {feature.name: feature for feature in dataset.features}
    return by_split


def label_counts(feature):
    """dict from label to its count, from the statistics of a column of labels."""
    buckets = feature.string_stats.rank_histogram.buckets
    return {bucket.label: int(bucket.sample_count) for bucket in buckets}
