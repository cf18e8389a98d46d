"""`SHA256SUMS`: the hash of every other file of an artifact, as `sha256sum -c` reads them."""

import hashlib
import re

from rnnzoo.artifacts.layout import REQUIRED, SIGNATURE, SUMS
from rnnzoo.datasets.common.errors import InputError, shown


def sha256(path):
    """Hexadecimal sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files(folder):
    """Every file in an artifact's folder: sorted relative POSIX paths.

    `SHA256SUMS` and its signature are not among them.
    """
    paths = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return sorted({path.relative_to(folder).as_posix() for path in paths} - {SUMS, SIGNATURE})


def write_manifest(folder):
    """Writes the hashes of all files that are in an artifact's folder now."""
    lines = [f"{sha256(folder / name)}  {name}\n" for name in files(folder)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def verify_files(folder):
    """Checks each file of an artifact against `SHA256SUMS`, and that there is no other.

    Returns:
        int, the number of files checked.

    Raises:
        InputError: names the first file that is missing, altered, linked or not listed.
    """
    listed = {}
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        raise InputError(f"{folder / SUMS} is missing: fetch the model again") from None
    for line in lines:
        digest, _, name = line.partition("  ")
        if not re.fullmatch(r"[0-9a-f]{64}", digest) or not _stays_inside(name):
            raise InputError(
                f"{folder / SUMS} has a line that is no sha256 and file: {shown(line)}"
            )
        listed[name] = digest
    for name in REQUIRED:
        if name not in listed:
            raise InputError(
                f"{folder / SUMS} does not list {name}: fetch the model again, "
                "or train it again if it is your own"
            )
    present = files(folder)
    for name in sorted(listed.keys() | set(present)):
        path = folder / name
        if name not in listed:
            raise InputError(f"{path} is not listed in {SUMS}: remove it or fetch the model again")
        if name not in present:
            raise InputError(f"{path} is missing: fetch the model again")
        if path.is_symlink() or _sha256_of_present(path) != listed[name]:
            raise InputError(
                f"{path} is not the file that was published "
                f"(its sha256 differs from {SUMS}): fetch the model again"
            )
    return len(listed)


def _sha256_of_present(path):
    try:
        return sha256(path)
    except FileNotFoundError:  # another process has removed the model meanwhile
        raise InputError(f"{path} is missing: fetch the model again") from None


def _stays_inside(name):
    return bool(name) and not name.startswith("/") and ".." not in name.split("/")
