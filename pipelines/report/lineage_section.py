"""The lineage: which stage read which artifact."""

from rnnzoo.html_page import html_table
from rnnzoo.pipelines.core.stage_run import FAILED
from rnnzoo.pipelines.report.graph_chart import Box, graph_chart
from rnnzoo.pipelines.report.parts import details, figure, paragraph
from rnnzoo.pipelines.report.run import PUSHED
from rnnzoo.pipelines.report.stages_section import anchor

# Where the graph leads to; other stages lead to their row.
SECTIONS = {
    "statistics": "statistics",
    "schema": "anomalies",
    "anomalies": "anomalies",
    "distributions": "anomalies",
    "model": "curves",
    "evaluation": "evaluation",
}
MOST = 12  # characters of a digest
# Of the anomalies it writes the warnings on the card.
READ_BY_PUSHER = ("anomalies", "transformed", "distributions", "model", "evaluation", "infra")


def lineage(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    stages = run.components or run.stages
    if not stages:
        return paragraph("The card has no lineage.")
    digests = {stage.stage: stage.digest for stage in stages if stage.digest}
    data = run.card.get("data") or {}
    first = stages[0].stage
    boxes = [Box("data", str(data.get("file", data.get("name", ""))), {}, "#summary")]
    for stage in stages:
        inputs = {name: _shown(run, artifact) for name, artifact in stage.inputs.items()}
        if stage.stage == first:
            inputs = {"data": _short(data), **inputs}
        note = stage.outcome + (f", sha256 {stage.digest[:MOST]}" if stage.digest else "")
        href = f"#{SECTIONS.get(stage.stage, anchor(stage.stage))}"
        boxes.append(Box(stage.stage, note, inputs, href, stage.outcome == FAILED))
    if run.status == PUSHED and not run.components:
        inputs = {name: digests[name][:MOST] for name in READ_BY_PUSHER if name in digests}
        boxes.append(Box("pushed", run.name, inputs, "#summary"))
    rows = [[name, box.name, what] for box in boxes for name, what in box.inputs.items()]
    chart = graph_chart(boxes, f"lineage of {run.name}: stages, and the artifacts that they read")
    what = "artifacts" if run.components else "sha256"
    table = html_table(("artifact of", "read by", what), rows)
    return f"{figure(chart)}\n{details('as a table', table)}"


def _shown(run, artifact):
    """The start of a digest; types and ids of another engine's artifacts in full."""
    return artifact if run.components else artifact[:MOST]


def _short(data):
    digests = [value for key, value in data.items() if "sha256" in key and isinstance(value, str)]
    return digests[0][:MOST] if digests else ""
