"""The page of a run: its head, and its sections in their order."""

from rnnzoo.html_page import STYLE, escaped, html_page
from rnnzoo.pipelines.report.anomalies_section import anomalies
from rnnzoo.pipelines.report.curves_section import curves
from rnnzoo.pipelines.report.evaluation_section import evaluation
from rnnzoo.pipelines.report.lineage_section import lineage
from rnnzoo.pipelines.report.parts import clipped
from rnnzoo.pipelines.report.stages_section import what_ran
from rnnzoo.pipelines.report.statistics_section import statistics
from rnnzoo.pipelines.report.summary_section import summary

# From a section's id to its title and the function that writes it.
SECTIONS = {
    "summary": ("Summary", summary),
    "stages": ("What ran", what_ran),
    "statistics": ("Statistics", statistics),
    "anomalies": ("Anomalies", anomalies),
    "curves": ("Curves", curves),
    "evaluation": ("Evaluation", evaluation),
    "lineage": ("Lineage", lineage),
}

REPORT_STYLE = """
body { line-height: 1.4; color: #222; background: white; }
nav a { margin-right: 1em; }
section { border-top: 2px solid #ddd; margin-top: 2em; }
table { font-size: 0.9em; margin: 0.6em 0; }
td, th { padding: 0.15em 0.5em; }
code[title] { white-space: nowrap; }
td, th { text-align: left; vertical-align: top; unicode-bidi: isolate; }
td { font-variant-numeric: tabular-nums; }
td:last-child, code { overflow-wrap: anywhere; }
h1, h3, h4, p, summary { overflow-wrap: anywhere; }
figure { margin: 0.8em 0; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
.failed { color: #a11212; }
@media print { nav { display: none; } table { font-size: 0.75em; } }"""


def report_page(run):
    """The page, a str: HTML without JavaScript that needs no network.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    heading = f"Run of {run.name}: {run.status}"
    title = clipped(str(run.card.get("title", "")))
    links = "\n".join(f'<a href="#{key}">{name}</a>' for key, (name, _) in SECTIONS.items())
    parts = [
        f"<h1>{escaped(heading)}</h1>",
        f"<p>{escaped(title)}</p>",
        f"<nav>\n{links}\n</nav>",
    ]
    for key, (name, write) in SECTIONS.items():
        parts.append(f'<section id="{key}">\n<h2>{name}</h2>\n{write(run)}\n</section>')
    return html_page(heading, "\n".join(parts), STYLE + REPORT_STYLE)
