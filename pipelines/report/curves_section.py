"""Curves of the training of the first seed: losses, other metrics, and the learning rate."""

from rnnzoo.html_page import html_table
from rnnzoo.pipelines.report.line_chart import line_chart
from rnnzoo.pipelines.report.parts import details, figure, left_out, paragraph
from rnnzoo.pipelines.report.run import finite

MOST_METRICS, MOST_EPOCHS = 8, 200
PREFIX = "val_"  # of Keras, for metrics of the validation split


def curves(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    if not run.history:
        trained = run.artifact("model") is not None or run.folder is not None
        return paragraph("This model has no history of epochs." if trained else run.absent("model"))
    names = [
        name
        for name in dict.fromkeys(key for row in run.history for key in row)
        if name != "epoch" and any(finite(row.get(name)) is not None for row in run.history)
    ]
    metrics = [name for name in names if not (name.startswith(PREFIX) and name[4:] in names)]
    parts = []
    for metric in metrics[:MOST_METRICS]:
        series = {_label(metric, "training"): _points(run.history, metric)}
        if PREFIX + metric in names:
            series[_label(metric, "validation")] = _points(run.history, PREFIX + metric)
        parts.append(figure(line_chart(series, f"{metric.replace('_', ' ')} per epoch")))
    parts.append(left_out(len(metrics) - MOST_METRICS, "metrics"))
    rows = ([row.get(name) for name in ("epoch", *names)] for row in run.history[-MOST_EPOCHS:])
    table = html_table(("epoch", *names), rows)
    hidden = left_out(len(run.history) - MOST_EPOCHS, "epochs before these")
    parts.append(details(f"{len(run.history)} epochs as a table", f"{table}\n{hidden}"))
    return "\n".join(parts)


def _label(metric, split):
    name = metric.replace("_", " ")
    return name if metric == "learning_rate" else f"{name}, {split}"


def _points(history, name):
    """list of (epoch, value), of the epochs that have one."""
    values = [(row.get("epoch", n), finite(row.get(name))) for n, row in enumerate(history, 1)]
    return [(epoch, value) for epoch, value in values if value is not None]
