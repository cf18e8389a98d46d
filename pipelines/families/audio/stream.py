"""The signature `step` of an imputer: a stream of samples, some of which were lost on the way."""

import math

import numpy as np
import tensorflow as tf

from rnnzoo.audio.graph_transform import SQUARES, WINDOW
from rnnzoo.datasets.audio.spectrogram_grid import BINS, HOP, N_FFT
from rnnzoo.pipelines.export.signatures import StateSpecs, checked, size_of

SHARED = N_FFT // HOP - 1  # hops before its own that a column sees
# Hops from a sample's coming to its going: a hop is seen by the next three columns too, and the
# one after it says what it has to join.
LATE = SHARED + 1
KEPT = LATE + 1  # hops and columns that a step needs of those before it
FALL = np.cos(np.pi / 2 * (np.arange(HOP) + 0.5) / HOP).astype("float32") ** 2


def stream(model, most):
    """(function, list of `tf.TensorSpec`) of the signature.

    A hop is 64 samples; what was lost is known by hops. A column that sees a lost one is missing:
    its magnitudes are the model's, and its phase goes on as it last went from one known column to
    the next. Hops that were not lost come back bit by bit. To a lost one is added what makes it
    join its neighbours, falling off within the hop.

    Args:
        model: `SpectrogramImputer`, not bidirectional.
        most: int, samples of a step at most.
    """
    of_stream = {
        "state_samples": (KEPT, HOP),
        "state_lost": (KEPT,),
        "state_pieces": (KEPT, N_FFT),
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

        spectrum = tf.signal.rfft(tf.concat(_shifted(hops[:, KEPT - SHARED :]), 2) * WINDOW)
        missing = tf.add_n(_shifted(flags[:, KEPT - SHARED :])) > 0
        cells = tf.where(missing[..., None], -1.0, tf.abs(spectrum))
        magnitudes, states = model.advance(cells, states)
        phase, turn = _gone_on(tf.math.angle(spectrum), missing, phase, turn, known)
        said = tf.complex(magnitudes * tf.cos(phase), magnitudes * tf.sin(phase))
        spectrum = tf.where(missing[..., None], said, spectrum)
        pieces = tf.concat([pieces, tf.signal.irfft(spectrum) * WINDOW], 1)

        after = [
            hops[:, -KEPT:],
            flags[:, -KEPT:],
            pieces[:, -KEPT:],
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


def _gone_on(angles, missing, phase, turn, known):
    """Phases of all columns: the known ones' own, the others going on from the last known one.

    Args:
        angles: float32 (batch, columns, bins).
        missing: bool (batch, columns).
        phase, turn: float32 (batch, bins): of the column before, and from one to the next.
        known: float32 (batch, 1), whether that column was known.

    Returns:
        (phases (batch, columns, bins), turn after the last).
    """
    angles = tf.concat([phase[:, None], angles], 1)
    turns = tf.concat([turn[:, None], angles[:, 1:] - angles[:, :-1]], 1)
    there = ~missing
    pairs = there & tf.concat([known > 0, there[:, :-1]], 1)
    # The column before has a phase and a turn in any case: at worst they are guesses.
    flags = tf.pad(tf.stack([there, pairs], 1), [[0, 0], [0, 0], [1, 0]], constant_values=True)
    places = tf.range(tf.shape(flags)[2])
    up_to = flags[:, :, None] & (places <= places[:, None])
    last, turned = tf.unstack(tf.reduce_max(tf.where(up_to, places, 0), 3), axis=1)
    away = tf.cast(places - last, tf.float32)[..., None]
    turns = tf.gather(turns, turned, batch_dims=1)
    found = tf.gather(angles, last, batch_dims=1) + away * turns
    return tf.math.floormod(found[:, 1:] + math.pi, 2 * math.pi) - math.pi, turns[:, -1]


def _shifted(hops):
    """What a column sees of hops (batch, n + 3, ...), the first to the last: four of n."""
    return [hops[:, first : first - SHARED or None] for first in range(SHARED + 1)]


def _overlapped(pieces):
    """Pieces (batch, n + 3, 256) of columns -> the n hops (batch, n, 64) of which all are there."""
    parts = tf.split(pieces, SHARED + 1, axis=2)
    # The last part of the first column and the first part of the last one fall together.
    there = [_shifted(part)[SHARED - place] for place, part in enumerate(parts)]
    return tf.add_n(there) / SQUARES


def _joined(made, hops, lost, count):
    """The hops that go out: as they came, or where they were lost as they were made."""
    true, lost = hops[:, : count + 2], lost[:, : count + 2]
    off = tf.where(lost[..., None], 0.0, true - made)
    joining = off[:, :-2, -1:] * FALL + off[:, 2:, :1] * FALL[::-1]
    inner = tf.where(lost[:, 1:-1, None], made[:, 1:-1] + joining, true[:, 1:-1])
    return tf.reshape(inner, [-1, count * HOP])


def _checked(samples, lost, most):
    size, length = size_of(samples), tf.shape(samples)[1]
    alike = (length % HOP == 0) & (tf.shape(lost)[1] * HOP == length)
    checks = [
        (size > 0, [f"no samples: give {HOP} or more"]),
        (alike, [f"samples come {HOP} together, and lost says of each {HOP} whether they were"]),
        (size <= most, [f"too many samples: {most} a step at most"]),
        (
            tf.reduce_all(tf.math.is_finite(samples)),
            ["samples that are not finite: give numbers"],
        ),
        (tf.reduce_all((lost == 0) | (lost == 1)), ["lost is 0 or 1"]),
    ]
    return checked((samples, lost), checks)
