"""Evaluation: figures by seed, checks of the blessing, baselines, and figures by slice."""

import json

from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation import over_seeds
from rnnzoo.html_page import Html, html_table
from rnnzoo.pipelines.core.blessing import REPORT
from rnnzoo.pipelines.report.bar_chart import bar_chart
from rnnzoo.pipelines.report.parts import clipped, figure, left_out, paragraph
from rnnzoo.pipelines.report.run import finite
from rnnzoo.pipelines.report.slices import slices

MOST = 40  # seeds, baselines and checks


def evaluation(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    folder = run.artifact("evaluation")
    card = run.card
    if folder is not None:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    elif "metrics" in card:
        metrics = card["metrics"]
        shipped = {split: metrics[split] for split in EVALUATED if split in metrics}
        by_seed = metrics.get("by_seed") or {str(metrics.get("seed", "")): shipped}
        report = {"by_seed": by_seed, "baselines": card.get("baselines", {})}
    else:
        return paragraph(run.absent("evaluation"))
    before = card.get("metrics", {}).get("before")
    parts = [paragraph(f"Figures are in {run.unit}; less is better.")]
    parts += [_checks(report), "<h3>By seed</h3>", _by_seed(report["by_seed"], before)]
    parts += ["<h3>Beside baselines</h3>", _baselines(run, report)]
    parts += ["<h3>By slice</h3>", slices(run, folder)]
    return "\n".join(parts)


def _checks(report):
    if "compared" not in report:
        return paragraph("The checks of the blessing are in the artifact evaluation, not here.")
    if not report["compared"]:
        return paragraph("Blessed: there was nothing to compare the model with.")
    passed = {True: "passed", False: Html('<strong class="failed">FAILED</strong>')}
    rows = [
        [
            clipped(check["with"], 80),
            finite(check["validation"]),
            finite(check["limit"]) if "limit" in check else "not recorded",
            passed[check["passed"]],
            clipped(check["reason"]),
        ]
        for check in report["compared"]
    ]
    columns = ("compared with", "its figure on validation", "limit", "check", "reason")
    blessed = "Blessed" if report["blessed"] else "Not blessed"
    title = paragraph(f"{blessed}: the model's figure has to be below each limit.")
    return f"{title}\n{html_table(columns, rows[:MOST])}{left_out(len(rows) - MOST, 'checks')}"


def _by_seed(by_seed, before):
    metrics = list(dict.fromkeys(metric for row in by_seed.values() for metric in row))
    rows = [
        [f"seed {seed}" + (" (shipped)" if not number else ""), *(row.get(m) for m in metrics)]
        for number, (seed, row) in enumerate(by_seed.items())
    ]
    if before:
        rows.append(["before fine-tuning", *(before.get(metric) for metric in metrics)])
    table = html_table(("", *metrics), rows[:MOST])
    if len(by_seed) > 1 and all(row.keys() == set(metrics) for row in by_seed.values()):
        spread = over_seeds(by_seed)
        mean = ["mean", *(spread[metric]["mean"] for metric in metrics)]
        deviation = ["std", *(spread[metric]["standard_deviation"] for metric in metrics)]
        table = html_table(("", *metrics), [*rows[:MOST], mean, deviation])
    return f"{table}\n{left_out(len(rows) - MOST, 'seeds')}"


def _baselines(run, report):
    if not report["baselines"] or run.family is None:
        return paragraph("This model has no baselines.")
    figures = {run.name: next(iter(report["by_seed"].values()), {})}
    for name, by_split in run.family.baseline_figures(report["baselines"]).items():
        if isinstance(by_split, dict):
            figures[name] = by_split
    rows = [[name, *(of.get(split) for split in EVALUATED)] for name, of in figures.items()]
    parts = [html_table(("", *EVALUATED), rows[:MOST]), left_out(len(rows) - MOST, "baselines")]
    for split in EVALUATED:
        known = [(name, finite(of.get(split))) for name, of in figures.items()]
        known = sorted((pair for pair in known if pair[1] is not None), key=lambda pair: pair[1])
        bars = [(name, value, ()) for name, value in known[:MOST]]
        if bars:
            title = f"figures on {split}, lowest first"
            parts.append(f"<h4>{split}</h4>\n{figure(bar_chart(bars, title, strong=run.name))}")
    return "\n".join(parts)
