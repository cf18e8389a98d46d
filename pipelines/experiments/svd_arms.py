"""What the experiments with SVDSimpleRNN share: penalties, layers, seeds of data."""

# (interval_weight, rms_weight, jacobian_steps); [TH] states no weights.
PENALTIES = ((0.01, 0.1, "all"), (0.1, 1.0, "all"), (1.0, 10.0, "all"), (1.0, 10.0, "late"))
RNN, REGULARISED, LSTM = "rnn", "reg", "lstm"


def penalised(**shared):
    """Settings with each of the penalties, to choose from."""
    names = ("interval_weight", "rms_weight", "jacobian_steps")
    found = (dict(zip(names, penalty, strict=True)) for penalty in PENALTIES)
    return tuple({**shared, "kind": REGULARISED, **penalty} for penalty in found)


def memory(settings, units, **shared):
    """The recurrent layer of an arm, named "memory".

    Args:
        settings: dict with `kind`, and the penalty where it is `REGULARISED`.
        units: int.
        **shared: arguments of every kind of layer.
    """
    from rnnzoo.layers import NEMLSTM, SVDSimpleRNN

    if settings["kind"] == LSTM:
        return NEMLSTM(units, noise="none", name="memory", **shared)  # an LSTM, in less time
    penalty = {"interval_weight": 0.0, "rms_weight": 0.0, "jacobian_steps": "all"}
    penalty |= {name: settings[name] for name in penalty if name in settings}
    return SVDSimpleRNN(units, name="memory", **penalty, **shared)


def random_start(units):
    """Random recurrent weights, not orthogonal ones, as in [TH]."""
    import keras

    return keras.initializers.RandomUniform(-(units**-0.5), units**-0.5)


def simulated(phase):
    """What tells simulated data of the phases, and of training and held out, from each other."""
    return (phase, "training"), (phase, "held out")


def key(kind, *numbers):
    """A seed for data: of the ints, and of one of those that `simulated` returns."""
    return [*numbers, *"/".join(kind).encode()]
