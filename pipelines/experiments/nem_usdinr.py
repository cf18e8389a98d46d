"""NEM noise in LSTM and GRU regressors of the dollar-rupee rate: tables 5 to 8, two protocols."""

from rnnzoo.pipelines.experiments.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.speed import epochs_needed

UNITS, EPOCHS, BATCH, LEARNING_RATE = 50, 100, 64, 0.001
# Batches that TensorFlow runs at once: its calls cost more than the arithmetic of four steps.
AT_ONCE = 61
QUICK_WINDOWS, QUICK_EPOCHS = 64, 2

PROTOCOLS = ("paper", "sound")
ARCHITECTURES, MODES = ("lstm", "gru"), ("additive", "multiplicative")
PLACES = ("outputs", "gates", "both")
# Deviations in the gates and in the targets; with both, one of each.
GATES, TARGETS = (0.1, 0.3, 1.0), (0.03, 0.1, 0.3)
ANNEAL = 1.1

# [NB] tables 5 and 7, squared error, and 6 and 8, speed-up in percent: outputs, gates, both.
FIGURES = {
    "lstm additive blind": ((1.689, 2.465, 2.988), (-24, -12, -24)),
    "lstm additive nem": ((1.490, 1.636, 1.059), (20, 36, 38)),
    "lstm multiplicative blind": ((2.310, 1.756, 2.359), (-11, -24, -11)),
    "lstm multiplicative nem": ((1.170, 1.191, 1.147), (31, 30, 29)),
    "gru additive blind": ((1.566, 1.463, 1.461), (-10, 10, 4)),
    "gru additive nem": ((1.425, 1.362, 1.280), (28, 27, 32)),
    "gru multiplicative blind": ((1.558, 1.483, 1.461), (-10, 18, 22)),
    "gru multiplicative nem": ((1.422, 1.161, 1.151), (18, 36, 37)),
}
NOISELESS = {"lstm": 2.087, "gru": 1.508}
TABLES = {"lstm": {"error": 5, "speed-up": 6}, "gru": {"error": 7, "speed-up": 8}}


def source(of, protocol="paper"):
    """From an arm to what [NB] has for it.

    Args:
        of: `"error"` or `"speed-up"`.
        protocol: str, the one that is [NB]'s.
    """
    found = {}
    for row, (errors, speed_ups) in FIGURES.items():
        table = TABLES[row.split()[0]][of]
        for place, error, speed_up in zip(PLACES, errors, speed_ups, strict=True):
            figure = f"{error:.3f}" if of == "error" else f"{speed_up}%"
            arm, noise = row.rsplit(" ", 1)
            found[f"{protocol} {arm} {place} {noise}"] = f"[NB] table {table}: {figure}"
    if of == "error":
        for kind, figure in NOISELESS.items():
            found[f"{protocol} {kind} none"] = f"[NB] table {TABLES[kind][of]}: {figure}"
    return found


def candidates(place, **shared):
    """Settings of NEM noise at a place, to choose from."""
    noise = {
        "outputs": [{"targets_std": one} for one in TARGETS],
        "gates": [{"gates_std": one} for one in GATES],
        "both": [
            {"gates_std": one, "targets_std": other}
            for one, other in zip(GATES, TARGETS, strict=True)
        ],
    }[place]
    return tuple({**shared, "noise": "nem", **one} for one in noise)


def arms(protocols):
    """For each protocol and architecture: none, and each kind of noise at each place."""
    found = []
    for protocol in protocols:
        for kind in ARCHITECTURES:
            of = {"protocol": protocol, "architecture": kind}
            none = f"{protocol} {kind} none"
            found.append(Arm(none, ({**of, "noise": "none"},)))
            for mode in MODES:
                for place in PLACES:
                    cell = f"{protocol} {kind} {mode} {place}"
                    nem = candidates(place, **of, noise_mode=mode)
                    found.append(Arm(f"{cell} nem", nem, none))
                    blind = Arm(f"{cell} blind", ({"noise": "blind"},), none, f"{cell} nem")
                    found.append(blind)
    return tuple(found)


def pairs(arms):
    """NEM noise against blind noise at the same scale: what a blind arm follows, and itself."""
    return tuple((arm.follows, arm.name) for arm in arms if arm.follows)


def load(phase):
    """(training, held out): dict from protocol to `Windows`, of the days by date.

    Args:
        phase: `"validation"`: trained to February 2008, judged on the three years after;
            `"test"`: trained to February 2011, judged from March 2011 to August 2017.
    """
    from rnnzoo.pipelines.experiments import rate_windows

    series, start = of_phase("fred", phase)
    made = {
        "paper": rate_windows.levels(series, start),
        "sound": rate_windows.relative(series, start),
    }
    return tuple({protocol: both[part] for protocol, both in made.items()} for part in (0, 1))


def of_phase(name, phase):
    """What a phase may see of the rates.

    Args:
        name: str, `"fred"` or `"ohlc"`.
        phase: `"validation"` or `"test"`.

    Returns:
        (array (time, ...), int, the first row that is judged).
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

    seen, unseen = train[settings["protocol"]], held_out[settings["protocol"]]
    if quick:
        seen, unseen = seen.first(QUICK_WINDOWS), unseen.first(QUICK_WINDOWS)
    layer = {"lstm": layers.NEMLSTM, "gru": layers.NEMGRU}[settings["architecture"]]
    noise, mode = settings["noise"], settings.get("noise_mode", "additive")
    gates, targets = settings.get("gates_std", 0.0), settings.get("targets_std", 0.0)
    in_gates = {"noise": noise, "noise_std": gates} if gates else {"noise": "none"}
    in_targets = {"noise": noise, "noise_std": targets} if targets else {"noise": "none"}
    regressor = keras.Sequential(
        [
            keras.Input(seen.x.shape[1:]),
            layer(UNITS, noise_mode=mode, noise_distribution="gaussian", **in_gates),
            keras.layers.Dense(1),
        ]
    )
    model = layers.NEMModel(
        regressor, noise_mode=mode, noise_anneal=ANNEAL, seed=seed, **in_targets
    )
    model.compile(
        keras.optimizers.Adam(LEARNING_RATE),
        layers.NEMMeanSquaredError(),
        # A trial is too short to be worth a graph.
        run_eagerly=quick,
        steps_per_execution=1 if quick else AT_ONCE,
    )
    history = model.fit(
        seen.x,
        seen.y,
        batch_size=BATCH,
        epochs=QUICK_EPOCHS if quick else EPOCHS,
        validation_data=(unseen.x, unseen.y, unseen.weight),
        validation_batch_size=BATCH if quick else len(unseen.x),
        verbose=0,
    ).history
    return {
        "error": history["val_loss"][-1],
        "no_change": float(unseen.no_change.mean()),
        "held_out_loss": history["val_loss"],
    }


def measures(protocol="paper"):
    """Error, error relative to no change, and speed-up, with [NB]'s figures for a protocol."""
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
            lambda cell, control: 100 - epochs_needed(cell, control),
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
    pairs=pairs(ARMS),
    curve="held_out_loss",
    version=1,
)
