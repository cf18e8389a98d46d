"""A short training of every kind of arm in the experiments with SVDSimpleRNN."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.text.vocabulary import Vocabulary
from rnnzoo.pipelines.experiments.studies import (
    svd_memory,
    svd_permuted,
    svd_shakespeare,
    svd_subsequence,
    svd_teacher_student,
)
from rnnzoo.pipelines.experiments.studies.common import simulated_data

SIMULATED = {
    "16 rnn": svd_teacher_student,
    "16 reg": svd_teacher_student,
    "40 reg": svd_subsequence,
    "40+20 lstm": svd_subsequence,
    "adding 100 rnn": svd_memory,
    "copying 100 reg": svd_memory,
    "copying 100 lstm": svd_memory,
}


def settings_of(module, name):
    """The last candidate of an arm; of one that follows another, the other's with its own."""
    arms = {arm.name: arm for arm in module.EXPERIMENT.arms}
    leader = arms[arms[name].follows or name]
    return leader.candidates[-1] | arms[name].candidates[0 if arms[name].follows else -1]


def finite(results):
    """Whether every scalar and every value of a curve is finite."""
    return all(np.isfinite(value).all() for value in results.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", SIMULATED)
def test_simulated_data(name, monkeypatch):
    module = SIMULATED[name]
    monkeypatch.setattr(svd_subsequence, "STEPS", 1000)
    monkeypatch.setattr(svd_memory, "QUICK_SEQUENCES", 64)
    monkeypatch.setattr(svd_memory, "HELD_OUT", 50)
    monkeypatch.setattr(svd_teacher_student, "STEPS", 400)
    keras.utils.set_random_seed(1)
    train, held_out = module.EXPERIMENT.load("validation")
    results = module.run(settings_of(module, name), 1, train, held_out, quick=True)
    assert finite(results)
    for measure in module.EXPERIMENT.measures:
        assert np.isfinite(measure.of(results, None))


@pytest.mark.parametrize("name", ["rnn", "reg", "lstm"])
def test_permuted(name, eager):
    rng = np.random.default_rng(0)
    train, held_out = (
        (rng.normal(size=(n, 10, 6)).astype("float32"), rng.integers(20, size=n)) for n in (33, 5)
    )
    settings = settings_of(svd_permuted, name)
    assert finite(svd_permuted.run(settings, 1, train, held_out, quick=True))


@pytest.mark.parametrize("name", ["rnn", "reg"])
def test_shakespeare(name, monkeypatch, eager):
    monkeypatch.setattr(svd_shakespeare, "UNITS", 4)
    monkeypatch.setattr(svd_shakespeare, "WINDOW", 12)
    text, vocabulary = "to be or not to be, " * 40, Vocabulary.of("to be or not, ")
    settings = settings_of(svd_shakespeare, name)
    train, held_out = (text, vocabulary), (text[:100], vocabulary)
    results = svd_shakespeare.run(settings, 1, train, held_out, quick=True)
    assert finite(results)
    assert 0 < results["nats"] < 3.5


def test_phases_and_seeds_have_data_of_their_own():
    kinds = [kind for phase in ("validation", "test") for kind in simulated_data.load(phase)]
    keys = [tuple(simulated_data.key(kind, seed)) for kind in kinds for seed in (1, 2)]
    assert len(set(keys)) == 8
