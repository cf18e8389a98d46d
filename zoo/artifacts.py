"""The folder that a pretrained model is: where it lies and what proves it whole.

    <root>/<name>/<version>/
        model.keras                  configuration and weights, no optimizer state
        saved_model.pb, variables/   what a server loads
        card.json                    what `info` shows
        golden.npz                   inputs, and the outputs they gave
        history.json                 figures and samples of its training, a row an epoch
        SHA256SUMS                   of every other file

Reading only: the pipeline writes these folders, see `rnnzoo.pipelines.stages.pusher`.
"""

import hashlib
import json
import re
from pathlib import Path

import platformdirs

import rnnzoo.saved_models
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import named_folder

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SUMS = "SHA256SUMS"


def models_dir():
    """The folder of the user's own models: `RNNZOO_MODELS_DIR` or the system's data folder."""
    named = named_folder("RNNZOO_MODELS_DIR")
    return named or Path(platformdirs.user_data_dir("rnnzoo")) / "models"


def packaged_dir():
    """The folder of the models that come with the package."""
    return Path(rnnzoo.saved_models.__path__[0])


def roots():
    """Folders that models are looked for in, in order: the package's own come first."""
    return [packaged_dir(), models_dir()]


def checked_name(name):
    """Returns `name` if a model may be called that.

    Raises:
        InputError: it is not of the form `data-architecture-variant`.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} is no model name: use small letters and digits in parts joined by '-'"
        )
    return name


def versions(folder):
    """Complete versions below a model's folder, ascending."""
    if not folder.is_dir():
        return []
    numbers = [
        int(child.name) for child in folder.iterdir() if re.fullmatch(r"[1-9]\d*", child.name)
    ]
    return sorted(number for number in numbers if (folder / str(number) / SUMS).is_file())


def find(name):
    """The folder of `name` or `name/version`.

    Where no version is named, it is the newest one in the first of `roots` that has any:
    a model of the package stays the package's, whatever the user trained under its name.

    Raises:
        LookupError: there is none.
        InputError: a version is named that does not exist.
    """
    name, _, version = name.partition("/")
    if not NAME.fullmatch(name):
        raise LookupError(name)
    available = []
    for root in roots():
        numbers = [str(number) for number in versions(root / name)]
        available += numbers
        if version in numbers or (numbers and not version):
            return root / name / (version or numbers[-1])
    if available:
        raise InputError(f"{name} has no version {version!r}: choose one of {', '.join(available)}")
    raise LookupError(name)


def sha256(path):
    """Hexadecimal sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files(folder):
    """Every file below an artifact's folder but `SHA256SUMS`: sorted relative POSIX paths."""
    found = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return sorted({path.relative_to(folder).as_posix() for path in found} - {SUMS})


def read_card(folder):
    """The card of the artifact in `<name>/<version>/`.

    Raises:
        InputError: it is missing, no JSON, or the card of another model.
    """
    path = folder / "card.json"
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        identity = f"{card['name']}/{card['version']}"
    except FileNotFoundError:
        raise InputError(f"{path} is missing: fetch the model again") from None
    except (ValueError, TypeError, KeyError):
        raise InputError(f"{path} is no card: fetch the model again") from None
    if identity != f"{folder.parent.name}/{folder.name}":
        raise InputError(f"{path} is the card of {identity}: move the folder to that place")
    return card


def verify_files(folder):
    """Checks each file of an artifact against `SHA256SUMS`, and that there is no other.

    Returns:
        int, the number of files checked.

    Raises:
        InputError: names the first file that is missing, altered, linked or not listed.
    """
    listed = {}
    for line in (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        if not re.fullmatch(r"[0-9a-f]{64}", digest) or not _stays_inside(name):
            raise InputError(f"{folder / SUMS} has a line that is no sha256 and file: {line!r}")
        listed[name] = digest
    present = files(folder)
    for name in sorted(listed.keys() | set(present)):
        path = folder / name
        if name not in listed:
            raise InputError(f"{path} is not listed in {SUMS}: remove it or fetch the model again")
        if name not in present:
            raise InputError(f"{path} is missing: fetch the model again")
        if path.is_symlink() or sha256(path) != listed[name]:
            raise InputError(
                f"{path} is not the file that was published "
                f"(its sha256 differs from {SUMS}): fetch the model again"
            )
    return len(listed)


def _stays_inside(name):
    return bool(name) and not name.startswith("/") and ".." not in name.split("/")
