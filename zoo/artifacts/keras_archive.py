"""A `.keras` file taken apart and put together: configuration, and weights by name."""

import dataclasses
import io
import json
import zipfile

import numpy as np


@dataclasses.dataclass(frozen=True)
class KerasArchive:
    """What a `.keras` file holds, apart from its date.

    Args:
        keras_version: str, of the Keras that wrote it.
        config: dict, what Keras rebuilds the model from.
        weights: dict from name, such as `"layers/dense/vars/0"`, to array.
    """

    keras_version: str
    config: dict
    weights: dict[str, np.ndarray]


def read_archive(path):
    """Returns the `KerasArchive` of a `.keras` file. No code in it runs."""
    import h5py

    weights = {}

    def collect(name, item):
        if isinstance(item, h5py.Dataset):
            weights[name] = item[()]

    with zipfile.ZipFile(path) as archive:
        metadata = json.loads(archive.read("metadata.json"))
        config = without_addresses(json.loads(archive.read("config.json")))
        with h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as file:
            file.visititems(collect)
    return KerasArchive(metadata["keras_version"], config, weights)


def write_archive(archive, path):
    """Writes a `KerasArchive` as a file that `keras.saving.load_model` reads."""
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, array in archive.weights.items():
            file.create_dataset(name, data=array)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("metadata.json", json.dumps({"keras_version": archive.keras_version}))
        file.writestr("config.json", json.dumps(archive.config))
        file.writestr("model.weights.h5", buffer.getvalue())


def without_addresses(config, numbers=None):
    """A configuration that is the same whenever it is written.

    Keras identifies shared objects by their memory addresses: here they are numbered in order of
    appearance.
    """
    numbers = {} if numbers is None else numbers
    if isinstance(config, dict):
        return {
            key: numbers.setdefault(value, len(numbers))
            if key == "shared_object_id"
            else without_addresses(value, numbers)
            for key, value in config.items()
        }
    if isinstance(config, list):
        return [without_addresses(item, numbers) for item in config]
    return config
