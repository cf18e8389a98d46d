"""The task of the frame families: a model that sees frames and goes on by itself."""

import os

import keras
import numpy as np
from keras import ops

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import frame_size, whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.reader import read_frames
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
    """Sees frames one after the other and predicts the one that follows ([TH] 7.1).

        h_t = recurrent(x_t, h_(t-1)),  y_t = sigmoid(W h_t + b),  y_t predicts x_(t+1)

    with x_t all pixels of a frame. With convolutions it is the same at every place of a frame:
    `encoder` convolutions (ReLU) of the frame, lit and dark, the recurrent layers at each place
    with the same weights, `decoder` convolutions (ReLU), and one to the pixel that W is then. With
    `objects` it finds discs in a frame, follows each with the recurrent layer, the same weights for
    all (`DiscMotionCell`), and draws them where they are expected.

    As a `keras.Model` it maps frames (batch, time, height, width), 0 to 1, to predictions of the
    same shape; `windows` makes batches for `fit` and `evaluate`, `rollout` goes on from frames.

    Args:
        size: pair (height, width), pixels.
        recurrent: list of Keras recurrent layers, the first one reads the frames. They are copied,
            and return sequences and states whatever they were told.
        name: str or None.
        encoder: list of pairs (filters, pixels on each side of a kernel); none: the recurrent
            layers see the whole frame.
        decoder: as `encoder`; only with one.
        patch: int, pixels on each side of a place; only with an encoder.
        objects: int, discs that a frame has at most, six or fewer, all of one size; 0: no discs are
            looked for.
        radius: float, theirs, pixels; only with objects.
        hidden: int, units of the networks that say what happens when discs hit something.
        free_run: int, frames at the end of a window that are not seen in training: the model sees
            its own predictions there, and learns to live with them; with objects it sees nothing.
        loss: str, `"mse"` as [TH], or `"binary_crossentropy"`; what `compile_default` compiles.

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
            raise InputError(f"decoder={decoder!r}, patch={patch} are for places: give an encoder")
        if size[0] % patch or size[1] % patch:
            raise InputError(f"patch={patch} does not divide {size}: give one that does")
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
        seen = _through(before, frames)
        for layer in layers:
            seen = layer(seen)[0]
        super().__init__(frames, _through(after, seen), layers, name)

        self.size, self.patch, self.loss_name = size, patch, loss
        self.discs = discs
        self.encoder, self.decoder = [list(map(tuple, one)) for one in (encoder, decoder)]
        self._before, self._after = before, after
        self.free_run = free_run
        self._advance_smoothed = compiled(self._smoothed)

    def task_config(self):
        """All other arguments."""
        return {
            "size": list(self.size),
            "encoder": [list(one) for one in self.encoder],
            "decoder": [list(one) for one in self.decoder],
            "patch": self.patch,
            **self.discs,
            "free_run": self.free_run,
            "loss": self.loss_name,
        }

    def wrapped_layers(self):
        """Without what runs them per place or per disc."""
        return [inner(layer) for layer in self.recurrent]

    def loss_and_metrics(self):
        """The `loss` of the constructor."""
        return self.loss_name, []

    def finished(self, **changes):
        """As `RecurrentTask.finished`; the copy sees every frame when it is trained again."""
        return super().finished(**{"free_run": 0, **changes})

    def encode(self, inputs, states):
        """Frames (batch, time, height, width) as the first recurrent layer reads them."""
        return _through(self._before, inputs), None

    def decode(self, hidden, context):
        """Predictions (batch, time, height, width)."""
        return _through(self._after, hidden), []

    def streaming_cell(self, layer):
        """The step of a layer, per place if that is how it runs."""
        return layer.step if isinstance(layer, PixelwiseRNN) else super().streaming_cell(layer)

    def windows(self, frames, length=50, batch_size=32, seed=0, shuffle=True):
        """Batches of sequences for `fit` and `evaluate`.

        Args:
            frames: array (sequences, steps, height, width), 0 to 1, or the path of a file or folder
                that `rnnzoo.datasets.frames.reader.read_frames` reads.
            length: int, frames that are predicted in a window, or all but one if there are fewer.
            batch_size: int, windows of a batch.
            seed: int; gives the windows' places and order in every epoch.
            shuffle: bool; False for `evaluate` and validation: whole sequences, in their order.

        Returns:
            `FrameWindows`.

        Raises:
            InputError: the frames have another size or are none, or a number is below 1.
        """
        return FrameWindows(read_frames(frames, self.size), length, batch_size, seed, shuffle)

    def rollout(self, frames, steps, *, threshold=None):
        """Goes on from frames: each prediction is what it sees next.

        With objects it sees nothing, as in training, and the discs go on. Where they are at first
        is by all of the last ten frames together, see `rnnzoo.layers.discs.smoothing`.

        Args:
            frames: array (batch, time, height, width), 0 to 1, or (time, height, width); or the
                path of a file or folder.
            steps: int, frames to predict.
            threshold: float from 0 to 1, or None; with one, what it sees next is 1 where the
                prediction is above it and 0 elsewhere, as in [TH] 7.1. What is returned is the
                prediction itself in either case.

        Returns:
            float32 array (batch, steps, height, width), 0 to 1; without the first axis where the
            frames have none.

        Raises:
            InputError: names the argument, or the size of the frames.
        """
        steps = whole("steps", steps)
        if threshold is not None and not 0 <= threshold <= 1:
            raise InputError(f"threshold is {threshold}: give a number from 0 to 1, or None")
        single = not isinstance(frames, str | os.PathLike) and np.ndim(frames) == 3
        frames = read_frames(frames, self.size, least=1)
        made = [
            self._rolled(frames[at : at + SEQUENCES], steps, threshold)
            for at in range(0, len(frames), SEQUENCES)
        ]
        made = np.concatenate(made)
        return made[0] if single else made

    def _rolled(self, frames, steps, threshold):
        states = self.initial_states(len(frames))
        advance = self._advance_smoothed if self.discs else self.compiled_advance
        predicted, states = advance(ops.convert_to_tensor(frames, "float32"), states)
        made = [predicted[:, -1]]
        while len(made) < steps:
            predicted, states = self.compiled_step(self._seen_next(made[-1], threshold), states)
            made.append(predicted)
        return np.stack([ops.convert_to_numpy(one) for one in made], axis=1)

    def _seen_next(self, predicted, threshold):
        if threshold is not None:
            return ops.cast(predicted > threshold, "float32")
        return ops.zeros_like(predicted) if self.discs else predicted

    def _smoothed(self, frames, states):
        """As `advance`, of the last frame alone, with discs by all of the frames together."""
        (layer,), (before,) = self.recurrent, states
        found = _through(self._before, frames)
        _, *filtered = layer(found, initial_state=before)
        after = smooth_states(layer.cell, found, filtered)
        return _through(self._after, layer.cell.expected(after)[:, None]), [after]

    def call(self, inputs, training=None, mask=None):
        """Predictions of the frames that follow; in training the last `free_run` from its own."""
        if not (training and self.free_run):
            return super().call(inputs, training=training, mask=mask)
        given = inputs[:, : -self.free_run]
        if given.shape[1] == 0:
            raise InputError(
                f"free_run={self.free_run} of windows of {inputs.shape[1]} frames: give longer ones"
            )
        if self.discs:
            # Where nothing is found, every disc goes on: the same without a loop here.
            found = _through(self._before, given)
            found = ops.pad(found, ((0, 0), (0, self.free_run), (0, 0)))
            (layer,) = self.recurrent
            return _through(self._after, layer(found, training=training)[0])
        batch = ops.shape(inputs)[0]
        predicted, states = self.advance(given, self.initial_states(batch), training=training)
        made = [predicted[:, -1]]
        for _ in range(self.free_run):
            following, states = self.step(made[-1], states, training=training)
            made.append(following)
        return ops.concatenate([predicted, ops.stack(made[1:], axis=1)], axis=1)


def inner(layer):
    """What a user gave of a layer in `recurrent`, where it is inside another one."""
    if isinstance(layer, PixelwiseRNN):
        return layer.layer
    cell = getattr(layer, "cell", None)
    return cell.layer if isinstance(cell, DiscMotionCell) else layer


# All orders of discs are compared at every step: 720 of six.
MOST_OBJECTS = 6

# Sequences rolled out at once: bounds memory, not the result.
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
