"""Registers the weather forecasters."""

from rnnzoo.families import DataOption, FamilyEntry


def headline(card):
    """The error one to three days ahead relative to the climatology's, beside a baseline's."""
    metrics, baselines = card["metrics"], card["baselines"]
    best = min(baselines, key=lambda name: baselines[name]["test"]["relative"])
    before = f" (before: {metrics['before']['test']:.4g})" if "before" in metrics else ""
    return (
        f"test: {metrics['test']:.4g} of the climatology's RMSE 1 to 3 days ahead{before}; "
        f"{best} {baselines[best]['test']['relative']:.4g}"
    )


MOST_DAYS = 14  # ahead: predictions of further ones are the climatology

FAMILY = FamilyEntry(
    task="WeatherForecaster",
    task_class="rnnzoo.weather.forecaster:WeatherForecaster",
    pipeline="rnnzoo.pipelines.families.weather.family:WEATHER",
    headline=headline,
    defaults={
        "linear": True,  # whether the readout reads the features too
        "dropout": 0.0,  # of the inputs and outputs of each recurrent layer
        "ridge": 0.01,  # of the least squares that initialise the readout
    },
    # See `rnnzoo.datasets.weather.reader.read_weather`.
    data_options=(
        DataOption("fill", "impute missing days and values by the model", ("forecast",)),
    ),
    predict_options=(DataOption("days", f"days ahead, 1 to {MOST_DAYS} (7)", (), "N"),),
)
