"""Whether a model is pushed: if it is better on validation than what it is compared with.

The stage `evaluation` writes `evaluation.json`, with `blessed` and `compared` among its fields.
"""

import json

from rnnzoo.datasets.common.errors import InputError

REPORT = "evaluation.json"


def blessing(figure, unit, checks):
    """Compares a figure, of which less is better, with those of baselines and of the last version.

    Args:
        figure: float, the model's figure on validation.
        unit: str, what it measures: `"nats per character"`.
        checks: list of (str, float, float): what the model is compared with, its figure, and the
            limit that the model's figure has to stay below.

    Returns:
        dict: `blessed`, and `compared`, a list of dict, one per check.
    """
    compared = [
        {
            "with": baseline,
            "validation": baseline_figure,
            "limit": limit,
            "passed": figure < limit,
            "reason": f"{figure:.4f} {unit} on validation, {baseline} has {baseline_figure:.4f}",
        }
        for baseline, baseline_figure, limit in checks
    ]
    return {"blessed": all(entry["passed"] for entry in compared), "compared": compared}


def against_last(last_pushed, data_sha256, limit):
    """The checks against the version pushed before: one, or none if it is of other data.

    Args:
        last_pushed: the parameter of that name, see `rnnzoo.pipelines.pipeline`.
        data_sha256: str, the digest of the data that is trained on.
        limit: function from that version's figure to the limit of the model's.

    Returns:
        list of at most one check, as `blessing` takes them.
    """
    if not last_pushed or last_pushed["data_sha256"] != data_sha256:
        return []
    last = last_pushed["validation"]
    return [(f"version {last_pushed['version']}", last, limit(last))]


def write_report(folder, report):
    """Writes a report, a dict of JSON values, into the folder of the stage `evaluation`."""
    (folder / REPORT).write_text(json.dumps(report, indent=2), encoding="utf-8")


def report_to_push(folder, push_anyway=False):
    """The report of a model that may be pushed, and what speaks against it.

    Args:
        folder: Path of the folder of the stage `evaluation`.
        push_anyway: bool, whether a model that is not blessed is pushed.

    Returns:
        (dict, the report; list of str, the failed checks of a model that is pushed anyway).

    Raises:
        InputError: the model is not blessed; names the failed checks.
    """
    path = folder / REPORT
    report = json.loads(path.read_text(encoding="utf-8"))
    if report["blessed"]:
        return report, []
    reasons = [entry["reason"] for entry in report["compared"] if not entry["passed"]]
    if not push_anyway:
        raise InputError(
            f"not pushed: {'; '.join(reasons)} (report: {path}); --push-anyway pushes it, and its "
            "card says so"
        )
    return report, reasons
