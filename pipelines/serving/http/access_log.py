"""The access log: a JSON object per request and line.

Only printable ASCII is written, whatever a client sends: other characters are escaped.
"""

import datetime
import json
import logging
import logging.handlers
import sys

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import system_reason

LONGEST = 1024  # characters of a path


class AccessLog:
    """Appends requests to a file, which may be moved away to start a new one.

    Args:
        path: str; `-` is standard output.

    Raises:
        InputError: the file cannot be written.
    """

    def __init__(self, path):
        try:
            if path == "-":
                self._handler = logging.StreamHandler(sys.stdout)
            else:
                self._handler = logging.handlers.WatchedFileHandler(path, encoding="ascii")
        except OSError as problem:
            raise InputError(
                f"--access-log {path}: {system_reason(problem) or problem}: name a file, or -"
            ) from None
        self._handler.handleError = self._keep_problem
        self._problem = None

    def write(self, record, **fields):
        """Writes a line.

        Args:
            record: `rnnzoo.pipelines.serving.core.records.Record`.
            **fields: JSON values, of HTTP; `path` is cut to 1,024 characters.
        """
        start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=record.seconds)
        fields["path"] = fields["path"][:LONGEST]
        line = {
            "time": start.isoformat(timespec="milliseconds"),
            **fields,
            "status": int(record.code) if record.code.isdigit() else record.code,
            "milliseconds": round(1000 * record.seconds, 3),
            "model": record.model or None,
            "version": record.version or None,
            "signature": record.signature or None,
            "rows": record.rows,
        }
        before, self._problem = self._problem, None
        try:
            self._handler.emit(logging.makeLogRecord({"msg": json.dumps(line)}))
        except OSError as problem:  # the file was moved, and there cannot be a new one
            self._problem = problem
        if self._problem and not before:  # requests are answered without a log
            print(f"rnnzoo: access log: {self._problem}", file=sys.stderr)

    def _keep_problem(self, record):
        self._problem = sys.exc_info()[1]
