"""Inputs that a recurrent layer cannot run over, refused in one line."""

import keras

IN_A_GRAPH = "stateful_with_a_fixed_batch_size_for_others_use_step"


class CheckedInputs:
    """Mixin of `keras.layers.RNN`: checks the sequences before Keras does.

    Raises:
        ValueError: in a call, the sequences are a ragged tensor, or have no time step, or the layer
            is stateful and has states for another number of them. In a TensorFlow graph of any
            batch size the last one is an InvalidArgumentError when it runs.
    """

    def __call__(self, sequences, *args, **kwargs):
        """As of the Keras layer."""
        if type(sequences).__name__ == "RaggedTensor":
            raise ValueError(
                f"{self.name} takes no ragged sequences: pad them, x = sequences.to_tensor(), and "
                "call it with mask=tf.sequence_mask(sequences.row_lengths())"
            )
        shape = getattr(sequences, "shape", ())
        if len(shape) == 3:
            self._check_shape(*shape[:2])
        return super().__call__(sequences, *args, **kwargs)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """As of the Keras layer."""
        if self.stateful and sequences.shape[0] is None and _on_tensorflow():
            sequences = self._of_fixed_batch(sequences)
        return super().call(sequences, initial_state=initial_state, mask=mask, training=training)

    def _check_shape(self, batch, steps):
        if steps == 0:
            raise ValueError(f"{self.name} got sequences of no time steps: give one or more")
        if not self.stateful:
            return
        if self.states is None and batch is None:
            raise ValueError(
                f"{self.name} is stateful, and the batch size is not known: give it, as in "
                "keras.Input(shape, batch_size=4)"
            )
        if self.states is not None and batch not in (None, self._fixed_batch()):
            raise ValueError(f"{self.name} got {batch} sequences, but {self._fixed_batch_rule()}")

    def _fixed_batch(self):
        """int, the number of sequences that a stateful layer has states of."""
        return keras.tree.flatten(self.states)[0].shape[0]

    def _fixed_batch_rule(self):
        return (
            f"it is stateful with a fixed batch size of {self._fixed_batch()}: give as many, or "
            "keep the states yourself, with return_state and initial_state or the `step` of a "
            "task model"
        )

    def _of_fixed_batch(self, sequences):
        """The sequences in a graph of any batch size, with the fixed one."""
        import tensorflow as tf

        shape = (self._fixed_batch(), *sequences.shape[1:])
        # TensorFlow's message has the name of the operation and both shapes.
        return tf.ensure_shape(sequences, shape, name=IN_A_GRAPH)


def _on_tensorflow():
    return keras.backend.backend() == "tensorflow"
