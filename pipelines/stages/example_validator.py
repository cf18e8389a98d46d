"""ExampleValidator: anomalies of each split, as Anomalies protos.

Split-train/SchemaDiff.pb
"""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.examples import split_folder
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.stages.schema_gen import read_schema
from rnnzoo.pipelines.stages.statistics_gen import read_statistics

FILE = "SchemaDiff.pb"


@stage(version=1)
def anomalies(out, *, family, statistics, schema):
    """Writes the anomalies; the pusher writes warnings on the card.

    Raises:
        InputError: the description of the first error.
    """
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    protos = {split: anomalies_pb2.Anomalies() for split in SPLITS}
    severities = {True: anomalies_pb2.AnomalyInfo.ERROR, False: anomalies_pb2.AnomalyInfo.WARNING}
    errors = []
    for anomaly in contract.of(family).checks(read_statistics(statistics), read_schema(schema)):
        info = protos[anomaly.split].anomaly_info[anomaly.name]
        info.severity, info.description = severities[anomaly.error], anomaly.description
        if anomaly.error:
            errors.append(anomaly.description)
    write_anomalies(out, protos)
    if errors:
        raise InputError(errors[0])


def write_anomalies(folder, protos):
    """Writes a dict from split to `Anomalies` into an artifact's folder."""
    for split, proto in protos.items():
        split_folder(folder, split).mkdir()
        content = proto.SerializeToString(deterministic=True)
        (split_folder(folder, split) / FILE).write_bytes(content)


def read_warnings(folder):
    """list of str, the descriptions of all anomalies, sorted by name and split."""
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    named = []
    for split in SPLITS:
        content = (split_folder(folder, split) / FILE).read_bytes()
        for name, info in anomalies_pb2.Anomalies.FromString(content).anomaly_info.items():
            named.append((name, split, info.description))
    return [description for *_, description in sorted(named)]
