"""The file that has the sequences of a server which was stopped: an .npz of arrays and of JSON."""

import json
import time
import zipfile
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.pipelines.serving.core.sequences import PREFIX, Sequence
from rnnzoo.pipelines.serving.statuses import NotServed

INDEX = "sequences"  # the array with JSON in UTF-8
FIELDS = ("key", "version", "digest", "steps")


def write_sequences(path, sequences):
    """Writes all sequences that no step is at work on, by rename.

    Args:
        path: path of the file, which is replaced.
        sequences: `Sequences`.

    Returns:
        int, their number.

    Raises:
        InputError: the system did not let it be written.
    """
    rows, arrays = [], {}
    for sequence in sequences.at_rest():
        for name, state in sequence.states.items():
            arrays[f"{len(rows)} {name}"] = state
        rows.append(
            {
                "key": list(sequence.key),
                "version": sequence.number,
                "digest": sequence.version.content_digest,
                "steps": sequence.steps,
                "idle": sequences.idle_seconds_of(sequence),
                "states": list(sequence.states),
            }
        )
    index = json.dumps({"written": time.time(), INDEX: rows}).encode()
    with atomic_file(Path(path)) as partial, open(partial, "wb") as file:
        np.savez(file, **{INDEX: np.frombuffer(index, "uint8")}, **arrays)
    return len(rows)


async def restore_sequences(path, engine):
    """Adds the sequences in a file, of the versions that are still served.

    Args:
        path: path of the file; it may not exist.
        engine: `Engine`, which has the sequences then.

    Returns:
        int, their number.

    Raises:
        InputError: the file is damaged, or cannot be read.
    """
    count = 0
    for row, states in read_sequences(path):
        key = tuple(row["key"])
        try:
            number, version = await engine.version(key[1], row["version"])
        except NotServed:
            continue
        specs = {k: s for k, s in version.specs(key[2]).items() if k.startswith(PREFIX)}
        shapes = {name: tuple(spec.shape[1:]) for name, spec in specs.items()}
        if version.content_digest != row["digest"] or shapes != {
            name: state.shape[1:] for name, state in states.items()
        }:
            continue  # another model is served by that name
        sequence = Sequence(key, number, version, states, row["steps"])
        count += engine.sequences.add(sequence, row["idle"])
    return count


def read_sequences(path):
    """The sequences in a file: list of (dict of its fields, dict of its states).

    Args, Raises: see `restore_sequences`.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            index = json.loads(bytes(arrays[INDEX]))
            idle = max(0.0, time.time() - index["written"])
            return [
                (
                    {**{name: row[name] for name in FIELDS}, "idle": row["idle"] + idle},
                    {name: arrays[f"{i} {name}"] for name in row["states"]},
                )
                for i, row in enumerate(index[INDEX])
            ]
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as problem:
        reason = str(problem).partition("\n")[0]
        raise InputError(f"{path} has no sequences of a server ({reason}): remove it") from None
