"""Registers the forecasters of rates."""

from rnnzoo.families import DataOption, FamilyEntry


def headline(card):
    """Pinball loss beside that of rolling volatility, in one line."""
    metrics, baselines = card["metrics"], card["baselines"]["test"]
    before = f" (before: {metrics['before']['test']:.4g})" if "before" in metrics else ""
    return (
        f"test: pinball loss {metrics['test']:.4g}{before}; "
        f"rolling volatility {baselines['rolling_volatility']['pinball']:.4g}"
    )


# See `rnnzoo.datasets.rates.csv_options`.
DATA_OPTIONS = (
    DataOption("column", "header of the column of the rates, where several could be", (), "NAME"),
    DataOption("delimiter", "of the CSV file: , or ; or tab", (",", ";", "tab"), "MARK"),
    DataOption("decimal", "mark of the CSV file: . or ,", (".", ","), "MARK"),
    DataOption("date_order", "of dates such as 01/02/2024", ("dmy", "mdy")),
)

# Between splits of USD/INR they are up to 0.16. Levels are those of their time, and not compared.
THRESHOLDS = {"return": 0.3, "step": 0.3}

FAMILY = FamilyEntry(
    task="Forecaster",
    task_class="rnnzoo.rates.forecaster:Forecaster",
    pipeline="rnnzoo.pipelines.families.rates.family:RATES",
    headline=headline,
    defaults={
        "builder": "usdinr",  # the folder of `datasets/` that has the series
        "drift": THRESHOLDS,
        "skew": THRESHOLDS,
    },
    data_options=DATA_OPTIONS,
)
