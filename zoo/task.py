"""The base of every task model: a Keras model around recurrent layers that can also stream."""

import keras
from keras import ops

from rnnzoo.architectures import plain
from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers.common.clone_rnn import clone_rnn
from rnnzoo.layers.jacobian import simple_rnn  # noqa: F401, registers its layer with Keras
from rnnzoo.layers.nem import gru, lstm  # noqa: F401, likewise


def cloned_layers(recurrent):
    """Clones of recurrent layers that return sequences and states, named `recurrent_<i>`.

    Args:
        recurrent: list of Keras recurrent layers, one or more.

    Raises:
        InputError: the list is empty, or a layer is stateful.
    """
    if not recurrent:
        raise InputError("recurrent is empty: give one layer or more")
    for layer in recurrent:
        if getattr(layer, "stateful", False):
            raise InputError(
                f"{layer.name} is stateful, with a fixed batch size: leave stateful=True out, and "
                "keep the states between calls of `step` or `advance`"
            )
    return [clone_rnn(layer, f"recurrent_{i}") for i, layer in enumerate(recurrent)]


class RecurrentTask(keras.Model):
    """A functional Keras model around recurrent layers: the base of every task.

        x_t = encode(inputs_t),  h_t = recurrent(x_t, h_(t-1)),  outputs_t = decode(h_t)

    Called as a `keras.Model`, it maps whole sequences to outputs. Unless it is bidirectional, the
    same outputs can be computed as the inputs arrive, from states that the caller holds:

        states = model.initial_states(batch)
        outputs, states = model.advance(inputs[:, :t], states)  # t time steps
        output, states = model.step(inputs[:, t], states)       # the next one

    A task builds its layers, calls this constructor, and overrides `encode` and `decode`,
    `task_config`, `loss_and_metrics` and, if it has states besides those of its recurrent layers,
    `extra_states`.

    Args:
        inputs, outputs: Keras tensors, see `keras.Model`.
        recurrent: list of the recurrent layers between them, see `cloned_layers`.
        name: str or None.

    Attributes:
        recurrent: list of Keras layers.
        bidirectional: bool, whether outputs depend on later inputs too.
        origin: `rnnzoo.origin.Origin`, the model that `rnnzoo.load` loaded; None for a new one.
        compiled_advance, compiled_step: `advance` and `step`, traced once per shape.
    """

    bidirectional = False
    origin = None

    def __init__(self, inputs, outputs, recurrent, name=None):
        super().__init__(inputs=inputs, outputs=outputs, name=name)
        self.recurrent = recurrent
        self.compiled_advance, self.compiled_step = compiled(self.advance), compiled(self.step)

    def task_config(self):
        """Constructor arguments besides `name` and `recurrent`, as plain data."""
        return {}

    def loss_and_metrics(self):
        """(loss, list of metrics) that `compile_default` compiles with."""
        raise NotImplementedError

    def encode(self, inputs, states):
        """Features that the first recurrent layer reads.

        Args:
            inputs: array (batch, time, ...).
            states: the `extra_states` before these inputs.

        Returns:
            (array (batch, time, ...), anything that `decode` needs besides the hidden states).
        """
        raise NotImplementedError

    def decode(self, hidden, context):
        """Outputs of the model.

        Args:
            hidden: array (batch, time, ...), outputs of the last recurrent layer.
            context: what `encode` returned besides the features.

        Returns:
            (array (batch, time, ...), the `extra_states` after these inputs).
        """
        raise NotImplementedError

    def extra_states(self, batch):
        """States besides those of the recurrent layers, before the first time step: a list."""
        return []

    def valid_steps(self, inputs):
        """bool array (batch, time), False where a time step is padding; None if none is."""
        return None

    def wrapped_layers(self):
        """The recurrent layers as the constructor takes them."""
        return self.recurrent

    def get_config(self):
        """The constructor's arguments as plain data."""
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.wrapped_layers()]
        return {"name": self.name, "recurrent": layers, **self.task_config()}

    @classmethod
    def from_config(cls, config):
        """Builds the model that `get_config` describes."""
        recurrent = [keras.saving.deserialize_keras_object(c) for c in config["recurrent"]]
        return cls(**{**config, "recurrent": recurrent})

    def reconfigured(self, **changes):
        """A new model of the same class and origin, not compiled; its weights are random.

        Args:
            changes: entries of `get_config` that differ.
        """
        model = type(self).from_config({**self.get_config(), **changes})
        model.origin = self.origin
        return model

    def compile_default(self):
        """Compiles with Adam and the loss that the model was trained with; returns the model."""
        loss, metrics = self.loss_and_metrics()
        self.compile("adam", loss, metrics=metrics)
        return self

    def finished(self, **changes):
        """A copy as it ships: layers without noise or penalty are replaced by Keras's own.

        Args:
            changes: constructor arguments that differ.

        Returns:
            A model of the same class and weights, not compiled.
        """
        layers = [plain(layer) for layer in self.wrapped_layers()]
        copy = type(self)(**{**self.get_config(), "recurrent": layers, **changes})
        copy.set_weights(self.get_weights())
        copy.origin = self.origin
        return copy

    def initial_states(self, batch):
        """States before the first time step.

        Args:
            batch: int, number of sequences.

        Returns:
            list: the `extra_states`, if the task has any, then a list per recurrent layer; of
            arrays (batch, ...).

        Raises:
            InputError: the model is bidirectional.
        """
        self._check_streams()
        extra = self.extra_states(batch)
        layers = [layer.get_initial_state(batch) for layer in self.recurrent]
        return [*([extra] if extra else []), *layers]

    def advance(self, inputs, states, *, mask=None, training=False):
        """Outputs at the next time steps, and the states after them.

        Args:
            inputs: array (batch, time, ...), as the model is called with.
            states: as `initial_states` or an earlier call returned them; not changed.
            mask: bool array (batch, time), False where a time step is padding, which leaves the
                states as they are; None if the inputs themselves say so, or none is.
            training: bool, passed on to the recurrent layers.

        Returns:
            (outputs (batch, time, ...), states). After the initial states, the outputs are those
            of the model called on the inputs.

        Raises:
            InputError: the model is bidirectional.
        """
        self._check_streams()
        mask = self.valid_steps(inputs) if mask is None else mask
        masked = {} if mask is None else {"mask": mask}
        extra, states = self._split(states)
        x, context = self.encode(inputs, extra)
        after = []
        for layer, state in zip(self.recurrent, states, strict=True):
            layer = self.streaming_layer(layer)
            x, *state = layer(x, initial_state=state, training=training, **masked)
            after.append(state)
        outputs, extra = self.decode(x, context)
        return outputs, [*([extra] if extra else []), *after]

    def step(self, inputs, states, *, training=False):
        """The output at the next time step, and the states after it; without a loop over time.

        Args:
            inputs: array (batch, ...), one time step.
            states: as `initial_states` or an earlier call returned them; not changed.
            training: bool, passed on to the recurrent layers.

        Returns:
            (output (batch, ...), states), as of `advance` with this time step alone.

        Raises:
            InputError: the model is bidirectional.
        """
        hidden, context, after = self.hidden_step(inputs, states, training=training)
        outputs, extra = self.decode(hidden, context)
        return outputs[:, 0], [*([extra] if extra else []), *after]

    def hidden_step(self, inputs, states, *, training=False):
        """What `decode` reads at the next time step, and the states of the recurrent layers.

        Args:
            inputs, states, training: as for `step`.

        Returns:
            (outputs of the last recurrent layer (batch, 1, ...), context of `encode`, list of the
            recurrent layers' states after the step).

        Raises:
            InputError: the model is bidirectional.
        """
        self._check_streams()
        inputs = inputs[:, None]
        mask = self.valid_steps(inputs)
        extra, states = self._split(states)
        x, context = self.encode(inputs, extra)
        x, after = x[:, 0], []
        for layer, state in zip(self.recurrent, states, strict=True):
            x, new = self.streaming_cell(layer)(x, state, training=training)
            if mask is not None:
                new = [ops.where(mask, *pair) for pair in zip(new, state, strict=True)]
            after.append(new)
        return x[:, None], context, after

    def streaming_layer(self, layer):
        """The layer that runs a recurrent layer over time, with sequences and states returned."""
        return layer

    def streaming_cell(self, layer):
        """The function (inputs, states, training) -> (output, states) of a recurrent layer."""
        return layer.cell

    def _split(self, states):
        """(extra states, states of the recurrent layers)."""
        first = len(states) - len(self.recurrent)
        return (states[0], states[1:]) if first else ([], states)

    def _check_streams(self):
        if self.bidirectional:
            raise InputError(
                f"{self.name} is bidirectional, so its outputs depend on later inputs too: call it "
                "on whole sequences"
            )
