"""The content digest: what a model is, apart from when and where it was written.

It covers the configuration, the weights by name, and the golden tensors. Protobufs and NPZ files
are not byte-stable, so files of the same model can differ.
"""

import hashlib
import json

import numpy as np

from rnnzoo.artifacts.model import read_golden, read_model


def content_digest(folder):
    """Returns `sha256:<hex>` of the model in an artifact's folder.

    Raises:
        InputError: the model cannot be read.
    """
    archive = read_model(folder)
    sha = hashlib.sha256(json.dumps(archive.config, sort_keys=True).encode())
    golden = {f"golden/{name}": array for name, array in read_golden(folder).items()}
    for name, array in sorted({**archive.weights, **golden}.items()):
        sha.update(f"{name} {array.dtype.str} {array.shape}".encode())
        sha.update(np.ascontiguousarray(array).tobytes())
    return f"sha256:{sha.hexdigest()}"
