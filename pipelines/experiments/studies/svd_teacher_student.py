"""SimpleRNN students of a teacher with a long memory, with and without the Jacobian penalty."""

from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data, svd_arms

STATES, KINDS = (16, 32, 64, 128), (svd_arms.RNN, svd_arms.REGULARISED, svd_arms.ORTHOGONAL)
STEPS, WINDOW, EPOCHS, QUICK_EPOCHS = 2000, 100, 60, 2
TEACHER = 7
DEPTH = 1000
# Norm below which a product of Jacobians counts as vanished.
VANISHED = 0.001


def run(settings, seed, train, held_out, quick):
    """Trains one student with carried state; errors of the held-out sequence after every epoch."""
    import keras
    import numpy as np

    from rnnzoo.datasets.sequence_tasks.teacher_student import taught, teacher
    from rnnzoo.layers import jacobian_product_norms, jacobian_spectrum

    state = settings["state"]
    drive = {"drive": settings["drive"]} if "drive" in settings else {}
    weights = teacher(state, [TEACHER, state], **drive)

    def data(part):
        return taught(weights, STEPS, simulated_data.key(part, seed, state))

    (x, y), (test_x, test_y) = data(train), data(held_out)
    initializer = svd_arms.recurrent_initializer(settings, state)
    memory = svd_arms.memory(
        settings, state, return_sequences=True, stateful=True, recurrent_initializer=initializer
    )
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(1, WINDOW, x.shape[1])),
            memory,
            keras.layers.Dense(y.shape[1], activation="tanh"),
        ]
    )
    model.compile(keras.optimizers.Adam(settings["learning_rate"], global_clipnorm=1.0), "mse")
    batches = simulated_data.windows(x, y, WINDOW)
    held_out_batches = simulated_data.windows(test_x, test_y, WINDOW)

    def error(windows):
        memory.reset_states()
        errors = [model.predict_on_batch(a[None])[0] - b for a, b in windows]
        return float(np.mean(np.square(errors)))

    curve = []
    for _ in range(QUICK_EPOCHS if quick else EPOCHS):
        memory.reset_states()
        for a, b in batches:
            model.train_on_batch(a[None], b[None])
        curve.append(error(held_out_batches))
    training = error(batches)
    spectrum = jacobian_spectrum(model, x[None, :WINDOW], samples=None)["memory"]
    depth = 100 if quick else DEPTH
    whole = keras.Sequential(
        [
            keras.Input((depth, x.shape[1])),
            keras.layers.SimpleRNN(state, name="memory"),
        ]
    )
    whole.set_weights(model.get_weights()[:3])
    norms = jacobian_product_norms(whole, test_x[None, :depth])["memory"][0]
    below = norms < np.log(VANISHED)
    return {
        "training_mse": training,
        "mse": curve[-1],
        "variance": float(np.mean(np.var(test_y, axis=0))),
        "median": float(np.median(spectrum)),
        "rms": float(np.sqrt(np.mean(spectrum**2))),
        "held_out_mse": curve,
        "reach": float(1 + np.argmax(below) if below.any() else depth),
        "ln_product": norms.round(3).tolist(),
    }


EXPERIMENT = Experiment(
    name="svd-teacher-student",
    title="Students of a teacher with a long memory",
    question="Does a SimpleRNN learn better from a teacher with a long memory if the singular "
    "values of its Jacobians are kept near one?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), tables 4.1 and 4.2, figures 4.3 to 4.7: it does, for 16 to 128 units, and its "
    "products of Jacobians vanish after 400 steps and more, instead of less than 100. [TH] states "
    "neither the teacher's input weights, nor optimizer, learning rate, length of training or the "
    "penalty's weight, and its errors are on an unknown scale; so only the order of its values "
    "compares with ours. `ortho`, with orthogonal instead of random initial recurrent weights, was "
    "added when the results of the others were known.",
    pairs=tuple((f"{state} reg", f"{state} ortho") for state in STATES),
    arms=svd_arms.arms(KINDS, {str(state): {"state": state} for state in STATES}, first="32"),
    seeds=tuple(range(1, 11)),
    choice_seeds=(101, 102),
    criterion="mse",
    measures=(
        Measure(
            "test MSE",
            "",
            "lower",
            lambda cell, _: cell["mse"],
            {
                f"{state} {kind}": f"[TH] table 4.2: {value}"
                for state, *values in (
                    (16, 0.1319, 0.0596),
                    (32, 0.3237, 0.2665),
                    (64, 0.7008, 0.5776),
                    (128, 0.3382, 0.2903),
                )
                for kind, value in zip(KINDS[:2], values, strict=True)
            },
        ),
        Measure("training MSE", "", "lower", lambda cell, _: cell["training_mse"]),
        Measure("steps until P(k) < 0.001", "", "higher", lambda cell, _: cell["reach"]),
        Measure("median singular value", "", "higher", lambda cell, _: cell["median"]),
    ),
    load=simulated_data.load,
    run=run,
    curve="held_out_mse",
    version=1,
)
