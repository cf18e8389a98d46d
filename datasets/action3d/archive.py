"""The skeleton files of MSR Action3D, from an archive or a folder, as one string of bytes.

The same files give the same bytes regardless of the container, so one sha256 identifies them.
Nothing is unpacked to disk.
"""

import io
import re
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.utf8 import decoded

# Only these; the publisher's folder also has a script and a list.
_NAME = re.compile(r"a\d\d_s\d\d_e\d\d_skeleton3D\.txt")
_LINE = re.compile(rb"([^\n]+) (\d+)\n")


def _members(raw):
    """(name, bytes) of each file in a .tar, .tar.gz or .zip archive."""
    try:
        if zipfile.is_zipfile(io.BytesIO(raw)):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                for info in archive.infolist():
                    if not info.is_dir():
                        yield info.filename, archive.read(info)
            return
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            for member in archive:
                if member.isfile():
                    yield member.name, archive.extractfile(member).read()
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, ValueError) as problem:
        raise InputError(f"no readable .tar.gz or .zip archive ({problem})") from None


def _joined(members):
    contents = {}
    for name, content in members:
        short = PurePosixPath(name).name
        if _NAME.fullmatch(short):
            if contents.setdefault(short, content) != content:
                raise InputError(f"two different files are called {short}")
    if not contents:
        raise InputError("no file is called like a01_s01_e01_skeleton3D.txt")
    return b"".join(
        f"{name} {len(content)}\n".encode() + content for name, content in sorted(contents.items())
    )


def joined(raw):
    """All skeleton files of an archive, in order: for each a line `name length`, and its bytes.

    Args:
        raw: bytes of a .tar, .tar.gz or .zip archive.

    Raises:
        InputError: it cannot be read, or has no skeleton file.
    """
    return _joined(_members(raw))


def joined_folder(folder):
    """As `joined`, of a folder with the files themselves.

    Raises:
        InputError: there are none.
    """
    paths = [path for path in Path(folder).iterdir() if path.is_file()]
    return _joined((path.name, path.read_bytes()) for path in paths)


def files(content):
    """Yields (name, text) of what `joined` returned."""
    position = 0
    while position < len(content):
        line = _LINE.match(content, position)
        name, length = line[1].decode(), int(line[2])
        yield name, decoded(content[line.end() : line.end() + length], name)
        position = line.end() + length
