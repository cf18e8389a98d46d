"""The journal: what a bulk inference has predicted so far, beside the file that it becomes.

Its first line is the identity of the run, each further one a batch: its records, and the position
at which the next batch begins. A batch is written at once. What a killed process left of a
line is dropped, and the batch is predicted again as a whole.
"""

import json
import os

from rnnzoo.datasets.common.system_errors import writing

SUFFIX = ".partial"


def journal_of(out):
    """The `pathlib.Path` of the journal of a file."""
    return out.with_name(f"{out.name}{SUFFIX}")


class Journal:
    """The batches in a journal, to which further ones are appended.

    Args:
        out: `pathlib.Path` of the predictions; the journal is `<out>.partial`.
        identity: dict of JSON values. A journal of another run is begun anew.

    Attributes:
        path: `pathlib.Path`.
        position: (int, int), the file and the item in it at which the next batch begins.
        count, errors: int, records, and those of them that have an error.
        of_another_run: bool, whether there was a journal with another identity.
    """

    def __init__(self, out, identity):
        self.path = journal_of(out)
        self.position, self.count, self.errors = (0, 0), 0, 0
        self.of_another_run = False
        with writing(self.path):
            # Without a buffer, of which a failed write would leave something for the next one.
            self._file = open(self.path, "ab", buffering=0)
            try:
                self._begin(json.loads(json.dumps(identity)))
            except BaseException:
                self._file.close()
                raise

    def _begin(self, identity):
        """Reads the batches, and drops what is not complete."""
        with open(self.path, "rb") as file:
            if _parsed(file.readline()) != identity:
                self.of_another_run = file.seek(0, os.SEEK_END) > 0
                self._file.truncate(0)
                self._write(identity)
                return
            end = file.tell()
            while (batch := _parsed(file.readline())) is not None:
                self._add(batch)
                end = file.tell()
        self._file.truncate(end)

    def append(self, records, position):
        """Writes a batch.

        Args:
            records: list of dict of JSON values.
            position: see the class, after this batch.

        Raises:
            InputError: the system did not let it be written.
        """
        batch = {"position": list(position), "records": records}
        with writing(self.path):
            self._write(batch)
        self._add(batch)

    def records(self):
        """Yields the records of all batches."""
        with open(self.path, "rb") as file:
            next(file)
            for line in file:
                yield from json.loads(line)["records"]

    def close(self):
        """Closes the journal; one without a batch is removed."""
        self._file.close()
        if not self.count:
            self.remove()

    def remove(self):
        """Removes the file."""
        self.path.unlink(missing_ok=True)

    def _add(self, batch):
        self.position = tuple(batch["position"])
        self.count += len(batch["records"])
        self.errors += sum("error" in record for record in batch["records"])

    def _write(self, value):
        line = memoryview(f"{json.dumps(value, ensure_ascii=False, allow_nan=False)}\n".encode())
        while line:  # a nearly full disk takes a part
            line = line[self._file.write(line) :]


def _parsed(line):
    """The value of a complete line; None of another one."""
    if not line.endswith(b"\n"):
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None
