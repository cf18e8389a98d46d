"""A loaded version of a model, and what tells its folder from another one."""

import contextlib
import functools
import os
import time

import tensorflow as tf
from google.protobuf import json_format
from tensorflow.core.protobuf import saved_model_pb2

from rnnzoo.artifacts import SUMS, read_card, verify_files
from rnnzoo.artifacts.layout import GRAPH
from rnnzoo.artifacts.model import read_golden
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.models import videos
from rnnzoo.pipelines.serving.models.reasons import reason_of
from rnnzoo.pipelines.serving.protocols.values import array, check_names


class Version:
    """A loaded version of a model; the caller verifies the hashes of its files.

    Args:
        folder: Path of its SavedModel.
        reader: dict, the card's field `reader` of a classifier; None for other models.

    Attributes:
        load_seconds: float.
        identity: see `identity`; None if it was not loaded by `load_version`.
    """

    identity = None

    def __init__(self, folder, reader=None):
        start = time.perf_counter()
        self._loaded = tf.saved_model.load(folder)
        self._folder = folder
        self._signatures = dict(self._loaded.signatures)
        if reader and reader["kind"] == "video":
            classify = self._signatures["serving_default"]
            self._signatures[videos.SIGNATURE] = videos.VideoSignature(reader, classify)
        self.load_seconds = time.perf_counter() - start

    @functools.cached_property
    def content_digest(self):
        """str, that of its card; None if it has no card."""
        return self._card.get("content_digest")

    @functools.cached_property
    def vocabulary(self):
        """str, the characters that it knows, in the order of their ids; None if it has no text."""
        return self._card.get("vocabulary")

    @functools.cached_property
    def _card(self):
        try:
            return read_card(self._folder)
        except InputError:
            return {}

    def specs(self, signature):
        """The inputs of a signature: dict from name to `tf.TensorSpec`.

        Raises:
            InputError: there is no such signature.
        """
        if signature not in self._signatures:
            raise InputError(
                f"unknown signature {shown(signature)}: "
                f"choose one of {', '.join(self.signature_names())}"
            )
        return self._signatures[signature].structured_input_signature[1]

    def output_specs(self, signature):
        """The outputs of a signature, one of `specs`: dict from name to `tf.TensorSpec`."""
        return self._signatures[signature].structured_outputs

    def signature_names(self):
        """list of the names of the signatures, sorted."""
        return sorted(self._signatures)

    def takes_rows(self, signature):
        """Whether a signature, one of `specs`, has any number of rows, each for itself.

        Every signature that this package exports has, but for those that the server adds.
        """
        return signature in self._loaded.signatures and all(
            spec.shape.rank and spec.shape[0] is None
            for spec in (
                *self._signatures[signature].structured_input_signature[1].values(),
                *self._signatures[signature].structured_outputs.values(),
            )
        )

    def checked(self, signature, values, states=(), read=array):
        """The inputs of a signature: dict from name to array.

        Args:
            signature: str, its name.
            values: dict from input name to JSON value, or the bare value of a single input.
            states: names of inputs that are not among them.
            read: function from (name, value, `tf.TensorSpec`) to an array, for values of another
                protocol than JSON.

        Raises:
            InputError: no such signature, or a value that does not fit.
        """
        specs = {k: spec for k, spec in self.specs(signature).items() if k not in states}
        if not isinstance(values, dict):
            if len(specs) > 1:
                raise InputError(f"name the inputs: {', '.join(sorted(specs))}")
            values = {next(iter(specs)): values}
        check_names(values, specs)
        return {name: read(name, values[name], spec) for name, spec in specs.items()}

    def run(self, signature, inputs):
        """The outputs of a signature: dict from name to array.

        Args:
            signature: str, its name.
            inputs: dict from name to array, of the types and shapes of `specs`.

        Raises:
            InputError: the model refuses the values.
        """
        function = self._signatures[signature]
        specs = self.specs(signature)
        tensors = {name: tf.constant(inputs[name], spec.dtype) for name, spec in specs.items()}
        try:
            outputs = function(**tensors)
        except (tf.errors.InvalidArgumentError, UnicodeDecodeError) as problem:
            raise InputError(reason_of(problem)) from None
        return {name: output.numpy() for name, output in outputs.items()}

    def predict(self, signature, values):
        """The outputs of a signature for JSON values, see `checked` and `run`."""
        return self.run(signature, self.checked(signature, values))

    @functools.cached_property
    def signatures(self):
        """dict from name to the signature's definition as TensorFlow Serving prints it."""
        saved = saved_model_pb2.SavedModel()
        saved.ParseFromString((self._folder / GRAPH).read_bytes())
        definitions = saved.meta_graphs[0].signature_def
        printed = {
            name: json_format.MessageToDict(
                definitions[name],
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
            )
            for name in self._loaded.signatures
        }
        if videos.SIGNATURE in self._signatures:
            printed[videos.SIGNATURE] = videos.definition(printed["serving_default"])
        return printed


def load_version(folder, check=None):
    """The `Version` of an artifact: verified, and run once with its golden inputs.

    The first run of a graph takes longer than others.

    Args:
        folder: Path.
        check: see `Servable`.

    Raises:
        InputError: it must not be loaded, a file is not the published one, or the golden inputs are
            refused; what a damaged graph raises can be any other.
    """
    start, manifest = time.perf_counter(), identity(folder)
    if check is not None:
        check(folder)
    verify_files(folder)
    version = Version(folder, read_card(folder).get("reader"))
    # The folder may be removed while the version is served.
    _ = version.signatures, version.content_digest  # and its card
    (name,) = version.specs("model")
    version.run("model", {name: read_golden(folder)["inputs"]})
    # As it was before: a folder that was replaced meanwhile is loaded again.
    version.load_seconds, version.identity = time.perf_counter() - start, manifest
    return version


def identity(folder):
    """What tells the version of a folder from another one that takes its number later.

    After a rollback the next version that is pushed has the number of the removed one. The times of
    the manifest may be copied with it, but for that of its inode.
    """
    try:
        status = (folder / SUMS).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def stamp(folder):
    """What a folder has: a tuple of (path, inode, times) per file.

    A refused version is tried again once a file of it is replaced or added, such as a signature.
    """
    files = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with contextlib.suppress(OSError):
                status = os.lstat(path)
                files.append((path, status.st_ino, status.st_mtime_ns, status.st_ctime_ns))
    return tuple(sorted(files))
