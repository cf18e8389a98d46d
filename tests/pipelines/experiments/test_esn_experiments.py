"""A small run of every kind of arm in the experiments with echo states."""

import sys

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers import has_stable_limit_cycle
from rnnzoo.pipelines.experiments.studies import esn_limit_cycles, esn_prediction


@pytest.mark.parametrize("kind", esn_limit_cycles.KINDS)
def test_biases_satisfy_their_conditions(kind):
    rng = np.random.default_rng(1)
    for units in (1, 3):
        b, drive = esn_limit_cycles.draw(units, rng)
        assert np.linalg.norm(b, 2) == pytest.approx(esn_limit_cycles.NORM)
        bias = esn_limit_cycles.biases(kind, b, drive, rng)
        certain = kind == "certified" or (kind == "mended" and units == 1)
        assert has_stable_limit_cycle(b.T, drive + bias) or not certain


@pytest.mark.parametrize("kind", ["zero", "certified"])
def test_trajectories_converge_or_not(kind, monkeypatch):
    monkeypatch.setattr(esn_limit_cycles, "STARTS", 20)
    load = esn_limit_cycles.EXPERIMENT.load
    results = esn_limit_cycles.run({"units": 2, "kind": kind}, 1, *load("validation"), quick=True)
    assert results["meeting"] == 100 if kind == "certified" else results["meeting"] < 60


@pytest.mark.parametrize("name", ["narma-10 linear", "mackey-glass 10 ahead EchoState"])
def test_predictors_are_better_than_the_mean(name, monkeypatch):
    monkeypatch.setattr(esn_prediction, "STEPS", 300)
    monkeypatch.setattr(esn_prediction, "UNITS", 40)
    experiment = esn_prediction.EXPERIMENT
    settings = {arm.name: arm for arm in experiment.arms}[name].candidates[0]
    keras.utils.set_random_seed(1)
    results = esn_prediction.run(settings, 1, *experiment.load("validation"), quick=True)
    assert 0 < results["nrmse"] < 0.9


def test_reservoirpy_is_an_extra(monkeypatch):
    for name in ("reservoirpy", "reservoirpy.mat_gen", "reservoirpy.nodes"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=r"reservoirpy.*: pip install 'rnnzoo\[rivals\]'"):
        esn_prediction.reservoirpy({}, 1, None, None, None)
