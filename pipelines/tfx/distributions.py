"""DistributionValidator: TFX's own, on the features of the examples that have a threshold.

Columns that a family derives are not known to TFX: the stage `distributions`, which the component
`figures` runs, compares these.
"""

import json
import sys
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
STATISTICS, TRAINER = "StatisticsGen", "Trainer"


def validators(settings, statistics, last=None):
    """The components: of splits, and, with statistics of the last version, of versions.

    Args:
        settings: dict, see `rnnzoo.pipelines.tfx.settings`.
        statistics: channel.
        last: dict, see `last_artifacts`; or None.

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
    if last and (config := config_of(thresholds["drift"], features)):
        imported = tfx.dsl.Importer(
            source_uri=last[STATISTICS],
            artifact_type=tfx.types.standard_artifacts.ExampleStatistics,
            properties={"split_names": json.dumps(SPLITS)},
        ).with_id(LAST)
        pairs = [("train", "train")]
        drift = _validator(DRIFT, statistics, imported.outputs["result"], config, pairs)
        nodes += [imported, drift]
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


def last_artifacts(root, parameters):
    """What the components of the version pushed before left, if that was of other data.

    Where it is missing, a line on stderr says that drift is not computed.

    Args:
        root: folder of TFX's artifacts and its store.
        parameters: dict, those of the stages.

    Returns:
        dict from `STATISTICS` and `TRAINER` to the uri of their artifact; or None.
    """
    last, path = parameters["last_pushed"], Path(root) / STORE
    if last is None or last["data_sha256"] == parameters["data_sha256"]:
        return None
    for nodes in runs(path) if path.is_file() else ():
        by_name = {node.name: node for node in nodes}
        pushed = by_name["pusher"].properties if "pusher" in by_name else {}
        if pushed.get("content_digest") == last["content_digest"]:
            uris = {
                name: by_name[name].outputs[channel][0][1]
                for name, channel in ((STATISTICS, "statistics"), (TRAINER, "model"))
            }
            if all(Path(uri).is_dir() for uri in uris.values()):
                return uris
            break
    line = f"drift from version {last['version']} was not computed: {root} has no statistics of it"
    print(line, file=sys.stderr)
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
