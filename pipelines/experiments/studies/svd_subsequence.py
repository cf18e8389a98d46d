"""Detecting a subsequence in noise: SimpleRNN, with the Jacobian penalty, and LSTM."""

from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data, svd_arms

KINDS = (svd_arms.RNN, svd_arms.REGULARISED, svd_arms.LSTM, svd_arms.ORTHOGONAL)
UNITS, STEPS = 20, 20_000
EPOCHS, QUICK_EPOCHS = 50, 2
# The sequence is split into ten parallel streams, read in windows; the state is carried over.
STREAMS, WINDOW = 10, 50
SHOWN = 4  # windows
# (mean spacing, delay of the alarm): table 4.3 of [TH], and cases that need memory.
CASES = (*((spacing, 0) for spacing in range(10, 90, 10)), (40, 10), (40, 20), (40, 40))
# [TH] table 4.3, precision in percent.
SOURCE = {
    "rnn": (81.10, 68.90, 59.24, 48.52, 44.98, 37.11, 35.27, 32.65),
    "lstm": (83.93, 70.05, 64.40, 54.48, 53.78, 48.99, 38.92, 35.12),
    "reg": (94.55, 86.60, 80.10, 77.55, 74.95, 73.34, 69.73, 72.18),
}


def as_windows(sequence):
    """Reshapes a long array (steps, ...) to (windows, streams, steps per window, ...)."""
    parts = sequence.reshape(STREAMS, -1, WINDOW, *sequence.shape[1:])
    return parts.swapaxes(0, 1)


def run(settings, seed, train, held_out, quick):
    """Trains one detector; the losses of the held-out sequence after every epoch."""
    import keras
    import numpy as np

    from rnnzoo.datasets.sequence_tasks.subsequence import subsequence

    spacing, delay = settings["spacing"], settings["delay"]

    def data(part):
        seeds = simulated_data.key(part, seed, spacing, delay)
        x, y = subsequence(STEPS, spacing, [seed, spacing], seeds, delay)
        return list(zip(as_windows(x), as_windows(y), strict=True))

    batches, held_out_batches = data(train), data(held_out)
    initializer = svd_arms.recurrent_initializer(settings, UNITS)
    memory = svd_arms.memory(
        settings, UNITS, return_sequences=True, stateful=True, recurrent_initializer=initializer
    )
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(STREAMS, WINDOW, 1)),
            memory,
            keras.layers.Dense(2, activation="log_softmax"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.RMSprop(settings["learning_rate"], global_clipnorm=1.0), loss)

    def evaluate(batches):
        """(nats per step, precision, recall) of the alarm's steps, the latter in percent."""
        memory.reset_states()
        logs = np.array([model.predict_on_batch(x) for x, _ in batches])
        y = np.array([y for _, y in batches])
        nats = -np.mean(np.take_along_axis(logs, y[..., None], axis=-1))
        alarm = logs[..., 1] > logs[..., 0]
        correct = np.sum(alarm & (y == 1))
        precision, recall = correct / max(1, np.sum(alarm)), correct / max(1, np.sum(y))
        return float(nats), 100 * float(precision), 100 * float(recall)

    def example(batches):
        """The predicted and expected alarm of the first steps: figure 4.9."""
        memory.reset_states()
        log_alarm = [model.predict_on_batch(x)[0, :, 1] for x, _ in batches[:SHOWN]]
        expected = np.concatenate([y[0] for _, y in batches[:SHOWN]])
        return {
            "alarm": np.exp(np.concatenate(log_alarm)).round(3).tolist(),
            "expected": expected.astype(float).tolist(),
        }

    curve = []
    for _ in range(QUICK_EPOCHS if quick else EPOCHS):
        memory.reset_states()
        for x, y in batches:
            model.train_on_batch(x, y)
        nats, precision, recall = evaluate(held_out_batches)
        curve.append(nats)
    return {
        "nats": nats,
        "training_nats": evaluate(batches)[0],
        "precision": precision,
        "recall": recall,
        "held_out_nats": curve,
        **example(held_out_batches),
    }


def name_of(spacing, delay):
    """Returns the name of a case."""
    return f"{spacing}+{delay}" if delay else str(spacing)


EXPERIMENT = Experiment(
    name="svd-subsequence",
    title="Detecting a subsequence in noise",
    question="Does a SimpleRNN detect a pattern better if the singular values of its Jacobians "
    "are kept near one, better even than an LSTM?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), table 4.3, figures 4.9 and 4.10: it does, the more so the rarer the pattern. "
    "An arm is named after the mean spacing, and after `+` the delay of the alarm in steps, "
    "which [TH] does not have. [TH] states neither learning rate, nor the length of "
    "backpropagation, nor the penalty's weight; here learning rate and penalty are selected at "
    "spacing 40. `ortho`, with orthogonal instead of random initial recurrent weights, was "
    "added when the results of the others were known.",
    arms=svd_arms.arms(
        KINDS,
        {name_of(*case): dict(zip(("spacing", "delay"), case, strict=True)) for case in CASES},
        first="40",
    ),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="nats",
    measures=(
        Measure(
            "test precision",
            "%",
            "higher",
            lambda cell, _: cell["precision"],
            {
                f"{spacing} {kind}": f"[TH] table 4.3: {value:.2f}%"
                for kind, values in SOURCE.items()
                for (spacing, _), value in zip(CASES, values, strict=False)
            },
        ),
        Measure("test recall", "%", "higher", lambda cell, _: cell["recall"]),
        Measure("test NLL", "nats", "lower", lambda cell, _: cell["nats"]),
        Measure("training NLL", "nats", "lower", lambda cell, _: cell["training_nats"]),
    ),
    load=simulated_data.load,
    run=run,
    pairs=tuple(
        (f"{name_of(*case)} reg", f"{name_of(*case)} {kind}")
        for kind in (svd_arms.LSTM, svd_arms.ORTHOGONAL)
        for case in CASES
    ),
    version=1,
)
