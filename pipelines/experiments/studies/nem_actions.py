"""NEM noise in LSTM and GRU classifiers of MSR Action3D skeletons: the cells of tables 1 to 4."""

from rnnzoo.pipelines.experiments.harness.epochs_to_target import epochs_to_target
from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import nem_noise_grid
from rnnzoo.pipelines.experiments.studies.common.action3d_splits import actions_by_subject

UNITS, STEPS, BATCH = 64, 32, 32
EPOCHS, QUICK_EPOCHS, LEARNING_RATE = 100, 2, 0.001
ANNEAL = 1.1

# [NB] tables 1 and 3, accuracy, and 2 and 4, speed-up in percent: outputs, gates, both. Of UCF-11.
ACCURACIES = {
    "lstm additive blind": (1, ("85.50", "91.17", "89.61")),
    "lstm additive nem": (1, ("93.55", "95.66", "96.70")),
    "lstm multiplicative blind": (1, ("85.43", "86.93", "86.98")),
    "lstm multiplicative nem": (1, ("87.30", "87.26", "87.78")),
    "gru additive blind": (3, ("93.83", "93.62", "94.93")),
    "gru additive nem": (3, ("94.92", "94.52", "95.12")),
    "gru multiplicative blind": (3, ("93.03", "90.55", "92.17")),
    "gru multiplicative nem": (3, ("94.23", "94.10", "94.35")),
}
SPEED_UPS = {
    "lstm additive blind": (2, (-8, 26, 20)),
    "lstm additive nem": (2, (40, 56, 60)),
    "lstm multiplicative blind": (2, (-6, 3, 9)),
    "lstm multiplicative nem": (2, (15, 13, 18)),
    "gru additive blind": (4, (26, 11, 16)),
    "gru additive nem": (4, (26, 15, 28)),
    "gru multiplicative blind": (4, (10, -10, 8)),
    "gru multiplicative nem": (4, (20, 18, 21)),
}
NOISELESS = {"lstm": (1, "87.21"), "gru": (3, "92.10")}


def load(phase):
    """Returns (training, held out), each (features, one-hot actions), split by subject."""
    import numpy as np

    from rnnzoo.datasets.action3d.invariant import invariant_features

    return actions_by_subject(
        phase, lambda joints: np.stack([invariant_features(j, STEPS) for j in joints])
    )


def run(settings, seed, train, held_out, quick):
    """Trains one classifier; metrics of the held-out subjects after every epoch."""
    return train_classifier(settings, seed, train, held_out, quick, UNITS)


def train_classifier(settings, seed, train, held_out, quick, units):
    """Trains one classifier with the given number of units; see `run`."""
    import keras

    from rnnzoo import layers

    layer = {"lstm": layers.NEMLSTM, "gru": layers.NEMGRU}[settings["architecture"]]
    in_gates, in_targets = nem_noise_grid.noise(settings)
    x, y = train
    scale = keras.layers.Normalization()
    scale.adapt(x)
    classifier = keras.Sequential(
        [
            keras.Input(x.shape[1:]),
            scale,
            layer(units, noise_distribution="gaussian", **in_gates),
            keras.layers.Dense(y.shape[1]),
        ]
    )
    model = layers.NEMModel(classifier, noise_anneal=ANNEAL, seed=seed, **in_targets)
    model.compile(
        keras.optimizers.Adam(LEARNING_RATE, global_clipnorm=1.0),
        layers.NEMCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    history = model.fit(
        x,
        y,
        batch_size=BATCH,
        epochs=QUICK_EPOCHS if quick else EPOCHS,
        validation_data=held_out,
        validation_batch_size=len(held_out[0]),
        verbose=0,
    ).history
    return {
        "cross_entropy": history["val_loss"][-1],
        "accuracy": 100 * history["val_accuracy"][-1],
        "held_out_loss": history["val_loss"],
    }


MEASURES = (
    Measure(
        "test accuracy",
        "%",
        "higher",
        lambda cell, _: cell["accuracy"],
        nem_noise_grid.source(ACCURACIES, NOISELESS, "{}% (UCF-11)"),
    ),
    Measure("test cross entropy", "nats", "lower", lambda cell, _: cell["cross_entropy"]),
    Measure(
        "speed-up: epochs of 100 saved until the noiseless end value",
        "%",
        "higher",
        lambda cell, control: 100 - epochs_to_target(cell, control),
        nem_noise_grid.source(SPEED_UPS, {}, "{}% (UCF-11)"),
    ),
)

ARMS = nem_noise_grid.arms({kind: {"architecture": kind} for kind in nem_noise_grid.ARCHITECTURES})

EXPERIMENT = Experiment(
    name="nem-actions",
    title="NEM noise in classifiers of actions",
    question="Does noise that makes outputs and gates more probable make a classifier of actions "
    "better and its training shorter, and does blind noise of the same size not?",
    source="[NB] (Adigun and Kosko, Noise-boosted recurrent backpropagation), sections 6.1 and "
    "6.2, tables 1 to 4, of UCF-11 videos: NEM noise beats no noise and blind noise. It states no "
    "optimizer, learning rate or scale of the noise. The source column is of those videos; "
    "`nem-actions-ucf11` runs the same grid on them.",
    arms=ARMS,
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101,),
    criterion="cross_entropy",
    measures=MEASURES,
    load=load,
    run=run,
    pairs=nem_noise_grid.pairs(ARMS),
    curve="held_out_loss",
    version=1,
)
