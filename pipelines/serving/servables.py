"""Pretrained models for a server: versions in folders, loaded when they are requested."""

import os
import sys
import threading

import tensorflow as tf
from google.protobuf import json_format
from tensorflow.core.protobuf import saved_model_pb2

from rnnzoo.artifacts import SUMS, read_card, roots, verify_files, versions
from rnnzoo.artifacts.layout import GRAPH
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving import videos
from rnnzoo.pipelines.serving.reasons import reason_of
from rnnzoo.pipelines.serving.values import array
from rnnzoo.registry import located


class Version:
    """A loaded version of a model; the caller verifies the hashes of its files.

    Args:
        folder: Path of its SavedModel.
        reader: dict, the card's field `reader` of a classifier; None for other models.

    Attributes:
        batchers: dict from signature to the `Batcher` that runs it, of an `Engine`.
    """

    def __init__(self, folder, reader=None):
        self._loaded = tf.saved_model.load(folder)
        self._folder, self.batchers = folder, {}
        self._signatures = dict(self._loaded.signatures)
        if reader and reader["kind"] == "video":
            classify = self._signatures["serving_default"]
            self._signatures[videos.SIGNATURE] = videos.VideoSignature(reader, classify)

    def specs(self, signature):
        """The inputs of a signature: dict from name to `tf.TensorSpec`.

        Raises:
            InputError: there is no such signature.
        """
        if signature not in self._signatures:
            raise InputError(
                f"unknown signature {shown(signature)}: "
                f"choose one of {', '.join(sorted(self._signatures))}"
            )
        return self._signatures[signature].structured_input_signature[1]

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

    def checked(self, signature, values, read=array):
        """The inputs of a signature: dict from name to array.

        Args:
            signature: str, its name.
            values: dict from input name to JSON value, or the bare value of a single input.
            read: function from (name, value, `tf.TensorSpec`) to an array, for values of another
                protocol than JSON.

        Raises:
            InputError: no such signature, or a value that does not fit.
        """
        specs = self.specs(signature)
        if not isinstance(values, dict):
            if len(specs) > 1:
                raise InputError(f"name the inputs: {', '.join(sorted(specs))}")
            values = {next(iter(specs)): values}
        if values.keys() != specs.keys():
            named = shown(", ".join(sorted(values))) if values else "none"
            raise InputError(f"inputs are {', '.join(sorted(specs))}, not {named}")
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
        except tf.errors.InvalidArgumentError as problem:
            raise InputError(reason_of(problem)) from None
        return {name: output.numpy() for name, output in outputs.items()}

    def predict(self, signature, values):
        """The outputs of a signature for JSON values, see `checked` and `run`."""
        return self.run(signature, self.checked(signature, values))

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


class Servable:
    """The versions of a model: the newest, or the requested one.

    A version that is pushed while the server runs is served from the next request on. A version
    that cannot be loaded is refused, and the next older one is served.

    Args:
        name: str, `NAME`.
        at_once: bool; False loads a version with the first request.

    Raises:
        InputError: no such model, or `at_once` and no version of it can be loaded.
    """

    def __init__(self, name, at_once=True):
        self.name = name
        self._own = located(name).parent
        self._versions, self._refused, self._lock = {}, {}, threading.Lock()
        self._newest = self._at = None  # what `get` returned last without a number, and when
        try:
            if at_once:
                self.get()
        except LookupError:
            raise InputError(f"no version of {name} can be loaded") from None

    def available(self):
        """dict from version to its Path, in all folders of models, without refused ones."""
        folders = [root / self.name for root in reversed(roots())]
        paths = {n: folder / str(n) for folder in folders for n in versions(folder)}
        return {n: path for n, path in paths.items() if self._refused.get(n) != _stamp(path)}

    def loaded(self, number=None):
        """As `get`, of a version that is loaded; None if that takes time."""
        if self._refused or self._at != self._changes():
            return None
        if number is None:
            number = self._newest
        return (number, self._versions[number]) if number in self._versions else None

    def get(self, number=None):
        """(number, `Version`) of the requested version, or of the newest that can be loaded.

        Without a number, only versions in the folder that `rnnzoo.load` reads are considered.

        Raises:
            LookupError: there is no such version.
        """
        with self._lock:
            at = self._changes()  # before the folders are read
            available = self.available()
            self._versions = {n: v for n, v in self._versions.items() if n in available}
            if number is None:
                wanted = [n for n, path in available.items() if path.parent == self._own]
            else:
                wanted = [n for n in available if n == number]
            for candidate in sorted(wanted, reverse=True):
                if candidate not in self._versions:
                    try:
                        folder = available[candidate]
                        verify_files(folder)
                        self._versions[candidate] = Version(folder, read_card(folder).get("reader"))
                    except Exception as problem:  # a damaged graph can raise anything
                        self._refused[candidate] = _stamp(available[candidate])
                        print(f"rnnzoo: not serving {self.name}: {problem}", file=sys.stderr)
                        continue
                if number is None:
                    self._newest, self._at = candidate, at
                return candidate, self._versions[candidate]
        raise LookupError(self.name)

    def _changes(self):
        """list of the times at which a version appeared in a folder of models, or left it."""
        times = []
        for root in roots():
            try:
                times.append(os.stat(root / self.name).st_mtime_ns)
            except OSError:
                times.append(None)
        return times


def _stamp(folder):
    """The time of a version's manifest: a refused version is tried again once it is replaced."""
    try:
        return (folder / SUMS).stat().st_mtime_ns
    except OSError:
        return None
