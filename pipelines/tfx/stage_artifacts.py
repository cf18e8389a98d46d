"""The artifacts of the embedded stages inside one of TFX, which the next component reads."""

import json
import sys
from functools import partial
from pathlib import Path

from rnnzoo.pipelines.core.runner import Artifact, Runner

FOLDER, FILE = "rnnzoo", "artifacts.json"


def run_stages(uri, stages, parameters, earlier=None, others=None):
    """Runs stages in the folder of a TFX artifact, and writes what `read_stages` reads.

    Args:
        uri: str or path of the folder.
        stages, parameters, earlier, others: see `Runner.run`.

    Returns:
        dict from stage name to `Artifact`.
    """
    folder = Path(uri) / FOLDER
    log = partial(print, file=sys.stderr)  # the output of commands is theirs
    artifacts = Runner(folder, log).run(stages, parameters, earlier, others)
    rows = [
        {**artifact.record(), "key": artifact.key, "path": str(artifact.path.absolute())}
        for artifact in artifacts.values()
    ]
    (folder / FILE).write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return artifacts


def read_stages(uri):
    """dict from stage name to `Artifact`, as `run_stages` returned it."""
    rows = json.loads((Path(uri) / FOLDER / FILE).read_text(encoding="utf-8"))
    return {row["stage"]: Artifact(**{**row, "path": Path(row["path"])}) for row in rows}
