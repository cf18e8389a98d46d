"""The page of an experiment, in Markdown, from its findings.

It has no block of code: pages below `docs/` are executed by the tests.
"""

import json
import math

from rnnzoo.pipelines.experiments.harness import formatting
from rnnzoo.pipelines.experiments.harness.cells import choice_seeds

NO_PICTURE = 'No picture: it needs matplotlib, `pip install "rnnzoo[docs]"`.'


def page(findings, picture, example=None):
    """The whole page.

    Args:
        findings: `Findings`.
        picture: str, the file name of the curves, beside the page; None if there is none.
        example: str, that of the experiment's example; None if there is none.

    Returns:
        str.
    """
    experiment = findings.experiment
    parts = [
        f"# {experiment.title}",
        "**quick: not a result.** Few seeds, and each model trained for a moment only."
        if findings.quick
        else "",
        experiment.question,
        f"The source: {experiment.source}" if experiment.source else "",
        _made(findings),
        *(measured(findings, measure) for measure in experiment.measures),
        "Each arm is compared with its control seed by seed. ± is the sample standard deviation "
        "over the seeds, of the values or of their differences; the interval is that of the "
        "mean difference; p is that of a two-sided paired t-test, corrected after Holm over the "
        "comparisons of its table.",
        _curves(findings, picture),
        _example(findings, example),
        _settings(findings),
        _readings(findings),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def measured(findings, measure):
    """The table of one measure, and a line for each comparison."""
    unit = f"{measure.unit}, " if measure.unit else ""
    lines = [
        f"## {measure.name} ({unit}{measure.better} is better)",
        "",
        "| arm | seeds | mean ± sd | difference to its control | 95% interval | p | source |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    compared = []
    for figure in findings.figures[measure.name]:
        difference, interval, p = "", "", ""
        if figure.comparison:
            paired = figure.comparison.difference
            difference = formatting.plus_minus(paired.mean, paired.sd)
            interval = _interval(paired)
            p = formatting.p_value(figure.comparison.p).removeprefix("p ").removeprefix("= ")
            compared.append(figure.comparison)
        mean = formatting.plus_minus(figure.summary.mean, figure.summary.sd)
        cells = (figure.arm, figure.summary.n, mean, difference, interval, p, figure.source)
        lines.append(_row(cells))
    said = [
        f"- {one.arm} against {one.other}: {one.words}."
        for one in (*compared, *findings.pairs[measure.name])
    ]
    return "\n".join([*lines, "", *said]).rstrip()


def _interval(difference):
    if math.isnan(difference.low):
        return ""
    return f"{difference.low:.3g} to {difference.high:.3g}"


def _row(cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _made(findings):
    rows = findings.made
    days = sorted({row["date"][:10] for row in rows})
    between = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    cores = " or ".join(sorted({row["cores"] for row in rows}, key=int))
    versions = "; ".join(sorted({row["versions"] for row in rows}))
    seconds = formatting.duration(sum(float(row["seconds"]) for row in rows))
    quick = " --quick" if findings.quick else ""
    command = findings.experiment.command or f"rnnzoo reproduce {findings.experiment.name}{quick}"
    return (
        f"Made with `{command}`, {between}, on {cores} "
        f"CPU cores with {versions}. The {len(rows)} models below took {seconds} to train and "
        f"test. Everything here is computed from [results.csv](results.csv) and "
        f"[choices.json](choices.json)."
    )


def _curves(findings, picture):
    if findings.experiment.curve is None:
        return ""
    name = findings.experiment.curve
    shown = NO_PICTURE
    if picture:
        shown = f"![{name} by epoch, a line an arm: mean and deviation over seeds]({picture})"
    return f"## {name} by epoch\n\n{shown}"


def _example(findings, example):
    if findings.experiment.example is None or findings.quick:
        return ""
    shown = f"![{findings.experiment.example.words}]({example})" if example else NO_PICTURE
    return f"## An example\n\n{shown}\n\n{findings.experiment.example.words}."


def _settings(findings):
    experiment = findings.experiment
    tried = [
        candidate["settings"]
        for candidates in findings.candidates.values()
        for candidate in candidates
    ]
    every = [*tried, *findings.settings.values()]
    common = {
        name: value
        for name, value in every[0].items()
        if all(name in one and _same(one[name], value) for one in every)
    }
    said = "Each arm has one setting: there was nothing to choose."
    if any(len(arm.candidates) > 1 for arm in experiment.arms):
        over = ", ".join(map(str, choice_seeds(experiment, findings.quick)))
        said = (
            f"The lowest {experiment.criterion} on validation, averaged over the seeds {over}, "
            "was chosen before anything was tested."
        )
    if common:
        said += f" All arms have `{formatting.settings(common)}`."
    lines = [
        "## Settings, and what was tried on validation",
        "",
        said,
        "",
        f"| arm | settings | {experiment.criterion} on validation | |",
        "|---|---|---:|---|",
    ]
    for arm in experiment.arms:
        if arm.follows:
            own = f"`{formatting.settings(findings.settings[arm.name], common)}`"
            lines.append(_row((arm.name, own, "", f"follows {arm.follows}")))
            continue
        for candidate in findings.candidates[arm.name]:
            lines.append(_candidate(findings, arm, candidate, common))
    return "\n".join(lines)


def _candidate(findings, arm, candidate, common):
    mean, note = candidate["mean"], ""
    several = len(arm.candidates) > 1
    if several and _same(candidate["settings"], findings.settings[arm.name]):
        note = "**chosen**"
    shown = f"{mean:.4g}" if mean is not None else ("diverged" if several else "nothing to choose")
    own = formatting.settings(candidate["settings"], common)
    return _row((arm.name, f"`{own}`" if own else "", shown, note))


def _same(one, other):
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _readings(findings):
    counts = findings.readings
    kinds = {
        "counting": "for the figures above",
        "repeated": "again, after an interruption",
        "outdated": "for settings or versions that no longer count",
        "quick": "by quick runs",
    }
    said = ", ".join(f"{counts[key]} {what}" for key, what in kinds.items() if counts[key])
    return (
        "## Readings of the test set\n\n"
        f"The test data were handed over {sum(counts.values())} times: {said}. Each time is a "
        "row of [test_readings.csv](../test_readings.csv), written before."
    )
