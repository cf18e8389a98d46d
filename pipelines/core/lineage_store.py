"""`lineage.sqlite`, read: which stages the runner has run, when, and how long they took."""

import contextlib
import json
import sqlite3

from rnnzoo.datasets.common.errors import InputError

FILE = "lineage.sqlite"


def made_stages(work):
    """The stages that ran in a work folder, in the order in which they ran.

    Args:
        work: Path of a folder, see `rnnzoo.pipelines.core.runner`; it need not exist.

    Returns:
        list of dict: the record of `Artifact`, and `key`, `path` (Path of its folder, which may
        have been removed since), `seconds`.

    Raises:
        InputError: the database cannot be read.
    """
    database = work / FILE
    if not database.is_file():
        return []
    rows = []
    try:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            made = connection.execute("SELECT key, record, seconds FROM made ORDER BY at, rowid")
            for key, record, seconds in made:
                record = json.loads(record)
                where = work / record["stage"] / key[:16]
                rows.append({**record, "key": key, "path": where, "seconds": seconds})
    except sqlite3.Error as problem:
        raise InputError(f"{database} cannot be used: {problem}") from None
    return rows
