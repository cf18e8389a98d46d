"""Echo states on NARMA-10 and Mackey-Glass, compared with reservoirpy and linear memory."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data

UNITS, STEPS, WASHOUT = 400, 4000, 200
LAGS = 30  # inputs of the linear predictor
CONNECTIVITY = 0.1
LINEAR, OURS, BASELINE = "linear", "EchoState", "reservoirpy"
# From a task's name to its prediction horizon on the Mackey-Glass series, in steps.
AHEAD = {"mackey-glass 10 ahead": 10, "mackey-glass 84 ahead": 84}
TASKS = ("narma-10", *AHEAD)
RIDGES = (1e-9, 1e-7, 1e-5)


def data(task, key):
    """Returns inputs and targets, float32 (WASHOUT + STEPS, 1); inputs are centred."""
    from rnnzoo.datasets.sequence_tasks.mackey_glass import mackey_glass
    from rnnzoo.datasets.sequence_tasks.narma import narma

    steps = WASHOUT + STEPS
    if task not in AHEAD:
        x, y = narma(steps, key)
        return x - 0.25, y
    series = mackey_glass(steps + AHEAD[task], key) - 0.93
    return series[:steps], series[AHEAD[task] :]


def linear(settings, seed, x, y, test_x):
    """Ridge regression on the last inputs."""
    import numpy as np

    from rnnzoo.layers.least_squares.normal_equations import NormalEquations

    def rows(x):
        return np.concatenate([np.roll(x, lag, axis=0) for lag in range(LAGS)], axis=1)[WASHOUT:]

    w, bias = NormalEquations(LAGS, 1).add(rows(x), y[WASHOUT:]).solve(settings["ridge"])
    return rows(test_x) @ w + bias


def echo_state(settings, seed, x, y, test_x):
    """`EchoState` and a readout by `least_squares_init`."""
    import keras

    from rnnzoo.layers import EchoState, least_squares_init

    names = ("leak", "spectral_radius", "input_scaling")
    reservoir = EchoState(
        UNITS,
        connectivity=CONNECTIVITY,
        bias_scaling=settings["input_scaling"],
        return_sequences=True,
        seed=seed,
        **{name: settings[name] for name in names},
    )
    model = keras.Sequential([keras.Input(x.shape), reservoir, keras.layers.Dense(1)])
    least_squares_init(
        model, x[None], y[None], iterations=1, step=1, ridge=settings["ridge"], washout=WASHOUT
    )
    return model.predict_on_batch(test_x[None])[0, WASHOUT:]


def reservoirpy(settings, seed, x, y, test_x):
    """reservoirpy's nodes of the same sizes; its ridge is not divided by the number of steps.

    Its defaults connect inputs to a tenth of the units and have no biases; a reservoir without
    biases is an odd function of its inputs.
    """
    try:
        from reservoirpy.mat_gen import uniform
        from reservoirpy.nodes import Reservoir, Ridge
    except ImportError as problem:
        raise InputError(f"this needs {problem.name}: pip install 'rnnzoo[rivals]'") from None

    reservoir = Reservoir(
        UNITS,
        lr=settings["leak"],
        sr=settings["spectral_radius"],
        input_scaling=settings["input_scaling"],
        input_connectivity=1.0,
        rc_connectivity=CONNECTIVITY,
        Win=uniform,
        bias=uniform(low=-settings["bias_scaling"], high=settings["bias_scaling"]),
        seed=seed,
    )
    network = reservoir >> Ridge(ridge=settings["ridge"] * STEPS)
    network.fit(x.astype("float64"), y.astype("float64"), warmup=WASHOUT)
    network.reset()
    return network.run(test_x.astype("float64"))[WASHOUT:]


def run(settings, seed, train, held_out, quick):
    """Fits one predictor; its RMSE over the standard deviation of the target."""
    import numpy as np

    predictors = {LINEAR: linear, OURS: echo_state, BASELINE: reservoirpy}
    x, y = data(settings["task"], simulated_data.key(train, seed))
    test_x, test_y = data(settings["task"], simulated_data.key(held_out, seed))
    prediction = predictors[settings["kind"]](settings, seed, x, y, test_x)
    test_y = test_y[WASHOUT:].astype("float64")
    return {"nrmse": float(np.sqrt(np.mean((prediction - test_y) ** 2) / np.var(test_y)))}


def candidates(task, kind):
    """Returns the settings to select from, the same for both reservoirs."""
    ridges = [{"task": task, "kind": kind, "ridge": ridge} for ridge in RIDGES]
    if kind == LINEAR:
        return tuple(ridges)
    reservoirs = tuple(
        {**settings, "leak": leak, "spectral_radius": radius, "input_scaling": scaling}
        for settings in ridges
        for leak in (0.3, 1.0)
        for radius in (0.8, 0.95, 1.1)
        for scaling in (0.1, 0.3, 1.0)
    )
    if kind == OURS:  # its biases have the scaling of its inputs
        return reservoirs
    return tuple({**s, "bias_scaling": s["input_scaling"]} for s in reservoirs)


EXPERIMENT = Experiment(
    name="esn-prediction",
    title="Echo states on NARMA-10 and Mackey-Glass",
    question="How well does a reservoir of 400 units follow NARMA-10, and predict the "
    "Mackey-Glass series, compared with reservoirpy's and with a linear predictor?",
    source="The tasks are the usual ones for reservoirs; [TH] (Bay, Recurrent Neural Networks: "
    "Methods and Applications to Non-linear Predictions), chapter 3, reports no values for them. "
    f"The linear predictor has the last {LAGS} inputs. Leak, spectral radius, input scaling (and, "
    "equal to it, that of the biases) and ridge are selected from the same values for both "
    f"reservoirs. {STEPS} training and as many test steps follow a washout of {WASHOUT}. "
    "An NRMSE of 1 is that of predicting the mean.",
    arms=tuple(
        Arm(
            f"{task} {kind}",
            candidates(task, kind),
            None if kind == LINEAR else f"{task} {LINEAR}",
        )
        for task in TASKS
        for kind in (LINEAR, OURS, BASELINE)
    ),
    seeds=tuple(range(1, 11)),
    choice_seeds=(101, 102, 103),
    criterion="nrmse",
    measures=(Measure("NRMSE", "", "lower", lambda cell, _: cell["nrmse"]),),
    load=simulated_data.load,
    run=run,
    pairs=tuple((f"{task} {BASELINE}", f"{task} {OURS}") for task in TASKS),
    version=1,
)
