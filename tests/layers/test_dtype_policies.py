"""Every layer and loss trains in double and in half precision."""

import keras
import numpy as np
import pytest

from rnnzoo.frames.channels import FromPatches, LitAndDark
from rnnzoo.layers import (
    NEMGRU,
    NEMLSTM,
    EchoState,
    NEMCategoricalCrossentropy,
    NEMMeanSquaredError,
    NEMModel,
    SVDSimpleRNN,
)
from rnnzoo.layers.candidate_logits import CandidateLogits
from rnnzoo.layers.discs.drawing import DrawnDiscs
from rnnzoo.layers.discs.finder import DiscFinder
from rnnzoo.layers.discs.motion import DiscMotionCell
from rnnzoo.layers.one_hot import OneHot
from rnnzoo.layers.per_frame import PerFrame
from rnnzoo.layers.pixelwise_rnn import PixelwiseRNN
from rnnzoo.layers.spectrogram.bin_means import BinMeans
from rnnzoo.layers.spectrogram.bin_regression import BinRegression
from rnnzoo.layers.spectrogram.column_features import ColumnFeatures, FilledColumns
from rnnzoo.layers.spectrogram.nearby_columns import NearbyColumns
from rnnzoo.layers.spectrogram.wiener_interpolation import WienerInterpolation
from rnnzoo.rates.quantiles import QuantileHead, QuantileLoss
from rnnzoo.rates.volatility import ScaledReturns
from rnnzoo.sequences.masked_max import MaskedMax
from rnnzoo.sequences.standardized import Standardized

SEQUENCES, CELLS, MEANS = (2, 4, 3), (2, 12, 4), (2, 1, 4)
LSTM = keras.layers.LSTM


def motion():
    return keras.layers.RNN(DiscMotionCell(LSTM(2), 2, (8, 8), 1.5, 3), return_sequences=True)


# From a name to a function that makes the layer, and the shapes of its inputs.
LAYERS = {
    "NEMLSTM": (lambda: NEMLSTM(3), [SEQUENCES]),
    "NEMGRU": (lambda: NEMGRU(3), [SEQUENCES]),
    "SVDSimpleRNN": (lambda: SVDSimpleRNN(3), [SEQUENCES]),
    "EchoState": (lambda: EchoState(3, trainable=True), [SEQUENCES]),
    "PerFrame": (lambda: PerFrame(keras.layers.Dense(2)), [SEQUENCES]),
    "OneHot": (lambda: OneHot(3), [(2, 4)]),
    "CandidateLogits": (lambda: CandidateLogits([[0, 1], [1, -1]]), [SEQUENCES, (2, 4)]),
    "PixelwiseRNN": (lambda: PixelwiseRNN(LSTM(2)), [(2, 3, 4, 4, 1)]),
    "DiscFinder": (lambda: DiscFinder(objects=2, radius=1.5), [(2, 3, 8, 8)]),
    "DrawnDiscs": (lambda: DrawnDiscs((5, 5), objects=2, radius=1.5), [(2, 3, 6)]),
    "DiscMotionCell": (motion, [(2, 3, 6)]),
    "BinMeans": (lambda: BinMeans(causal=True), [CELLS]),
    "BinRegression": (BinRegression, [CELLS, MEANS]),
    "ColumnFeatures": (ColumnFeatures, [CELLS, MEANS, CELLS]),
    "FilledColumns": (FilledColumns, [CELLS, MEANS, CELLS, CELLS]),
    "NearbyColumns": (NearbyColumns, [CELLS, MEANS]),
    "WienerInterpolation": (WienerInterpolation, [CELLS, MEANS]),
    "MaskedMax": (MaskedMax, [SEQUENCES]),
    "Standardized": (Standardized, [SEQUENCES]),
    "ScaledReturns": (ScaledReturns, [(2, 9)]),
    "QuantileHead": (QuantileHead, [SEQUENCES]),
    "LitAndDark": (LitAndDark, [(2, 3, 4, 4)]),
    "FromPatches": (lambda: FromPatches(2), [(2, 4, 4, 4)]),
}


@pytest.fixture(params=["float64", "mixed_float16", "mixed_bfloat16"])
def policy(request):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(before)


def trained(model, loss, x, y):
    """The loss of one training step."""
    model.compile("sgd", loss, run_eagerly=True)
    return model.train_on_batch(x, y, return_dict=True)["loss"]


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer(name, policy):
    make, shapes = LAYERS[name]
    random = np.random.default_rng(0)
    x = [random.uniform(0.1, 1, shape).astype("float32") for shape in shapes]
    if name == "CandidateLogits":
        x[1] = x[1].astype("int32")
    elif len(shapes) > 1 or name == "BinMeans":
        x[0][:, 3:6, 1:] = -1  # missing cells
    if name == "OneHot":
        x = [values.astype("int32") for values in x]
    inputs = [keras.Input(values.shape[1:], dtype=values.dtype) for values in x]
    outputs = keras.tree.flatten(make()(*inputs))[0]
    readout = keras.layers.Dense(1, dtype="float32")(keras.layers.Flatten()(outputs))
    model = keras.Model(inputs, readout)
    assert np.isfinite(trained(model, "mse", x, np.ones((2, 1))))


@pytest.mark.parametrize(
    "loss", [NEMCategoricalCrossentropy(from_logits=True), NEMMeanSquaredError(), QuantileLoss(2)]
)
def test_a_loss(loss, policy):
    width = 22 if isinstance(loss, QuantileLoss) else 3
    inner = keras.Sequential([keras.Input((4, 3)), keras.layers.Dense(width)])
    model = inner if isinstance(loss, QuantileLoss) else NEMModel(inner, noise_anneal=0)
    y = np.ones((2, 4) if isinstance(loss, QuantileLoss) else (2, 4, 3), "float32")
    assert np.isfinite(trained(model, loss, np.ones((2, 4, 3), "float32"), y))
