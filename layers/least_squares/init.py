"""Weights by least squares, to begin a training with or instead of one."""

from rnnzoo.layers.common.arguments import fraction, nonnegative, whole_number
from rnnzoo.layers.least_squares.batches import as_numpy, batch_passes, check_batch
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import Systems


def least_squares_init(
    model, x, y=None, *, iterations=10, step=0.5, ridge=0.01, washout=0, batch_size=32
):
    """Moves a model's last recurrent layer and its readout to what linear systems ask of them.

    The iterations of [TH] 5.1. With h_forw the states of the present weights and
    h_back(t) = C+ (phi_y^-1(y(t)) - c), (5.1), it solves

        phi_h^-1(h_back(t)) = A x(t) + B h_back(t-1) + b     (5.3)
        phi_y^-1(y(t)) = C h_forw(t) + c                     (5.6)

    and moves all weights a part of the way, (5.4), (5.7). Only the sums of the normal equations
    are kept, in float64: data may be larger than memory.

    The recurrent weights move if the `Dense` layer reads all steps of a trainable `SimpleRNN` or
    `SVDSimpleRNN` with a tanh, sigmoid or linear activation that goes forwards; dropout may stand
    between. Of every other model (LSTM, GRU, frozen or last-step layers) the readout alone moves:
    one iteration with `step=1` is then ridge regression.

    Args:
        model: built `keras.Sequential` or functional model that ends in a `Dense` layer, also
            in a `TimeDistributed`, with a linear, tanh, sigmoid or softmax activation. Models
            inside it are looked into, and share masks and states with what is around them.
        x: inputs, with `y`; or a `tf.data.Dataset`, a `keras.utils.PyDataset`, an iterable of
            batches (x, y), or a function that returns an iterator over them.
        y: targets of the shape of the model's outputs (batch, time, outputs), or class numbers
            (batch, time), in the range of the readout's activation. They are kept a thousandth
            of it away from its ends, where the inverse is infinite.
        iterations: int.
        step: float in (0, 1], lambda.
        ridge: float, penalty on the squares of the weights (not of the biases), on the scale of
            a regressor's mean square. With 0, and more weights than the data determine, the
            solution of the smallest norm is taken.
        washout: int, steps at the beginning of each sequence that no equation counts: the states
            are there still those of the zero they began at.
        batch_size: int, sequences at a time, where x and y are arrays.

    Returns:
        The model. Its optimizer, if it has one, knows nothing of it. Frozen weights stay, and
        constraints on weights hold.

    Raises:
        ValueError: the model has no such ending, an argument is out of range (a washout, where
            a layer is stateful: its sequences begin before the batch), or the data are
            empty, not finite, beyond the readout's range or do not fit; the weights are then what
            they were before the iteration.
    """
    step, ridge = check_arguments(step, ridge, iterations=iterations, batch_size=batch_size)
    of, batches = readout_model(model), batch_passes(x, y, batch_size, iterations)
    check_washout(washout, of)
    for _ in range(iterations):
        of.begin()
        systems = Systems(of, washout)
        for inputs, targets in map(check_batch, batches()):
            systems.add(inputs, as_numpy(targets))
        systems.move(step, ridge)
    return model


def check_arguments(step, ridge, **counts):
    """Returns `step` and `ridge` as floats.

    Raises:
        ValueError: one of them is out of range, or a count is no whole number of at least 1.
    """
    for name, value in counts.items():
        whole_number(name, value)
    return fraction("step", step), nonnegative("ridge", ridge)


def check_washout(washout, of):
    """Checks a washout.

    Args:
        washout: what is given.
        of: `ReadoutModel` of the model.

    Raises:
        ValueError: it is no whole number of at least 0, or above 0 where a layer is stateful.
    """
    if whole_number("washout", washout, 0) and of.stateful:
        raise ValueError(
            f"washout is {washout} and {of.stateful[0].name} is stateful, whose sequences begin "
            "before the batch: give 0"
        )
