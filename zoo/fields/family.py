"""Registers the field forecasters."""

from rnnzoo.families import FamilyEntry


def headline(card):
    """Root mean square error one step ahead beside that of the best baseline, in one line."""
    metrics, baselines = card["metrics"], card["baselines"]
    best = min(baselines, key=lambda name: baselines[name]["test"]["rmse"])
    before = f" (before: {metrics['before']['test']:.4g})" if "before" in metrics else ""
    return (
        f"test: RMSE {metrics['test']:.4g} one step ahead{before}; "
        f"{best} {baselines[best]['test']['rmse']:.4g}"
    )


FAMILY = FamilyEntry(
    task="FieldForecaster",
    task_class="rnnzoo.fields.forecaster:FieldForecaster",
    pipeline="rnnzoo.pipelines.families.fields.family:FIELDS",
    headline=headline,
    defaults={
        "scale": "sqrt",  # on which fields are compressed and predicted
        "linear": True,  # whether the readout reads the coefficients too
        "dropout": 0.0,  # of the inputs and outputs of each recurrent layer
        "initialization": "least_squares",  # or "random"
        "ridge": 0.001,  # of least squares
        "iterations": 0,  # of least squares for a whole simple RNN; 0: of the readout alone
    },
)
