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
from rnnzoo.audio.imputer import AUDIO, NOTHING_LEFT
from rnnzoo.audio.resynthesis import ITERATIONS
from rnnzoo.datasets.audio import gaps as of_gaps
from rnnzoo.datasets.audio import samples as of_samples
from rnnzoo.datasets.audio.spectrogram_grid import BINS, columns_of, columns_that_see
from rnnzoo.pipelines.export.refusals import checked, first_where, message, size_of
from rnnzoo.pipelines.export.signatures import model_signature
from rnnzoo.pipelines.families.audio.stream import stream

# The most rows of a request, samples in all of them, gaps per row, samples per step, and cells:
# they bound the memory that a request needs.
MOST_ROWS, MOST, MOST_GAPS, MOST_STEP = 2**6, 2**22, 2**10, 2**15
MOST_CELLS = 2**23


def endpoints(model):
    """The signatures of a `SpectrogramImputer`, see `Family.endpoints`."""

    def serving_default(samples, gaps, available):
        samples, gaps, available = _checked_gaps(_checked_samples(samples), gaps, available)
        lost = _sample_mask(gaps, tf.shape(samples)[1])
        mask = _cell_mask(gaps, available, tf.shape(samples)[1])
        lost, mask = _enough_left(lost, mask)
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


def _checked_samples(samples):
    rows, length = tf.unstack(tf.shape(samples))
    not_finite = ~tf.math.is_finite(samples)
    position, value = first_where(not_finite, samples)
    channel, index = tf.unstack(position)
    too_few = message(of_samples.TOO_FEW, name=AUDIO, count=length, channels=rows, least=1)
    where = {"value": value, "index": index, "channel": channel}
    checks = [
        (size_of(samples) > 0, too_few),
        _few_rows(samples),
        (size_of(samples) <= MOST, f"too many samples: {MOST} a request at most"),
        (~tf.reduce_any(not_finite), message(of_samples.NOT_FINITE, name=AUDIO, **where)),
        (tf.reduce_any(samples != 0), of_samples.SILENT.format(name=AUDIO)),
    ]
    return checked(samples, checks)


def _checked_gaps(samples, gaps, available):
    rows, length = tf.unstack(tf.shape(samples))
    alike = (tf.shape(gaps)[0] == rows) & (tf.shape(available)[0] == rows)
    starts, ends = tf.unstack(gaps, axis=-1)
    wrong = (available < 0) | (available >= BINS)
    _, bins = first_where(wrong, available)
    outside, reversed_ = (starts < 0) | (ends > length), starts > ends
    gap_outside, gap_reversed = _gap(outside, starts, ends), _gap(reversed_, starts, ends)
    lasts = {"length": length, "unit": "samples"}
    checks = [
        (alike, "gaps and available have a row for each of samples"),
        (tf.shape(gaps)[1] <= MOST_GAPS, f"too many gaps: {MOST_GAPS} a row at most"),
        (~tf.reduce_any(wrong), message(of_gaps.AVAILABLE, available=bins)),
        (~tf.reduce_any(outside), message(of_gaps.OUTSIDE, gap=gap_outside, **lasts)),
        (~tf.reduce_any(reversed_), message(of_gaps.NO_SAMPLE, gap=gap_reversed)),
        (
            tf.reduce_all(tf.reduce_any(starts < ends, 1)),
            of_gaps.NO_GAP.format(give="give [start, end] in samples for each row"),
        ),
    ]
    return checked((samples, gaps, available), checks)


def _gap(mask, starts, ends):
    """The first gap of a mask (batch, gaps) as a message names it, `4000:4200`."""
    _, start, end = first_where(mask, starts, ends)
    return message("{start}:{end}", start=start, end=end)


def _enough_left(lost, mask):
    """Masks (batch, length) of samples and (batch, columns, bins) of cells that leave enough."""
    missing, length = tf.reduce_sum(tf.cast(lost, tf.int32), 1), tf.shape(lost)[1]
    too_many = 2 * missing > length
    _, count = first_where(too_many, missing)
    parts = {"missing": count, "intact": length - count, "unit": "samples"}
    checks = [
        (~tf.reduce_any(too_many), message(of_gaps.TOO_LITTLE_LEFT, **parts)),
        (~tf.reduce_any(tf.reduce_all(mask, [1, 2])), NOTHING_LEFT),
    ]
    return checked((lost, mask), checks)


def _few_rows(values):
    return tf.shape(values)[0] <= MOST_ROWS, f"too many rows: {MOST_ROWS} a request at most"


def _checked_cells(cells):
    checks = [
        (size_of(cells) > 0, "no cells: give a column or more"),
        _few_rows(cells),
        (size_of(cells) <= MOST_CELLS, f"too many: {MOST_CELLS} cells a request at most"),
        (tf.reduce_all(tf.math.is_finite(cells)), "cells that are not finite: give numbers"),
    ]
    return checked(cells, checks)
