"""Errors of forecasts of weather by place, parameter, lead time and season, beside baselines.

The figure is a mean over places, parameters and lead times of the ratio of two root mean squares,
RMSE / RMSE of the climatology. The loss of a forecast with the error e is

    e² / (RMSE * RMSE of the climatology),   whose mean is RMSE / RMSE of the climatology

with the RMSE of its place, parameter and lead time. So the loss of a season is above that of
another one if the forecasts of the season are worse, or if its weather varies more: compare it
with the climatology's.
"""

import numpy as np

from rnnzoo.calendar_slices import seasons
from rnnzoo.evaluation_rows import merged_rows
from rnnzoo.weather.evaluation import (
    BAR,
    REFERENCE,
    baseline_means,
    channel_errors,
    model_means,
    root_mean_square,
)
from rnnzoo.weather.place_test import LEADS, NEAR


def rows(split, model, tests, times):
    """Yields the rows of a split, see `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    Places, their parameters, and lead times have the same weight, as in the figure; the weights of
    all rows add up to the number of forecasts.

    Args:
        split: str.
        model: `WeatherForecaster`.
        tests: list of `PlaceTest`.
        times: list of datetime64 array (days,), those of each of `tests`.
    """
    scales, parts = model.basis.cells.scales, []
    for test, days in zip(tests, times, strict=True):
        losses = place_losses(test, scales, model_means(model, test)[0])
        parts.append((test.place, days[test.days[:, NEAR]], losses))
    count = sum((~np.isnan(own)).sum() for *_, losses in parts for own, _ in losses.values())
    for place, days, losses in parts:
        names, of_season = seasons(days)
        for parameter, (own, of_baselines) in losses.items():
            known = ~np.isnan(own)
            share = count / (len(parts) * len(losses) * known.shape[1])
            origins, leads = np.nonzero(known)
            zeros = np.zeros(len(leads), int)
            slices = {
                "place": ([place], zeros),
                "parameter": ([parameter], zeros),
                "days ahead": ([str(lead) for lead in LEADS[NEAR]], leads),
                "season": (names, of_season[known]),
            }
            weights = share / known.sum(axis=0)[leads]
            beside = {name: values[known] for name, values in of_baselines.items()}
            yield from merged_rows(split, slices, own[known], weights, beside)


def place_losses(test, scales, means):
    """The losses of all forecasts for a place, NaN where there is none.

    Args:
        test: `PlaceTest`.
        scales: dict from parameter to scale.
        means: array (origins, leads, parameters), the model's.

    Returns:
        dict from parameter to (array (origins, leads), dict from baseline to such an array).
    """
    of_baselines = baseline_means(test, scales)
    normal = of_baselines[REFERENCE]
    beside = {
        name: {
            parameter: _losses(*part) for parameter, _, *part in _errors(test, scales, m, normal)
        }
        for name, m in of_baselines.items()
        if name in (REFERENCE, BAR)
    }
    return {
        parameter: (
            _losses(*part),
            {name: losses[parameter] for name, losses in beside.items() if parameter in losses},
        )
        for parameter, _, *part in _errors(test, scales, means, normal)
    }


def _errors(test, scales, means, normal):
    """As `channel_errors`, of the lead times of the figure."""
    for parameter, channel, *parts in channel_errors(test, scales, means, normal):
        yield parameter, channel, *(part[:, NEAR] for part in parts)


def _losses(error, usual, known):
    scale = root_mean_square(error, known) * root_mean_square(usual, known)
    return np.where(known, np.square(error) / np.where(scale > 0, scale, 1), np.nan)
