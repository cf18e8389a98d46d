"""Files of Beam's workers that appear complete, in any file system that Beam knows."""

import uuid
from pathlib import Path

from apache_beam.io.filesystems import FileSystems
from apache_beam.io.localfilesystem import LocalFileSystem

from rnnzoo.datasets.common.durable import rename_durably


def write_whole(path, content):
    """Writes a file beside its name and renames it; a file of that name is replaced.

    Workers that repeat an element write the same content. On a file system of this machine, or one
    that is mounted here, content and name are on the disk in the end.

    Args:
        path: str; its folder is created.
        content: bytes, not compressed whatever the suffix.

    Raises:
        OSError: the system does not write it; `apache_beam.io.filesystem.BeamIOError` of others.
    """
    partial = f"{path}.{uuid.uuid4().hex}.part"
    with FileSystems.create(partial, compression_type="uncompressed") as file:
        file.write(content)
    if isinstance(FileSystems.get_filesystem(path), LocalFileSystem):
        rename_durably(Path(partial), Path(path))
    else:
        FileSystems.rename([partial], [path])
