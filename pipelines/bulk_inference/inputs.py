"""The files that are predicted: files, the files of folders, and those that match patterns."""

import glob
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.files_digest import files_digest
from rnnzoo.datasets.common.natural_order import natural_key
from rnnzoo.pipelines.bulk_inference.journal import journal_of


@dataclass(frozen=True)
class _File:
    name: str
    path: Path


def input_files(data, predictor, out):
    """The files that `--data` names, each once, in the order in which they are named.

    Args:
        data: list of str: files, folders, and patterns such as `"clips/*.mp4"` or `"**/*.csv"`,
            whose files are in natural order.
        predictor: `rnnzoo.pipelines.core.predictor.Predictor`, which finds those of a folder.
        out: `pathlib.Path`, the file of the predictions; it and its journal are left out of
            folders and patterns.

    Returns:
        list of `pathlib.Path`.

    Raises:
        InputError: there is no such file, none in a folder, none matches, or `out` is one.
    """
    files, own = {}, {os.path.abspath(path) for path in (out, journal_of(out))}
    for text in data:
        if os.path.abspath(text) in own and os.path.isfile(text):
            raise InputError(f"{out} would replace {text}: give another --out")
        for path in _files_of(text, predictor):
            if os.path.abspath(path) not in own:
                files.setdefault(os.path.abspath(path), path)
    if not files:
        raise InputError(f"{' '.join(data)}: there is no file but {out}: give others")
    return list(files.values())


def _files_of(text, predictor):
    if os.path.isdir(text):
        return _in_folder(text, predictor)
    if os.path.lexists(text):
        return [Path(text)]
    if not glob.has_magic(text):
        raise InputError(f"{text} does not exist: give a file, a folder or a pattern in quotes")
    matches = sorted(glob.glob(text, recursive=True), key=natural_key)
    if not matches:
        raise InputError(f"{text} matches no file: give a file, a folder or another pattern")
    files = [match for match in matches if not os.path.isdir(match)]
    if "**" in text and files:  # which matches the folders that they are in, too
        return list(map(Path, files))
    return [
        path
        for match in matches
        for path in (_in_folder(match, predictor) if os.path.isdir(match) else [Path(match)])
    ]


def _in_folder(text, predictor):
    files = predictor.files(Path(text))
    if not files:
        raise InputError(
            f"{text} has no files of a {predictor.card['task']} ({', '.join(predictor.suffixes)}): "
            "give another folder, or files"
        )
    return files


def inputs_digest(files):
    """sha256 over the paths, as they are named, and the contents of files.

    Args:
        files: list of `pathlib.Path`; of a folder, all files in it.

    Returns:
        str.
    """
    sha = hashlib.sha256()
    for path in files:
        parts = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        try:
            digest = files_digest([_File(str(part), part) for part in parts])
        except OSError as problem:  # the predictor's refusal says more
            digest = f"{path} {problem.errno}"
        sha.update(f"{digest}\n".encode())
    return sha.hexdigest()
