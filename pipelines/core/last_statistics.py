"""The statistics of the version pushed before, an input of the stage `distributions`."""

from pathlib import Path

from rnnzoo.pipelines.core.runner import Artifact

NAME = "last_statistics"
STAGE = "statistics"


def last_statistics(runner, version, card, log):
    """The artifact of the version pushed before, in the cache.

    Args:
        runner: `Runner` of the model.
        version: int, that of the stage `statistics` today: others cannot be compared.
        card: dict, that of the version pushed before.
        log: function that is called with a line if there is none.

    Returns:
        dict from `NAME` to `Artifact`; empty without one.
    """
    records = {record["stage"]: record for record in card.get("lineage", [])}
    reason = "it has no lineage"
    if STAGE in records:
        reason = "its statistics are not in the cache"
        artifact = runner.artifact(STAGE, records[STAGE]["digest"])
        if artifact and artifact.version == version:
            return {NAME: artifact}
        if artifact:
            reason = "its statistics are of an earlier version of the stage"
    log(f"drift from version {card['version']} was not computed: {reason}")
    return {}


def recorded(lineage):
    """What `last_statistics` returned for a model, without its path.

    Args:
        lineage: dict from stage to its record in the model's card.
    """
    digest = lineage.get("distributions", {"inputs": {}})["inputs"].get(NAME)
    return {NAME: Artifact(STAGE, 0, "", digest, Path(), {}, {})} if digest else {}
