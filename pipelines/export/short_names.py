"""Makes the graph of a SavedModel smaller: half of its bytes are names that nobody reads."""

import itertools
from pathlib import Path

from rnnzoo.datasets.common.atomic_write import atomic_file


def shorten(folder):
    """Gives the nodes inside the functions of a SavedModel short names, and drops hints of shapes.

    Names of functions, signatures, arguments and outputs stay; so does what is computed.

    Args:
        folder: path of the SavedModel's folder.
    """
    from tensorflow.core.protobuf import saved_model_pb2

    path = Path(folder) / "saved_model.pb"
    model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    for graph in model.meta_graphs:
        for function in graph.graph_def.library.function:
            _shorten_function(function)
    with atomic_file(path) as partial:
        partial.write_bytes(model.SerializeToString(deterministic=True))


def _shorten_function(function):
    arguments = {one.name for one in function.signature.input_arg}
    fresh = (f"n{number}" for number in itertools.count())
    names = {
        node.name: next(name for name in fresh if name not in arguments)
        for node in function.node_def
    }

    def renamed(reference):
        """`node:output:index`, `^node` or an argument, with the node's new name."""
        control = "^" * reference.startswith("^")
        node, colon, rest = reference[len(control) :].partition(":")
        return f"{control}{names.get(node, node)}{colon}{rest}"

    for node in function.node_def:
        node.name = names[node.name]
        inputs = [renamed(one) for one in node.input]
        del node.input[:]
        node.input.extend(inputs)
        for hint in ("_output_shapes", "_class"):  # _class names nodes, to be put beside them
            node.attr.pop(hint, None)
        node.ClearField("experimental_debug_info")
    for outputs in (function.ret, function.control_ret):
        for name, reference in list(outputs.items()):
            outputs[name] = renamed(reference)
