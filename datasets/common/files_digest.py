"""A digest of a set of files."""

import hashlib


def files_digest(files):
    """sha256 over the names and contents of files.

    Args:
        files: list of objects with `name`, str, and `path`.

    Returns:
        str, 64 hexadecimal digits.
    """
    sha = hashlib.sha256()
    for entry in files:
        sha.update(f"{entry.name}\n".encode())
        with open(entry.path, "rb") as file:
            sha.update(hashlib.file_digest(file, "sha256").digest())
    return sha.hexdigest()
