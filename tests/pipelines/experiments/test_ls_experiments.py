"""A short training of every kind of arm in the experiments with least squares."""

import keras
import numpy as np
import pytest

from rnnzoo.pipelines.experiments.studies import ls_online, ls_teacher_student


@pytest.mark.slow
@pytest.mark.parametrize("name", ["0.3 bptt 10", "0.3 init 10", "1.0 init 7 bptt 10"])
def test_the_student_of_a_random_teacher(name, monkeypatch):
    monkeypatch.setattr(ls_teacher_student, "STEPS", 400)
    monkeypatch.setattr(ls_teacher_student, "STATE", 32)
    experiment = ls_teacher_student.EXPERIMENT
    arms = {arm.name: arm for arm in experiment.arms}
    leader = arms[arms[name].follows or name].candidates[0]
    settings = leader | arms[name].candidates[0]
    keras.utils.set_random_seed(1)
    results = ls_teacher_student.run(settings, 1, *experiment.load("validation"), quick=True)
    assert all(np.isfinite(value).all() for value in results.values())
    curve = results["held_out_mse"]
    assert len(curve) == 1 + (settings["iterations"] > 0) + (settings["epochs"] > 0)
    assert curve[-1] == results["mse"] < curve[0]


@pytest.mark.parametrize("kind", ["bptt", "rtrl", "ls", "readout"])
def test_online_learning(kind, monkeypatch):
    monkeypatch.setattr(ls_online, "STEPS", 1000)
    experiment = ls_online.EXPERIMENT
    settings = next(s for arm in experiment.arms for s in arm.candidates if s["kind"] == kind)
    keras.utils.set_random_seed(1)
    results = ls_online.run(settings, 1, *experiment.load("validation"), quick=True)
    assert all(np.isfinite(value).all() for value in results.values())
    assert len(results["errors"]) == 2 * 100 / ls_online.WINDOW
