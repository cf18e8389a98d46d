"""Permuted MSR Action3D, joint by joint: SimpleRNN, with the Jacobian penalty, and LSTM."""

from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import svd_arms

UNITS, BATCH = 64, 32
EPOCHS, QUICK_EPOCHS = 60, 2
PERMUTATION = 11


def load(phase):
    """Returns (training, held out) of nem-action3d, split by subject; each (features, classes)."""
    import numpy as np

    from rnnzoo.pipelines.experiments.studies import nem_action3d

    def permuted(part):
        x, y = part
        # A time step is one joint of one frame: its position and its velocity, 6 numbers.
        count, frames, width = x.shape
        joints = x.reshape(count, frames, 2, width // 6, 3).transpose(0, 1, 3, 2, 4)
        steps = joints.reshape(count, -1, 6)
        order = np.random.default_rng(PERMUTATION).permutation(steps.shape[1])
        return np.ascontiguousarray(steps[:, order]), y.argmax(axis=1)

    return tuple(permuted(part) for part in nem_action3d.load(phase))


def run(settings, seed, train, held_out, quick):
    """Trains one classifier; the loss of the held-out subjects after every epoch."""
    import keras

    (x, y), (test_x, test_y) = train, held_out
    memory = svd_arms.memory(settings, UNITS)
    model = keras.Sequential([keras.Input(x.shape[1:]), memory, keras.layers.Dense(20)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.Adam(settings["learning_rate"], global_clipnorm=1.0),
        loss,
        metrics=["accuracy"],
    )
    curve = []
    for _ in range(QUICK_EPOCHS if quick else EPOCHS):
        model.fit(x, y, batch_size=BATCH, verbose=0)
        metrics = model.evaluate(test_x, test_y, batch_size=300, verbose=0, return_dict=True)
        curve.append(metrics["loss"])
    return {
        "cross_entropy": curve[-1],
        "accuracy": 100 * metrics["accuracy"],
        "held_out_loss": curve,
    }


EXPERIMENT = Experiment(
    name="svd-permuted",
    title="Permuted joints of MSR Action3D",
    question="On real sequences of several hundred steps in a fixed random order, does the "
    "Jacobian penalty help a SimpleRNN, and does it then match an LSTM?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions) has no such experiment; it is the skeletons' version of permuted pixels.",
    arms=svd_arms.beside_simple_rnn(svd_arms.RNN, svd_arms.REGULARISED, svd_arms.LSTM),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="cross_entropy",
    measures=(
        Measure("test cross entropy", "nats", "lower", lambda cell, _: cell["cross_entropy"]),
        Measure("test accuracy", "%", "higher", lambda cell, _: cell["accuracy"]),
    ),
    load=load,
    run=run,
    pairs=(("reg", "lstm"),),
    curve="held_out_loss",
    version=1,
)
