"""Whether a model is pushed: better on validation than what it is compared with, or refused.

The stage `evaluation` of every family writes `evaluation.json`, with `blessed` and `compared`
among its fields.
"""

import json

from rnnzoo.datasets.common.errors import InputError

REPORT = "evaluation.json"


def blessing(figure, unit, checks):
    """Compares a figure of which less is better.

    Args:
        figure: float, the model's on validation.
        unit: str, what it counts: `"nats a character"`.
        checks: list of (str what the other is, float its figure, float what the model's has to
            stay below).

    Returns:
        dict: `blessed`, and `compared`, a list of dict, one a check.
    """
    compared = [
        {
            "with": other,
            "validation": of_other,
            "passed": figure < limit,
            "reason": f"{figure:.4f} {unit} on validation, {other} has {of_other:.4f}",
        }
        for other, of_other, limit in checks
    ]
    return {"blessed": all(entry["passed"] for entry in compared), "compared": compared}


def against_last(last_pushed, data_sha256, slack):
    """The check, if there is one, against the version pushed before.

    Args:
        last_pushed: the parameter of that name, see `rnnzoo.pipelines.pipeline`.
        data_sha256: str, of the data of now; a version of other data is not compared.
        slack: function from that version's figure to what the model's has to stay below.

    Returns:
        list of at most one check, as `blessing` takes them.
    """
    if not last_pushed or last_pushed["data_sha256"] != data_sha256:
        return []
    last = last_pushed["validation"]
    return [(f"version {last_pushed['version']}", last, slack(last))]


def write_report(folder, report):
    """Writes the report of the stage `evaluation`, a dict of JSON values, into its folder."""
    (folder / REPORT).write_text(json.dumps(report, indent=2), encoding="utf-8")


def blessed_report(folder):
    """The report of a model that may be pushed.

    Args:
        folder: Path of the folder of the stage `evaluation`.

    Raises:
        InputError: it may not; says why.
    """
    path = folder / REPORT
    report = json.loads(path.read_text(encoding="utf-8"))
    if not report["blessed"]:
        reasons = [entry["reason"] for entry in report["compared"] if not entry["passed"]]
        raise InputError(f"not pushed: {'; '.join(reasons)} (report: {path})")
    return report
