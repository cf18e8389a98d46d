"""Evaluates weather forecasters and the baselines beside them, per parameter and lead time."""

import numpy as np
from keras import ops

from rnnzoo.baselines import weather as baselines
from rnnzoo.evaluation import Evaluation, over_seeds
from rnnzoo.fields.basis import LEVELS
from rnnzoo.weather import errors
from rnnzoo.weather.parameter_cells import wrapped
from rnnzoo.weather.place_test import LEADS, NEAR

REFERENCE, BAR = "climatology", "damped persistence"


def evaluate(models, tests, trained):
    """Figures of models and baselines, per split, place, parameter and lead time.

    Args:
        models: dict from seed (str) to `WeatherForecaster`, the shipped one first.
        tests: dict from split to list of `PlaceTest`.
        trained: bool, whether the models were trained by their recipe: then they have to be better
            than damped persistence.

    Returns:
        `Evaluation`.
    """
    scales = next(iter(models.values())).basis.cells.scales
    of_baselines, tables, by_seed, details = {}, {}, {seed: {} for seed in models}, {}
    for split, of_split in tests.items():
        of_places = {test.place: baseline_rows(test, scales) for test in of_split}
        for name in next(iter(of_places.values())):
            places = {place: rows[name] for place, rows in of_places.items()}
            figure = mean_figure(places.values())
            of_baselines.setdefault(name, {})[split] = {"relative": figure, "places": places}
        rows_of = {
            seed: {test.place: model_rows(model, test) for test in of_split}
            for seed, model in models.items()
        }
        if split == "test":
            theirs = {name: rows[split]["places"] for name, rows in of_baselines.items()}
            places_of = {**rows_of, **theirs}
            details = {
                name: {"leads": list(LEADS), "places": places} for name, places in places_of.items()
            }
        for seed, places in rows_of.items():
            by_seed[seed][split] = {"relative": mean_figure(places.values())}
        tables[split] = {
            "by_seed": {seed: by_seed[seed][split] for seed in models},
            "over_seeds": over_seeds({seed: by_seed[seed][split] for seed in models}),
            "places": {
                test.place: _over_seeds([rows_of[seed][test.place] for seed in models])
                for test in of_split
            },
        }
    figures = {
        seed: {split: by_seed[seed][split]["relative"] for split in ("validation", "test")}
        for seed in models
    }
    checks = []
    if trained:
        limit = of_baselines[BAR]["validation"]["relative"]
        checks = [(BAR, limit, limit)]
    metrics = {"leads": list(LEADS), "tables": tables}
    return Evaluation(figures, checks, of_baselines, metrics, details)


def mean_figure(tables):
    """float: the mean over places of `relative_error`.

    Args:
        tables: iterable of tables as `rows` returns them.
    """
    return float(np.mean([relative_error(table) for table in tables]))


def baseline_rows(test, scales):
    """dict from baseline to its rows, see `rows`.

    Args:
        test: `PlaceTest`.
        scales: dict from parameter to scale.
    """
    values, predicted = test.values.astype("float64"), baseline_means(test, scales)
    quantiles = baselines.climatological_quantiles(values, test.days, LEVELS, test.train)
    normal = predicted[REFERENCE]
    return {
        name: rows(test, scales, means, normal, quantiles if name == REFERENCE else None)
        for name, means in predicted.items()
    }


def baseline_means(test, scales):
    """dict from baseline to its predictions (origins, leads, parameters), see `baseline_rows`."""
    values = test.values.astype("float64")
    return baselines.predictions(values, _directions(scales), test.origins, LEADS, test.train)


def model_rows(model, test):
    """The rows of a model, see `rows`.

    Args:
        model: `WeatherForecaster`.
        test: `PlaceTest`.
    """
    basis, scales = model.basis, model.basis.cells.scales
    means, u = model_means(model, test)
    quantiles = _by_lead(lambda u, horizon: basis.at_levels(u, LEVELS, horizon), u)
    return rows(test, scales, means, baseline_means(test, scales)[REFERENCE], quantiles)


def model_means(model, test):
    """Means (origins, leads, parameters), NaN where a parameter is not known, and coefficients u.

    Args:
        model, test: as for `model_rows`.
    """
    fields = test.values[:, None, None]
    u = errors.forecasts(model, fields, test.origins.tolist(), max(LEADS))
    u = u[:, np.array(LEADS) - 1]
    known = ops.convert_to_numpy(model.basis.is_known(u))
    return np.where(known, _by_lead(model.basis.means, u), np.nan), u


def _by_lead(part, u):
    """What a function of (u, horizon) returns of `LEADS`, an array (origins, leads, ...)."""
    parts = [part(u[:, i], lead - 1) for i, lead in enumerate(LEADS)]
    return np.stack([ops.convert_to_numpy(of_lead) for of_lead in parts], axis=1)


def rows(test, scales, means, normal, quantiles=None):
    """Figures per parameter: dict from parameter to dict from figure to a list over `LEADS`.

    `rmse` in the parameter's unit; `relative`, that over the climatology's; `correlation` of
    deviations from the climatology; with quantiles, `pinball`, the mean over `LEVELS`, and
    `coverage` of the interval from 5% to 95%.

    Args:
        test: `PlaceTest`.
        scales: dict from parameter to scale.
        means: array (origins, leads, parameters).
        normal: array like `means`, the climatology.
        quantiles: array (origins, leads, parameters, levels), or None.
    """
    truth, table = test.truth, {}
    for parameter, channel, error, usual, known in channel_errors(test, scales, means, normal):
        scale = scales[parameter]
        difference = _difference(scale)
        predicted = difference(means[..., channel] - normal[..., channel])
        rmse = root_mean_square(error, known)
        row = {
            "rmse": rmse,
            "relative": rmse / root_mean_square(usual, known),
            "correlation": _correlation(predicted, usual, known),
        }
        if quantiles is not None:
            of_channel = quantiles[..., channel, :]
            below = truth[..., channel, None] - of_channel
            if scale == "angle":  # on both sides of the middle
                middle = of_channel[..., len(LEVELS) // 2, None]
                below = wrapped(truth[..., channel, None] - middle) - wrapped(of_channel - middle)
            loss = np.maximum(np.array(LEVELS) * below, (np.array(LEVELS) - 1) * below)
            inside = (below[..., 1] >= 0) & (below[..., -2] <= 0)
            row["pinball"] = _mean(loss.mean(axis=-1), known)
            row["coverage"] = _mean(inside, known)
        table[parameter] = {
            name: [float(f"{v:.6g}") for v in values] for name, values in row.items()
        }
    return table


def channel_errors(test, scales, means, normal):
    """Yields the errors of each parameter that has some at every lead time.

    Args:
        test, scales, means, normal: as for `rows`.

    Yields:
        (str, the parameter; int, its index; arrays (origins, leads): the errors of the means and
        those of the climatology, and whether both are known).
    """
    truth = test.truth
    for channel, (parameter, scale) in enumerate(scales.items()):
        error, usual = (
            _difference(scale)(truth[..., channel] - predicted[..., channel])
            for predicted in (means, normal)
        )
        known = ~np.isnan(error) & ~np.isnan(usual)
        if known.any(axis=0).all():
            yield parameter, channel, error, usual, known


def _difference(scale):
    return wrapped if scale == "angle" else np.asarray


def relative_error(table):
    """float: the mean over parameters of `relative` one to three days ahead.

    Args:
        table: as `rows` returns it.
    """
    return float(np.mean([row["relative"][NEAR] for row in table.values()]))


def _over_seeds(tables):
    """dict from parameter to dict from figure to [mean, standard deviation] over `LEADS`.

    The deviation of a single seed is None.
    """
    return {
        parameter: {
            figure: _mean_and_deviation([table[parameter][figure] for table in tables])
            for figure in tables[0][parameter]
        }
        for parameter in tables[0]
    }


def _mean_and_deviation(rows):
    """[means, sample standard deviations or None], of six digits."""
    values = np.array(rows)
    spread = None
    if len(values) > 1:
        spread = [float(f"{v:.6g}") for v in values.std(axis=0, ddof=1)]
    return [[float(f"{v:.6g}") for v in values.mean(axis=0)], spread]


def _directions(scales):
    return [channel for channel, scale in enumerate(scales.values()) if scale == "angle"]


def _mean(values, known):
    return np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0)


def root_mean_square(values, known):
    """The root mean square of the known values over the first dimension."""
    return np.sqrt(_mean(np.square(values), known))


def _correlation(a, b, known):
    a, b = np.where(known, a, 0.0), np.where(known, b, 0.0)
    norm = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    return (a * b).sum(axis=0) / np.maximum(norm, 1e-12)
