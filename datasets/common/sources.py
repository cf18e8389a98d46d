"""Every file that is not ours: named once, verified wherever it comes from.

A source is looked for in `RNNZOO_DATA_DIR`, then in the cache, then downloaded.
Whichever copy is found is trusted only after its sha256 has been checked.
"""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

from rnnzoo.datasets.action3d.archive import joined
from rnnzoo.datasets.char_text.cookbook import recipes
from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir, data_dir
from rnnzoo.datasets.usdinr.fred import fixed_years


def unchanged(raw):
    """The bytes of a source whose file is fixed."""
    return raw


@dataclass(frozen=True)
class Source:
    """One public file.

    Args:
        name: what error messages and cards call it.
        url: where it is published.
        path: where it lies below the data folder and the cache.
        licence: the terms it comes under.
        sha256: of the content, after `content` has been applied to the file; None where the
            publisher states none and the file has not been seen: then it is not compared.
        content: cuts what a publisher changes from time to time (a wrapper,
            line ends) from the raw bytes, so that the hash stays true.
    """

    name: str
    url: str
    path: str
    licence: str
    sha256: str | None
    content: Callable[[bytes], bytes] = unchanged


SOURCES = {
    source.name: source
    for source in (
        Source(
            name="shakespeare",
            url="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
            path="text/tinyshakespeare.txt",
            licence="public domain",
            sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        ),
        Source(
            name="artusi",
            url="https://www.gutenberg.org/cache/epub/59047/pg59047.txt",
            path="text/pg59047.txt",
            licence="public domain (Project Gutenberg licence on the wrapper, which is cut off)",
            sha256="46e12702401246c9dd6c7387a36131e61824c36554571c7a697ac85c61be50e9",
            content=recipes,
        ),
        Source(
            # The files lie in a folder of this repository; the URL is of the whole of it.
            name="action3d",
            url="https://codeload.github.com/JeslieHCI/UTKinect_3/zip/refs/heads/master",
            path="action/msr_action3d_skeletons.tar.gz",
            licence="for research; the publisher states no licence",
            sha256="4bedd59f857b53b472c3702a923dffcc700d887b2945731ea9a764c341e188e7",
            content=joined,
        ),
        Source(
            name="usdinr",
            url="https://fred.stlouisfed.org/graph/fredgraph.csv?id=DEXINUS&cosd=1973-01-02&coed=2017-12-01",
            path="usdinr/DEXINUS.csv",
            licence="public domain (Board of Governors of the Federal Reserve System)",
            sha256="ac163fa6102dd2363f2e4a4051d3a1de238157c0bd408df0d2d5a73e1b6bdcb2",
            content=fixed_years,
        ),
        Source(
            name="ucf11",
            url="https://www.crcv.ucf.edu/data/YouTube_DataSet_Annotated.zip",
            path="video/YouTube_DataSet_Annotated.zip",
            licence="for research; the videos are their authors', from YouTube",
            sha256=None,
        ),
    )
}


def read(source):
    """Returns the verified content of a `Source` as bytes.

    Raises:
        InputError: no copy has the expected sha256, or none can be had.
    """
    return _found(source, _verified)


def located(source):
    """Returns the path of a `Source`'s verified file, of one that is too large to be read whole.

    Raises:
        InputError: no copy has the expected sha256, or none can be had.
    """
    return _found(source, _verified_file)


def _found(source, verified):
    folder = data_dir()
    if folder is not None and (folder / source.path).is_file():
        return verified(source, folder / source.path)
    cached = cache_dir() / source.path
    if cached.is_file():
        try:
            return verified(source, cached)
        except InputError as damaged:
            print(f"{damaged}: downloading it again", file=sys.stderr)
    _download(source, cached, verified)
    return verified(source, cached)


def _verified(source, path):
    try:
        content = source.content(path.read_bytes())
    except ValueError as problem:
        raise InputError(f"{path} is not the {source.name} data: {problem}") from None
    _check(source, path, lambda: hashlib.sha256(content))
    return content


def _verified_file(source, path):
    def hashed():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256")

    _check(source, path, hashed)
    return path


def _check(source, path, hashed):
    if source.sha256 is None:
        return
    found = hashed().hexdigest()
    if found != source.sha256:
        raise InputError(
            f"{path} is not the {source.name} data: sha256 {found}, expected {source.sha256}"
        )


def _download(source, target, verified):
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
        verified(source, partial)
