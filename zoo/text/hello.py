"""The smallest text model, trained on the word `hello`: [TH] 6.1 and figures 6.1 to 6.3.

[TH]: Bay, "Recurrent Neural Networks: Methods and Applications to Non-linear Predictions", 2017.
"""

import keras
import numpy as np

from rnnzoo.layers import SVDSimpleRNN
from rnnzoo.text.generator import TextGenerator

WORD, CHARACTERS = "hello", "helo"
UNITS, EPOCHS = 3, 40

# [TH] names Adagrad, (2.29), and states no learning rate.
LEARNING_RATE = 0.5


def layers():
    """The layers that figure 6.3 compares: dict from name to a new layer of three units."""
    return {
        "SimpleRNN": keras.layers.SimpleRNN(UNITS),
        "SVDSimpleRNN": SVDSimpleRNN(UNITS),
        "LSTM": keras.layers.LSTM(UNITS),
    }


def trained(name, seed, epochs=EPOCHS, learning_rate=LEARNING_RATE):
    """A model trained on the word, to predict the character after each character.

    Args:
        name: str, one of `layers()`.
        seed: int.
        epochs: int, an epoch is one step with the whole word.
        learning_rate: float, of Adagrad.

    Returns:
        (`TextGenerator`, float array (epochs + 1,): the negative log-likelihood, in nats per
        character, before the first epoch and after each epoch).
    """
    keras.utils.set_random_seed(seed)
    model = TextGenerator(CHARACTERS, [layers()[name]])
    model.compile(
        keras.optimizers.Adagrad(learning_rate, initial_accumulator_value=0.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    ids = model.vocabulary.encode(WORD)[None]
    errors = [model.nats_per_character(WORD)]
    for _ in range(epochs):
        model.train_on_batch(ids[:, :-1], ids[:, 1:])
        errors.append(model.nats_per_character(WORD))
    return model, np.array(errors)


def probabilities(model):
    """p of each next character after the word's first four, array (characters, 4): figure 6.2."""
    logits = model(model.vocabulary.encode(WORD)[None, :-1])
    return keras.ops.convert_to_numpy(keras.ops.softmax(logits))[0].T
