"""Makes the classes of the zoo known to Keras."""

import importlib

from rnnzoo.families import families


def register():
    """See `rnnzoo.register`."""
    importlib.import_module("rnnzoo.layers")
    for entry in families().values():
        entry.load_task_class()
