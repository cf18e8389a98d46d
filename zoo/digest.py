"""What a model is, apart from when and where it was written: its content digest.

A `.keras` file stores a date and protobufs are not byte-stable, so files of the
same model differ. The digest covers the weights, the configuration without
dates, and the golden inputs and outputs.
"""

import hashlib
import io
import json
import zipfile

import h5py
import numpy as np


def without_addresses(config, seen=None):
    """Keras marks objects by memory address: here by number, in the order they come."""
    seen = {} if seen is None else seen
    if isinstance(config, dict):
        return {
            key: seen.setdefault(value, len(seen))
            if key == "shared_object_id"
            else without_addresses(value, seen)
            for key, value in config.items()
        }
    if isinstance(config, list):
        return [without_addresses(item, seen) for item in config]
    return config


def content_digest(folder):
    """`sha256:<hex>` of the model in an artifact's folder; needs no TensorFlow."""
    sha = hashlib.sha256()
    with zipfile.ZipFile(folder / "model.keras") as archive:
        config = without_addresses(json.loads(archive.read("config.json")))
        sha.update(json.dumps(config, sort_keys=True).encode())
        with h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as weights:
            arrays = []
            weights.visititems(
                lambda name, item: (
                    arrays.append((name, item[()])) if isinstance(item, h5py.Dataset) else None
                )
            )
    with np.load(folder / "golden.npz", allow_pickle=False) as golden:
        arrays += [(f"golden/{name}", golden[name]) for name in golden.files]
    for name, array in sorted(arrays, key=lambda pair: pair[0]):
        sha.update(f"{name} {array.dtype.str} {array.shape}".encode())
        sha.update(np.ascontiguousarray(array).tobytes())
    return f"sha256:{sha.hexdigest()}"
