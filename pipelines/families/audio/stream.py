"""The signature `step` of an imputer: restores a stream of samples with lost hops."""

import math

import numpy as np
import tensorflow as tf

from rnnzoo.audio.graph_transform import SQUARES, WINDOW
from rnnzoo.datasets.audio.spectrogram_grid import BINS, HOP, N_FFT
from rnnzoo.pipelines.export.refusals import checked, size_of
from rnnzoo.pipelines.export.signatures import StateSpecs

OVERLAP = N_FFT // HOP - 1  # hops that a column shares with the column before it
# Hops between input and output of a sample: the next three columns contain its hop too, and the
# hop after it is needed to join them.
DELAY = OVERLAP + 1
HISTORY = DELAY + 1  # hops and columns before a step that it needs
FALL = np.cos(np.pi / 2 * (np.arange(HOP) + 0.5) / HOP).astype("float32") ** 2


def stream(model, most):
    """(function, list of `tf.TensorSpec`) of the signature.

    A hop is 64 samples, and is received or lost as a whole. A column that contains a lost hop is
    missing: its magnitudes are the model's, and its phase is extrapolated with the phase difference
    of the last two known columns. Received hops are returned unchanged. To a restored hop the
    differences at both ends from its neighbours are added, faded out within the hop.

    Args:
        model: `SpectrogramImputer`, not bidirectional.
        most: int, the most samples of a step.
    """
    of_stream = {
        "state_samples": (HISTORY, HOP),
        "state_lost": (HISTORY,),
        "state_pieces": (HISTORY, N_FFT),
        "state_phase": (BINS,),
        "state_turn": (BINS,),
        "state_known": (1,),
    }
    specs = StateSpecs(model, by_layer=False, more=of_stream)

    def step(samples, lost, *flat):
        samples, lost = _checked(samples, lost, most)
        states, (hops, flags, pieces, phase, turn, known) = specs.nested(flat)
        count = tf.shape(lost)[1]
        new = tf.reshape(samples, [-1, count, HOP]) * tf.cast(lost == 0, tf.float32)[..., None]
        hops = tf.concat([hops, new], 1)
        flags = tf.concat([flags, tf.cast(lost, tf.float32)], 1)

        spectrum = tf.signal.rfft(tf.concat(_shifted(hops[:, HISTORY - OVERLAP :]), 2) * WINDOW)
        missing = tf.add_n(_shifted(flags[:, HISTORY - OVERLAP :])) > 0
        cells = tf.where(missing[..., None], -1.0, tf.abs(spectrum))
        magnitudes, states = model.advance(cells, states)
        phase, turn = _extrapolated(tf.math.angle(spectrum), missing, phase, turn, known)
        predicted = tf.complex(magnitudes * tf.cos(phase), magnitudes * tf.sin(phase))
        spectrum = tf.where(missing[..., None], predicted, spectrum)
        pieces = tf.concat([pieces, tf.signal.irfft(spectrum) * WINDOW], 1)

        after = [
            hops[:, -HISTORY:],
            flags[:, -HISTORY:],
            pieces[:, -HISTORY:],
            phase[:, -1],
            turn,
            tf.cast(~missing[:, -1:], tf.float32),
        ]
        restored = _joined(_overlapped(pieces), hops, flags > 0, count)
        return {"restored": restored, **specs.named(states, after)}

    return step, [
        tf.TensorSpec([None, None], tf.float32, name="samples"),
        tf.TensorSpec([None, None], tf.int32, name="lost"),
        *specs.specs,
    ]


def _extrapolated(angles, missing, phase, turn, known):
    """Phases of all columns: their own, or for missing ones extrapolated from the last known one.

    Args:
        angles: float32 (batch, columns, bins), radians.
        missing: bool (batch, columns).
        phase: float32 (batch, bins), of the column before the first, radians.
        turn: float32 (batch, bins), the last phase difference of two known columns, radians.
        known: float32 (batch, 1), 1 if the column before the first is known.

    Returns:
        (phases (batch, columns, bins), the last phase difference (batch, bins)).
    """
    angles = tf.concat([phase[:, None], angles], 1)
    turns = tf.concat([turn[:, None], angles[:, 1:] - angles[:, :-1]], 1)
    present = ~missing
    pairs = present & tf.concat([known > 0, present[:, :-1]], 1)
    # The column before has a phase and a difference in any case, extrapolated if it was missing.
    flags = tf.pad(tf.stack([present, pairs], 1), [[0, 0], [0, 0], [1, 0]], constant_values=True)
    indices = tf.range(tf.shape(flags)[2])
    up_to = flags[:, :, None] & (indices <= indices[:, None])
    last, last_pair = tf.unstack(tf.reduce_max(tf.where(up_to, indices, 0), 3), axis=1)
    distance = tf.cast(indices - last, tf.float32)[..., None]
    turns = tf.gather(turns, last_pair, batch_dims=1)
    phases = tf.gather(angles, last, batch_dims=1) + distance * turns
    return tf.math.floormod(phases[:, 1:] + math.pi, 2 * math.pi) - math.pi, turns[:, -1]


def _shifted(hops):
    """Hops (batch, n + 3, ...) -> list of four (batch, n, ...), the hops of each of n columns."""
    return [hops[:, first : first - OVERLAP or None] for first in range(OVERLAP + 1)]


def _overlapped(pieces):
    """Overlap-add: pieces (batch, n + 3, 256) of columns -> complete hops (batch, n, 64)."""
    parts = tf.split(pieces, OVERLAP + 1, axis=2)
    # The last part of the first column coincides with the first part of the last one.
    summands = [_shifted(part)[OVERLAP - index] for index, part in enumerate(parts)]
    return tf.add_n(summands) / SQUARES


def _joined(restored, hops, lost, count):
    """The output samples (batch, count * 64): received hops, and restored ones where lost."""
    received, lost = hops[:, : count + 2], lost[:, : count + 2]
    difference = tf.where(lost[..., None], 0.0, received - restored)
    correction = difference[:, :-2, -1:] * FALL + difference[:, 2:, :1] * FALL[::-1]
    inner = tf.where(lost[:, 1:-1, None], restored[:, 1:-1] + correction, received[:, 1:-1])
    return tf.reshape(inner, [-1, count * HOP])


def _checked(samples, lost, most):
    size, length = size_of(samples), tf.shape(samples)[1]
    alike = (length % HOP == 0) & (tf.shape(lost)[1] * HOP == length)
    checks = [
        (size > 0, f"no samples: give {HOP} or more"),
        (alike, f"samples come {HOP} together, and lost says of each {HOP} whether they were"),
        (size <= most, f"too many samples: {most} a step at most"),
        (tf.reduce_all(tf.math.is_finite(samples)), "samples that are not finite: give numbers"),
        (tf.reduce_all((lost == 0) | (lost == 1)), "lost is 0 or 1"),
    ]
    return checked((samples, lost), checks)
