"""Writes and runs LiteRT files, of a batch of one."""

import re
import tempfile

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from rnnzoo.datasets.common.system_errors import reason_of


def write(model, signature, card, path):
    """Writes a signature for a batch of one: a free batch size would be a file that does not run.

    Args:
        model: task model, which owns the weights.
        signature: `rnnzoo.pipelines.export.portable.Signature`.
        card: dict; not stored, the format has no such metadata.
        path: `pathlib.Path`.
    """
    module = tf.Module()
    module.weights = [weight.value for weight in model.weights]
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures={signature.name: signature.traced(1)})
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, [signature.name])
        path.write_bytes(converter.convert())


def read(path):
    """The function of a file, from dict of arrays to dict of arrays; rows run one by one."""
    interpreter = Interpreter(str(path))
    (name,) = interpreter.get_signature_list()

    def run(inputs):
        runner = interpreter.get_signature_runner(name)
        return runner(**inputs)

    def call(inputs):
        count = len(next(iter(inputs.values())))
        rows = [
            run({name: values[i : i + 1] for name, values in inputs.items()}) for i in range(count)
        ]
        return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}

    return call


def reason(problem):
    """The operations that the format lacks, or the first line of the problem."""
    lacking = re.findall(r"'tf\.(\w+)' op is neither a custom op nor a flex op", str(problem))
    if lacking:
        return f"LiteRT lacks {', '.join(sorted(set(lacking)))}"
    return reason_of(problem).rpartition(")): ")[2]  # without where in the converter
