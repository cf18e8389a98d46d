"""Shakespeare, character by character: SimpleRNN with the Jacobian penalty, and without."""

from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import svd_arms

UNITS, WINDOW, BATCH = 128, 100, 64
EPOCHS, QUICK_EPOCHS = 15, 1
# Characters of the training split that a quick run trains on.
QUICK_CHARACTERS = 40_000

# A SimpleRNN learned less at 0.001 and 0.003 (rows of choices.csv that are no candidates any more),
# and the penalty 0.1, 1.0 slowed it, so the others are weaker.
LEARNING_RATES = (0.01, 0.02)
PENALTIES = ((0.001, 0.01, "all"), (0.01, 0.1, "all"), (0.1, 1.0, "all"))


def load(phase):
    """Returns (training, held out) text; validation is the 5% before the last 5%."""
    from rnnzoo.datasets.char_text.load import load_char_text

    text = load_char_text("shakespeare")
    return (text.train, text.vocabulary), (getattr(text, phase), text.vocabulary)


def run(settings, seed, train, held_out, quick):
    """Trains one model; nats per character of the held-out text, with carried states."""
    import keras

    from rnnzoo.text.generator import TextGenerator

    (text, vocabulary), (held_out_text, _) = train, held_out
    if quick:
        text, held_out_text = text[:QUICK_CHARACTERS], held_out_text[:QUICK_CHARACTERS]
    model = TextGenerator(vocabulary, [svd_arms.memory(settings, UNITS)])
    windows = model.windows(text, WINDOW, BATCH, seed)
    epochs = QUICK_EPOCHS if quick else EPOCHS
    rate = keras.optimizers.schedules.CosineDecay(
        settings["learning_rate"], len(windows) * epochs, alpha=0.01
    )
    model.compile(
        keras.optimizers.Adam(rate, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    history = model.fit(windows, epochs=epochs, shuffle=False, verbose=0).history
    nats = model.nats_per_character(held_out_text)
    return {"nats": nats, "training_loss": history["loss"]}


EXPERIMENT = Experiment(
    name="svd-shakespeare",
    title="Shakespeare with a regularised SimpleRNN",
    question="Does a SimpleRNN of 128 units predict Shakespeare's text better when it is trained "
    "with the Jacobian penalty?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), section 6.1, prints samples of such networks and reports no values.",
    arms=svd_arms.beside_simple_rnn(
        svd_arms.RNN, svd_arms.REGULARISED, rates=LEARNING_RATES, penalties=PENALTIES
    ),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101,),
    criterion="nats",
    measures=(
        Measure("test negative log-likelihood", "nats", "lower", lambda cell, _: cell["nats"]),
    ),
    load=load,
    run=run,
    curve="training_loss",
    version=1,
)
