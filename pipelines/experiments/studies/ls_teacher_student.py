"""Least squares, backpropagation, and both in turn, for the student of a random teacher."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data

STATE, STEPS, WINDOW = 128, 2000, 100
TEACHER = 7
# Factors of the teacher's weights: with 1, a step is chaotic and tanh mostly saturated.
SCALES = (0.3, 1.0)
SHOWN = 100  # steps
LEARNING_RATES = (0.001, 0.003, 0.006, 0.01, 0.03)
# (step, ridge)
SOLVERS = ((0.5, 0.01), (0.5, 0.001), (0.5, 0.0), (0.2, 0.001), (1.0, 0.01))
# [TH] table 5.1: training and test MSE in thousandths.
SOURCE = {
    "bptt 10": (22.5125, 23.5832),
    "init 7": (9.0098, 9.1434),
    "init 7 bptt 10": (0.9934, 1.0027),
    "bptt 17": (4.0690, 4.5098),
    "init 10": (3.3425, 3.4286),
}


def run(settings, seed, train, held_out, quick):
    """Trains one student; the held-out error after every iteration and epoch."""
    import keras
    import numpy as np

    from rnnzoo.datasets.sequence_tasks.teacher_student import normal_teacher, taught
    from rnnzoo.layers import least_squares_init

    weights = normal_teacher(STATE, [TEACHER, seed], settings["scale"])

    def data(part):
        return taught(weights, STEPS, simulated_data.key(part, seed))

    (x, y), (test_x, test_y) = data(train), data(held_out)
    memory = keras.layers.SimpleRNN(STATE, return_sequences=True, stateful=True)
    readout = keras.layers.Dense(y.shape[1], activation="tanh")
    inputs = keras.Input(batch_shape=(1, WINDOW, x.shape[1]))
    model = keras.Sequential([inputs, memory, readout])

    def windows(x, y):
        return [(a[None], b[None]) for a, b in simulated_data.windows(x, y, WINDOW)]

    batches, held_out_batches = windows(x, y), windows(test_x, test_y)

    def predict(batches):
        memory.reset_states()
        return np.concatenate([model.predict_on_batch(a)[0] for a, _ in batches])

    def error(batches, targets):
        return float(np.mean(np.square(predict(batches) - targets)))

    curve = [error(held_out_batches, test_y)]
    for _ in range(min(1, settings["iterations"]) if quick else settings["iterations"]):
        step, ridge = settings["step"], settings["ridge"]
        least_squares_init(model, batches, iterations=1, step=step, ridge=ridge)
        curve.append(error(held_out_batches, test_y))
    rate = settings.get("learning_rate", 0.001)
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0), "mse")
    for _ in range(min(1, settings["epochs"]) if quick else settings["epochs"]):
        memory.reset_states()
        for a, b in batches:
            model.train_on_batch(a, b)
        curve.append(error(held_out_batches, test_y))
    return {
        "mse": curve[-1],
        "training_mse": error(batches, y),
        "variance": float(np.mean(np.var(test_y, axis=0))),
        "held_out_mse": curve,
        "said": predict(held_out_batches)[:SHOWN, 0].round(4).tolist(),
        "expected": test_y[:SHOWN, 0].astype(float).round(4).tolist(),
    }


def arms_of(scale):
    """The rows of table 5.1; step and ridge are selected at `init 10`, the rate at `bptt 17`."""

    def settings(iterations, epochs, **others):
        return {"scale": scale, "iterations": iterations, "epochs": epochs, **others}

    solvers = [{"step": step, "ridge": ridge} for step, ridge in SOLVERS]
    rates = [{"learning_rate": rate} for rate in LEARNING_RATES]
    both = [solver | rate for solver in solvers[:3] for rate in rates[:-1]]
    control = f"{scale} bptt 17"
    return (
        Arm(control, tuple(settings(0, 17, **rate) for rate in rates)),
        Arm(f"{scale} start", (settings(0, 0),), control),
        Arm(f"{scale} bptt 10", (settings(0, 10),), control, control),
        Arm(f"{scale} init 10", tuple(settings(10, 0, **solver) for solver in solvers), control),
        Arm(f"{scale} init 7", (settings(7, 0),), control, f"{scale} init 10"),
        Arm(f"{scale} init 7 bptt 10", tuple(settings(7, 10, **pair) for pair in both), control),
    )


def source_of(column):
    """Returns the value of table 5.1 per arm, of column 0 (training) or 1 (test)."""
    return {
        f"{scale} {arm}": f"[TH] table 5.1: {values[column] / 1000:.4f}"
        for scale in SCALES
        for arm, values in SOURCE.items()
    }


EXPERIMENT = Experiment(
    name="ls-teacher-student",
    title="Least squares for the student of a random teacher",
    question="How closely does a SimpleRNN with a readout approximate a teacher of its own kind "
    "after a few least-squares iterations, alone and as initialization for backpropagation?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), tables 5.1 and 5.2, figures 5.1 to 5.3: ten iterations are better than 17 "
    "epochs, and 7 iterations followed by 10 epochs are best. An arm is named after the factor "
    "of the teacher's weights, which are normal with a variance of 1 over the inputs of a unit; "
    "[TH] states neither it nor optimizer, learning rate, windows, step and ridge. Here an "
    "epoch is 20 updates of 100 steps each with Adam.",
    arms=tuple(arm for scale in SCALES for arm in arms_of(scale)),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="mse",
    measures=(
        Measure("test MSE", "", "lower", lambda cell, _: cell["mse"], source_of(1)),
        Measure("training MSE", "", "lower", lambda cell, _: cell["training_mse"], source_of(0)),
    ),
    load=simulated_data.load,
    run=run,
    pairs=tuple((f"{scale} init 10", f"{scale} init 7 bptt 10") for scale in SCALES),
    curve="held_out_mse",
    version=1,
)
