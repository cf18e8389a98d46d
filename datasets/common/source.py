"""Public files that data sets are made of, verified wherever a copy comes from.

A source is searched in `RNNZOO_DATA_DIR`, then in the cache, then downloaded. Every copy is used
only after its sha256 has been checked.
"""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir, data_dir


def unchanged(raw):
    """Returns the raw bytes, of a source whose file never changes."""
    return raw


@dataclass(frozen=True)
class Source:
    """A public file.

    Args:
        name: its name in messages and cards.
        url: where it is published.
        path: where it lies below the data folder and the cache.
        licence: the terms it comes under.
        sha256: of the content, after `content` has been applied to the file; None, where the
            publisher states none and the file has not been seen, is not compared.
        content: function from the raw bytes to those that do not change: it cuts off what a
            publisher changes from time to time (a wrapper, line ends), so that the hash stays
            valid.
    """

    name: str
    url: str
    path: str
    licence: str
    sha256: str | None
    content: Callable[[bytes], bytes] = unchanged


def verified_bytes(source):
    """Returns the verified content of a `Source` as bytes.

    Raises:
        InputError: the copy has another sha256, or none can be downloaded.
    """
    return _resolved(source, _check_content)


def verified_path(source):
    """Returns the path of a `Source`'s verified file, for one that is too large to be read whole.

    Raises:
        InputError: the copy has another sha256, or none can be downloaded.
    """
    return _resolved(source, _check_file)


def _resolved(source, check):
    folder = data_dir()
    if folder is not None and (folder / source.path).is_file():
        return check(source, folder / source.path)
    cached = cache_dir() / source.path
    if cached.is_file():
        try:
            return check(source, cached)
        except InputError as damaged:
            print(f"{damaged}: downloading it again", file=sys.stderr)
    _download(source, cached, check)
    return check(source, cached)


def _check_content(source, path):
    try:
        content = source.content(path.read_bytes())
    except ValueError as problem:
        raise InputError(f"{path} is not the {source.name} data: {problem}") from None
    _check(source, path, lambda: hashlib.sha256(content))
    return content


def _check_file(source, path):
    def hashed():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256")

    _check(source, path, hashed)
    return path


def _check(source, path, hashed):
    if source.sha256 is None:
        return
    sha256 = hashed().hexdigest()
    if sha256 != source.sha256:
        raise InputError(
            f"{path} is not the {source.name} data: sha256 {sha256}, expected {source.sha256}"
        )


def _download(source, target, check):
    """Downloads a file, which appears as `target` once its content is verified."""
    import pooch
    import requests

    on_terminal = sys.stderr.isatty()
    if not on_terminal:
        print(f"downloading {source.name} from {source.url}", file=sys.stderr)
    with atomic_file(target) as partial:
        try:
            pooch.HTTPDownloader(progressbar=on_terminal)(source.url, str(partial), None)
        except requests.RequestException as problem:
            reason = type(problem).__name__
            if getattr(problem, "response", None) is not None:
                reason = f"HTTP status {problem.response.status_code}"
            raise InputError(
                f"cannot download {source.name} from {source.url} ({reason}): "
                f"put the file at {source.path} in a folder and name that folder in RNNZOO_DATA_DIR"
            ) from problem
        check(source, partial)
