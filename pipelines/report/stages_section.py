"""What ran: a row per stage."""

from rnnzoo.html_page import Html, escaped, html_table
from rnnzoo.pipelines.report.parts import clipped, code, details, paragraph, value_of
from rnnzoo.pipelines.report.run import FAILED
from rnnzoo.pipelines.stages import STAGES

COLUMNS = ("stage", "outcome", "seconds", "version", "parameters", "digest", "size")


def what_ran(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    if not run.stages:
        return paragraph("The card has no lineage: this model was not made by the pipeline.")
    rows = [_row(stage) for stage in run.stages]
    if run.status == FAILED:
        known = {stage.stage for stage in run.stages}
        rows += [[s.name, "not run", *[None] * 5] for s in STAGES if s.name not in known]
    last = {FAILED: "not run"}.get(run.status, run.status)
    where = code(str(run.folder)) if run.folder else None
    rows.append(["pushed", last, None, None, where, run.card.get("content_digest", "")[:19], None])
    note = "Seconds are those that the stage took when its artifact was made."
    failed = "".join(
        f'<p class="failed"><strong>{escaped(stage.stage)} failed:</strong> '
        f"{escaped(clipped(stage.reason, 2000))}</p>"
        for stage in run.stages
        if stage.reason
    )
    return f"{failed}\n{html_table(COLUMNS, rows)}\n{paragraph(note)}"


def _row(stage):
    name = Html(f'<span id="{anchor(stage.stage)}">{escaped(stage.stage)}</span>')
    seconds = None if stage.seconds is None else f"{stage.seconds:.1f}"
    digest = stage.digest and Html(
        f'<code title="sha256 {escaped(stage.digest)}">{escaped(stage.digest[:12])}</code>'
    )
    size = None if stage.path is None else shown_size(stage.path)
    return [name, stage.outcome, seconds, stage.version, _parameters(stage), digest, size]


def anchor(stage):
    """str, the id of a stage's row."""
    return f"stage-{stage}"


def _parameters(stage):
    if not stage.parameters:
        return None
    lines = "<br>\n".join(
        f"{escaped(str(name))} = {escaped(value_of(value))}"
        for name, value in stage.parameters.items()
    )
    return Html(details(clipped(", ".join(stage.parameters), 60), f"<code>{lines}</code>"))


def shown_size(folder):
    """str, the bytes of the files below a folder: `"1.2 MB"`."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    units = ["bytes", "kB", "MB", "GB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} bytes" if units[0] == "bytes" else f"{size:.1f} {units[0]}"
