"""The sources of all data sets, by name.

A data set names its files in the dictionary `SOURCES` of its own module
`rnnzoo.datasets.<data set>.sources`; a new one is found here without an edit.
"""

import functools
import importlib
import pkgutil

import rnnzoo.datasets
from rnnzoo.datasets.common.errors import InputError


@functools.cache
def all_sources():
    """dict from name to `Source`, of every data set."""
    sources = {}
    for room in pkgutil.iter_modules(rnnzoo.datasets.__path__):
        module = f"rnnzoo.datasets.{room.name}.sources"
        if room.ispkg and importlib.util.find_spec(module):
            sources |= importlib.import_module(module).SOURCES
    return sources


def source_named(name):
    """The `Source` of a name.

    Raises:
        InputError: no data set has such a source.
    """
    sources = all_sources()
    if name not in sources:
        raise InputError(f"unknown source {name!r}: choose one of {', '.join(sources)}")
    return sources[name]
