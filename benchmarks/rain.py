"""The least mean amount of a wet day that a `WeatherForecaster` predicts.

For each least share of the unit of amounts (see `rnnzoo.weather.parameter_cells`): the pinball loss
of the quantiles of rain on the validation split over that of the climatology, per station, the mean
over 1 to 14 days ahead; and the largest 99% quantile, in mm. The quantiles of wet days are
estimated anew for each, on the same split, as a training does.

python benchmarks/rain.py
"""

import csv
from pathlib import Path

import numpy as np

TARGET = Path(__file__).with_suffix(".csv")
EVERY = 5  # days between two forecasts
MODEL, RAIN = "power-gru", "PRECTOTCORR"
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def places():
    """list of `PlaceTest`: the validation split of each station."""
    from rnnzoo.datasets.weather_places.load import load_split
    from rnnzoo.weather.place_test import PlaceTest

    train, both = load_split("train"), load_split("train+validation")
    return [
        PlaceTest(place, series.values[:, 0, 0], len(train[place]), len(train[place]), every=EVERY)
        for place, series in both.items()
    ]


def losses(model, place, predictions):
    """(float, float): the relative pinball loss of rain, and the largest 99% quantile.

    Args:
        model: `rnnzoo.weather.forecaster.WeatherForecaster`.
        place: `PlaceTest`.
        predictions: array (origins, days, 2 cells) after them.
    """
    from rnnzoo.fields.basis import LEVELS
    from rnnzoo.weather.evaluation import baseline_rows, rows
    from rnnzoo.weather.place_test import LEADS

    basis, channel = model.basis, model.parameters.index(RAIN)
    leads = np.array(LEADS) - 1
    u = predictions[:, leads]
    quantiles = np.asarray(basis.at_levels(u, LEVELS, leads.tolist()))
    means = np.asarray(basis.means(u, leads.tolist()))
    ours = rows(place, basis.cells.scales, means, means + 1, quantiles)[RAIN]["pinball"]
    usual = baseline_rows(place, basis.cells.scales)["climatology"][RAIN]["pinball"]
    return np.mean(np.array(ours) / usual), quantiles[:, :, channel, -1].max()


def main():
    """Writes a row per share."""
    import rnnzoo
    from rnnzoo.fields.basis import HORIZONS
    from rnnzoo.weather import errors

    model, tests, rows = rnnzoo.load(MODEL), places(), []
    fields = [place.values[:, None, None] for place in tests]
    predictions = [
        errors.forecasts(model, values, place.origins.tolist(), HORIZONS)
        for place, values in zip(tests, fields, strict=True)
    ]
    for share in SHARES:
        model.basis.cells.least_share = share
        days = [place.values[place.origins] for place in tests]
        errors.estimate_amounts(model.basis, [u[:, 0] for u in predictions], days)
        figures = [losses(model, place, u) for place, u in zip(tests, predictions, strict=True)]
        loss, highest = np.array(figures).T
        names = [place.place for place in tests]
        row = {"share": share, **dict(zip(names, (f"{v:.3f}" for v in loss), strict=True))}
        rows.append({**row, "mean": f"{loss.mean():.4f}", "highest": f"{highest.max():.0f}"})
        print(rows[-1], flush=True)
    with open(TARGET, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
