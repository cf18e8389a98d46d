"""Adding and copying over 100 to 1,000 steps: SimpleRNN, with the Jacobian penalty, and LSTM."""

from rnnzoo.pipelines.experiments.experiment import Arm, Experiment, Measure

UNITS, BATCH = 64, 32
SEQUENCES, QUICK_SEQUENCES, HELD_OUT = 16_000, 320, 1_000
EPOCHS = 4  # parts that the sequences, each seen once, are divided into for the curve
TASKS, LENGTHS = ("adding", "copying"), (100, 400, 1000)
# (interval_weight, rms_weight, jacobian_steps), chosen at the shortest length.
PENALTIES = ((0.1, 1.0, "all"), (1.0, 10.0, "all"), (1.0, 10.0, "late"))


def load(phase):
    """What tells the data of the phases, and of training and held out, from each other."""
    return (phase, "training"), (phase, "held out")


def data(task, steps, count, key):
    """(x, y, what knowing nothing costs)"""
    from rnnzoo.datasets.sequence_tasks import adding, copying

    if task == "adding":
        return *adding.adding(count, steps, key), adding.BASELINE
    return *copying.copying(count, steps, key), copying.baseline(steps)


def memory_of(settings):
    """The recurrent layer of an arm: all have orthogonal recurrent weights to begin with."""
    from rnnzoo.layers import NEMLSTM, SVDSimpleRNN

    shared = {"return_sequences": settings["task"] == "copying", "name": "memory"}
    if settings["kind"] == "lstm":
        return NEMLSTM(UNITS, noise="none", **shared)  # keras.layers.LSTM, in less time
    weights = {"interval_weight": 0.0, "rms_weight": 0.0, "jacobian_steps": "all"}
    weights |= {name: settings[name] for name in weights if name in settings}
    return SVDSimpleRNN(UNITS, **weights, **shared)


def run(settings, seed, train, held_out, quick):
    """Trains one network on fresh sequences; the held-out loss in every quarter."""
    import keras

    task, steps = settings["task"], settings["steps"]
    count = QUICK_SEQUENCES if quick else SEQUENCES

    def of(kind, count):
        return data(task, steps, count, [seed, steps, *"/".join((task, *kind)).encode()])

    (x, y, chance), (test_x, test_y, _) = of(train, count), of(held_out, HELD_OUT)
    classes = {"adding": 1, "copying": 10}[task]
    model = keras.Sequential(
        [keras.Input(x.shape[1:]), memory_of(settings), keras.layers.Dense(classes)]
    )
    loss = "mse"
    if task == "copying":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.RMSprop(0.001, global_clipnorm=1.0), loss)

    def cost():
        found = model.evaluate(test_x, test_y, batch_size=100, verbose=0, return_dict=True)
        return found["loss"] / chance

    curve, part = [], count // EPOCHS
    for first in range(0, count, part):
        chunk = slice(first, first + part)
        model.fit(x[chunk], y[chunk], batch_size=BATCH, verbose=0)
        curve.append(cost())
    return {"relative_loss": curve[-1], "held_out_relative_loss": curve}


def arms():
    """For each task and length the SimpleRNN, the one with the penalty and the LSTM."""
    found = []
    for task in TASKS:
        for steps in LENGTHS:
            shared, name = {"task": task, "steps": steps}, f"{task} {steps}"
            found.append(Arm(f"{name} rnn", ({**shared, "kind": "rnn"},)))
            if steps == LENGTHS[0]:
                names = ("interval_weight", "rms_weight", "jacobian_steps")
                candidates = tuple(
                    {**shared, "kind": "reg", **dict(zip(names, penalty, strict=True))}
                    for penalty in PENALTIES
                )
                found.append(Arm(f"{name} reg", candidates, f"{name} rnn"))
            else:
                shortest = f"{task} {LENGTHS[0]} reg"
                found.append(Arm(f"{name} reg", ({"steps": steps},), f"{name} rnn", shortest))
            found.append(Arm(f"{name} lstm", ({**shared, "kind": "lstm"},), f"{name} rnn"))
    return tuple(found)


EXPERIMENT = Experiment(
    name="svd-memory",
    title="Adding and copying over long distances",
    question="Where only memory decides, does the Jacobian penalty help a SimpleRNN that begins "
    "with orthogonal recurrent weights, and does it then reach an LSTM?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions) leaves problems with much memory to later work (4.6); these two are the usual "
    "ones. The loss is relative to that of knowing nothing of what is to be remembered: 1 is "
    "chance, 0 is solved.",
    arms=arms(),
    seeds=(1, 2, 3),
    choice_seeds=(101,),
    criterion="relative_loss",
    measures=(
        Measure("loss relative to chance", "", "lower", lambda cell, _: cell["relative_loss"]),
    ),
    load=load,
    run=run,
    pairs=tuple(
        (f"{task} {steps} reg", f"{task} {steps} lstm") for task in TASKS for steps in LENGTHS
    ),
    version=1,
)
