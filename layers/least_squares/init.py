"""Weights by least squares, as an initialization or instead of training."""

from rnnzoo.layers.common.arguments import fraction, nonnegative, whole_number
from rnnzoo.layers.least_squares.batches import as_numpy, batch_passes, check_batch
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import Systems


def least_squares_init(
    model, x, y=None, *, iterations=10, step=0.5, ridge=0.01, washout=0, batch_size=32
):
    """Fits a model's last recurrent layer and its readout by linear least squares.

    The iterations of [TH] 5.1. With h_forw the states under the current weights and
    h_back(t) = C+ (phi_y^-1(y(t)) - c), (5.1), it solves

        phi_h^-1(h_back(t)) = A x(t) + B h_back(t-1) + b     (5.3)
        phi_y^-1(y(t)) = C h_forw(t) + c                     (5.6)

    and moves all weights by a fraction of the difference, (5.4), (5.7). Only the sums of the
    normal equations are stored, in float64: data may be larger than memory.

    The recurrent weights are fitted if the `Dense` layer reads all steps of a trainable `SimpleRNN`
    or `SVDSimpleRNN` with a tanh, sigmoid or linear activation that runs forwards, with dropout in
    between or not. Of every other model (LSTM, GRU, frozen or last-step layers) only the readout is
    fitted: one iteration with `step=1` is then ridge regression.

    Args:
        model: built `keras.Sequential` or functional model that ends in a `Dense` layer, also
            in a `TimeDistributed`, with a linear, tanh, sigmoid or softmax activation. Nested
            models are allowed, with their masks and states.
        x: inputs, with `y`; or a `tf.data.Dataset`, a `keras.utils.PyDataset`, an iterable of
            batches (x, y), or a function that returns an iterator over them.
        y: targets (batch, time, outputs) in the range of the readout's activation, or class
            indices (batch, time). They are clipped to a thousandth of the range from its ends,
            where the inverse is infinite.
        iterations: int.
        step: float in (0, 1], lambda.
        ridge: float, penalty on the squares of the weights (not of the biases), on the scale of
            a regressor's mean square. With 0, and more weights than the data determine, the
            solution is the one of minimum norm.
        washout: int, steps at the beginning of each sequence that are left out, where the states
            still depend on the zero initial state.
        batch_size: int, sequences per batch, where x and y are arrays.

    Returns:
        The model. Its optimizer, if it has one, is not involved. Frozen weights do not change, and
        constraints on weights hold.

    Raises:
        ValueError: the model does not end so, an argument is out of range (such as a washout with
            a stateful layer, whose sequences begin before the batch), or the data are empty, not
            finite, out of the readout's range or of another shape; the weights are then those
            before the iteration.

    Example:

    >>> import keras, numpy as np
    >>> x = np.random.default_rng(0).normal(size=(8, 5, 2))
    >>> model = keras.Sequential([keras.Input((5, 2)), keras.layers.Dense(1)])
    >>> y = 1 + x.sum(axis=2, keepdims=True)
    >>> model = least_squares_init(model, x, y, iterations=1, step=1, ridge=0)
    >>> np.round(model.get_weights()[0], 2).tolist()
    [[1.0], [1.0]]
    """
    step, ridge = check_arguments(step, ridge, iterations=iterations, batch_size=batch_size)
    network, batches = readout_model(model), batch_passes(x, y, batch_size, iterations)
    check_washout(washout, network)
    for _ in range(iterations):
        network.reset_states()
        systems = Systems(network, washout)
        for inputs, targets in map(check_batch, batches()):
            systems.add(inputs, as_numpy(targets))
        systems.move(step, ridge)
    return model


def check_arguments(step, ridge, **counts):
    """Returns `step` and `ridge` as floats.

    Raises:
        ValueError: one of them is out of range, or a count is not an integer of at least 1.
    """
    for name, value in counts.items():
        whole_number(name, value)
    return fraction("step", step), nonnegative("ridge", ridge)


def check_washout(washout, network):
    """Checks a washout.

    Args:
        washout: int, steps at the beginning of each sequence that are left out.
        network: `ReadoutModel`.

    Raises:
        ValueError: it is not an integer of at least 0, or above 0 with a stateful layer.
    """
    if whole_number("washout", washout, 0) and network.stateful:
        raise ValueError(
            f"washout is {washout} and {network.stateful[0].name} is stateful, with sequences that "
            "begin before the batch: give 0"
        )
