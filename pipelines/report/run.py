"""A run of the pipeline, as the sections of its page read it."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from rnnzoo.families import families

PUSHED, NOT_PUSHED, FAILED = "pushed", "not pushed", "failed"


@dataclass(frozen=True)
class Run:
    """A run.

    Args:
        card: dict, the card of the pushed model; of a run that pushed none, fields as its card
            would have: `name`, `task`, `title`, `data`, `command`, `versions`, `date`.
        stages: list of `StageRun`, in their order; empty where no stage is known.
        status: str, `PUSHED`, `NOT_PUSHED` or `FAILED`.
        outcome: str, one line: what was pushed, or why nothing was.
        history: list of dict, a row per epoch; empty if it is not known.
        folder: Path of the pushed model; or None.
        components: list of `StageRun`, of another engine: what ran the stages; empty of the
            embedded one.
    """

    card: dict
    stages: list
    status: str
    outcome: str
    history: list = field(default_factory=list)
    folder: Path | None = None
    components: list = field(default_factory=list)

    @property
    def name(self):
        """str, the model's name, with its version if it has one."""
        version = f"/{self.card['version']}" if "version" in self.card else ""
        return f"{self.card['name']}{version}"

    @property
    def family(self):
        """The `Family` of the model; None if it is not registered here."""
        entry = families().get(self.card.get("task"))
        return entry and entry.load_pipeline()

    @property
    def unit(self):
        """str, what the figures measure."""
        unit = self.card.get("metrics", {}).get("unit")
        return unit or (self.family.unit if self.family else "figure")

    def artifact(self, stage):
        """Path of the folder of a stage's artifact; None if it is not in this cache."""
        return next((run.path for run in self.stages if run.stage == stage), None)

    def absent(self, stage):
        """str, one line: why a stage's artifact cannot be shown, and what makes it."""
        run = next((run for run in self.stages if run.stage == stage), None)
        if self.status == FAILED and (run is None or run.digest is None):
            return f"The run ended before the artifact {stage} was complete."
        if run is None and self.stages:
            return f"This run has no artifact {stage}."
        command = self.card.get("command")
        made = f"; made by: {command}" if command else ""
        return f"The artifact {stage} is not in this cache{made}"


def finite(value):
    """float or int, the value; None if it is no finite number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None
