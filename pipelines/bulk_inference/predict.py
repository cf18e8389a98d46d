"""`rnnzoo predict`: a record per item of many files, in batches.

Batches are consecutive items, of several files where each has few, and begin at the same items
however often the run was interrupted.
"""

import itertools
import sys
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import file_lock
from rnnzoo.datasets.common.system_errors import described
from rnnzoo.families import family_of
from rnnzoo.pipelines.bulk_inference.inputs import input_files, inputs_digest
from rnnzoo.pipelines.bulk_inference.journal import Journal
from rnnzoo.pipelines.bulk_inference.records import plain, write_records
from rnnzoo.progress import progressed


@dataclass(frozen=True)
class Summary:
    """What a bulk inference wrote.

    Args:
        files: int.
        records: int.
        errors: int, records with an error.
    """

    files: int
    records: int
    errors: int


@dataclass(frozen=True)
class _Entry:
    """An item, or the error of a file that cannot be read; `after` is the position after it."""

    file: str
    index: int | None
    item: object
    after: tuple
    error: str | None = None


def predict(card, load, data, out, *, batch_size=32, skip_errors=False, options=None):
    """Predicts the items of files, and writes a record for each.

    An interrupted run leaves its journal; the same call continues it. The file appears complete.

    Args:
        card: dict, that of the model.
        load: function without arguments that returns the model.
        data: list of str, see `input_files`.
        out: `pathlib.Path` that ends in `.jsonl` or `.csv`, in an existing folder.
        batch_size: int, items that are predicted at once.
        skip_errors: bool, whether what cannot be predicted gets a record with `error`.
        options: dict, the family's `data_options` and `predict_options`.

    Returns:
        `Summary`.

    Raises:
        InputError: the data or an option cannot be used, or another process writes to `out`.
        KeyboardInterrupt: it was interrupted; with the message where it will continue.
    """
    predictor = family_of(card["task"]).load_pipeline().predictor(card, options or {})
    files = input_files(data, predictor, out)
    identity = {
        "model": f"{card['name']}/{card['version']}",
        "content_digest": card["content_digest"],
        "inputs": inputs_digest(files),
        "options": options or {},
    }
    with file_lock(out, wait=False):
        journal = Journal(out, identity)
        run = _Run(predictor, files, journal, batch_size, skip_errors)
        try:
            if journal.of_another_run:
                _log(f"{journal.path} is of another model, other data or options: starting anew")
            elif journal.count:
                _log(f"{journal.path} has {counted(journal.count, 'record')}: continuing")
            if journal.position[0] < len(files):
                run.predict(load(), card["name"])
            write_records(out, journal)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(run.continued()) from None
        except InputError as problem:
            raise InputError("; ".join(filter(None, [str(problem), run.continued()]))) from problem
        finally:
            journal.close()
        journal.remove()
    return Summary(len(files), journal.count, journal.errors)


class _Run:
    def __init__(self, predictor, files, journal, batch_size, skip_errors):
        self.predictor, self.files, self.journal = predictor, files, journal
        self.batch_size = min(batch_size, predictor.most or batch_size)
        self.skip_errors = skip_errors

    def predict(self, model, label):
        """Appends the batches from the journal's position on."""
        entries = self._entries(model, label)
        while batch := list(itertools.islice(entries, self.batch_size)):
            records = [
                plain({"file": entry.file, "item": entry.index, **record})
                for entry, of_entry in zip(batch, self._records(batch, model), strict=True)
                for record in of_entry
            ]
            self.journal.append(records, batch[-1].after)

    def continued(self):
        """Where the same command continues, str; empty where nothing has been predicted."""
        count = self.journal.count
        return f"the same command continues after {counted(count, 'record')}" if count else ""

    def _entries(self, model, label):
        first, begin = self.journal.position
        numbers = range(first, len(self.files))
        if len(self.files) > 1:
            numbers = progressed(numbers, len(numbers), label, "file")
        for number in numbers:
            file = str(self.files[number])
            try:
                items = self.predictor.items(self.files[number], model)
            except (InputError, OSError) as problem:
                error = self._refused(file, problem)
                yield _Entry(file, None, None, (number + 1, 0), error)
                continue
            rest = enumerate(items[begin:], begin)
            if len(self.files) == 1:
                rest = progressed(rest, len(items) - begin, label, "item")
            for index, item in rest:
                last = index + 1 == len(items)
                yield _Entry(file, index, item, (number + 1, 0) if last else (number, index + 1))
            begin = 0

    def _records(self, batch, model):
        """list per entry of its records, a list of dict."""
        items = [entry.item for entry in batch if entry.error is None]
        try:
            predicted = iter(self.predictor.predict(items, model) if items else [])
        except InputError as problem:
            if len(batch) > 1:  # which of them it is
                return [records for entry in batch for records in self._records([entry], model)]
            return [[{"error": self._refused(batch[0].file, problem)}]]
        return [
            [{"error": entry.error}] if entry.error is not None else _listed(next(predicted))
            for entry in batch
        ]

    def _refused(self, file, problem):
        """The error of a file or of an item in it, unless it ends the run."""
        message = " ".join(described(problem).splitlines())
        if self.skip_errors:
            return message
        named = "" if file in message else f"{file}: "
        raise InputError(f"{named}{message} (--skip-errors writes that, and goes on)") from problem


def counted(number, noun):
    """A number of things: `"1 file"`, `"2 files"`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def _listed(records):
    return records if isinstance(records, list) else [records]


def _log(line):
    print(line, file=sys.stderr)
