"""What became of a stage in a run of the pipeline."""

from dataclasses import dataclass
from pathlib import Path

CACHED, MADE, FAILED = "cached", "made", "failed"


@dataclass(frozen=True)
class StageRun:
    """A stage of a run.

    Args:
        stage: str, the stage's name.
        version: int, the stage's.
        parameters: dict of JSON values that the stage took.
        inputs: dict from the name of an earlier stage to the digest of its artifact.
        outcome: str: `CACHED`, `MADE`, `FAILED`, or what another engine calls it.
        seconds: float that the stage took, in this run or when it was made; None if not known.
        digest: str, of the artifact; None if there is none.
        path: Path of the artifact's folder; None if it is not in this cache.
        reason: str, one line: why it failed; or empty.
    """

    stage: str
    version: int
    parameters: dict
    inputs: dict
    outcome: str
    seconds: float | None = None
    digest: str | None = None
    path: Path | None = None
    reason: str = ""
