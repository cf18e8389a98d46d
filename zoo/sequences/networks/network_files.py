"""The files of frame networks: a model names its network, and the file is found by its digest.

A file is looked for where it was last read from, in `RNNZOO_DATA_DIR`, and in the folder of Keras's
applications. Only a network with the digest that the model remembers is used.
"""

import contextlib
import json
from pathlib import Path

import keras

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir, data_dir
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.sequences.networks import inception
from rnnzoo.sequences.networks.by_name import network_named
from rnnzoo.sequences.networks.efficientnet_lite import efficientnet_lite
from rnnzoo.sequences.networks.efficientnet_weights import name_of_weights
from rnnzoo.sequences.networks.frame_network import PIXELS, FrameNetwork, last_network
from rnnzoo.sequences.networks.names import INCEPTION, NAMES, NO_FILE

# What files of other networks are: whole Keras models, or weights of InceptionV3.
SUFFIXES = (".keras", ".h5")


def network_of(name_or_path, pixels=PIXELS):
    """The network with a name, or that of a file.

    Args:
        name_or_path: str, a name in `rnnzoo.sequences.networks.names.NAMES`; or str or path, see
            `read_network`.
        pixels: pair, see `FrameNetwork`.

    Returns:
        `FrameNetwork`.

    Raises:
        InputError: its weights are not available, or it is no such file.
    """
    if name_or_path in NAMES:
        return network_named(name_or_path, pixels)
    return read_network(name_or_path, pixels)


def read_network(path, pixels=PIXELS):
    """The network in a file, which is found there again by its digest.

    Args:
        path: str or path: a `.keras` file of a model (batch, height, width, 3) -> (batch,
            features), or a file of weights of `keras.applications.InceptionV3(include_top=False)`
            or of EfficientNet-Lite, see `rnnzoo.sequences.networks.efficientnet_weights`.
        pixels: pair, see `FrameNetwork`; EfficientNet-Lite has its own.

    Returns:
        `FrameNetwork`.

    Raises:
        InputError: it is no such file.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(NO_FILE.format(path=path))
    if path.suffix == ".keras":
        network = FrameNetwork(_keras_model(path), pixels, name=path.name)
    elif lite := name_of_weights(path):
        network = efficientnet_lite(lite, path)
    else:
        network = inception.inception(path, pixels)
    # A cache that cannot be written to is no obstacle: the file's folder has to be named then.
    with contextlib.suppress(OSError):
        write_text(_index(network.digest), json.dumps({"path": str(path.absolute())}))
    return network


def find_network(digest, name=INCEPTION, pixels=PIXELS):
    """The network that a model was trained with.

    Args:
        digest: str, of the network.
        name: str, of the network.
        pixels: pair, see `FrameNetwork`.

    Returns:
        `FrameNetwork`, of that digest.

    Raises:
        InputError: it is not in any of the folders.
    """
    network = last_network(digest)
    if network is not None:
        return network
    for path in _candidates(digest, name):
        with contextlib.suppress(InputError):
            network = read_network(path, pixels)
            if network.digest == digest:
                return network
    if name in NAMES:
        return network_named(name, pixels)
    raise InputError(
        f"the network {name} with the digest {digest[:16]}, which the model was trained with, is "
        f"not in {inception.data_folder()} or {inception.keras_cache()}: name its file with "
        "--frame-network, or set it with `model.frames_by(network)`"
    )


def _candidates(digest, name):
    """Paths of files that may hold the network, the likeliest first."""
    paths, folder = [], data_dir()
    with contextlib.suppress(OSError, ValueError, KeyError):
        paths.append(Path(json.loads(_index(digest).read_text(encoding="utf-8"))["path"]))
    if name not in NAMES:  # whose weights `network_named` looks for
        files = sorted(folder.glob("*")) if folder else []
        files = [path for path in files if path.suffix in SUFFIXES]
        paths += sorted(files, key=lambda path: path.name != name)
        paths.append(inception.keras_cache() / name)
    return [path for path in dict.fromkeys(paths) if path.is_file()]


def _index(digest):
    """Path of the file that remembers where a network was read from."""
    return cache_dir() / "frame_networks" / f"{digest}.json"


def _keras_model(path):
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        (inputs,), (outputs,) = model.inputs, model.outputs
        fits = len(inputs.shape) == 4 and inputs.shape[3] == 3 and len(outputs.shape) == 2
    except Exception as problem:  # what Keras raises depends on what is wrong
        reason = reason_of(problem)[:200]
        raise InputError(f"{path} cannot be read as a network: {reason}") from problem
    if not fits or None in (*inputs.shape[1:], outputs.shape[1]):
        raise InputError(
            f"{path} maps {inputs.shape} to {outputs.shape}: give a network from frames (batch, "
            "height, width, 3) of one size to features (batch, features)"
        )
    return model
