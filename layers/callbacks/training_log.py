"""Scalars, histograms, samples and the graph of a training in TensorBoard."""

from rnnzoo.layers.callbacks.event_file import EventFile


def markdown_block(text):
    """Text as a Markdown code block, which TensorBoard shows line by line."""
    return "".join(f"    {line}\n" for line in text.splitlines())


class TrainingLog(EventFile):
    """Writes event files for TensorBoard after every epoch.

    Scalars: the logs of `fit`, and the learning rate. Histograms: each weight, and its gradient on
    a fixed batch. Texts: the results of `sample`. At the beginning: the graph.

    Args:
        folder: path of the folder for the event files.
        batch: (x, y), arrays of one batch, x an array or a list, for the gradients and the graph.
        sample: function without arguments that returns a str, or None.
        every: int, epochs between two samples or histograms; scalars are written in every epoch.
        histograms: bool, whether to write histograms.
    """

    def __init__(self, folder, batch, sample=None, every=1, histograms=True):
        super().__init__(folder, every)
        self._batch, self._sample, self._histograms = batch, sample, histograms
        self._gradients = None

    def on_train_begin(self, logs=None):
        """Opens the event file and writes the graph."""
        import tensorflow as tf

        super().on_train_begin(logs)
        shape = tf.nest.map_structure(
            lambda array: tf.TensorSpec([None, *array.shape[1:]], array.dtype), self._batch[0]
        )
        # Keras's own write_graph opens on an error page; the concrete function's graph does not.
        call = tf.function(lambda x: self.model(x, training=False), autograph=False)
        with self._writer.as_default():
            tf.summary.graph(call.get_concrete_function(shape).graph)
        self._gradients = self._loss_gradients
        if not self.model.run_eagerly:  # step by step, a recurrent layer takes a second
            self._gradients = tf.function(self._loss_gradients, autograph=False)

    def write_always(self, logs):
        """Writes the scalars of an epoch."""
        import tensorflow as tf

        for name, value in logs.items():
            tf.summary.scalar(name, value)
        tf.summary.scalar("learning_rate", self.model.optimizer.learning_rate)

    def write(self, step):
        """Writes histograms and a sample."""
        import tensorflow as tf

        if self._histograms:
            self._write_histograms()
        if self._sample is not None:
            tf.summary.text("sample", markdown_block(self._sample()))

    def _loss_gradients(self, x, y):
        """The gradients of the loss by all trainable weights."""
        import tensorflow as tf

        with tf.GradientTape() as tape:
            loss = self.model.compute_loss(x=x, y=y, y_pred=self.model(x, training=False))
        return tape.gradient(loss, [weight.value for weight in self.model.trainable_weights])

    def _write_histograms(self):
        import tensorflow as tf

        gradients = self._gradients(*self._batch)
        for weight, gradient in zip(self.model.trainable_weights, gradients, strict=True):
            tf.summary.histogram(f"weights/{weight.path}", weight)
            tf.summary.histogram(f"gradients/{weight.path}", gradient)
