"""Arms and layers of the experiments with SVDSimpleRNN."""

# (interval_weight, rms_weight, jacobian_steps); [TH] states no weights.
PENALTIES = ((0.01, 0.1, "all"), (0.1, 1.0, "all"), (1.0, 10.0, "all"), (1.0, 10.0, "late"))
LEARNING_RATES = (0.001, 0.003, 0.01)
RNN, ORTHOGONAL, REGULARISED, LSTM = "rnn", "ortho", "reg", "lstm"


def candidates(kind, rates=LEARNING_RATES, penalties=PENALTIES, **shared):
    """Returns settings to select from: every learning rate, for `REGULARISED` times penalty."""
    by_rate = [{**shared, "kind": kind, "learning_rate": rate} for rate in rates]
    if kind != REGULARISED:
        return tuple(by_rate)
    names = ("interval_weight", "rms_weight", "jacobian_steps")
    penalties = [dict(zip(names, penalty, strict=True)) for penalty in penalties]
    return tuple(settings | penalty for settings in by_rate for penalty in penalties)


def beside_simple_rnn(*kinds, **choices):
    """Returns an arm per kind with a selection of its own; `RNN` is the control.

    Args:
        *kinds: str.
        **choices: `rates`, `penalties`, see `candidates`.
    """
    from rnnzoo.pipelines.experiments.harness.experiment import Arm

    return tuple(
        Arm(kind, candidates(kind, **choices), None if kind == RNN else RNN) for kind in kinds
    )


def arms(kinds, cases, first):
    """Returns an arm per case and kind; the first kind is the control.

    Learning rate and penalty are selected in one case and used in the others.

    Args:
        kinds: sequence of str.
        cases: dict from the case's name to its settings.
        first: str, the case of the selection.
    """
    from rnnzoo.pipelines.experiments.harness.experiment import Arm

    all_arms = []
    for case, settings in cases.items():
        for kind in kinds:
            control = None if kind == kinds[0] else f"{case} {kinds[0]}"
            if case == first:
                all_arms.append(Arm(f"{case} {kind}", candidates(kind, **settings), control))
            else:
                all_arms.append(Arm(f"{case} {kind}", (settings,), control, f"{first} {kind}"))
    return tuple(all_arms)


def memory(settings, units, **shared):
    """Returns the recurrent layer of an arm, named "memory".

    Args:
        settings: dict with `kind`, and the penalty if it is `REGULARISED`.
        units: int.
        **shared: arguments of all kinds of layers.
    """
    from rnnzoo.layers import NEMLSTM, SVDSimpleRNN

    if settings["kind"] == LSTM:
        return NEMLSTM(units, noise="none", name="memory", **shared)  # an LSTM, faster
    penalty = {"interval_weight": 0.0, "rms_weight": 0.0, "jacobian_steps": "all"}
    penalty |= {name: settings[name] for name in penalty if name in settings}
    return SVDSimpleRNN(units, name="memory", **penalty, **shared)


def recurrent_initializer(settings, units):
    """Returns the initializer: uniform as in [TH], or Keras's default, orthogonal."""
    import keras

    if settings["kind"] in (ORTHOGONAL, LSTM):
        return "orthogonal"
    return keras.initializers.RandomUniform(-(units**-0.5), units**-0.5)
