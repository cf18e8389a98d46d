"""StatisticsGen: statistics of each split, as `tensorflow_metadata` protos.

Split-train/FeatureStats.pb    a DatasetFeatureStatisticsList with one data set

A column of numbers has two histograms of its finite values, `STANDARD` and `QUANTILES`; the number
of infinite ones is `num_undefined`. A column of labels, a `Counter`, has all of them in its
`rank_histogram`; a column of strings its most frequent ones, unless it is free text.
"""

import itertools
from collections import Counter

import numpy as np

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core import column_numbers
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.examples import read_split, split_folder
from rnnzoo.pipelines.core.runner import stage

FILE = "FeatureStats.pb"
QUANTILES = 10  # buckets of equal counts
MOST = 20  # values of a column of strings that are stored
LONGEST = 64  # characters; a column with a longer string is free text, and is not stored


@stage(version=2)
def statistics(out, *, family, examples):
    """Writes the statistics of the family's columns, see `Family.columns`."""
    family = contract.of(family)
    columns = family.columns(lambda split: read_split(examples, split, family.features))
    for split in SPLITS:
        write_statistics(out, split, columns[split], family.features)


def write_statistics(folder, split, columns, features):
    """Writes the statistics of a split; arguments but the artifact's folder as of `described`."""
    split_folder(folder, split).mkdir(exist_ok=True)
    content = described(split, columns, features).SerializeToString(deterministic=True)
    (split_folder(folder, split) / FILE).write_bytes(content)


def described(split, columns, features):
    """The statistics of a split, a `DatasetFeatureStatisticsList`.

    Args:
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
    return result


def _describe_numbers(feature, column):
    from tensorflow_metadata.proto.v0 import statistics_pb2

    stats = feature.num_stats
    stats.common_stats.num_non_missing = len(column)
    if not len(column):
        return
    values = np.asarray(column).reshape(-1)
    stats.min, stats.max = float(np.min(values)), float(np.max(values))
    stats.mean, stats.std_dev = column_numbers.moments(values)
    stats.num_zeros = column_numbers.count(values, lambda piece: piece == 0)
    edges, counts = column_numbers.histogram(values)
    standard = stats.histograms.add(type=statistics_pb2.Histogram.STANDARD)
    standard.num_nan = column_numbers.count(values, np.isnan)
    standard.num_undefined = column_numbers.count(values, np.isinf)
    for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True):
        standard.buckets.add(low_value=low, high_value=high, sample_count=count)
    limits = column_numbers.quantiles(values, np.linspace(0, 1, QUANTILES + 1))
    if len(limits):
        stats.median = limits[QUANTILES // 2]
        by_count = stats.histograms.add(type=statistics_pb2.Histogram.QUANTILES)
        share = counts.sum() / QUANTILES
        for low, high in itertools.pairwise(limits):
            by_count.buckets.add(low_value=low, high_value=high, sample_count=share)


def _describe_strings(feature, column):
    stats, counts = feature.string_stats, Counter(column)
    total = counts.total()
    stats.common_stats.num_non_missing = total
    stats.unique = len(counts)
    stats.avg_length = sum(len(label) * count for label, count in counts.items()) / max(1, total)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    if not isinstance(column, Counter):
        is_free = max(map(len, counts)) > LONGEST
        ordered = [] if is_free else ordered[:MOST]
    for rank, (label, count) in enumerate(ordered):
        stats.rank_histogram.buckets.add(
            low_rank=rank, high_rank=rank, label=label, sample_count=count
        )


def read_datasets(folder):
    """dict from split to its `DatasetFeatureStatistics`."""
    from tensorflow_metadata.proto.v0 import statistics_pb2

    by_split = {}
    for split in SPLITS:
        content = (split_folder(folder, split) / FILE).read_bytes()
        (dataset,) = statistics_pb2.DatasetFeatureStatisticsList.FromString(content).datasets
        by_split[split] = dataset
    return by_split


def read_statistics(folder):
    """dict from split to dict from name to `FeatureNameStatistics`."""
    return {
        split: {feature.name: feature for feature in dataset.features}
        for split, dataset in read_datasets(folder).items()
    }


def label_counts(feature):
    """dict from label to its count, from the statistics of a column of labels."""
    buckets = feature.string_stats.rank_histogram.buckets
    return {bucket.label: int(bucket.sample_count) for bucket in buckets}
