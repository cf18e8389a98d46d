"""Anomalies by split with their severity, and the schema that the examples were checked with."""

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.html_page import Html, html_table
from rnnzoo.pipelines.core.examples import split_folder
from rnnzoo.pipelines.report.parts import clipped, details, left_out, paragraph
from rnnzoo.pipelines.stages.example_validator import FILE
from rnnzoo.pipelines.stages.schema_gen import read_schema
from rnnzoo.pipelines.stages.statistics_gen import read_statistics

MOST = 60  # anomalies, and features
STAGES = ("anomalies", "distributions")  # whose artifacts are protos of anomalies


def anomalies(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    return "\n".join([_anomalies(run), _distances(run), _schema(run)])


def _anomalies(run):
    rows, absent = [], []
    stages = {stage.stage: stage for stage in run.stages}
    for name in (STAGES[0], *(name for name in STAGES[1:] if name in stages)):
        folder = run.artifact(name)
        if folder is not None:
            rows += _written(folder)
        elif name == STAGES[0] and name in stages and stages[name].reason:
            rows += _of_a_failed_run(run)  # the stage leaves no artifact then
        else:
            absent.append(paragraph(run.absent(name)))
    if not rows:
        return "\n".join(absent) or paragraph("No anomalies in any split.")
    table = html_table(("split", "severity", "name", "description"), rows[:MOST])
    return "\n".join([table, left_out(len(rows) - MOST, "anomalies"), *absent])


def _protos(folder):
    """Yields (split, `Anomalies`) of an artifact."""
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    for split in SPLITS:
        content = (split_folder(folder, split) / FILE).read_bytes()
        yield split, anomalies_pb2.Anomalies.FromString(content)


def _written(folder):
    """Yields a row per anomaly of the artifact."""
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    for split, proto in _protos(folder):
        for name, info in sorted(proto.anomaly_info.items()):
            severity = anomalies_pb2.AnomalyInfo.Severity.Name(info.severity)
            yield [split, _marked(severity), clipped(name, 80), clipped(info.description)]


def _distances(run):
    """A table of the measured drift and skew, the largest first; empty without any."""
    folder = run.artifact(STAGES[1])
    if folder is None:
        return ""
    rows = []
    for split, proto in _protos(folder):
        for info in proto.drift_skew_info:
            for kind in ("drift", "skew"):
                for measured in getattr(info, f"{kind}_measurements"):
                    column = clipped(".".join(info.path.step), 80)
                    above = "above" if measured.value > measured.threshold else "below"
                    rows.append([split, column, kind, measured.value, measured.threshold, above])
    if not rows:
        return paragraph("No drift or skew was measured.")
    rows.sort(key=lambda row: row[4] - row[3])
    table = html_table(("split", "column", "of", "distance", "threshold", ""), rows[:MOST])
    rest = left_out(len(rows) - MOST, "distances")
    return details(f"{len(rows)} distances of drift and skew", f"{table}\n{rest}")


def _of_a_failed_run(run):
    folders = run.artifact("statistics"), run.artifact("schema")
    if run.family is None or None in folders:
        return []
    checks = run.family.checks(read_statistics(folders[0]), read_schema(folders[1]))
    return [
        [
            anomaly.split,
            _marked("ERROR" if anomaly.error else "WARNING"),
            clipped(anomaly.name, 80),
            clipped(anomaly.description),
        ]
        for anomaly in checks
    ]


def _marked(severity):
    return Html(f"<strong>{severity}</strong>") if severity == "ERROR" else severity.lower()


def _schema(run):
    folder = run.artifact("schema")
    if folder is None:
        return paragraph(run.absent("schema"))
    from tensorflow_metadata.proto.v0 import schema_pb2

    schema = read_schema(folder)
    rows = [
        [
            clipped(feature.name, 80),
            schema_pb2.FeatureType.Name(feature.type).lower(),
            " x ".join(str(dim.size) for dim in feature.shape.dim),
            clipped(_domain(feature, schema)),
        ]
        for feature in schema.feature
    ]
    table = html_table(("feature", "type", "shape", "domain"), rows[:MOST])
    content = f"{table}\n{left_out(len(rows) - MOST, 'features')}"
    return details(f"schema: {len(rows)} features", content)


def _domain(feature, schema):
    """The values that a feature may have, as text."""
    kind = feature.WhichOneof("domain_info")
    if kind in ("int_domain", "float_domain"):
        domain = getattr(feature, kind)
        ends = [
            f"{getattr(domain, end):g}" if domain.HasField(end) else "" for end in ("min", "max")
        ]
        return f"{ends[0]} to {ends[1]}".strip()
    values = ()
    if kind == "string_domain":
        values = feature.string_domain.value
    elif kind == "domain":
        values = next((d.value for d in schema.string_domain if d.name == feature.domain), ())
    return ", ".join(map(repr, values)) if values else (kind or "")
