"""The task of the sequence family: a model that classifies sequences."""

import keras
import numpy as np
from keras import ops

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences import refusals
from rnnzoo.sequences.batches import SequenceBatches, padded
from rnnzoo.sequences.masked_max import MaskedMax
from rnnzoo.sequences.over_time import classes_over_time
from rnnzoo.sequences.readers import reader_of
from rnnzoo.sequences.standardized import Standardized
from rnnzoo.sequences.stream import ClassifierStream
from rnnzoo.sequences.streaming_pool import PoolCell
from rnnzoo.task import RecurrentTask, cloned_layers

POOLS = ("last", "mean", "max")


@keras.saving.register_keras_serializable(package="rnnzoo")
class SequenceClassifier(RecurrentTask):
    """Predicts the class of a sequence of features ([NB] figures 2 and 8).

        h_t = recurrent(x_t, h_(t-1)),  logits = W h_T + b,  p = softmax(logits)

    with h_T the last hidden state, or the mean or the maximum of all. A bidirectional layer also
    reads from the end.

    As a `keras.Model` it maps float32 features (batch, time, features) to logits (batch, classes);
    time steps that are all zeros are masked, so they pad sequences of several lengths. `advance`
    and `step` return the logits of the sequence up to each time step. `classify` takes what the
    reader takes: a video, frames, skeletons or features.

    Args:
        classes: list of str, two or more, in the order of the logits.
        recurrent: list of Keras recurrent layers; clones of them are used.
        reader: dict, `kind` `"features"`, `"skeletons"` or `"video"`, and the arguments of the
            class in `rnnzoo.sequences.readers`.
        name: str or None.
        bidirectional: bool.
        pool: str, `"last"`, `"mean"` or `"max"`.
        dropout: float, dropout rate of every recurrent layer's outputs.
        input_dropout: float, dropout rate of the features.

    Raises:
        InputError: classes repeat or are fewer than two, or the reader or pool is unknown.

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.sequences.classifier import SequenceClassifier
    >>> reader = {"kind": "features", "features": 3}
    >>> model = SequenceClassifier(["golf", "tennis"], [keras.layers.GRU(4)], reader)
    >>> [(name, p)] = model.classify(np.ones((5, 3)), top=1)
    >>> name in ("golf", "tennis") and p >= 0.5
    True
    """

    def __init__(
        self,
        classes,
        recurrent,
        reader,
        name=None,
        *,
        bidirectional=False,
        pool="last",
        dropout=0.0,
        input_dropout=0.0,
    ):
        classes = list(map(str, classes))
        if len(classes) < 2 or len(set(classes)) < len(classes):
            raise InputError(f"classes are {classes}: give two or more, each once")
        if pool not in POOLS:
            raise InputError(f"pool is {pool!r}: choose one of {', '.join(POOLS)}")
        reader = reader_of(dict(reader))
        layers = [_without_states(layer, True) for layer in cloned_layers(recurrent)]
        layers[-1] = _without_states(layers[-1], pool != "last")
        readout = keras.layers.Dense(len(classes), name="readout")
        standardized = Standardized(name="standardized")

        features = keras.Input((None, reader.features), dtype="float32", name="features")
        x = standardized(keras.layers.Masking(name="masking")(features))
        if input_dropout:
            x = keras.layers.Dropout(input_dropout, name="input_dropout")(x)
        for i, layer in enumerate(layers):
            if bidirectional:
                layer = keras.layers.Bidirectional(layer, name=f"both_ways_{i}")
            x = layer(x)
            if dropout:
                x = keras.layers.Dropout(dropout, name=f"dropout_{i}")(x)
        if pool != "last":
            x = _POOLING[pool](name=pool)(x)
        super().__init__(features, readout(x), layers, name)

        self.classes, self.reader, self.pool = classes, reader, pool
        self.bidirectional = bool(bidirectional)
        self.dropout, self.input_dropout = float(dropout), float(input_dropout)
        self.standardized, self._readout = standardized, readout
        self._read = compiled(lambda x: ops.softmax(self(x, training=False)))

    def task_config(self):
        """All other arguments."""
        return {
            "classes": self.classes,
            "reader": self.reader.get_config(),
            "bidirectional": self.bidirectional,
            "pool": self.pool,
            "dropout": self.dropout,
            "input_dropout": self.input_dropout,
        }

    def loss_and_metrics(self):
        """Cross entropy of one-hot classes, and accuracy."""
        return keras.losses.CategoricalCrossentropy(from_logits=True), ["accuracy"]

    def valid_steps(self, inputs):
        """Steps that are all zeros are padding."""
        return ops.any(inputs != 0, axis=-1)

    def extra_states(self, batch):
        """The states of the pooling."""
        return self._pool_cell().get_initial_state(batch)

    def encode(self, inputs, states):
        """Standardized features (batch, time, features)."""
        return self.standardized(inputs), (self.valid_steps(inputs), states)

    def decode(self, hidden, context):
        """Logits (batch, time, classes) of the sequence up to each step."""
        valid, states = context
        pooling = keras.layers.RNN(self._pool_cell(), return_sequences=True, return_state=True)
        valid = ops.cast(valid, hidden.dtype)[..., None]
        pooled, *states = pooling(ops.concatenate([hidden, valid], axis=-1), initial_state=states)
        return self._readout(pooled), states

    def streaming_layer(self, layer):
        """A layer with the cell and the weights of another that does not return its states."""
        return keras.layers.RNN(layer.cell, return_sequences=True, return_state=True)

    def _pool_cell(self):
        return PoolCell(self.pool, self.recurrent[-1].units)

    def batches(self, sequences, labels, batch_size=None, seed=0, shuffle=True, **augmentation):
        """Batches of labelled sequences for `fit` and `evaluate`.

        Args:
            sequences: list of what `classify` takes.
            labels: int array (sequences,), indices of the classes.
            batch_size, seed, shuffle: see `SequenceBatches`.
            **augmentation: `change` and `mixup` of `SequenceBatches`.

        Raises:
            InputError: a sequence cannot be used, or the labels are not of these classes.
        """
        settings = {"batch_size": batch_size, "seed": seed, "shuffle": shuffle, **augmentation}
        return SequenceBatches(sequences, labels, len(self.classes), self.reader.read, **settings)

    def with_classes(self, classes):
        """A model of other classes, with the weights of those that both have.

        Args:
            classes: list of str.

        Returns:
            A new `SequenceClassifier`, not compiled; the weights of new classes are random.
        """
        other = self.reconfigured(classes=list(classes))
        other.reader = self.reader  # with the network that `frames_by` set
        *shared, kernel, bias = self.get_weights()
        *_, new_kernel, new_bias = other.get_weights()
        for new, name in enumerate(other.classes):
            if name in self.classes:
                old = self.classes.index(name)
                new_kernel[:, new], new_bias[new] = kernel[:, old], bias[old]
        other.set_weights([*shared, new_kernel, new_bias])
        return other

    def frames_by(self, network):
        """Sets the network for frames of videos; returns the model.

        Args:
            network: `rnnzoo.sequences.networks.frame_network.FrameNetwork`, that of its training.

        Raises:
            InputError: it is another network, or the model is no classifier of videos.
        """
        if self.reader.kind != "video":
            raise InputError(
                f"{self.name} reads {self.reader.kind}: it needs no network for frames"
            )
        self.reader.use(network)
        return self

    def probabilities(self, sequences):
        """Probabilities of all classes.

        Args:
            sequences: list of what `classify` takes.

        Returns:
            float32 array (sequences, classes).

        Raises:
            InputError: a sequence cannot be used.
        """
        return self.feature_probabilities(list(map(self.reader.read, sequences)))

    def feature_probabilities(self, features):
        """As `probabilities`, of features (time, features) as the reader returns them."""
        if not all(map(np.any, features)):
            raise InputError(refusals.ALL_ZEROS)
        if not features:
            return np.zeros((0, len(self.classes)), "float32")
        batches = [features[i : i + SEQUENCES] for i in range(0, len(features), SEQUENCES)]
        return np.concatenate([ops.convert_to_numpy(self._read(padded(b))) for b in batches])

    def classify(self, sequence, top=None):
        """The most probable classes of a sequence.

        Args:
            sequence: of a video: str, path or bytes, or frames, uint8 (time, height, width, 3); of
                skeletons: joints (frames, 20, 3), y upward; or features (time, features). Of
                skeletons and features also the path of a file, see
                `rnnzoo.sequences.files.read_sequence`.
            top: int, number of classes to return; None for all.

        Returns:
            list of (str class, float probability), the most probable first.

        Raises:
            InputError: the sequence cannot be used, or `top` is no number of classes.
        """
        return self.ranked(self.probabilities([sequence])[0], self.checked_top(top))

    def classify_over_time(self, video):
        """The classes of a video over time, each prediction from the last frames until then.

        Args:
            video: str, path or bytes of a video.

        Returns:
            `rnnzoo.sequences.over_time.ClassesOverTime`.

        Raises:
            InputError: the model reads no videos, or the video cannot be read.
        """
        return classes_over_time(self, video)

    def stream(self, top=None):
        """A `ClassifierStream`, which classifies while raw frames arrive."""
        return ClassifierStream(self, self.checked_top(top))

    def checked_top(self, top):
        """`top`, or the number of classes where it is None.

        Raises:
            InputError: it is no whole number from 1 to that of the classes.
        """
        if top is None:
            return len(self.classes)
        if whole("top", top) > len(self.classes):
            raise InputError(f"top is {top}: there are {len(self.classes)} classes")
        return int(top)

    def ranked(self, probabilities, top):
        """The `top` most probable classes, list of (str, float)."""
        order = np.argsort(-probabilities, kind="stable")[:top]
        return [(self.classes[i], float(probabilities[i])) for i in order]


_POOLING = {"mean": keras.layers.GlobalAveragePooling1D, "max": MaskedMax}

# Sequences per call of the network: bounds memory, does not change the result.
SEQUENCES = 64


def _without_states(layer, sequences):
    config = layer.get_config() | {"return_sequences": sequences, "return_state": False}
    return type(layer).from_config(config)
