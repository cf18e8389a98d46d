"""The format of a pretrained model's folder; only this package knows it.

    <root>/<name>/<version>/
        saved_model.pb, variables/   the SavedModel, as TensorFlow Serving loads it
        model.json                   Keras configuration, and where in variables/ each weight is
        card.json                    what `rnnzoo.info` returns
        golden.npz                   inputs, and the outputs of the model for them
        history.json                 metrics and samples of the training, one row per epoch
        SHA256SUMS                   hashes of all other files
        SHA256SUMS.sig               optional, a signature of it by Ed25519

`folders` finds it, `manifest` verifies it, `signatures` signs it, `records` are its card and
history, `model` reads and writes the model, `keras_archive` converts from and to `.keras`, `digest`
identifies the model.
`rnnzoo.pipelines.export.artifact` writes a whole folder.

Importing this package imports neither Keras nor TensorFlow.
"""

from rnnzoo.artifacts.folders import (
    checked_name,
    find,
    installed,
    models_dir,
    own_version,
    packaged_dir,
    roots,
    versions,
)
from rnnzoo.artifacts.layout import SUMS
from rnnzoo.artifacts.manifest import files, sha256, verify_files
from rnnzoo.artifacts.records import read_card

__all__ = [
    "SUMS",
    "checked_name",
    "files",
    "find",
    "installed",
    "models_dir",
    "own_version",
    "packaged_dir",
    "read_card",
    "roots",
    "sha256",
    "verify_files",
    "versions",
]
