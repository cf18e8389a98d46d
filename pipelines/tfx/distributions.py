"""DistributionValidator: TFX's own, on the features of the examples that have a threshold.

Columns that a family derives are not known to TFX: the stage `distributions`, which the component
`figures` runs, compares these between splits.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from tensorflow_metadata.proto.v0 import anomalies_pb2
from tfx import v1 as tfx
from tfx.components.distribution_validator.component import DistributionValidator
from tfx.proto import distribution_validator_pb2

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.stages.example_validator import FILE
from rnnzoo.pipelines.tfx.store import STORE, runs

SKEW, DRIFT, LAST = "skew", "drift", "last_statistics"  # ids of the components
STATISTICS = "StatisticsGen"


def validators(settings, statistics, last_uri=None):
    """The components: of splits, and, with statistics of the last version, of versions.

    Args:
        settings: dict, see `rnnzoo.pipelines.tfx.settings`.
        statistics: channel.
        last_uri: str, see `last_statistics_uri`; or None.

    Returns:
        list; empty if no feature has a threshold.
    """
    parameters = settings["parameters"]
    features = contract.of(parameters["family"]).features
    thresholds = parameters["thresholds"]
    nodes = []
    if config := config_of(thresholds["skew"], features):
        pairs = [(split, "train") for split in SPLITS[1:]]
        nodes.append(_validator(SKEW, statistics, statistics, config, pairs))
    if last_uri and (config := config_of(thresholds["drift"], features)):
        last = tfx.dsl.Importer(
            source_uri=last_uri,
            artifact_type=tfx.types.standard_artifacts.ExampleStatistics,
            properties={"split_names": json.dumps(SPLITS)},
        ).with_id(LAST)
        pairs = [("train", "train")]
        nodes += [last, _validator(DRIFT, statistics, last.outputs["result"], config, pairs)]
    return nodes


def config_of(threshold, features):
    """The `DistributionValidatorConfig` of a threshold, None if it is for no feature.

    Args:
        threshold: float or dict, see `rnnzoo.pipelines.core.distributions.thresholds_of`.
        features: dict from name to `Feature`.
    """
    if not isinstance(threshold, Mapping):
        threshold = dict.fromkeys(features, threshold)
    config = distribution_validator_pb2.DistributionValidatorConfig()
    for name in sorted(threshold.keys() & features.keys()):
        added = config.default_slice_config.feature.add()
        added.path.step.append(name)
        comparator = added.distribution_comparator
        of_labels = features[name].dtype == "string"
        measure = comparator.infinity_norm if of_labels else comparator.jensen_shannon_divergence
        measure.threshold = threshold[name]
    return config if config.default_slice_config.feature else None


def last_statistics_uri(root, parameters):
    """Where the statistics of the version pushed before are, if that was of other data; or None.

    Args:
        root: folder of TFX's artifacts and its store.
        parameters: dict, those of the stages.
    """
    last, path = parameters["last_pushed"], Path(root) / STORE
    if last is None or last["data_sha256"] == parameters["data_sha256"] or not path.is_file():
        return None
    for nodes in runs(path):
        by_name = {node.name: node for node in nodes}
        pushed = by_name["pusher"].properties if "pusher" in by_name else {}
        if pushed.get("content_digest") == last["content_digest"] and STATISTICS in by_name:
            ((_, uri),) = by_name[STATISTICS].outputs["statistics"]
            return uri if Path(uri).is_dir() else None
    return None


def warnings(nodes):
    """list of str, the anomalies that the components of a run reported.

    Args:
        nodes: list of `rnnzoo.pipelines.tfx.store.Node`.
    """
    lines = []
    for node in nodes:
        for _, uri in node.outputs.get("anomalies", []) if node.name in (SKEW, DRIFT) else ():
            for path in sorted(Path(uri).glob(f"SplitPair-*/{FILE}")):
                pair = path.parent.name.removeprefix("SplitPair-")
                anomalies = anomalies_pb2.Anomalies.FromString(path.read_bytes())
                for name, info in sorted(anomalies.anomaly_info.items()):
                    for reason in info.reason:
                        lines.append(f"{node.name}: {name} of {pair}: {reason.description}")
    return lines


def _validator(name, statistics, baseline, config, pairs):
    return DistributionValidator(
        statistics=statistics,
        baseline_statistics=baseline,
        config=config,
        include_split_pairs=pairs,
    ).with_id(name)
