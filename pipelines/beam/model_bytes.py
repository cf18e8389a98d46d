"""A model as the bytes of a `.keras` file, to be loaded in another process."""

import json
import tempfile
from pathlib import Path

import keras


def to_bytes(model):
    """Returns the bytes of the `.keras` file of a model."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()


def from_bytes(data, custom_objects):
    """Returns the `keras.Model` of a `.keras` file, not compiled.

    Args:
        data: bytes, of `to_bytes`.
        custom_objects: dict, of `custom_objects_of`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(data)
        return keras.saving.load_model(
            path, custom_objects=custom_objects, compile=False, safe_mode=True
        )


def custom_objects_of(model):
    """The registered classes and functions that the configuration of a model names.

    Another process does not have them registered before it imports their modules.

    Returns:
        dict from registered name, such as `"rnnzoo>SVDSimpleRNN"`, to class or function.
    """
    config = model.to_json()
    registered = keras.saving.get_custom_objects()
    return {name: entry for name, entry in registered.items() if json.dumps(name) in config}
