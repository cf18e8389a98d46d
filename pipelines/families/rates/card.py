"""The card of a forecaster: what it learned from, and what it sees and answers."""

from rnnzoo.pipelines.core.card import card_of
from rnnzoo.rates.quantiles import HORIZONS, LEVELS


def rate_card(name, title, model, data, rates, ends, source, **fields):
    """A card without `version` and `content_digest`, which the pusher adds.

    Args:
        name: str.
        title: str, one sentence.
        model: `Forecaster`.
        data: dict, `name` and `sha256` of what it learned from.
        rates: `Rates` of all splits.
        ends: dict from split to the row after its last.
        source: dict, where they come from: `url` and `licence`.
        fields: dict entries that go in as they are.
    """
    splits, begin = {}, 0
    for split, end in ends.items():
        dates = rates.dates[begin:end]
        splits[split] = {"rates": end - begin, "from": str(dates[0]), "to": str(dates[-1])}
        begin = end
    about = {
        "input": "float32 rates (batch, time), above 0, in any unit",
        "output": "float32 location and quantiles of the next log return in units of recent "
        f"volatility (batch, time, {1 + len(LEVELS)})",
        "levels": list(LEVELS),
        "calibration": {
            "trust_in_location": float(model.head.trust.numpy()),
            "next_day": float(model.head.calibration.numpy()),
            **{
                f"{days}_days": float(factor)
                for days, factor in zip(HORIZONS, model.head.widening.numpy(), strict=True)
                if days > 1
            },
        },
        "data": {
            **data,
            **source,
            "splits": splits,
            "weekdays_without_a_rate": int(rates.gaps.sum()),
        },
    }
    layers = [f"{type(layer).__name__}({layer.units})" for layer in model.recurrent]
    return card_of(name, title, model, layers, about, **fields)
