"""An experiment of a few additions, which needs neither Keras nor data, and made-up music."""

import random

import pytest

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure


def toy_run(settings, seed, training, held_out, quick):
    """A loss that the settings state per phase, plus noise from the seeded generator."""
    noise = [random.gauss(0, 0.01) for _ in range(3 if quick else 6)]
    curve = [
        settings[held_out] + 1 / epoch + noise[epoch - 1] for epoch in range(1, len(noise) + 1)
    ]
    return {"loss": curve[-1], "drawn": random.random(), "curve": curve}


def toy_arms(good=0.2):
    """A control, an arm whose candidates differ, and one that follows it."""
    return (
        Arm("none", ({"kind": "none", "validation": 1.0, "test": 1.0},)),
        Arm(
            "nem",
            (
                {"kind": "nem", "validation": 0.9, "test": 0.1},
                {"kind": "nem", "validation": good, "test": 0.7},
            ),
            "none",
        ),
        Arm("blind", ({"kind": "blind"},), "none", follows="nem"),
    )


def toy_experiment(**changes):
    """The experiment, with changed parts."""
    parts = {
        "name": "toy",
        "title": "A toy",
        "question": "Does noise help?",
        "source": "[S] says that it does, table 1.",
        "arms": toy_arms(),
        "seeds": (1, 2, 3),
        "choice_seeds": (101, 102),
        "criterion": "loss",
        "measures": (
            Measure("loss", "", "lower", lambda cell, control: cell["loss"], {"nem": "[S] 0.5"}),
            Measure("drawn", "%", "higher", lambda cell, control: 100 * cell["drawn"]),
        ),
        "load": lambda phase: ("train", phase),
        "run": toy_run,
        "version": 1,
        "set_seed": random.seed,
    }
    return Experiment(**{**parts, **changes})


@pytest.fixture
def arms():
    """`toy_arms`"""
    return toy_arms


@pytest.fixture
def toy():
    """`toy_experiment`"""
    return toy_experiment


@pytest.fixture
def watched():
    """Returns a function that builds a toy experiment which records what is loaded and run.

    It takes a list for the records, `stop`, the number of trainings after which the next one
    raises, and the arguments of `toy_experiment`.
    """

    def make(calls, stop=None, problem=KeyboardInterrupt, **changes):
        def load(phase):
            calls.append(("load", phase))
            return "train", phase

        def run(settings, seed, training, held_out, quick):
            if stop == sum(call[0] == "run" for call in calls):
                raise problem
            calls.append(("run", held_out, settings["kind"], seed))
            return toy_run(settings, seed, training, held_out, quick)

        return toy_experiment(**{"load": load, "run": run, **changes})

    return make


@pytest.fixture
def music():
    """Returns a function from a number of samples to two synthetic pieces, by name."""
    import numpy as np

    from rnnzoo.datasets.audio.samples import Audio

    def make(count):
        n = np.arange(count)
        return {
            name: Audio(np.sin(pitch * n)[None] * (1 + 0.3 * np.sin(n / 900)), 8000)
            for name, pitch in {"low": 0.1, "high": 0.9}.items()
        }

    return make


@pytest.fixture
def eager():
    """Runs TensorFlow without graphs: a training of a few batches is not worth tracing one."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
