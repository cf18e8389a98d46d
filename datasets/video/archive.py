"""Unpacks an archive of videos into the cache, against limits."""

import hashlib
import lzma
import os
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from rnnzoo.datasets.common.atomic_write import atomic_folder
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.video.reader import SUFFIXES

# Videos are compressed already: an archive that unpacks to much more is no archive of videos.
MOST_TIMES, MOST_FILES = 4, 1_000_000
SPARE = 2**26  # bytes; small archives may be compressed better

GIVE = "give a folder, or a .zip, .tar or .tar.gz archive, of videos"


def video_folder(path):
    """The folder of a user's videos: the path itself, or what an archive is unpacked to.

    Only videos are unpacked, only below the folder, and no links. The folder is named by the
    archive's content, so the same one is unpacked once; it appears when it is complete.

    Args:
        path: str or path of a folder or of an archive (.zip, .tar, .tar.gz).

    Returns:
        `pathlib.Path`.

    Raises:
        InputError: there is no such path, or it is no archive that can be unpacked.
    """
    path = Path(path)
    if os.path.isdir(path):
        return path
    if not os.path.isfile(path):
        raise InputError(f"{path} does not exist: {GIVE}")
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    target = cache_dir() / "videos" / digest[:32]
    if target.is_dir():
        return target
    with atomic_folder(target) as partial:
        if not _unpacked(path, partial):
            raise InputError(f"{path} has no videos in it ({', '.join(SUFFIXES)}): {GIVE}")
    return target


def _unpacked(path, folder):
    """Unpacks the videos; returns their number."""
    count, left = 0, MOST_TIMES * path.stat().st_size + SPARE
    try:
        for name, opened in _members(path):
            parts = PurePosixPath(name.replace("\\", "/")).parts
            if not parts or PurePosixPath(name).suffix.lower() not in SUFFIXES:
                continue
            if ".." in parts or ":" in parts[0] or parts[0].startswith("/"):
                raise InputError(f"{path} has a file {shown(name)}, which is outside of it: {GIVE}")
            if any(part.startswith(".") for part in parts):
                continue
            count += 1
            if count > MOST_FILES:
                raise InputError(f"{path} has more than {MOST_FILES:,} videos: give folders")
            left = _written(opened, folder.joinpath(*parts), left)
            if left < 0:
                raise InputError(
                    f"{path} unpacks to more than {MOST_TIMES} times its size, which videos do "
                    "not: give another, or unpack it yourself and give the folder"
                )
    except InputError:
        raise
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ) as problem:
        rar = ": unpack it and give the folder" if path.suffix.lower() == ".rar" else f": {GIVE}"
        raise InputError(f"{path} is no archive that can be unpacked ({problem}){rar}") from None
    return count


def _members(path):
    """(name, function that opens it) of each regular file, without links."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, lambda info=info: archive.open(info)
        return
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile():
                yield member.name, lambda member=member: archive.extractfile(member)


def _written(opened, target, left):
    """Writes a file of at most `left` bytes; returns the bytes left, negative if it is larger."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened() as source, open(target, "xb") as file:
        while block := source.read(2**20):
            left -= len(block)
            if left < 0:
                break
            file.write(block)
    return left
