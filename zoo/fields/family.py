"""Registers the field forecasters."""

from rnnzoo.families import DataOption, FamilyEntry


def headline(card):
    """Root mean square error one step ahead beside that of the best baseline, in one line."""
    metrics, baselines = card["metrics"], card["baselines"]
    best = min(baselines, key=lambda name: baselines[name]["test"]["rmse"])
    before = f" (before: {metrics['before']['test']:.4g})" if "before" in metrics else ""
    return (
        f"test: RMSE {metrics['test']:.4g} one step ahead{before}; "
        f"{best} {baselines[best]['test']['rmse']:.4g}"
    )


# See `rnnzoo.datasets.fields.reader.read_fields`.
DATA_OPTIONS = (
    DataOption("start", "time of the first field, of a file without times", (), "TIME"),
    DataOption("step", "time between two fields, of a file without times: 1h, 10min", (), "TIME"),
    DataOption("fill", "interpolate missing values and steps in time", ("linear",)),
    DataOption("negative", "take numbers below 0 as values, -1 too: temperatures", ("values",)),
)

# Between splits of the fields here they are up to 0.31: seasons and decades differ.
THRESHOLDS = {"mean": 0.4, "highest": 0.4}

FAMILY = FamilyEntry(
    task="FieldForecaster",
    task_class="rnnzoo.fields.forecaster:FieldForecaster",
    pipeline="rnnzoo.pipelines.families.fields.family:FIELDS",
    headline=headline,
    defaults={
        "drift": THRESHOLDS,
        "skew": THRESHOLDS,
        "scale": "sqrt",  # on which fields are compressed and predicted
        "linear": True,  # whether the readout reads the coefficients too
        "trend": "weeks",  # of which coefficients have a mean, or "days"
        "dropout": 0.0,  # of the inputs and outputs of each recurrent layer
        "initialization": "least_squares",  # or "random"
        "ridge": 0.001,  # of least squares
        "prior": "zero",  # of the readout's weights, or "own": each coefficient's own past
        "iterations": 0,  # of least squares for a whole simple RNN; 0: of the readout alone
    },
    data_options=DATA_OPTIONS,
    predict_options=(DataOption("steps", "time steps ahead (24)", (), "N"),),
)
