"""DistributionValidator: drift and skew of the columns, as Anomalies protos.

Split-train/SchemaDiff.pb    drift: the training split against that of the version pushed before
Split-test/SchemaDiff.pb     skew: a held-out split against the training split

`drift_skew_info` has every measured distance with its threshold, `anomaly_info` a warning for each
one above. Nothing else depends on this stage: other thresholds train nothing again.
"""

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.distances import L_INFINITY
from rnnzoo.pipelines.core.distributions import compared
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.stages.example_validator import write_anomalies
from rnnzoo.pipelines.stages.statistics_gen import read_statistics


@stage(version=1)
def distributions(out, *, statistics, last_statistics, thresholds):
    """Writes the distances and warnings; the pusher writes the warnings on the card.

    Args:
        out: Path of the artifact's folder.
        statistics: Path of the statistics of all splits.
        last_statistics: Path of those of the version pushed before, if that was trained on other
            data; else None.
        thresholds: dict, see `rnnzoo.pipelines.core.distributions.thresholds_of`.

    Raises:
        InputError: a threshold is for a column that the data does not have.
    """
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    columns = read_statistics(statistics)
    protos = {split: anomalies_pb2.Anomalies() for split in SPLITS}
    for split in SPLITS:
        if split != "train":
            comparisons = compared(columns["train"], columns[split], thresholds["skew"], "skew")
            _describe(protos[split], comparisons, "skew", split, "train")
        elif last_statistics is not None:
            last = read_statistics(last_statistics)["train"]
            comparisons = compared(columns["train"], last, thresholds["drift"], "drift")
            _describe(protos[split], comparisons, "drift", split, "that of the version before")
    write_anomalies(out, protos)


def _describe(proto, comparisons, key, split, other):
    """Adds comparisons to the proto of a split."""
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    for comparison in comparisons:
        if comparison.distance is None:
            continue
        of_labels = comparison.measure == L_INFINITY
        info = proto.drift_skew_info.add()
        info.path.step.append(comparison.column)
        added = info.drift_measurements if key == "drift" else info.skew_measurements
        measured = added.add(value=comparison.distance, threshold=comparison.threshold)
        measured.type = measured.L_INFTY if of_labels else measured.JENSEN_SHANNON_DIVERGENCE
        if not comparison.exceeded:
            continue
        description = (
            f"{comparison.column} of {split} is distributed unlike {other}: {comparison.measure} "
            f"distance {comparison.distance:.3g}, threshold {comparison.threshold:g}"
        )
        anomaly = proto.anomaly_info[f"{key}: {comparison.column}"]
        anomaly.severity, anomaly.description = anomalies_pb2.AnomalyInfo.WARNING, description
        anomaly.short_description = f"High {comparison.measure} distance"
        anomaly.path.step.append(comparison.column)
        types = anomalies_pb2.AnomalyInfo
        kind = (
            types.COMPARATOR_L_INFTY_HIGH
            if of_labels
            else types.COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH
        )
        anomaly.reason.add(
            type=kind, short_description=anomaly.short_description, description=description
        )
