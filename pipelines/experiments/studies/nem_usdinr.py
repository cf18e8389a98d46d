"""NEM noise in LSTM and GRU regressors of the dollar-rupee rate: tables 5 to 8, two protocols."""

from rnnzoo.pipelines.experiments.harness.epochs_to_target import epochs_to_target
from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import nem_noise_grid

UNITS, EPOCHS, BATCH, LEARNING_RATE = 50, 100, 64, 0.001
# Dispatch costs more than the arithmetic of four time steps.
STEPS_PER_EXECUTION = 61
QUICK_WINDOWS, QUICK_EPOCHS = 64, 2

PROTOCOLS = ("paper", "sound")
ANNEAL = 1.1

# [NB] tables 5 and 7, squared error, and 6 and 8, speed-up in percent: outputs, gates, both.
ERRORS = {
    "lstm additive blind": (5, ("1.689", "2.465", "2.988")),
    "lstm additive nem": (5, ("1.490", "1.636", "1.059")),
    "lstm multiplicative blind": (5, ("2.310", "1.756", "2.359")),
    "lstm multiplicative nem": (5, ("1.170", "1.191", "1.147")),
    "gru additive blind": (7, ("1.566", "1.463", "1.461")),
    "gru additive nem": (7, ("1.425", "1.362", "1.280")),
    "gru multiplicative blind": (7, ("1.558", "1.483", "1.461")),
    "gru multiplicative nem": (7, ("1.422", "1.161", "1.151")),
}
SPEED_UPS = {
    "lstm additive blind": (6, (-24, -12, -24)),
    "lstm additive nem": (6, (20, 36, 38)),
    "lstm multiplicative blind": (6, (-11, -24, -11)),
    "lstm multiplicative nem": (6, (31, 30, 29)),
    "gru additive blind": (8, (-10, 10, 4)),
    "gru additive nem": (8, (28, 27, 32)),
    "gru multiplicative blind": (8, (-10, 18, 22)),
    "gru multiplicative nem": (8, (18, 36, 37)),
}
NOISELESS = {"lstm": (5, "2.087"), "gru": (7, "1.508")}


def source(of, protocol="paper"):
    """Returns [NB]'s value per arm.

    Args:
        of: `"error"` or `"speed-up"`.
        protocol: str, the protocol that corresponds to [NB]'s.
    """
    if of == "error":
        return nem_noise_grid.source(ERRORS, NOISELESS, "{}", f"{protocol} {{}}")
    return nem_noise_grid.source(SPEED_UPS, {}, "{}%", f"{protocol} {{}}")


def arms(protocols):
    """Returns the arms of each protocol and architecture: none, and each kind of noise."""
    cases = {
        f"{protocol} {kind}": {"protocol": protocol, "architecture": kind}
        for protocol in protocols
        for kind in nem_noise_grid.ARCHITECTURES
    }
    return nem_noise_grid.arms(cases)


def load(phase):
    """Returns (training, held out): dict from protocol to `Windows`, split by date.

    Args:
        phase: `"validation"`: trained to February 2008, evaluated on the three years after;
            `"test"`: trained to February 2011, evaluated from March 2011 to August 2017.
    """
    from rnnzoo.pipelines.experiments.studies.common import rate_windows

    series, start = rates_of_phase("fred", phase)
    windows = {
        "paper": rate_windows.levels(series, start),
        "sound": rate_windows.relative(series, start),
    }
    return tuple({protocol: parts[i] for protocol, parts in windows.items()} for i in (0, 1))


def rates_of_phase(name, phase):
    """Returns the rates that a phase may use.

    Args:
        name: str, `"fred"` or `"ohlc"`.
        phase: `"validation"` or `"test"`.

    Returns:
        (array (time, ...), int, the first row that is evaluated).
    """
    import numpy as np

    from rnnzoo.datasets.usdinr.load import load_usdinr

    before = {"validation": "train", "test": "train+validation"}[phase]
    known, held_out = (load_usdinr(name, split).values for split in (before, phase))
    return np.concatenate([known, held_out]), len(known)


def run(settings, seed, train, held_out, quick):
    """Trains one regressor; its squared error on the held-out days, after every epoch too."""
    import keras

    from rnnzoo import layers

    train, held_out = train[settings["protocol"]], held_out[settings["protocol"]]
    if quick:
        train, held_out = train.first(QUICK_WINDOWS), held_out.first(QUICK_WINDOWS)
    layer = {"lstm": layers.NEMLSTM, "gru": layers.NEMGRU}[settings["architecture"]]
    in_gates, in_targets = nem_noise_grid.noise(settings)
    regressor = keras.Sequential(
        [
            keras.Input(train.x.shape[1:]),
            layer(UNITS, noise_distribution="gaussian", **in_gates),
            keras.layers.Dense(1),
        ]
    )
    model = layers.NEMModel(regressor, noise_anneal=ANNEAL, seed=seed, **in_targets)
    model.compile(
        keras.optimizers.Adam(LEARNING_RATE),
        layers.NEMMeanSquaredError(),
        # A quick run is too short for a graph to pay.
        run_eagerly=quick,
        steps_per_execution=1 if quick else STEPS_PER_EXECUTION,
    )
    history = model.fit(
        train.x,
        train.y,
        batch_size=BATCH,
        epochs=QUICK_EPOCHS if quick else EPOCHS,
        validation_data=(held_out.x, held_out.y, held_out.weight),
        validation_batch_size=BATCH if quick else len(held_out.x),
        verbose=0,
    ).history
    return {
        "error": history["val_loss"][-1],
        "no_change": float(held_out.no_change.mean()),
        "held_out_loss": history["val_loss"],
    }


def measures(protocol="paper"):
    """Error, error relative to no change, and speed-up, with [NB]'s values for a protocol."""
    return (
        Measure(
            "test squared error",
            "rupees²",
            "lower",
            lambda cell, _: cell["error"],
            source("error", protocol),
        ),
        Measure(
            "test squared error relative to no change",
            "",
            "lower",
            lambda cell, _: cell["error"] / cell["no_change"],
        ),
        Measure(
            "speed-up: epochs of 100 saved until the noiseless end value",
            "%",
            "higher",
            lambda cell, control: 100 - epochs_to_target(cell, control),
            source("speed-up", protocol),
        ),
    )


ARMS = arms(PROTOCOLS)

EXPERIMENT = Experiment(
    name="nem-usdinr",
    title="NEM noise on the dollar-rupee rate",
    question="Does noise that makes outputs and gates more probable lower the error of a regressor "
    "of tomorrow's rate and speed up its training, and does blind noise of the same size not?",
    source="[NB] (Adigun and Kosko, Noise-boosted recurrent backpropagation), section 6.3, tables "
    "5 to 8: NEM noise beats no noise and blind noise everywhere. It states no optimizer, learning "
    "rate, scale of the noise or of the rates, and its rates are of investing.com; these are the "
    "Federal Reserve's.",
    arms=ARMS,
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101,),
    criterion="error",
    measures=measures(),
    load=load,
    run=run,
    pairs=nem_noise_grid.pairs(ARMS),
    curve="held_out_loss",
    version=1,
)
