"""A name for files by what is in them."""

import hashlib


def files_digest(files):
    """sha256 over names and contents: changed, it is another set.

    Args:
        files: list of objects with `name`, str, and `path`.

    Returns:
        str, 64 hexadecimal digits.
    """
    sha = hashlib.sha256()
    for one in files:
        sha.update(f"{one.name}\n".encode())
        with open(one.path, "rb") as file:
            sha.update(hashlib.file_digest(file, "sha256").digest())
    return sha.hexdigest()
