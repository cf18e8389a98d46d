"""What an exported imputer answers, and what it refuses."""

import re

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.audio.graph_transform import inverse, transformed
from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.audio.spectrogram import analyse, synthesise
from rnnzoo.datasets.audio.gaps import Missing
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers import NEMLSTM
from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.pipelines.families.audio import signatures
from rnnzoo.pipelines.families.audio.stream import DELAY

RATE, COUNT, HOP = 8000, 12_000, 64


@pytest.fixture(scope="module", params=[False, True])
def both(request, tmp_path_factory):
    """(model, its export as loaded)."""
    model = SpectrogramImputer([NEMLSTM(5)], bidirectional=request.param)
    random = np.random.default_rng(0)
    for weight in model.get_layer("readout").weights:
        weight.assign(random.normal(0, 0.05, weight.shape))
    folder = tmp_path_factory.mktemp("export")
    export_saved_model(model, folder)
    return model, tf.saved_model.load(folder)


@pytest.fixture(scope="module")
def one_way(tmp_path_factory):
    """The export of a model that goes in one direction."""
    model = SpectrogramImputer([NEMLSTM(5)])
    folder = tmp_path_factory.mktemp("one_way")
    export_saved_model(model, folder)
    return model, tf.saved_model.load(folder)


def tune():
    n = np.arange(COUNT)
    return (0.3 * np.sin(0.05 * n) + 0.1 * np.sin(0.43 * n)).astype("float32")


def test_the_graphs_transform_is_the_one_of_audio():
    samples = np.random.default_rng(0).normal(size=(2, 1000)).astype("float32")
    spectrum = transformed(tf.constant(samples)).numpy()
    np.testing.assert_allclose(spectrum, np.swapaxes(analyse(samples), 1, 2), atol=1e-4)
    np.testing.assert_allclose(inverse(tf.constant(spectrum), 1000), samples, atol=1e-5)
    turned = spectrum * np.exp(0.3j).astype("complex64")
    expected = synthesise(np.swapaxes(turned, 1, 2), 1000)
    inner = slice(0, 1000 - 192)  # at the end, numpy divides by the windows that there are
    np.testing.assert_allclose(inverse(turned, 1000)[:, inner], expected[:, inner], atol=1e-5)


def respond(loaded, samples, gaps, available=0):
    return loaded.signatures["serving_default"](
        samples=tf.constant(samples[None]),
        gaps=tf.constant([gaps], tf.int32),
        available=tf.constant([available]),
    )


def test_audio_comes_back_restored(both):
    model, loaded = both
    true, gaps = tune(), [[4000, 4200], [9000, 9100]]
    missing = Missing(COUNT, tuple(map(tuple, gaps)))
    samples_sent = np.where(missing.samples(), 9, true).astype("float32")
    outputs = respond(loaded, samples_sent, gaps)
    heard = np.where(missing.samples(), 0, true)
    expected = model.filled(np.abs(analyse(heard)), missing.mask(), adapt=False)
    np.testing.assert_allclose(outputs["magnitudes"][0], expected.T, atol=1e-3)
    outside = ~missing.samples()
    np.testing.assert_array_equal(outputs["restored"][0][outside], true[outside])
    assert np.abs(outputs["restored"][0]).max() < 1


def test_bins_that_are_left_count(both):
    model, loaded = both
    missing = Missing(COUNT, ((4000, 4200),), 16)
    outputs = respond(loaded, tune(), [[4000, 4200]], 16)
    expected = model.filled(np.abs(analyse(tune())), missing.mask(), adapt=False)
    np.testing.assert_allclose(outputs["magnitudes"][0], expected.T, atol=1e-3)


def test_rows_with_fewer_gaps_are_filled_up_with_empty_ones(both):
    first = respond(both[1], tune(), [[4000, 4200]])["restored"]
    second = respond(both[1], tune(), [[4000, 4200], [0, 0]])["restored"]
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("samples", "gaps", "available", "message"),
    [
        (tune(), [[0, 9]] * 2000, 0, "too many gaps"),
        (np.ones(signatures.MOST + 1, "float32"), [[0, 9]], 0, "too many samples"),
    ],
)
def test_what_is_refused(one_way, samples, gaps, available, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        respond(one_way[1], samples, gaps, available)


def with_sample(value):
    samples = tune()
    samples[17] = value
    return samples


@pytest.mark.parametrize(
    ("samples", "gaps", "available"),
    [
        (np.zeros(0, "float32"), [[0, 0]], 0),
        (np.zeros(99, "float32"), [[0, 9]], 0),
        (with_sample(np.nan), [[0, 9]], 0),
        (with_sample(-np.inf), [[0, 9]], 0),
        (tune(), [[5, 9], [-1, 9]], 0),
        (tune(), [[0, COUNT + 1]], 0),
        (tune(), [[9, 0]], 0),
        (tune(), [[0, 9]], 129),
        (tune(), [[0, 9]], -1),
        (tune(), [[100, 4000], [3000, 6200]], 0),
        (tune()[:64], [[10, 40]], 0),
    ],
)
def test_audio_is_refused_in_the_words_of_python(one_way, refused_alike, samples, gaps, available):
    """At one sample per second, seconds are samples."""
    model, loaded = one_way
    serving = loaded.signatures["serving_default"]
    refused_alike(
        lambda: in_samples(lambda: model.impute(samples, 1, list(map(tuple, gaps)), available)),
        serving,
        samples=tf.constant(samples[None]),
        gaps=tf.constant([gaps], tf.int32),
        available=tf.constant([available]),
    )


def in_samples(impute):
    try:
        impute()
    except InputError as problem:
        raise InputError(re.sub(r"(\d) s\b", r"\1 samples", str(problem))) from None


def test_a_row_without_a_gap_is_refused(one_way):
    with pytest.raises(tf.errors.InvalidArgumentError, match="no gap: give .start, end. in sampl"):
        respond(one_way[1], tune(), [[7, 7], [0, 0]])


def test_rows_of_a_request_are_few(one_way):
    rows = signatures.MOST_ROWS + 1
    with pytest.raises(tf.errors.InvalidArgumentError, match="too many rows: 64 a request"):
        one_way[1].signatures["serving_default"](
            samples=tf.ones([rows, 9]),
            gaps=tf.zeros([rows, 1, 2], tf.int32),
            available=tf.zeros([rows], tf.int32),
        )


def test_gaps_that_overlap_are_one(one_way):
    first = respond(one_way[1], tune(), [[4000, 4200]])["restored"]
    second = respond(one_way[1], tune(), [[4100, 4200], [4000, 4150]])["restored"]
    np.testing.assert_array_equal(first, second)


def test_rows_are_restored_each_by_itself(both):
    reversed_ = tune()[::-1].copy()
    outputs = both[1].signatures["serving_default"](
        samples=tf.constant(np.stack([tune(), reversed_])),
        gaps=tf.constant([[[4000, 4200]], [[500, 600]]]),
        available=tf.constant([0, 4]),
    )["restored"]
    for row, samples, gap, available in [
        (0, tune(), [4000, 4200], 0),
        (1, reversed_, [500, 600], 4),
    ]:
        alone = respond(both[1], samples, [gap], available)["restored"][0]
        np.testing.assert_allclose(outputs[row], alone, atol=1e-4)


def test_the_models_own_answer_is_bounded(one_way):
    whole = one_way[1].signatures["model"]
    for cells, message in [
        (np.zeros((1, 0, 129)), "no cells"),
        (np.full((1, 2, 129), np.inf), "not finite"),
        (np.zeros((signatures.MOST_ROWS + 1, 1, 129)), "too many rows"),
        (np.zeros((1, signatures.MOST_CELLS // 129 + 1, 129)), "too many"),
    ]:
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            whole(cells=tf.constant(cells, tf.float32))


def first_states(loaded):
    inputs = loaded.signatures["step"].structured_input_signature[1].items()
    return {
        name: tf.zeros([1, *spec.shape[1:]]) for name, spec in inputs if name.startswith("state_")
    }


def streamed(loaded, samples, lost, sizes):
    """Samples of a stream, in steps of some hops, as they come out."""
    step, states = loaded.signatures["step"], first_states(loaded)
    restored, at = [], 0
    for size in sizes:
        some = samples[None, at * HOP : (at + size) * HOP]
        outputs = step(
            samples=tf.constant(some), lost=tf.constant(lost[None, at : at + size]), **states
        )
        states = {name: outputs[name] for name in states}
        restored.append(outputs["restored"][0].numpy())
        at += size
    return np.concatenate(restored)


def test_a_stream_comes_back_late_and_whole_with_its_losses_restored(one_way):
    true, hops = tune()[: 180 * HOP], 180
    lost = np.zeros(hops, np.int32)
    lost[60:64], lost[120] = 1, 1
    gone = np.repeat(lost, HOP) > 0
    samples_sent = np.where(gone, 9, true).astype("float32")
    restored = streamed(one_way[1], samples_sent, lost, [10] * 18)
    late = DELAY * HOP
    assert np.all(restored[:late] == 0)
    received = ~gone[:-late]
    np.testing.assert_array_equal(restored[late:][received], true[:-late][received])
    off = (restored[late:] - true[:-late])[~received]
    assert np.linalg.norm(off) < 0.5 * np.linalg.norm(true[:-late][~received])
    assert np.abs(np.diff(restored[late:])).max() < 2 * np.abs(np.diff(true)).max()


def test_states_have_the_shapes_that_they_came_with(one_way):
    step = one_way[1].signatures["step"]
    inputs, outputs = step.structured_input_signature[1], step.structured_outputs
    for name in first_states(one_way[1]):
        assert inputs[name].shape == outputs[name].shape, name


def test_how_a_stream_is_cut_does_not_matter(one_way):
    true = tune()[: 90 * HOP]
    lost = np.zeros(90, np.int32)
    lost[[20, 21, 50, 51, 52, 53, 54]] = 1
    whole = streamed(one_way[1], true, lost, [90])
    parts = streamed(one_way[1], true, lost, [1] * 22 + [30, 2, 36])
    np.testing.assert_allclose(parts, whole, atol=1e-4)


def test_what_a_step_refuses(one_way):
    for samples, lost, message in [
        (np.zeros(0), np.zeros(0), "no samples"),
        (np.zeros(65), np.zeros(1), "samples come 64 together"),
        (np.zeros(64), np.zeros(2), "samples come 64 together"),
        (np.full(64, np.inf), np.zeros(1), "not finite"),
        (np.zeros(64), np.full(1, 2), "lost is 0 or 1"),
        (np.zeros(signatures.MOST_STEP + 64), np.zeros(513), "too many samples"),
    ]:
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            one_way[1].signatures["step"](
                samples=tf.constant(samples[None], tf.float32),
                lost=tf.constant(lost[None], tf.int32),
                **first_states(one_way[1]),
            )
