"""The layers of a `SpectrogramImputer`, and how they follow each other."""

import keras

from rnnzoo.datasets.audio.spectrogram_grid import BINS
from rnnzoo.layers.spectrogram.bin_means import BinMeans
from rnnzoo.layers.spectrogram.bin_regression import BinRegression
from rnnzoo.layers.spectrogram.column_features import ColumnFeatures, FilledColumns
from rnnzoo.layers.spectrogram.nearby_columns import NearbyColumns
from rnnzoo.layers.spectrogram.wiener_interpolation import WienerInterpolation


class ImputerLayers:
    """Two parts: estimates without training, and the network that corrects them.

    Args:
        recurrent: list of Keras layers that return sequences and states.
        bidirectional: bool.
    """

    def __init__(self, recurrent, bidirectional):
        self.bidirectional = bidirectional
        self.bin_means = BinMeans(causal=not bidirectional, name="bin_means")
        if bidirectional:
            self.regression = BinRegression(name="regression")
            self.interpolation = WienerInterpolation(name="interpolation")
            recurrent = [
                keras.layers.Bidirectional(layer, name=f"both_ways_{i}")
                for i, layer in enumerate(recurrent)
            ]
        else:
            self.nearby = NearbyColumns(name="nearby")
        self.recurrent = recurrent
        self.seen, self.filled = ColumnFeatures(name="seen"), FilledColumns(name="filled")
        self.readout = keras.layers.Dense(BINS, kernel_initializer="zeros", name="readout")

    def estimates(self, cells):
        """What is known before the network: (means of the bins, predictions of the cells).

        Both are arrays (batch, time or 1, bins). In one direction the means are the predictions.
        """
        means = self.bin_means(cells)
        if not self.bidirectional:
            return means, means
        return means, self.interpolation(cells, self.regression(cells, means))

    def network(self, cells, means, predicted):
        """Magnitudes (batch, time, bins), missing cells corrected by the recurrent layers."""
        nearby = predicted if self.bidirectional else self.nearby(cells, predicted)
        x = self.seen(cells, means, nearby)
        for layer in self.recurrent:
            x = layer(x)[0]
        return self.filled(cells, means, nearby, self.readout(x))
