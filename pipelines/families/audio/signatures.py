"""What an exported imputer answers.

    serving_default   samples with gaps -> the samples restored, and the magnitudes of their columns
    step              samples of a stream, and which of them were lost, and the states before them
                      -> samples of the stream restored, 256 late, and the states after; only of a
                      model that is not bidirectional
    model             magnitudes -> the Keras model's own answer

The states before the first sample are zeros.
"""

import tensorflow as tf

from rnnzoo.audio.graph_transform import inverse, transformed
from rnnzoo.audio.resynthesis import ITERATIONS
from rnnzoo.datasets.audio.spectrogram_grid import BINS, columns_of, columns_that_see
from rnnzoo.pipelines.export.signatures import checked, model_signature, size_of
from rnnzoo.pipelines.families.audio.stream import stream

# The most rows in one request, samples in all of them, gaps in a row, and samples of a step: they
# bound the memory that a request can ask for.
MOST_ROWS, MOST, MOST_GAPS, MOST_STEP = 2**6, 2**22, 2**10, 2**15
MOST_CELLS = 2**23


def endpoints(model):
    """The signatures of a `SpectrogramImputer`.

    Args:
        model: `SpectrogramImputer`, on the TensorFlow backend.

    Returns:
        (dict from signature name to (function, list of `tf.TensorSpec`), list of the
        resources that the functions need beside the model).
    """

    def serving_default(samples, gaps, available):
        samples, gaps, available = _checked(samples, gaps, available)
        lost = _inside(gaps, tf.shape(samples)[1])
        mask = _cells(gaps, available, tf.shape(samples)[1])
        # Where no bin is left, what stands in a gap is not known, and must not matter.
        samples = tf.where(lost & (available[:, None] == 0), 0.0, samples)
        spectrum = transformed(samples)
        magnitudes = model(tf.where(mask, -1.0, tf.abs(spectrum)), training=False)
        restored = _iterated(samples, lost, spectrum, mask, magnitudes)
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


def _inside(gaps, length):
    """bool (batch, length), whether a sample is in a gap."""
    # How many gaps begin at a sample, less those that end there, summed up to each.
    batch, count = tf.shape(gaps)[0], tf.shape(gaps)[1]
    row = tf.broadcast_to(tf.range(batch)[:, None, None], tf.shape(gaps))
    signs = tf.broadcast_to(tf.constant([1, -1]), [batch, count, 2])
    edges = tf.scatter_nd(tf.stack([row, gaps], -1), signs, [batch, length + 1])
    return tf.cumsum(edges, axis=1)[:, :-1] > 0


def _cells(gaps, available, length):
    """bool (batch, columns, bins), as `rnnzoo.datasets.audio.gaps.Missing.mask`."""
    first, end = columns_that_see(gaps[..., :1], gaps[..., 1:])
    columns = tf.range(columns_of(length))
    there = gaps[..., :1] < gaps[..., 1:]
    seen = tf.reduce_any((columns >= first) & (columns < end) & there, 1)
    return seen[..., None] & (tf.range(BINS) >= available[:, None, None])


def _iterated(samples, lost, spectrum, mask, magnitudes):
    """Griffin and Lim's iterations, in which all that is known is held."""
    length = tf.shape(samples)[1]
    size = tf.cast(magnitudes, tf.complex64)

    def better(found):
        now = transformed(found)
        turned = tf.math.divide_no_nan(now, tf.cast(tf.abs(now), tf.complex64))
        turned = tf.where(tf.abs(now) > 0, turned, 1.0 + 0.0j)
        return tf.where(lost, inverse(tf.where(mask, size * turned, spectrum), length), samples)

    found = samples
    (found,) = tf.while_loop(
        lambda *_: True, lambda one: (better(one),), (found,), maximum_iterations=ITERATIONS
    )
    return found


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
