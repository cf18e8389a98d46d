"""The signatures of an exported imputer.

    serving_default   samples with gaps -> restored samples, and the magnitudes of their columns
    step              samples of a stream, the mask of lost hops, and the states before them ->
                      restored samples with a delay of 256, and the states after them; not of a
                      bidirectional model
    model             magnitudes -> the outputs of the Keras model

The states before the first sample are zeros.
"""

import tensorflow as tf

from rnnzoo.audio.graph_transform import inverse, transformed
from rnnzoo.audio.resynthesis import ITERATIONS
from rnnzoo.datasets.audio.spectrogram_grid import BINS, columns_of, columns_that_see
from rnnzoo.pipelines.export.signatures import checked, model_signature, size_of
from rnnzoo.pipelines.families.audio.stream import stream

# The most rows of a request, samples in all of them, gaps per row, samples per step, and cells:
# they bound the memory that a request needs.
MOST_ROWS, MOST, MOST_GAPS, MOST_STEP = 2**6, 2**22, 2**10, 2**15
MOST_CELLS = 2**23


def endpoints(model):
    """The signatures of a `SpectrogramImputer`, see `Family.endpoints`."""

    def serving_default(samples, gaps, available):
        samples, gaps, available = _checked(samples, gaps, available)
        lost = _sample_mask(gaps, tf.shape(samples)[1])
        mask = _cell_mask(gaps, available, tf.shape(samples)[1])
        # Where no bin is known, the samples inside a gap must not influence the result.
        samples = tf.where(lost & (available[:, None] == 0), 0.0, samples)
        spectrum = transformed(samples)
        magnitudes = model(tf.where(mask, -1.0, tf.abs(spectrum)), training=False)
        restored = _griffin_lim(samples, lost, spectrum, mask, magnitudes)
        return {"restored": restored, "magnitudes": magnitudes}

    samples = tf.TensorSpec([None, None], tf.float32, name="samples")
    gaps = tf.TensorSpec([None, None, 2], tf.int32, name="gaps")
    available = tf.TensorSpec([None], tf.int32, name="available")
    cells = tf.TensorSpec([None, None, BINS], tf.float32, name="cells")
    signatures = {
        "serving_default": (serving_default, [samples, gaps, available]),
        "model": model_signature(model, cells, _checked_cells),
    }
    if not model.bidirectional:
        signatures["step"] = stream(model, MOST_STEP)
    return signatures, []


def _sample_mask(gaps, length):
    """bool (batch, length), True where a sample is inside a gap."""
    # The cumulative sum of gaps that start, minus gaps that end, at each sample.
    batch, count = tf.shape(gaps)[0], tf.shape(gaps)[1]
    row = tf.broadcast_to(tf.range(batch)[:, None, None], tf.shape(gaps))
    signs = tf.broadcast_to(tf.constant([1, -1]), [batch, count, 2])
    edges = tf.scatter_nd(tf.stack([row, gaps], -1), signs, [batch, length + 1])
    return tf.cumsum(edges, axis=1)[:, :-1] > 0


def _cell_mask(gaps, available, length):
    """bool (batch, columns, bins), as `rnnzoo.datasets.audio.gaps.Missing.mask`."""
    first, end = columns_that_see(gaps[..., :1], gaps[..., 1:])
    columns = tf.range(columns_of(length))
    not_empty = gaps[..., :1] < gaps[..., 1:]
    missing = tf.reduce_any((columns >= first) & (columns < end) & not_empty, 1)
    return missing[..., None] & (tf.range(BINS) >= available[:, None, None])


def _griffin_lim(samples, lost, spectrum, mask, magnitudes):
    """Samples after Griffin and Lim's iterations, which keep known samples and cells."""
    length = tf.shape(samples)[1]
    size = tf.cast(magnitudes, tf.complex64)

    def iterate(estimate):
        current = transformed(estimate)
        phase = tf.math.divide_no_nan(current, tf.cast(tf.abs(current), tf.complex64))
        phase = tf.where(tf.abs(current) > 0, phase, 1.0 + 0.0j)
        return tf.where(lost, inverse(tf.where(mask, size * phase, spectrum), length), samples)

    (restored,) = tf.while_loop(
        lambda *_: True,
        lambda estimate: (iterate(estimate),),
        (samples,),
        maximum_iterations=ITERATIONS,
    )
    return restored


def _checked(samples, gaps, available):
    size, length, rows = size_of(samples), tf.shape(samples)[1], tf.shape(samples)[0]
    alike = (tf.shape(gaps)[0] == rows) & (tf.shape(available)[0] == rows)
    inside = tf.reduce_all((gaps >= 0) & (gaps <= length))
    ascending = tf.reduce_all(gaps[..., 0] <= gaps[..., 1])
    bins = tf.reduce_all((available >= 0) & (available < BINS))
    checks = [
        (size > 0, ["no samples: give one or more"]),
        _few_rows(samples),
        (size <= MOST, [f"too many samples: {MOST} a request at most"]),
        _finite(samples, "samples"),
        (alike, ["gaps and available have a row for each of samples"]),
        (tf.shape(gaps)[1] <= MOST_GAPS, [f"too many gaps: {MOST_GAPS} a row at most"]),
        (inside, ["gaps are pairs of samples, from 0 to how many there are"]),
        (ascending, ["a gap ends where it starts, or later"]),
        (bins, [f"available is from 0 to {BINS - 1}"]),
    ]
    return checked((samples, gaps, available), checks)


def _few_rows(values):
    return tf.shape(values)[0] <= MOST_ROWS, [f"too many rows: {MOST_ROWS} a request at most"]


def _finite(values, name):
    return tf.reduce_all(tf.math.is_finite(values)), [f"{name} that are not finite: give numbers"]


def _checked_cells(cells):
    checks = [
        (size_of(cells) > 0, ["no cells: give a column or more"]),
        _few_rows(cells),
        (size_of(cells) <= MOST_CELLS, [f"too many: {MOST_CELLS} cells a request at most"]),
        _finite(cells, "cells"),
    ]
    return checked(cells, checks)
