"""NEM noise in LSTM and GRU classifiers of MSR Action3D skeletons, trained with SGD."""

from rnnzoo.pipelines.experiments.harness.epochs_to_target import epochs_to_target
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common.action3d_splits import actions_by_subject

UNITS, STEPS, BATCH = 64, 32, 32
EPOCHS, QUICK_EPOCHS = 60, 5
ARCHITECTURES, MODES = ("lstm", "gru"), ("additive", "multiplicative")
SCALES, CONTROLS = (0.1, 0.3, 1.0), ("blind", "blind_half")
# [NB] states none.
OPTIMIZERS = {
    "sgd": {"class_name": "SGD", "config": {"learning_rate": 0.05}},
    "adam": {"class_name": "Adam", "config": {"learning_rate": 0.001, "global_clipnorm": 1.0}},
}
# Noise in the targets is not tuned: these are the defaults of `NEMModel`.
TARGETS = {"targets_std": 0.1, "targets_anneal": 1.1}


def load(phase):
    """Returns (training, held out), each (features, one-hot actions), split by subject."""
    from rnnzoo.datasets.action3d.features import skeleton_features

    return actions_by_subject(phase, lambda joints: skeleton_features(joints, STEPS))


def run(settings, seed, train, held_out, quick):
    """Trains one classifier; metrics of the held-out subjects after every epoch."""
    import keras

    from rnnzoo import layers

    settings = dict(settings)
    layer = {"lstm": layers.NEMLSTM, "gru": layers.NEMGRU}[settings.pop("architecture")]
    targets = {
        "noise": settings.pop("targets", "none"),
        "noise_std": settings.pop("targets_std", 0.0),
        "noise_anneal": settings.pop("targets_anneal", 0.0),
    }
    optimizer = OPTIMIZERS[settings.pop("optimizer", "sgd")]
    x, y = train
    # The path and generator of the committed results, to the last digit.
    settings = {"fused": False, "noise_distribution": "gaussian", **settings}
    classifier = keras.Sequential(
        [keras.Input(x.shape[1:]), layer(UNITS, **settings), keras.layers.Dense(y.shape[1])]
    )
    model = layers.NEMModel(classifier, seed=seed, **targets)
    model.compile(
        keras.optimizers.get(optimizer),
        layers.NEMCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    history = model.fit(
        x,
        y,
        batch_size=BATCH,
        epochs=QUICK_EPOCHS if quick else EPOCHS,
        validation_data=held_out,
        verbose=0,
    ).history
    return {
        "cross_entropy": history["val_loss"][-1],
        "accuracy": 100 * history["val_accuracy"][-1],
        "held_out_loss": history["val_loss"],
    }


def gate_arms(architecture, scales, controls, **shared):
    """Noise in the gates: none, NEM, and `controls` at the scale selected for NEM.

    Args:
        architecture: `"lstm"` or `"gru"`.
        scales: tuple of float, the standard deviations to select from.
        controls: tuple of str, from `"blind"`, `"blind_half"`.
        **shared: settings of all arms.

    Returns:
        tuple of `Arm`.
    """
    none = f"{architecture} none"
    shared = {"architecture": architecture, **shared}
    arms = [Arm(none, ({**shared, "noise": "none"},))]
    for mode in MODES:
        nem = f"{architecture} {mode} nem"
        noisy = {**shared, "noise": "nem", "noise_mode": mode}
        arms.append(Arm(nem, tuple({**noisy, "noise_std": scale} for scale in scales), none))
        for control in controls:
            name = f"{architecture} {mode} {control.replace('_', ' ')}"
            arms.append(Arm(name, ({"noise": control},), none, follows=nem))
    return tuple(arms)


def gate_pairs(controls):
    """NEM noise against each control at the same scale."""
    return tuple(
        (f"{architecture} {mode} nem", f"{architecture} {mode} {control.replace('_', ' ')}")
        for architecture in ARCHITECTURES
        for mode in MODES
        for control in controls
    )


# Noise in the targets, alone and together with noise in the gates.
OUTPUTS = (
    Arm(
        "lstm outputs nem",
        ({"architecture": "lstm", "noise": "none", "targets": "nem", **TARGETS},),
        "lstm none",
    ),
    *(
        Arm(
            f"lstm both {noise}",
            ({"noise": noise, "targets": noise, **TARGETS},),
            "lstm none",
            follows="lstm additive nem",
        )
        for noise in ("nem", "blind")
    ),
)

MEASURES = (
    Measure(
        "epochs to the noiseless end value",
        "%",
        "lower",
        epochs_to_target,
        {
            "lstm additive nem": "[NB] table 2: 44%",
            "lstm additive blind": "[NB] table 2: 74%",
            "lstm multiplicative nem": "[NB] table 2: 87%",
            "lstm multiplicative blind": "[NB] table 2: 97%",
            "gru additive nem": "[NB] table 4: 85%",
            "gru additive blind": "[NB] table 4: 89%",
            "gru multiplicative nem": "[NB] table 4: 82%",
            "gru multiplicative blind": "[NB] table 4: 110%",
            "lstm outputs nem": "[NB] table 2: 60%",
            "lstm both nem": "[NB] table 2: 40%",
            "lstm both blind": "[NB] table 2: 80%",
        },
    ),
    Measure("test cross entropy", "nats", "lower", lambda cell, _: cell["cross_entropy"]),
    Measure(
        "test accuracy",
        "%",
        "higher",
        lambda cell, _: cell["accuracy"],
        {
            "lstm none": "[NB] table 1: 87.21%",
            "lstm additive nem": "[NB] table 1: 95.66%",
            "lstm additive blind": "[NB] table 1: 91.17%",
            "lstm multiplicative nem": "[NB] table 1: 87.26%",
            "lstm multiplicative blind": "[NB] table 1: 86.93%",
            "gru none": "[NB] table 3: 92.10%",
            "gru additive nem": "[NB] table 3: 94.52%",
            "gru additive blind": "[NB] table 3: 93.62%",
            "gru multiplicative nem": "[NB] table 3: 94.10%",
            "gru multiplicative blind": "[NB] table 3: 90.55%",
            "lstm outputs nem": "[NB] table 1: 93.55%",
            "lstm both nem": "[NB] table 1: 96.70%",
            "lstm both blind": "[NB] table 1: 89.61%",
        },
    ),
)

EXPERIMENT = Experiment(
    name="nem-action3d",
    title="NEM noise on MSR Action3D",
    question="Does noise that makes the gates more probable speed up training, and does blind "
    "noise of the same size not?",
    source="[NB] (Adigun and Kosko, Noise-boosted recurrent backpropagation), section 6, on "
    "UCF-11 sports videos: NEM noise beats no noise and blind noise, additive beats "
    "multiplicative, and both outputs and gates beat either alone. The source column has the "
    "values of its tables 1 to 4; data, sizes, optimizer and schedule differ.",
    arms=(
        *(arm for kind in ARCHITECTURES for arm in gate_arms(kind, SCALES, CONTROLS)),
        *OUTPUTS,
    ),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="cross_entropy",
    measures=MEASURES,
    load=load,
    run=run,
    pairs=(*gate_pairs(CONTROLS), ("lstm both nem", "lstm both blind")),
    curve="held_out_loss",
    version=1,
)
