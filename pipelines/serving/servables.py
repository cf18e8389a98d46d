"""Pretrained models as a server sees them: versions in a folder, loaded when asked for."""

import sys
import threading

import numpy as np
import tensorflow as tf
from google.protobuf import json_format
from tensorflow.core.protobuf import saved_model_pb2

from rnnzoo.artifacts import SUMS, read_card, roots, verify_files, versions
from rnnzoo.artifacts.layout import GRAPH
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving import videos
from rnnzoo.pipelines.serving.values import tensor
from rnnzoo.registry import located


class Version:
    """One version of a model, loaded; its hashes are the caller's to check.

    Args:
        folder: Path of its SavedModel.
        reader: dict, how a classifier reads sequences, as its card says it; None for other models.
    """

    def __init__(self, folder, reader=None):
        self._loaded = tf.saved_model.load(folder)
        self._folder = folder
        self._signatures = dict(self._loaded.signatures)
        if reader and reader["kind"] == "video":
            answer = self._signatures["serving_default"]
            self._signatures[videos.SIGNATURE] = videos.VideoSignature(reader, answer)

    def predict(self, signature, values):
        """Runs a signature.

        Args:
            signature: str, its name.
            values: dict from input name to JSON value, or the bare value of a single input.

        Returns:
            dict from output name to array.

        Raises:
            InputError: no such signature, or a value that does not fit.
        """
        if signature not in self._signatures:
            raise InputError(
                f"unknown signature {signature!r}: "
                f"choose one of {', '.join(sorted(self._signatures))}"
            )
        function = self._signatures[signature]
        specs = function.structured_input_signature[1]
        if not isinstance(values, dict):
            if len(specs) > 1:
                raise InputError(f"name the inputs: {', '.join(sorted(specs))}")
            values = {next(iter(specs)): values}
        if values.keys() != specs.keys():
            raise InputError(
                f"inputs are {', '.join(sorted(specs))}, not {', '.join(sorted(values)) or 'none'}"
            )
        inputs = {name: tensor(name, values[name], spec) for name, spec in specs.items()}
        try:
            outputs = function(**inputs)
        except tf.errors.InvalidArgumentError as problem:
            raise InputError(_said(problem)) from None
        return {name: np.asarray(output) for name, output in outputs.items()}

    def signatures(self):
        """The signature definitions as TensorFlow Serving prints them, a dict."""
        saved = saved_model_pb2.SavedModel()
        saved.ParseFromString((self._folder / GRAPH).read_bytes())
        definitions = saved.meta_graphs[0].signature_def
        found = {
            name: json_format.MessageToDict(
                definitions[name],
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
            )
            for name in self._loaded.signatures
        }
        if videos.SIGNATURE in self._signatures:
            found[videos.SIGNATURE] = videos.definition(found["serving_default"])
        return found


def _said(problem):
    """What a graph's own check says, without TensorFlow's words around it."""
    _, found, said = problem.message.partition("assertion failed: [")
    if not found:
        return "the values do not fit the model"
    said = said.split("\n\t [[")[0].replace("] [", " ").removesuffix("]")
    return " ".join(said.split())


class Servable:
    """A model by its name: the newest version, or one that is asked for.

    A version that is pushed while the server runs is served from the next request on;
    one that cannot be loaded is left out, and the next older one answers.

    Args:
        name: str, `NAME`.
        at_once: bool; False loads a version when it is first asked for.

    Raises:
        InputError: no such model, or `at_once` and no version of it that can be loaded.
    """

    def __init__(self, name, at_once=True):
        self.name = name
        self._own = located(name).parent
        self._versions, self._refused, self._lock = {}, {}, threading.Lock()
        try:
            if at_once:
                self.get()
        except LookupError:
            raise InputError(f"no version of {name} can be loaded") from None

    def available(self):
        """dict from version to folder, in any folder of models, without those refused."""
        folders = [root / self.name for root in reversed(roots())]
        found = {n: folder / str(n) for folder in folders for n in versions(folder)}
        return {n: path for n, path in found.items() if self._refused.get(n) != _stamp(path)}

    def get(self, number=None):
        """(number, `Version`): the newest one that can be loaded, or the one with a number.

        Without a number only the folder counts that `rnnzoo.load` takes the name from.

        Raises:
            LookupError: there is none.
        """
        with self._lock:
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
                return candidate, self._versions[candidate]
        raise LookupError(self.name)


def _stamp(folder):
    """Changes when a version's folder is replaced: a refused one is tried again then."""
    try:
        return (folder / SUMS).stat().st_mtime_ns
    except OSError:
        return None
