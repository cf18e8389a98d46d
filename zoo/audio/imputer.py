"""The task of the audio family: a model that fills what is missing of a spectrogram."""

import os

import keras
import numpy as np
from keras import ops

from rnnzoo.audio.batches import SpectrogramWindows
from rnnzoo.audio.imputer_layers import ImputerLayers
from rnnzoo.audio.inpainting import PRETRAINED, missing_part, restore
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.compiled import compiled_once
from rnnzoo.datasets.audio.gaps import check_mask_shape
from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.audio.samples import checked_rate, checked_samples
from rnnzoo.datasets.audio.spectrogram_grid import BINS, HOP
from rnnzoo.datasets.common.arguments import checked_seed
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.intervals import true_intervals
from rnnzoo.task import RecurrentTask, cloned_layers

# Columns of a window of `fit`.
WINDOW, BIDIRECTIONAL_WINDOW = 256, 2048
# Columns on each side of a gap that the network reads; the means are of the whole audio.
AROUND = 512
MOST = 4096  # columns that are filled at once, besides those: bounds the memory of the network
# Columns of a bidirectional model, twelve minutes at 22,050 samples per second: its estimates are
# computed from all of them, which takes 19 kB per column.
MOST_BOTH = 2**18

# In messages, of the exported graph too.
AUDIO, NOTHING_LEFT = "the audio", "every cell is missing: leave one or more"


@keras.saving.register_keras_serializable(package="rnnzoo")
class SpectrogramImputer(RecurrentTask):
    """Fills the missing cells of a spectrogram ([TH] chapter 8).

        h_t = recurrent(s_t, h_(t-1)),   x^_t = max(0, b_t + m_t (W h_t + c)) in missing cells

    with m_t the mean of each bin (`BinMeans`), b_t an estimate by linear filters of the columns
    before (`NearbyColumns`), and s_t the features of a column (`ColumnFeatures`), with b_t in place
    of missing cells. [TH]'s networks predict the next column from the last, which they filled; this
    one predicts the error of b_t, is trained with gaps, and does not read its own outputs.

    A bidirectional model also reads from the end, m_t is the mean of all columns, and b_t is
    estimated from both sides (`WienerInterpolation`) and from the bins that are known in gaps
    (`BinRegression`). Otherwise nothing depends on columns after t, and the model can stream.

    As a `keras.Model` it maps magnitudes (batch, time, 129), below 0 where a cell is missing, to
    magnitudes of the same shape, with known cells unchanged. `windows` makes batches for `fit`;
    `impute` restores audio.

    Args:
        recurrent: list of Keras recurrent layers; clones of them are used, which return sequences
            and states regardless of their configuration.
        name: str or None.
        bidirectional: bool.

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.audio.imputer import SpectrogramImputer
    >>> model = SpectrogramImputer([keras.layers.LSTM(4)])
    >>> tone = np.sin(0.3 * np.arange(8000))
    >>> model.impute(tone, 8000, gaps=[(0.4, 0.45)]).shape
    (8000,)
    """

    def __init__(self, recurrent, name=None, *, bidirectional=False):
        layers = cloned_layers(recurrent)
        parts = ImputerLayers(layers, bidirectional)
        cells, means, predicted = (
            keras.Input((None, BINS), dtype="float32", name=name)
            for name in ("cells", "means", "predicted")
        )
        outputs = parts.network(cells, *parts.estimates(cells))
        super().__init__(cells, outputs, layers, name)
        self.bidirectional, self._parts = bool(bidirectional), parts
        # The network alone, for means and predictions of more columns than it reads.
        inputs = [cells, means, predicted]
        self.core = keras.Model(inputs, parts.network(*inputs), name="core")
        shape = None, None, BINS
        self.before = compiled_once(parts.estimates, shape)
        self._fill = compiled_once(lambda *arrays: self.core(arrays), *[shape] * len(inputs))

    def task_config(self):
        """Whether it is bidirectional."""
        return {"bidirectional": self.bidirectional}

    def loss_and_metrics(self):
        """Squared error of all cells."""
        return "mse", []

    def extra_states(self, batch):
        """Zeros: sums and counts of the means, and what the filters keep of the last columns."""
        of_means = self._parts.bin_means.initial_state(batch, BINS)
        return [*of_means, self._parts.nearby.initial_state(batch, BINS)]

    def encode(self, inputs, states):
        """Cells (batch, time, bins) as the network reads them."""
        *of_means, of_nearby = states
        means, of_means = self._parts.bin_means.advance(inputs, of_means)
        nearby, of_nearby = self._parts.nearby.advance(inputs, means, of_nearby)
        context = inputs, means, nearby, [*of_means, of_nearby]
        return self._parts.seen(inputs, means, nearby), context

    def decode(self, hidden, context):
        """Magnitudes (batch, time, bins)."""
        *inputs, states = context
        return self._parts.filled(*inputs, self._parts.readout(hidden)), states

    def windows(self, samples, length=None, batch_size=None, windows=None, seed=0, shuffle=True):
        """Batches of audio with gaps for `fit` and `evaluate`.

        Args:
            samples: list of float arrays (n,) or (channels, n), one per piece.
            length, batch_size, windows, seed, shuffle: see `spectrogram_windows`.

        Raises:
            InputError: there is no piece, a piece cannot be used, or a number is below 1.
        """
        checked = [checked_samples(f"piece {i}", piece) for i, piece in enumerate(samples)]
        pieces = [np.abs(analyse(channel)).T for channels in checked for channel in channels]
        return self.spectrogram_windows(pieces, length, batch_size, windows, seed, shuffle)

    def spectrogram_windows(
        self, pieces, length=None, batch_size=None, windows=None, seed=0, shuffle=True
    ):
        """As `windows`, of magnitudes.

        Args:
            pieces: list of float arrays (columns, 129), one per piece.
            length: int, columns per window; by default 256. Of a bidirectional model 2,048, or the
                longest piece's if that is shorter: the longer a window, the better the estimates
                from its two sides.
            batch_size: int; by default 8, or fewer where an epoch would have less than 50 batches;
                1 of a bidirectional model.
            windows, seed, shuffle: see `SpectrogramWindows`.

        Raises:
            InputError: there is no piece, or a number is below 1.
        """
        if length is None:
            longest = max(map(len, pieces), default=WINDOW)
            length = min(BIDIRECTIONAL_WINDOW, longest) if self.bidirectional else WINDOW
        if batch_size is None and self.bidirectional:
            batch_size = 1
        return SpectrogramWindows(pieces, length, batch_size, windows, seed, shuffle)

    def impute(self, audio, sr=None, gaps=None, available=0, *, mask=None, adapt=True, seed=1):
        """Restores the missing parts of audio; all other samples are returned unchanged.

        Args:
            audio: float array (n,) or (channels, n), full scale 1; or the path of an audio file,
                which has its own rate.
            sr: int, samples per second; the pretrained models were trained on 22,050.
            gaps: list of (start, end) in seconds, or of str such as `"3.2:4.1"`.
            available: int, the lowest bins of 129 that are known inside the gaps as well.
            mask: instead of gaps, a bool array (129, columns), True where a cell is missing.
            adapt: bool, whether a copy of the model is first fine-tuned on the intact part, which
                takes a few seconds: see `rnnzoo.audio.adaptation`.
            seed: int, of the fine-tuning.

        Returns:
            float64 array of the same shape, bit by bit equal to `audio` outside the gaps; of a file
            (n,) if it is mono, otherwise (channels, n).

        Raises:
            InputError: names the argument that cannot be used.
        """
        if isinstance(audio, str | os.PathLike):
            if sr is not None:
                raise InputError(f"sr is {shown(sr)}: leave it out, {audio} has its own rate")
            file = read_audio(audio)
            audio, sr = file.samples, file.rate
            audio = audio[0] if len(audio) == 1 else audio
        samples, rate = checked_samples(AUDIO, audio), checked_rate(sr)
        missing = missing_part(gaps, mask, samples.shape[1], rate, available)
        restored = restore(samples, missing, PRETRAINED, model=self, adapt=adapt, seed=seed)
        return restored[0] if np.ndim(audio) == 1 else restored

    def filled(self, magnitudes, mask, *, adapt=True, seed=1, progress=None):
        """A spectrogram with its missing cells filled.

        Args:
            magnitudes: float array (129, columns) or (channels, 129, columns); missing cells are
                not read.
            mask: bool array (129, columns), True where a cell is missing.
            adapt, seed: see `impute`.
            progress: function (iterable, label str, unit str) to an iterable of the same items that
                reports the fine-tuning; or None.

        Returns:
            float64 array of the shape of `magnitudes`, known cells unchanged, none below 0.

        Raises:
            InputError: the mask has another shape or leaves no cell, the seed is invalid, or there
                are more columns than a bidirectional model can fill.
        """
        from rnnzoo.audio.adaptation import adapted

        seed, mask = checked_seed(seed), np.asarray(mask)
        check_mask_shape(mask, np.shape(magnitudes)[-2:])
        if mask.all():
            raise InputError(NOTHING_LEFT)
        if not mask.any():
            return np.array(magnitudes, "float64")
        if self.bidirectional and mask.shape[1] > MOST_BOTH:
            raise InputError(
                f"{mask.shape[1]} columns of {HOP} samples are too many for both directions at "
                f"once: give {MOST_BOTH} or fewer, or take a model of one direction"
            )
        channels = [_cells(channel, mask) for channel in np.reshape(magnitudes, (-1, *mask.shape))]
        model = adapted(self, [c for c, _ in channels], seed, progress) if adapt else self
        filled = [self._filled_by(model, cells).T * loudness for cells, loudness in channels]
        return np.where(mask, np.reshape(filled, np.shape(magnitudes)), magnitudes)

    def _filled_by(self, model, cells):
        """Cells (columns, 129) filled by the network of a model: float64."""
        before = self.before(ops.convert_to_tensor(cells[None]))
        parts = [cells, *(np.broadcast_to(_array(batch)[0], cells.shape) for batch in before)]
        filled = cells.astype("float64")
        for first, end in gap_chunks((cells < 0).any(axis=1)):
            low, high = max(first - AROUND, 0), min(end + AROUND, len(cells))
            inputs = [ops.convert_to_tensor(part[None, low:high]) for part in parts]
            filled[first:end] = _array(model._fill(*inputs))[0, first - low : end - low]
        return filled


def _cells(magnitudes, mask):
    """(float32 array (columns, 129) of loudness 1, below 0 where missing; the loudness, float)."""
    cells = np.where(mask, -1, magnitudes).T.astype("float32")
    loudness = float(np.sqrt(np.mean(np.square(cells[cells >= 0])))) or 1.0
    return np.where(cells >= 0, cells / np.float32(loudness), np.float32(-1)), loudness


def _array(tensor):
    return ops.convert_to_numpy(tensor)


def gap_chunks(columns):
    """[(first, end)] of columns to be filled at once: gaps that are near, up to `MOST` columns."""
    groups = []
    for first, end in true_intervals(columns):
        if groups and first - groups[-1][1] < AROUND and end - groups[-1][0] <= MOST:
            first = groups.pop()[0]
        groups.append((first, end))
    return [(k, min(k + MOST, end)) for first, end in groups for k in range(first, end, MOST)]
