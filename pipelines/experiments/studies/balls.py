"""Bouncing balls: SimpleRNN, the same with the Jacobian penalty, LSTM, and LSTM with NEM noise."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure

DATA = {"2 balls": "balls2", "3 balls": "balls3"}
KINDS = ("rnn", "svdrnn", "lstm", "nemlstm")
LEARNING_RATES = (0.001, 0.003, 0.01)
# interval_weight, rms_weight. Of (0.1, 1.0) and (1.0, 10.0), tried first, the stronger one was far
# worse, and so was the smallest learning rate with either.
PENALTIES = ((0.001, 0.01), (0.01, 0.1), (0.1, 1.0))
NOISE = (0.03, 0.1)
# Training sequences on which the training error is measured, as many as are held out.
MEASURED = 200
QUICK_SEQUENCES, QUICK_EPOCHS = 40, 1

# [TH] table 7.1, (training, test). It states neither units nor learning rate, radius nor speed, how
# many sequences there are, nor what its MSE sums.
SOURCE = {
    "2 balls rnn": ("5.8002", "6.7410"),
    "2 balls lstm": ("6.9431", "8.0639"),
    "2 balls svdrnn": ("5.5308", "6.5234"),
    "3 balls rnn": ("6.8348", "7.4344"),
    "3 balls lstm": ("6.1513", "6.5897"),
    "3 balls svdrnn": ("5.9903", "6.5842"),
}


def source(column):
    """Returns [TH]'s value per arm, of column 0 (training) or 1 (test)."""
    return {arm: f"[TH] table 7.1: {values[column]}" for arm, values in SOURCE.items()}


def candidates(kind):
    """Returns the settings to select from, a tuple of dict."""
    rates = LEARNING_RATES[1:] if kind == "svdrnn" else LEARNING_RATES
    rates = [{"learning_rate": rate} for rate in rates]
    penalties = [{"interval_weight": interval, "rms_weight": rms} for interval, rms in PENALTIES]
    noise = [{"noise_std": std} for std in NOISE]
    variants = {"svdrnn": penalties, "nemlstm": noise}.get(kind, [{}])
    return tuple(
        {"kind": kind, "data": "balls2", **rate, **variant}
        for rate in rates
        for variant in variants
    )


def arms():
    """Each kind with each number of balls; settings are selected with two and used with three."""
    all_arms = []
    for case, data in DATA.items():
        for kind in KINDS:
            control = None if kind == "rnn" else f"{case} rnn"
            if data == "balls2":
                all_arms.append(Arm(f"{case} {kind}", candidates(kind), control))
            else:
                candidate = ({"data": data},)
                all_arms.append(Arm(f"{case} {kind}", candidate, control, f"2 balls {kind}"))
    return tuple(all_arms)


def load(phase):
    """Returns (training, held out): dict from the data's name to (frames, sha256)."""
    from rnnzoo.datasets.bouncing_balls.load import load_bouncing_balls
    from rnnzoo.pipelines.families.frames.family import FRAMES

    def balls(split):
        return {
            name: (load_bouncing_balls(name, split).frames, FRAMES.own_data({"data": name})[1])
            for name in DATA.values()
        }

    return balls("train"), balls(phase)


def run(settings, seed, train, held_out, quick):
    """Trains a model as `rnnzoo train` does, with its checkpoints; squared errors per frame."""
    import tempfile
    from pathlib import Path

    from rnnzoo.families import families
    from rnnzoo.frames.evaluation import squared_error
    from rnnzoo.pipelines.core.training import work_folder
    from rnnzoo.pipelines.families.frames.family import FRAMES
    from rnnzoo.pipelines.families.frames.frame_data import FrameData
    from rnnzoo.registry import recipe

    data = settings["data"]
    name = f"{data}-{settings['kind']}"
    changes = {key: value for key, value in settings.items() if key != "kind"}
    complete = families()["FramePredictor"].complete({**recipe(name), **changes})
    training = FRAMES.training_settings(complete)
    (frames, sha256), (held_out_frames, _) = train[data], held_out[data]
    with tempfile.TemporaryDirectory() as trial:
        work = work_folder(name, training, sha256, FRAMES.version)
        if quick:
            frames = frames[:QUICK_SEQUENCES]
            held_out_frames = held_out_frames[:QUICK_SEQUENCES]
            training, work = training | {"epochs": QUICK_EPOCHS}, Path(trial)
        dataset = FrameData(data, sha256, {"train": frames, "validation": frames})
        model = FRAMES.train(name, training, dataset, seed, work)
        history = FRAMES.history(training, work, seed)
    pixels = frames.shape[2] * frames.shape[3]
    return {
        "error": squared_error(model, held_out_frames),
        "training_error": squared_error(model, frames[:MEASURED]),
        "errors_in_training": [pixels * _without_penalty(row) for row in history],
    }


def _without_penalty(row):
    return row["loss"] - sum(row[key] for key in row if key.endswith("_jacobian_penalty"))


EXPERIMENT = Experiment(
    name="balls",
    title="The next frame of bouncing balls",
    question="Does a SimpleRNN predict the next frame of bouncing balls better when it is trained "
    "with the Jacobian penalty, and better than an LSTM?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), section 7.1, table 7.1 and figure 7.2: the regularised network has the "
    "lowest error with two and with three balls, on training and test data.",
    arms=arms(),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101,),
    criterion="error",
    measures=(
        Measure(
            "test squared error, summed over the pixels of a frame",
            "",
            "lower",
            lambda cell, _: cell["error"],
            source(1),
        ),
        Measure(
            "training squared error, summed over the pixels of a frame",
            "",
            "lower",
            lambda cell, _: cell["training_error"],
            source(0),
        ),
    ),
    load=load,
    run=run,
    curve="errors_in_training",
    version=1,
)
