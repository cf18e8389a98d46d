"""The task of the frame family: a model that predicts the next frame, and rolls out."""

import os

import keras
import numpy as np
from keras import ops

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import frame_size, whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.reader import is_single, read_frames
from rnnzoo.frames.batches import FrameWindows
from rnnzoo.frames.channels import FromPatches, LitAndDark
from rnnzoo.layers.discs.drawing import DrawnDiscs
from rnnzoo.layers.discs.finder import DiscFinder
from rnnzoo.layers.discs.motion import DiscMotionCell
from rnnzoo.layers.discs.smoothing import smooth_states
from rnnzoo.layers.per_frame import PerFrame
from rnnzoo.layers.pixelwise_rnn import PixelwiseRNN
from rnnzoo.task import RecurrentTask, cloned_layers


@keras.saving.register_keras_serializable(package="rnnzoo")
class FramePredictor(RecurrentTask):
    """Predicts the next frame ([TH] 7.1).

        h_t = recurrent(x_t, h_(t-1)),  y_t = sigmoid(W h_t + b),  y_t predicts x_(t+1)

    with x_t all pixels of a frame. With an `encoder`, the cells of a grid share their weights:
    `encoder` convolutions (ReLU) of the frame x and 1 - x, the recurrent layers per grid cell,
    `decoder` convolutions (ReLU), and a last one, W, to the pixels of a cell. With `objects`, discs
    are detected in each frame, the recurrent layer tracks each of them with the same weights
    (`DiscMotionCell`), and they are drawn at their predicted positions.

    As a `keras.Model` it maps frames (batch, time, height, width), 0 to 1, to predictions of the
    same shape. `windows` makes batches for `fit` and `evaluate`; `rollout` predicts many frames.

    Args:
        size: pair (height, width), pixels.
        recurrent: list of Keras recurrent layers; clones of them are used, which return sequences
            and states regardless of their configuration.
        name: str or None.
        encoder: list of pairs (filters, kernel size in pixels); if empty, the recurrent layers read
            whole frames.
        decoder: as `encoder`; only with an encoder.
        patch: int, pixels per side of a grid cell; only with an encoder.
        objects: int, maximal number of discs in a frame, all of one size, at most six; 0 for none.
        radius: float, of the discs, pixels; only with objects.
        hidden: int, units of the networks that predict collisions; only with objects.
        free_run: int, frames at the end of a training window that the model does not read: it reads
            its own predictions instead, or nothing with objects.
        loss: str, `"mse"` as [TH], or `"binary_crossentropy"`, for `compile_default`.

    Raises:
        InputError: the size is no pair of whole numbers, a decoder or patches come without an
            encoder, patches do not fill the frame, or objects are too many or come with an encoder,
            without a radius, or with more than one layer.

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.frames.predictor import FramePredictor
    >>> model = FramePredictor((6, 6), [keras.layers.LSTM(3)])
    >>> model.rollout(np.zeros((1, 4, 6, 6)), steps=5).shape
    (1, 5, 6, 6)
    """

    def __init__(
        self,
        size,
        recurrent,
        name=None,
        *,
        encoder=(),
        decoder=(),
        patch=1,
        objects=0,
        radius=0.0,
        hidden=64,
        free_run=0,
        loss="mse",
    ):
        size = frame_size(size)
        patch, free_run = whole("patch", patch), whole("free_run", free_run, least=0)
        if (decoder or patch > 1) and not encoder:
            raise InputError(f"decoder={decoder!r}, patch={patch} are for grids: give an encoder")
        if size[0] % patch or size[1] % patch:
            raise InputError(f"patch={patch} does not divide {size}: give a divisor of both")
        discs = _discs(whole("objects", objects, least=0), radius, hidden)
        if discs and (encoder or len(recurrent) != 1):
            raise InputError(
                f"objects={objects} with {len(recurrent)} layers and encoder={encoder!r}: give one "
                "layer and no encoder"
            )
        layers = cloned_layers(recurrent)

        frames = keras.Input((None, *size), dtype="float32", name="frames")
        if discs:
            before = [DiscFinder(objects, radius, name="finder")]
            layers = [_following(layer, size, discs) for layer in layers]
            after = [DrawnDiscs(size, objects, radius, name="drawn")]
        elif encoder:
            before = [LitAndDark(name="lit_and_dark"), *_convolutions("encoder", encoder, patch)]
            layers = [PixelwiseRNN(layer, name=f"places_{i}") for i, layer in enumerate(layers)]
            pixels = keras.layers.Conv2D(patch**2, 1, activation="sigmoid", name="readout")
            after = [*_convolutions("decoder", decoder), PerFrame(pixels, name="readout_frames")]
            after += [PerFrame(FromPatches(patch, name="from_patches"), name="pixels_frames")]
        else:
            before = [PerFrame(keras.layers.Flatten(name="pixels"), name="pixels_frames")]
            after = [keras.layers.Dense(size[0] * size[1], activation="sigmoid", name="readout")]
            after += [PerFrame(keras.layers.Reshape(size, name="frame"), name="pixels_out")]
        x = _through(before, frames)
        for layer in layers:
            x = layer(x)[0]
        super().__init__(frames, _through(after, x), layers, name)

        self.size, self.patch, self.loss_name = size, patch, loss
        self.discs = discs
        self.encoder, self.decoder = list(map(tuple, encoder)), list(map(tuple, decoder))
        self._before, self._after = before, after
        self.free_run = free_run
        self._advance_smoothed = compiled(self._smoothed)

    def task_config(self):
        """All other arguments."""
        return {
            "size": list(self.size),
            "encoder": list(map(list, self.encoder)),
            "decoder": list(map(list, self.decoder)),
            "patch": self.patch,
            **self.discs,
            "free_run": self.free_run,
            "loss": self.loss_name,
        }

    def wrapped_layers(self):
        """The recurrent layers without what runs them per pixel or per disc."""
        return [inner(layer) for layer in self.recurrent]

    def loss_and_metrics(self):
        """The `loss` of the constructor."""
        return self.loss_name, []

    def finished(self, **changes):
        """As `RecurrentTask.finished`; the copy reads every frame when it is trained again."""
        return super().finished(**{"free_run": 0, **changes})

    def encode(self, inputs, states):
        """Frames (batch, time, height, width) as the first recurrent layer reads them."""
        return _through(self._before, inputs), None

    def decode(self, hidden, context):
        """Predictions (batch, time, height, width)."""
        return _through(self._after, hidden), []

    def streaming_cell(self, layer):
        """The step of a layer, for all grid cells at once if it runs per cell."""
        return layer.step if isinstance(layer, PixelwiseRNN) else super().streaming_cell(layer)

    def windows(self, frames, length=50, batch_size=None, seed=0, shuffle=True):
        """Batches of sequences for `fit` and `evaluate`.

        Args:
            frames: array (sequences, steps, height, width), 0 to 1, or the path of a file or folder
                that `rnnzoo.datasets.frames.reader.read_frames` reads.
            length: int, frames that are predicted per window, or all but one if there are fewer.
            batch_size: int, windows per batch; None for 8, and for fewer where an epoch would have
                less than 50 batches.
            seed: int, of the windows' first frames and order in every epoch.
            shuffle: bool; False for `evaluate` and validation: whole sequences, in their order.

        Returns:
            `FrameWindows`.

        Raises:
            InputError: the frames have another size or are none, or a number is below 1.
        """
        return FrameWindows(read_frames(frames, self.size), length, batch_size, seed, shuffle)

    def rollout(self, frames, steps, *, threshold=None, progress=iter):
        """Autoregressive rollout after frames: each prediction is the next input.

        With objects the next input is empty, as in training, and the discs move on. Their first
        positions are estimated from the last ten frames together, see
        `rnnzoo.layers.discs.smoothing`.

        Args:
            frames: array (batch, time, height, width), 0 to 1, or (time, height, width); or with
                1, 3 or 4 channels at the end, which become luminance; or the path of a file or
                folder.
            steps: int, frames to predict.
            threshold: float from 0 to 1, or None; the next input is then 1 where the prediction is
                above it and 0 elsewhere, as in [TH] 7.1. The predictions themselves are returned.
            progress: function from a range of steps to an iterable of them, which reports them.

        Returns:
            float32 array (batch, steps, height, width), 0 to 1; without the first axis if the
            frames have none.

        Raises:
            InputError: names the argument, or the size of the frames.
        """
        steps = whole("steps", steps)
        if threshold is not None and not 0 <= threshold <= 1:
            raise InputError(f"threshold is {threshold}: give a number from 0 to 1, or None")
        single = not isinstance(frames, str | os.PathLike) and is_single(frames, self.size)
        frames = read_frames(frames, self.size, least=1)
        batches = [
            self._rolled(frames[at : at + SEQUENCES], steps, threshold, progress)
            for at in range(0, len(frames), SEQUENCES)
        ]
        predicted = np.concatenate(batches)
        return predicted[0] if single else predicted

    def _rolled(self, frames, steps, threshold, progress):
        states = self.initial_states(len(frames))
        advance = self._advance_smoothed if self.discs else self.compiled_advance
        predicted, states = advance(ops.convert_to_tensor(frames, "float32"), states)
        following = [predicted[:, -1]]
        for _ in progress(range(1, steps)):
            inputs = self._next_input(following[-1], threshold)
            predicted, states = self.compiled_step(inputs, states)
            following.append(predicted)
        return np.stack([ops.convert_to_numpy(frames) for frames in following], axis=1)

    def _next_input(self, predicted, threshold):
        if threshold is not None:
            return ops.cast(predicted > threshold, "float32")
        return ops.zeros_like(predicted) if self.discs else predicted

    def _smoothed(self, frames, states):
        """As `advance`, for the last frame alone, with discs estimated from all frames together."""
        (layer,), (before,) = self.recurrent, states
        discs = _through(self._before, frames)
        _, *filtered = layer(discs, initial_state=before)
        after = smooth_states(layer.cell, discs, filtered)
        return _through(self._after, layer.cell.expected(after)[:, None]), [after]

    def call(self, inputs, training=None, mask=None):
        """Predictions of the next frames; in training the last `free_run` from predictions."""
        if not (training and self.free_run):
            return super().call(inputs, training=training, mask=mask)
        read = inputs[:, : -self.free_run]
        if read.shape[1] == 0:
            raise InputError(
                f"free_run={self.free_run} of windows of {inputs.shape[1]} frames: give longer ones"
            )
        if self.discs:
            # Discs that are not detected move on, so padding is the rollout.
            discs = _through(self._before, read)
            discs = ops.pad(discs, ((0, 0), (0, self.free_run), (0, 0)))
            (layer,) = self.recurrent
            return _through(self._after, layer(discs, training=training)[0])
        batch = ops.shape(inputs)[0]
        predicted, states = self.advance(read, self.initial_states(batch), training=training)
        rollout = [predicted[:, -1]]
        for _ in range(self.free_run):
            following, states = self.step(rollout[-1], states, training=training)
            rollout.append(following)
        return ops.concatenate([predicted, ops.stack(rollout[1:], axis=1)], axis=1)


def inner(layer):
    """The layer of the constructor that a layer in `recurrent` wraps, or that layer itself."""
    if isinstance(layer, PixelwiseRNN):
        return layer.layer
    cell = getattr(layer, "cell", None)
    return cell.layer if isinstance(cell, DiscMotionCell) else layer


# All orders of discs are compared at every step: 720 of six.
MOST_OBJECTS = 6

# Sequences rolled out at once: bounds memory, does not change the result.
SEQUENCES = 50


def _through(layers, x):
    for layer in layers:
        x = layer(x)
    return x


def _discs(objects, radius, hidden):
    """The arguments of a `DiscMotionCell` beside its layer and the size, or none."""
    if not objects:
        return {}
    if objects > MOST_OBJECTS:
        raise InputError(f"objects is {objects}: give {MOST_OBJECTS} at most")
    if not radius > 0:
        raise InputError(f"radius={radius} of objects: give pixels, more than 0")
    return {"objects": objects, "radius": radius, "hidden": whole("hidden", hidden)}


def _following(layer, size, discs):
    cell = DiscMotionCell(layer, size=size, **discs)
    return keras.layers.RNN(cell, return_sequences=True, return_state=True, name=layer.name)


def _convolutions(name, settings, patch=1):
    return [
        PerFrame(
            keras.layers.Conv2D(
                filters,
                kernel,
                patch if i == 0 else 1,
                padding="same",
                activation="relu",
                name=f"{name}_{i}",
            ),
            name=f"{name}_{i}_frames",
        )
        for i, (filters, kernel) in enumerate(settings)
    ]
