"""The examples in docstrings are run."""

import doctest
import importlib
import pkgutil

import pytest

import rnnzoo
import rnnzoo.datasets
import rnnzoo.layers
import rnnzoo.pipelines

PACKAGES = (rnnzoo, rnnzoo.datasets, rnnzoo.layers, rnnzoo.pipelines)
NAMES = sorted(
    {package.__name__ for package in PACKAGES}
    | {
        module.name
        for package in PACKAGES
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        if module.name != "rnnzoo.__main__"
    }
)


@pytest.mark.core
@pytest.mark.parametrize("name", NAMES)
def test_examples(name):
    if name.startswith("rnnzoo.pipelines.tfx."):
        pytest.importorskip("tfx", reason="TFX cannot be had on every system")
    module = importlib.import_module(name)
    assert module.__doc__, "every file says what it is"
    assert doctest.testmod(module).failed == 0


@pytest.mark.core
def test_the_examples_are_found():
    assert "rnnzoo.datasets.text.vocabulary" in NAMES
    module = importlib.import_module("rnnzoo.datasets.text.vocabulary")
    assert doctest.testmod(module).attempted >= 4
