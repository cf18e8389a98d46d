"""Registers the forecasters of rates."""

from rnnzoo.families import FamilyEntry


def headline(card):
    """Pinball loss beside that of rolling volatility, in one line."""
    metrics, baselines = card["metrics"], card["baselines"]["test"]
    before = f" (before: {metrics['before']['test']:.4g})" if "before" in metrics else ""
    return (
        f"test: pinball loss {metrics['test']:.4g}{before}; "
        f"rolling volatility {baselines['rolling_volatility']['pinball']:.4g}"
    )


FAMILY = FamilyEntry(
    task="Forecaster",
    task_class="rnnzoo.rates.forecaster:Forecaster",
    pipeline="rnnzoo.pipelines.families.rates.family:RATES",
    headline=headline,
    defaults={"builder": "usdinr"},  # the folder of `datasets/` that has the series
)
