"""Statistics of features that are numbers, as a StatisticsGen writes them."""

import numpy as np

FILE = "statistics.binpb"


def write_numbers(folder, splits):
    """Writes `statistics.binpb`, a `DatasetFeatureStatisticsList` with a data set a split.

    Args:
        folder: Path of the stage's folder.
        splits: dict from split to (examples, dict from feature to an array or list of numbers).
    """
    from tensorflow_metadata.proto.v0 import statistics_pb2

    result = statistics_pb2.DatasetFeatureStatisticsList()
    number = statistics_pb2.FeatureNameStatistics.FLOAT
    for split, (examples, columns) in splits.items():
        dataset = result.datasets.add(name=split, num_examples=examples)
        for name, column in columns.items():
            found = dataset.features.add(name=name, type=number).num_stats
            found.common_stats.num_non_missing = len(column)
            found.min, found.max = float(np.min(column)), float(np.max(column))
            found.mean, found.std_dev = float(np.mean(column)), float(np.std(column))
    (folder / FILE).write_bytes(result.SerializeToString(deterministic=True))


def read_numbers(folder):
    """dict from split to dict from feature name to its `num_stats`."""
    from tensorflow_metadata.proto.v0 import statistics_pb2

    content = (folder / FILE).read_bytes()
    parsed = statistics_pb2.DatasetFeatureStatisticsList.FromString(content)
    return {d.name: {one.name: one.num_stats for one in d.features} for d in parsed.datasets}
