"""What the experiments with SVDSimpleRNN share: arms and layers."""

# (interval_weight, rms_weight, jacobian_steps); [TH] states no weights.
PENALTIES = ((0.01, 0.1, "all"), (0.1, 1.0, "all"), (1.0, 10.0, "all"), (1.0, 10.0, "late"))
LEARNING_RATES = (0.001, 0.003, 0.01)
RNN, ORTHOGONAL, REGULARISED, LSTM = "rnn", "ortho", "reg", "lstm"


def candidates(kind, rates=LEARNING_RATES, penalties=PENALTIES, **shared):
    """Settings to choose from: every learning rate, for `REGULARISED` with every penalty."""
    shared = [{**shared, "kind": kind, "learning_rate": rate} for rate in rates]
    if kind != REGULARISED:
        return tuple(shared)
    names = ("interval_weight", "rms_weight", "jacobian_steps")
    penalties = [dict(zip(names, penalty, strict=True)) for penalty in penalties]
    return tuple(one | penalty for one in shared for penalty in penalties)


def beside_simple_rnn(*kinds, **choices):
    """An arm of each kind, named after it, that chooses for itself; `RNN` is the control.

    Args:
        *kinds: str.
        **choices: `rates`, `penalties`, see `candidates`.
    """
    from rnnzoo.pipelines.experiments.harness.experiment import Arm

    return tuple(
        Arm(kind, candidates(kind, **choices), None if kind == RNN else RNN) for kind in kinds
    )


def arms(kinds, cases, first):
    """An arm of each kind in each case; the first kind is the control.

    Learning rate and penalty are chosen in one case, and hold in the others.

    Args:
        kinds: sequence of str.
        cases: dict from the case's name to its settings.
        first: str, the case to choose in.
    """
    from rnnzoo.pipelines.experiments.harness.experiment import Arm

    found = []
    for case, settings in cases.items():
        for kind in kinds:
            control = None if kind == kinds[0] else f"{case} {kinds[0]}"
            if case == first:
                found.append(Arm(f"{case} {kind}", candidates(kind, **settings), control))
            else:
                found.append(Arm(f"{case} {kind}", (settings,), control, f"{first} {kind}"))
    return tuple(found)


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


def start(settings, units):
    """Where recurrent weights begin: random as in [TH], or orthogonal as Keras has it."""
    import keras

    if settings["kind"] in (ORTHOGONAL, LSTM):
        return "orthogonal"
    return keras.initializers.RandomUniform(-(units**-0.5), units**-0.5)
