"""Learning while it runs: least squares, real-time recurrent learning, backpropagation."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data

FEATURES, STATE, SCALE = 8, 16, 0.7
# Steps with each of two teachers, in windows as they come; steps that a figure is the mean over.
STEPS, WINDOW, JUDGED = 3000, 10, 500
CURVE = 100  # steps to a point
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03)
LEAST_SQUARES = tuple(
    {"forgetting": forgetting, "step": step, "ridge": 0.001}
    for forgetting in (0.99, 0.995, 0.998)
    for step in (0.1, 0.5, 1.0)
)


def run(settings, seed, train, held_out, quick):
    """Lets one student follow a teacher, and then another one; the error of every step."""
    import keras
    import numpy as np

    from rnnzoo.datasets.sequence_tasks.teacher_student import normal_teacher, taught

    steps = STEPS // 10 if quick else STEPS
    streams = []
    for one in range(2):
        key = simulated_data.key(held_out, seed, one)
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
    judged = JUDGED // 10 if quick else JUDGED
    variances = [float(np.mean(np.var(part, axis=0))) for _, part in streams]
    parts = {
        "first": errors[:judged] / variances[0],
        "settled": errors[steps - judged : steps] / variances[0],
        "changed": errors[steps : steps + judged] / variances[1],
        "again": errors[-judged:] / variances[1],
    }
    found = {name: float(np.mean(part)) for name, part in parts.items()}
    return {
        **found,
        "mean_error": float(np.mean(errors)) / float(np.mean(variances)),
        "errors": errors.reshape(-1, CURVE if not quick else WINDOW).mean(axis=1).tolist(),
    }


def learner(model, settings):
    """A function (x, y) that learns from a window and returns the errors made before, by step."""
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

    def both(x, y):
        before = keras.tree.map_structure(keras.ops.copy, memory.states)
        said = model.predict_on_batch(x)
        for state, value in zip(memory.states, before, strict=True):
            state.assign(value)
        learn(x, y)
        return np.mean(np.square(said[0] - y[0]), axis=1)

    return both


def relative(name):
    """A measure that is an error over the variance of the targets."""
    return lambda cell, _: cell[name]


EXPERIMENT = Experiment(
    name="ls-online",
    title="Learning while it runs",
    question="How fast and how closely do least squares follow a teacher as its answers come, "
    "beside exact gradients carried forwards and gradients truncated to a window?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), 5.3, proposes least squares for training in real time, and 2.2.1 gives "
    "real-time recurrent learning; neither states a figure. An error is that of a step before it "
    "is learned from, over the variance of the targets: 1 is what their mean would give. After "
    f"{STEPS} steps another teacher takes over. Teachers have {STATE} units and {FEATURES} inputs "
    f"and outputs, their normal weights scaled by {SCALE}; students have as many. bptt goes back "
    f"through the {WINDOW} steps of a window, its state carried on; rtrl learns after every step, "
    "the others after every window. ls readout keeps the random recurrent weights.",
    arms=(
        Arm("bptt", tuple({"kind": "bptt", "rate": rate} for rate in LEARNING_RATES)),
        Arm("rtrl", tuple({"kind": "rtrl", "rate": rate} for rate in LEARNING_RATES), "bptt"),
        Arm("ls", tuple({"kind": "ls", **one} for one in LEAST_SQUARES), "bptt"),
        Arm("ls readout", tuple({"kind": "readout", **one} for one in LEAST_SQUARES), "bptt"),
    ),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="mean_error",
    measures=(
        Measure(f"error in the first {JUDGED} steps", "", "lower", relative("first")),
        Measure(f"error in the last {JUDGED} steps before the change", "", "lower",
                relative("settled")),
        Measure(f"error in the {JUDGED} steps after the change", "", "lower", relative("changed")),
        Measure(f"error in the last {JUDGED} steps", "", "lower", relative("again")),
    ),
    load=simulated_data.load,
    run=run,
    pairs=(("rtrl", "ls"),),
    curve="errors",
    version=1,
)  # fmt: skip
