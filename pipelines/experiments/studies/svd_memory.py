"""Adding and copying over 100 to 1,000 steps: SimpleRNN, with the Jacobian penalty, and LSTM."""

from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data, svd_arms

UNITS, BATCH = 64, 32
SEQUENCES, QUICK_SEQUENCES, HELD_OUT = 64_000, 320, 1_000
EPOCHS = 4  # parts of the sequences, each used once, for the points of the curve
KINDS = (svd_arms.RNN, svd_arms.REGULARISED, svd_arms.LSTM)
TASKS, LENGTHS = ("adding", "copying"), (100, 400, 1000)


def data(task, steps, count, key):
    """Returns (x, y, chance loss)."""
    from rnnzoo.datasets.sequence_tasks import adding, copying

    if task == "adding":
        return *adding.adding(count, steps, key), adding.BASELINE
    return *copying.copying(count, steps, key), copying.baseline(steps)


def run(settings, seed, train, held_out, quick):
    """Trains one network on fresh sequences; the held-out loss in every quarter."""
    import keras

    task, steps = settings["task"], settings["steps"]
    count = QUICK_SEQUENCES if quick else SEQUENCES

    def sequences(part, count):
        return data(task, steps, count, simulated_data.key((task, *part), seed, steps))

    (x, y, chance), (test_x, test_y, _) = sequences(train, count), sequences(held_out, HELD_OUT)
    classes = {"adding": 1, "copying": 10}[task]
    # All kinds of layers start with orthogonal recurrent weights.
    memory = svd_arms.memory(settings, UNITS, return_sequences=task == "copying")
    model = keras.Sequential([keras.Input(x.shape[1:]), memory, keras.layers.Dense(classes)])
    loss = "mse"
    if task == "copying":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.RMSprop(settings["learning_rate"], global_clipnorm=1.0), loss)

    def relative_loss():
        metrics = model.evaluate(test_x, test_y, batch_size=100, verbose=0, return_dict=True)
        return metrics["loss"] / chance

    curve, part = [], count // EPOCHS
    for first in range(0, count, part):
        chunk = slice(first, first + part)
        model.fit(x[chunk], y[chunk], batch_size=BATCH, verbose=0)
        curve.append(relative_loss())
    return {"relative_loss": curve[-1], "held_out_relative_loss": curve}


EXPERIMENT = Experiment(
    name="svd-memory",
    title="Adding and copying over long distances",
    question="On pure memory tasks, does the Jacobian penalty help a SimpleRNN with orthogonal "
    "initial recurrent weights, and does it then match an LSTM?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions) leaves problems with long memory to later work (4.6); these two are the usual "
    "benchmarks. The loss is relative to that of a memoryless predictor: 1 is chance, 0 is solved.",
    arms=tuple(
        arm
        for task in TASKS
        for arm in svd_arms.arms(
            KINDS,
            {f"{task} {steps}": {"task": task, "steps": steps} for steps in LENGTHS},
            first=f"{task} {LENGTHS[0]}",
        )
    ),
    seeds=(1, 2, 3),
    choice_seeds=(101,),
    criterion="relative_loss",
    measures=(
        Measure("loss relative to chance", "", "lower", lambda cell, _: cell["relative_loss"]),
    ),
    load=simulated_data.load,
    run=run,
    pairs=tuple(
        (f"{task} {steps} reg", f"{task} {steps} lstm") for task in TASKS for steps in LENGTHS
    ),
    curve="held_out_relative_loss",
    version=1,
)
