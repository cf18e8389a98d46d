"""The task of the audio family: a model that fills what is missing of a spectrogram."""

import keras
import numpy as np
from keras import ops

from rnnzoo.audio.batches import SpectrogramWindows
from rnnzoo.audio.imputer_layers import ImputerLayers
from rnnzoo.audio.inpainting import PRETRAINED, missing_part, restore
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.compiled import compiled
from rnnzoo.datasets.audio.gaps import check_mask_shape
from rnnzoo.datasets.audio.samples import checked_rate, checked_samples
from rnnzoo.datasets.audio.spectrogram_grid import BINS, HOP
from rnnzoo.datasets.common.arguments import checked_seed
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.intervals import true_intervals
from rnnzoo.task import RecurrentTask, cloned_layers

# Columns on each side of a gap that the network sees; the means are of the whole audio.
AROUND = 512
MOST = 4096  # columns that are filled at once, beside those: bounds the memory of the network
# Columns of two directions, twelve minutes at 22,050 a second: what both sides say is worked out of
# all of them, which takes 19 kB a column.
MOST_BOTH = 2**18


@keras.saving.register_keras_serializable(package="rnnzoo")
class SpectrogramImputer(RecurrentTask):
    """Sees a spectrogram column by column and fills the cells that are missing ([TH] chapter 8).

        h_t = recurrent(s_t, h_(t-1)),   x^_t = max(0, b_t + m_t (W h_t + c)) in missing cells

    with m_t the mean of each bin (`BinMeans`), b_t an estimate by linear filters of the columns
    before (`NearbyColumns`), and s_t a column as the network sees it (`ColumnFeatures`): b_t where
    cells are missing. [TH]'s networks say the next column from the last, filled by themselves; this
    one says how far b_t is off, has learned with gaps, and does not see its own answers.

    Bidirectional, the layers also read from the end, m_t is of all columns, and b_t is what both
    sides (`WienerInterpolation`) and the bins that are left in gaps (`BinRegression`) say together.
    Otherwise everything is of columns up to t, and the model can stream.

    As a `keras.Model` it maps magnitudes (batch, time, 129), below 0 where a cell is missing, to
    magnitudes of the same shape, known cells as given. `windows` makes batches for `fit`, `impute`
    takes audio.

    Args:
        recurrent: list of Keras recurrent layers. They are copied, and return sequences whatever
            they were told.
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
        self.before, self._fill = compiled(parts.estimates), compiled(self.core)

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

    def windows(self, samples, length=512, batch_size=16, windows=None, seed=0, shuffle=True):
        """Batches of audio with gaps for `fit` and `evaluate`.

        Args:
            samples: list of float arrays (n,) or (channels, n), one a piece.
            length, batch_size, windows, seed, shuffle: see `SpectrogramWindows`.

        Raises:
            InputError: there is no piece, one cannot be used, or a number is below 1.
        """
        checked = [checked_samples(f"piece {i}", one) for i, one in enumerate(samples)]
        pieces = [np.abs(analyse(one)).T for channels in checked for one in channels]
        return SpectrogramWindows(pieces, length, batch_size, windows, seed, shuffle)

    def impute(self, audio, sr, gaps=None, available=0, *, mask=None, adapt=True, seed=1):
        """Restores what is missing of audio; what is outside comes back as it went in.

        Args:
            audio: float array (n,) or (channels, n), full scale 1.
            sr: int, samples a second; the pretrained models learned from 22,050.
            gaps: list of (start, end) in seconds.
            available: int, the lowest bins of 129 that are known inside the gaps as well.
            mask: instead of gaps, a bool array (129, columns), True where a cell is missing.
            adapt: bool, whether a copy of the model learns from the intact part first, a few
                seconds long: see `rnnzoo.audio.adaptation`.
            seed: int, of that.

        Returns:
            float64 array of the same shape, bit by bit equal to `audio` outside the gaps.

        Raises:
            InputError: names what cannot be used.
        """
        samples, rate = checked_samples("the audio", audio), checked_rate(sr)
        missing = missing_part(gaps, mask, samples.shape[1], rate, available)
        found = restore(samples, missing, PRETRAINED, model=self, adapt=adapt, seed=seed)
        return found[0] if np.ndim(audio) == 1 else found

    def filled(self, magnitudes, mask, *, adapt=True, seed=1):
        """Fills missing cells of one spectrogram.

        Args:
            magnitudes: float array (129, columns); missing cells do not count.
            mask: bool array alike, True where a cell is missing.
            adapt, seed: see `impute`.

        Returns:
            float64 array (129, columns), known cells as given, none below 0.

        Raises:
            InputError: the mask is of another shape, leaves no cell, or the seed is none; there are
                more columns than can be filled in two directions.
        """
        from rnnzoo.audio.adaptation import adapted

        seed, mask = checked_seed(seed), np.asarray(mask)
        check_mask_shape(mask, np.shape(magnitudes))
        if mask.all():
            raise InputError("every cell is missing: leave one or more")
        if not mask.any():
            return np.array(magnitudes, "float64")
        if self.bidirectional and mask.shape[1] > MOST_BOTH:
            raise InputError(
                f"{mask.shape[1]} columns of {HOP} samples are too many for both directions at "
                f"once: give {MOST_BOTH} or fewer, or take a model of one direction"
            )
        cells = np.where(mask, -1, magnitudes).T.astype("float32")
        loudness = float(np.sqrt(np.mean(np.square(cells[cells >= 0])))) or 1.0
        cells = np.where(cells >= 0, cells / np.float32(loudness), np.float32(-1))
        before = self.before(ops.convert_to_tensor(cells[None]))
        parts = [cells, *(np.broadcast_to(one[0], cells.shape) for one in map(_array, before))]
        model = adapted(self, cells, seed) if adapt else self
        found = cells.copy()
        for first, end in _chunks(mask.any(axis=0)):
            low, high = max(first - AROUND, 0), min(end + AROUND, len(cells))
            some = [ops.convert_to_tensor(one[None, low:high]) for one in parts]
            found[first:end] = _array(model._fill(some))[0, first - low : end - low]
        return np.where(mask, found.T.astype("float64") * loudness, magnitudes)


def _array(tensor):
    return ops.convert_to_numpy(tensor)


def _chunks(columns):
    """(first, end) of columns to be filled at once: gaps that see each other, and not too many."""
    found = []
    for first, end in true_intervals(columns):
        if found and first - found[-1][1] < AROUND and end - found[-1][0] <= MOST:
            first = found.pop()[0]
        found.append((first, end))
    return [(at, min(at + MOST, end)) for first, end in found for at in range(first, end, MOST)]
