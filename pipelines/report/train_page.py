"""The page that a training writes of its run, whether it succeeds or not."""

import contextlib
import dataclasses
import datetime
import importlib.metadata
import platform
import time

from rnnzoo.artifacts.records import read_history
from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.system_errors import described
from rnnzoo.pipelines.core.run_folders import reports_folder
from rnnzoo.pipelines.core.stage_run import FAILED as STAGE_FAILED
from rnnzoo.pipelines.report.page import report_page
from rnnzoo.pipelines.report.recorded_run import history_of, made_by_digest, outcome_of
from rnnzoo.pipelines.report.run import FAILED, NOT_PUSHED, PUSHED, Run

LIBRARIES = ("rnnzoo", "tensorflow", "keras", "numpy")


@contextlib.contextmanager
def page_of_run(runner, fields, log):
    """Writes the page of the run in the block when it ends, unless it is interrupted.

    A page that cannot be written is reported in a line, and the run has the result that it has.

    Args:
        runner: `Runner`, whose `runs` are the stages of the run.
        fields: dict, what is known of the card before the run: `name`, `task`, `title`, `command`,
            `data`, ...
        log: function that is called with one line.

    Yields:
        function that takes the folder and the card of the model that the run has pushed.
    """
    pushed = []
    try:
        yield lambda folder, card: pushed.append((folder, card))
    except Exception as problem:
        _write(runner, fields, pushed, " ".join(described(problem).split()), log)
        raise
    _write(runner, fields, pushed, "", log)


def _write(runner, fields, pushed, problem, log):
    try:
        run = _run(runner, fields, pushed, problem)
        ending = f"version-{run.card['version']}" if pushed else run.status.replace(" ", "-")
        time_of_day = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
        path = reports_folder(fields["name"]) / f"{time_of_day}-{ending}.html"
        write_text(path, report_page(run))
    except Exception as reason:  # a model that took hours to train is worth more than its page
        log(f"warning: no report page: {' '.join(described(reason).split())}")
    else:
        log(f"report: {path}")


def _run(runner, fields, pushed, problem):
    """The `Run`; stages that were cached have the seconds of when they were made."""
    made = made_by_digest(fields["name"])
    stages = []
    for stage in runner.runs:
        row = made.get((stage.stage, stage.digest))
        missing = stage.seconds is None and row is not None
        stages.append(dataclasses.replace(stage, seconds=row["seconds"]) if missing else stage)
    if pushed:
        folder, card = pushed[-1]
        return Run(card, stages, PUSHED, outcome_of(card), read_history(folder) or [], folder)
    failed = [stage.stage for stage in stages if stage.outcome == STAGE_FAILED]
    status = FAILED if failed or not _has(stages, "evaluation") else NOT_PUSHED
    outcome = f"{failed[0]} failed: {problem}" if failed else problem
    return Run({**_about(), **fields}, stages, status, outcome, history_of(stages))


def _has(stages, name):
    return any(stage.stage == name for stage in stages)


def _about():
    """dict, fields of a card on this process."""
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    return {"date": datetime.datetime.now(datetime.UTC).date().isoformat(), "versions": versions}
