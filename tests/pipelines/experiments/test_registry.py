"""The experiments there are."""

import subprocess
import sys

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness import registry
from rnnzoo.pipelines.experiments.harness.experiment import Experiment


def test_an_unknown_name_is_told_the_nearest(monkeypatch):
    monkeypatch.setattr(registry, "EXPERIMENTS", {"nem-action3d": "", "rmsprop-volterra": ""})
    with pytest.raises(InputError, match="'nem-action': choose one of nem-action3d$"):
        registry.load("nem-action")
    with pytest.raises(InputError, match="'xyz': choose one of nem-action3d, rmsprop-volterra$"):
        registry.load("xyz")


@pytest.mark.parametrize("name", registry.EXPERIMENTS)
def test_every_experiment_is_read_without_tensorflow(name):
    code = (
        "import sys; from rnnzoo.pipelines.experiments import registry; "
        f"registry.load({name!r}); assert not {{'tensorflow', 'keras'}} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    experiment = registry.load(name)
    assert isinstance(experiment, Experiment)
    assert experiment.name == name


def test_a_list_imports_no_experiment():
    assert registry.summaries().keys() == registry.EXPERIMENTS.keys()
    assert all(line.endswith(".") for line in registry.summaries().values())
