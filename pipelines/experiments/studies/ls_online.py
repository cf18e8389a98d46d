"""Online learning: least squares, real-time recurrent learning, truncated backpropagation."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data

FEATURES, STATE, SCALE = 8, 16, 0.7
# Steps with each of two teachers, steps per window, steps that an error is averaged over.
STEPS, WINDOW, EVALUATED = 3000, 10, 500
CURVE = 100  # steps per point of the curve
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03)
LEAST_SQUARES = tuple(
    {"forgetting": forgetting, "step": step, "ridge": 0.001}
    for forgetting in (0.99, 0.995, 0.998)
    for step in (0.1, 0.5, 1.0)
)


def run(settings, seed, train, held_out, quick):
    """Trains one student online on a teacher, then on another one; the error of every step."""
    import keras
    import numpy as np

    from rnnzoo.datasets.sequence_tasks.teacher_student import normal_teacher, taught

    steps = STEPS // 10 if quick else STEPS
    streams = []
    for number in range(2):
        key = simulated_data.key(held_out, seed, number)
        streams.append(taught(normal_teacher(STATE, key, SCALE, FEATURES), steps, [*key, 1]))
    x, y = (np.concatenate(parts) for parts in zip(*streams, strict=True))
    memory = keras.layers.SimpleRNN(STATE, return_sequences=True, stateful=True)
    readout = keras.layers.Dense(FEATURES, activation="tanh")
    model = keras.Sequential([keras.Input(batch_shape=(1, WINDOW, FEATURES)), memory, readout])
    learn = learner(model, settings)
    errors = []
    for a, b in simulated_data.windows(x, y, WINDOW):
        errors.extend(learn(a[None], b[None]))
    errors = np.array(errors)
    evaluated = EVALUATED // 10 if quick else EVALUATED
    variances = [float(np.mean(np.var(part, axis=0))) for _, part in streams]
    parts = {
        "first": errors[:evaluated] / variances[0],
        "settled": errors[steps - evaluated : steps] / variances[0],
        "changed": errors[steps : steps + evaluated] / variances[1],
        "again": errors[-evaluated:] / variances[1],
    }
    return {
        **{name: float(np.mean(part)) for name, part in parts.items()},
        "mean_error": float(np.mean(errors)) / float(np.mean(variances)),
        "errors": errors.reshape(-1, CURVE if not quick else WINDOW).mean(axis=1).tolist(),
    }


def learner(model, settings):
    """Returns a function (x, y) that learns from a window and returns the prior error per step."""
    import keras
    import numpy as np

    from rnnzoo.layers import LeastSquaresUpdater, RealTimeRecurrentLearning

    kind = settings["kind"]
    if kind == "rtrl":
        return RealTimeRecurrentLearning(model, keras.optimizers.Adam(settings["rate"])).update
    if kind == "bptt":
        model.compile(keras.optimizers.Adam(settings["rate"]), "mse")
        learn = model.train_on_batch
    else:
        model.layers[0].trainable = kind == "ls"
        options = {name: settings[name] for name in ("forgetting", "step", "ridge")}
        learn = LeastSquaresUpdater(model, **options).update
    memory = model.layers[0]

    def predict_then_learn(x, y):
        before = keras.tree.map_structure(keras.ops.copy, memory.states)
        prediction = model.predict_on_batch(x)
        for state, value in zip(memory.states, before, strict=True):
            state.assign(value)
        learn(x, y)
        return np.mean(np.square(prediction[0] - y[0]), axis=1)

    return predict_then_learn


def relative(name):
    """Returns the function of a measure: an error over the variance of the targets."""
    return lambda cell, _: cell[name]


EXPERIMENT = Experiment(
    name="ls-online",
    title="Learning while it runs",
    question="How fast and how closely do online least squares follow a teacher, compared with "
    "real-time recurrent learning and with backpropagation truncated to a window?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), 5.3, proposes least squares for training in real time, and 2.2.1 gives "
    "real-time recurrent learning; neither reports values. An error is that of a step before "
    "learning from it, over the variance of the targets: 1 is that of their mean. After "
    f"{STEPS} steps the teacher is replaced. Teachers have {STATE} units and {FEATURES} inputs "
    f"and outputs, their normal weights scaled by {SCALE}; students have the same sizes. bptt goes "
    f"back through the {WINDOW} steps of a window and carries its state over; rtrl learns after "
    "every step, the others after every window. ls readout does not train the recurrent weights.",
    arms=(
        Arm("bptt", tuple({"kind": "bptt", "rate": rate} for rate in LEARNING_RATES)),
        Arm("rtrl", tuple({"kind": "rtrl", "rate": rate} for rate in LEARNING_RATES), "bptt"),
        Arm("ls", tuple({"kind": "ls", **s} for s in LEAST_SQUARES), "bptt"),
        Arm("ls readout", tuple({"kind": "readout", **s} for s in LEAST_SQUARES), "bptt"),
    ),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="mean_error",
    measures=(
        Measure(f"error in the first {EVALUATED} steps", "", "lower", relative("first")),
        Measure(f"error in the last {EVALUATED} steps before the change", "", "lower",
                relative("settled")),
        Measure(f"error in the {EVALUATED} steps after the change", "", "lower",
                relative("changed")),
        Measure(f"error in the last {EVALUATED} steps", "", "lower", relative("again")),
    ),
    load=simulated_data.load,
    run=run,
    pairs=(("rtrl", "ls"),),
    curve="errors",
    version=1,
)  # fmt: skip
