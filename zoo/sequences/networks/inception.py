"""InceptionV3, the network of [NB], and where its weights are looked for."""

import os
from pathlib import Path

import keras

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.sequences.networks.frame_network import PIXELS, FrameNetwork
from rnnzoo.sequences.networks.names import INCEPTION

SIZE = 299  # pixels on each side, [NB] figure 2

# The weights of ImageNet without the last layer, as Keras publishes them.
FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
URL = f"https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/{FILE}"


def inception(weights="imagenet", pixels=PIXELS):
    """InceptionV3 up to its last pooling, 299 x 299 pixels to 2048 features, as [NB] figure 2.

    Args:
        weights: str, `"imagenet"`: those of the file `FILE` in `RNNZOO_DATA_DIR`, or in Keras's
            own cache, or downloaded by Keras, once; or the path of a weights file of
            `keras.applications.InceptionV3(include_top=False)`.
        pixels: pair, input values for black and white in its training: (-1, 1) for Keras's own.

    Returns:
        `FrameNetwork`.

    Raises:
        InputError: the weights cannot be downloaded or read, or are of another network.
    """
    if weights != "imagenet":
        return _of_file(os.fspath(weights), pixels, os.path.basename(weights))
    folder = data_dir()
    if folder is not None and (folder / FILE).is_file():
        return _of_file(str(folder / FILE), pixels, INCEPTION)
    try:
        return FrameNetwork(_model("imagenet"), pixels, name=INCEPTION)
    except Exception as problem:  # what Keras raises depends on what is wrong
        raise InputError(
            f"the ImageNet weights of InceptionV3 cannot be downloaded ({reason_of(problem)}): get "
            f"{URL} elsewhere, and put it as {FILE} into {data_folder()} or {keras_cache()}, or "
            "name it with --frame-network"
        ) from problem


def keras_cache():
    """Path of the folder in which Keras keeps the weights of its applications."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "models"


def data_folder():
    """The folder of files that cannot be downloaded, in the words of a message."""
    folder = data_dir()
    return "a folder that RNNZOO_DATA_DIR names" if folder is None else f"RNNZOO_DATA_DIR={folder}"


def _of_file(path, pixels, name):
    if not os.path.isfile(path):
        raise InputError(f"weights {path} is no file: give a weights file, or 'imagenet'")
    try:
        model = _model(None)
        model.load_weights(path)
    except Exception as problem:  # as above
        raise InputError(f"{path} has no weights of InceptionV3: {reason_of(problem)}") from problem
    return FrameNetwork(model, pixels, name=name)


def _model(weights):
    return keras.applications.InceptionV3(
        include_top=False, weights=weights, input_shape=(SIZE, SIZE, 3), pooling="avg"
    )
