"""What ran: a row per stage."""

from rnnzoo.html_page import Html, escaped, html_table
from rnnzoo.pipelines.report.parts import clipped, details, left_out, paragraph, value_of
from rnnzoo.pipelines.report.run import FAILED
from rnnzoo.pipelines.stages import STAGES

COLUMNS = ("stage", "outcome", "seconds", "version", "digest", "size")
MOST = 200  # parameters of a stage


def what_ran(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    if not run.stages and not run.components:
        return paragraph("The card has no lineage: this model was not made by the pipeline.")
    components = _components(run.components)
    rows = [_row(stage) for stage in run.stages]
    if run.status == FAILED:
        ran = {stage.stage for stage in run.stages}
        rows += [[s.name, "not run", *[None] * 4] for s in STAGES if s.name not in ran]
    last = {FAILED: "not run"}.get(run.status, run.status)
    rows.append(["pushed", last, None, None, run.card.get("content_digest", "")[:19], None])
    note = "Seconds are those that the stage took when its artifact was made."
    if run.folder:
        note += f" The model is in {run.folder}."
    failed = "".join(
        f'<p class="failed"><strong>{escaped(stage.stage)} failed:</strong> '
        f"{escaped(clipped(stage.reason, 2000))}</p>"
        for stage in (*run.components, *run.stages)
        if stage.reason
    )
    parts = [failed, components, html_table(COLUMNS, rows), paragraph(note)]
    return "\n".join([*parts, *(_parameters(stage) for stage in run.stages if stage.parameters)])


def _components(components):
    """The table of another engine's components, and a heading for that of the stages."""
    if not components:
        return ""
    rows = [
        [*_row(component)[:3], component.path and str(component.path)] for component in components
    ]
    table = html_table(("component", "outcome", "seconds", "artifact"), rows)
    parameters = (_parameters(component) for component in components if component.parameters)
    return "\n".join([table, *parameters, "<h3>Stages that the components ran</h3>"])


def _row(stage):
    name = Html(f'<span id="{anchor(stage.stage)}">{escaped(stage.stage)}</span>')
    seconds = None if stage.seconds is None else f"{stage.seconds:.1f}"
    digest = stage.digest and Html(
        f'<code title="sha256 {escaped(stage.digest)}">{escaped(stage.digest[:12])}</code>'
    )
    size = None if stage.path is None else shown_size(stage.path)
    return [name, stage.outcome, seconds, stage.version, digest, size]


def anchor(stage):
    """str, the id of a stage's row."""
    return f"stage-{stage}"


def _parameters(stage):
    rows = []
    for name, value in stage.parameters.items():
        inner = value.items() if isinstance(value, dict) else ()
        rows += [[f"{name}.{key}", value_of(of_key)] for key, of_key in inner]
        rows += [] if inner else [[name, value_of(value)]]
    table = html_table(("parameter", "value"), rows[:MOST])
    return details(f"parameters of {stage.stage}", f"{table}\n{left_out(len(rows) - MOST, 'keys')}")


def shown_size(folder):
    """str, the bytes of the files below a folder, `"1.2 MB"`; no line is broken at its space."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    units = ["bytes", "kB", "MB", "GB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f}\u00a0bytes" if units[0] == "bytes" else f"{size:.1f}\u00a0{units[0]}"
