import sys

import apache_beam as beam
import keras
import numpy as np
import pytest
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineResult, PipelineRunner, PipelineState

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers import SVDSimpleRNN, least_squares_init
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import Systems
from rnnzoo.pipelines.beam import least_squares_combine
from rnnzoo.pipelines.beam.least_squares import beam_least_squares_init
from rnnzoo.pipelines.beam.model_bytes import custom_objects_of, to_bytes


def network():
    """A masked model with a layer that workers do not know until they are told."""
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.Input((None, 3)),
            keras.layers.Masking(),
            SVDSimpleRNN(4, return_sequences=True),
            keras.layers.Dense(2, activation="tanh"),
        ]
    )


@pytest.fixture(scope="module")
def batches():
    """Five batches of sequences of eight steps, some of them masked."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5, 2, 8, 3)).astype("float32")
    y = np.tanh(np.cumsum(x, axis=2)[..., :2] / 2)
    x[rng.uniform(size=x.shape[:-1]) < 0.2] = 0
    return list(zip(x, y, strict=True))


def workers(mode):
    # Without the last, Beam may fetch Prism and run that, which has no such workers.
    return {"direct_num_workers": 2, "direct_running_mode": mode, "allow_unsafe_triggers": True}


def in_beam(model, source, **kwargs):
    return beam_least_squares_init(model, source, runner="DirectRunner", **kwargs)


def same(model, expected):
    for weight, expected_weight in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(weight, expected_weight, rtol=0, atol=1e-5)


@pytest.mark.slow
def test_two_processes_give_what_memory_gives(batches, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a worker imports from the folder that it is started in
    monkeypatch.delattr(least_squares_combine.LeastSquaresSums, "setup")  # of this process
    options = workers("multi_processing")
    model = in_beam(network(), beam.Create(batches), iterations=1, options=options)
    same(model, least_squares_init(network(), batches, iterations=1))


@pytest.mark.slow
def test_two_threads_give_what_memory_gives(batches, tmp_path, monkeypatch):
    loaded = []

    def from_bytes(*args):
        loaded.append(args)
        return inner(*args)

    inner = least_squares_combine.from_bytes
    monkeypatch.setattr(least_squares_combine, "from_bytes", from_bytes)
    model, numbers = network(), {"iterations": 2, "step": 0.7, "ridge": 0.02, "washout": 2}
    options, folder = workers("multi_threading"), tmp_path / "sums"
    result = in_beam(model, beam.Create(batches), options=options, folder=folder, **numbers)
    assert result is model
    same(model, least_squares_init(network(), batches, **numbers))
    assert len(loaded) == 2  # once an iteration, whatever the threads
    assert not any(folder.iterdir())


def test_sums_of_sums_are_sums_of_all(batches):
    model = network()
    sums = least_squares_combine.LeastSquaresSums(to_bytes(model), custom_objects_of(model))
    sums.setup()
    parts = [sums.create_accumulator() for _ in range(3)]
    for index, batch in enumerate(batches):
        parts[index % 2] = sums.add_input(parts[index % 2], batch)
    merged = sums.extract_output(sums.merge_accumulators(iter(parts)))
    expected = Systems(readout_model(model))
    for batch in batches:
        expected.add(*batch)
    assert merged.keys() == expected.state().keys()
    for name, array in expected.state().items():
        assert type(merged[name]) is np.ndarray
        np.testing.assert_allclose(merged[name], array, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        {"direct_num_workers": 3},
        ["--direct_num_workers=3"],
        PipelineOptions([], direct_num_workers=3),
    ],
    ids=["dict", "flags", "options"],
)
def test_runner_and_options_are_passed_on(batches, options):
    class Asked(Exception):
        pass

    class Runner(FnApiRunner):
        def run_pipeline(self, pipeline, options):
            raise Asked(options.view_as(DirectOptions).direct_num_workers)

    with pytest.raises(Asked, match="^3$"):
        beam_least_squares_init(
            network(), lambda pipeline: pipeline | beam.Create(batches),
            runner=Runner(), options=options,
        )  # fmt: skip


def test_what_is_refused(batches):
    stateful = keras.Sequential(
        [
            keras.Input(batch_shape=(2, 8, 3)),
            keras.layers.LSTM(4, return_sequences=True, stateful=True, name="memory"),
            keras.layers.Dense(2),
        ]
    )
    inline = keras.Sequential(
        [keras.Input((None, 3)), keras.layers.Lambda(lambda x: 2 * x), keras.layers.Dense(2)]
    )
    data = beam.Create(batches)
    for model, source, kwargs, message in (
        (stateful, data, {}, "memory is stateful, and batches come in no order here: give a"),
        (inline, data, {}, f"{inline.name} cannot be loaded from its own file: "),
        (network(), 3, {}, "source is 3: give a beam.PTransform, or a function from a pipeline"),
        (network(), lambda _: [3], {}, r"source gives \[3\]: give a beam.PTransform, or a func"),
        (network(), data, {"iterations": 0}, "iterations is 0: give a whole number"),
        (network(), data, {"step": 2}, "step is 2: give a number above 0 and up to 1"),
        (network(), data, {"ridge": -1}, "ridge is -1: give a finite number of at least 0"),
    ):
        with pytest.raises(ValueError, match=message):
            in_beam(model, source, **kwargs)


class Elsewhere(PipelineRunner, PipelineResult):
    """A runner whose workers write to another machine: no file of theirs is here."""

    def __init__(self):
        PipelineResult.__init__(self, PipelineState.DONE)

    def run_pipeline(self, pipeline, options):
        return self

    def wait_until_finish(self, duration=None):
        return self.state


def test_data_that_give_no_sums(batches):
    model, options = network(), workers("in_memory") | {"direct_num_workers": 1}
    infinite = [(x, np.full_like(y, np.nan)) for x, y in batches]
    for data, message in ((infinite, "the targets hold nan"), ([], "there are no valid steps: gi")):
        with pytest.raises(ValueError, match=message):
            in_beam(model, beam.Create(data), options=options)
    with pytest.raises(InputError, match="the workers left no .*npz here: give a folder that"):
        beam_least_squares_init(model, beam.Create(batches), runner=Elsewhere())
    same(model, network())


def test_without_beam_the_extra_is_named(batches, monkeypatch):
    monkeypatch.setitem(sys.modules, "apache_beam", None)
    monkeypatch.delitem(sys.modules, "rnnzoo.pipelines.beam.least_squares_combine")
    with pytest.raises(InputError, match=r"needs apache_beam: pip install 'rnnzoo\[beam\]'"):
        beam_least_squares_init(network(), lambda pipeline: None)
