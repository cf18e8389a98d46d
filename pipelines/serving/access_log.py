"""The access log: a JSON object per request and line.

Only printable ASCII is written, whatever a client sends: other characters are escaped.
"""

import datetime
import json
import logging
import logging.handlers
import sys

from rnnzoo.datasets.common.errors import InputError, system_reason

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
        self._handler.handleError = self._report
        self._is_failing = False

    def write(self, call, **fields):
        """Writes a line.

        Args:
            call: `rnnzoo.pipelines.serving.calls.Call`.
            **fields: JSON values, of HTTP; `path` is cut to 1,024 characters.
        """
        start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=call.seconds)
        fields["path"] = fields["path"][:LONGEST]
        line = {
            "time": start.isoformat(timespec="milliseconds"),
            **fields,
            "status": int(call.code) if call.code.isdigit() else call.code,
            "milliseconds": round(1000 * call.seconds, 3),
            "model": call.model or None,
            "version": call.version or None,
            "signature": call.signature or None,
            "rows": call.rows,
        }
        self._is_failing, was_failing = False, self._is_failing
        self._was_failing = was_failing
        self._handler.emit(logging.makeLogRecord({"msg": json.dumps(line)}))

    def _report(self, record):
        """A full disk or a closed pipe does not end requests; it is reported once."""
        self._is_failing = True
        if not self._was_failing:
            print(f"rnnzoo: access log: {sys.exc_info()[1]}", file=sys.stderr)
