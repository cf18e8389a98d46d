"""Baselines of forecasts of daily weather: climatology, persistence, and their optimal mixture.

Values are (days, parameters) of one place, NaN where missing. All are fitted to the first `train`
days. Directions are predicted as sine and cosine.
"""

import numpy as np

YEAR, WAVES = 365.25, 3
NEAR = 15  # days of the year on both sides, whose values are a climatological distribution


def climatology(values, train):
    """Harmonics of the day of the year: array (days, parameters), NaN where nothing is known.

    Args:
        values: array (days, parameters).
        train: int.
    """
    phase = 2 * np.pi * np.arange(len(values))[:, None] * np.arange(1, WAVES + 1) / YEAR
    waves = np.concatenate([np.ones((len(values), 1)), np.cos(phase), np.sin(phase)], axis=1)
    out = np.full(values.shape, np.nan)
    for column, series in enumerate(values.T):
        known = np.flatnonzero(~np.isnan(series[:train]))
        if len(known) > YEAR:
            out[:, column] = waves @ np.linalg.lstsq(waves[known], series[known], rcond=None)[0]
    return out


def damping(deviations, lead, train):
    """The factor of the last deviation that predicts the one `lead` days later: (parameters,).

    Args:
        deviations: array (days, parameters), from the climatology.
        lead: int, days.
        train: int.
    """
    before, after = deviations[: train - lead], deviations[lead:train]
    known = ~np.isnan(before) & ~np.isnan(after)
    before, after = np.where(known, before, 0), np.where(known, after, 0)
    return (before * after).sum(axis=0) / np.maximum((before**2).sum(axis=0), 1e-12)


def predictions(values, directions, origins, leads, train):
    """dict from baseline to predictions (origins, leads, parameters).

    Args:
        values: array (days, parameters).
        directions: list of int, the parameters that are degrees.
        origins: int array (origins,), the first day that each forecast predicts.
        leads: list of int, days ahead from 1.
        train: int.
    """
    wide = np.concatenate([values, *_circle(values[:, directions])], axis=1)
    normal = climatology(wide, train)
    deviations = wide - normal
    last, days = origins - 1, origins[:, None] + np.array(leads) - 1
    factors = np.stack([damping(deviations, lead, train) for lead in leads])
    rows = {
        "climatology": normal[days],
        "persistence": np.repeat(wide[last][:, None], len(leads), axis=1),
        "damped persistence": normal[days] + factors * deviations[last][:, None],
    }
    return {name: _back(row, values.shape[1], directions) for name, row in rows.items()}


def climatological_quantiles(values, days, levels, train):
    """Quantiles of the training values near the same day of the year: (..., parameters, levels).

    Args:
        values: array (days, parameters).
        days: int array (...), days that are predicted.
        levels: list of float.
        train: int.
    """
    of_year = np.floor(np.arange(len(values)) % YEAR).astype(int)
    table = np.full((366, values.shape[1], len(levels)), np.nan)
    for day in range(366):
        distance = np.abs(of_year[:train] - day)
        near = np.minimum(distance, 366 - distance) <= NEAR
        for column, series in enumerate(values[:train][near].T):
            known = series[~np.isnan(series)]
            if len(known) > NEAR:
                table[day, column] = np.quantile(known, levels)
    return table[of_year[days]]


def _circle(degrees):
    angle = np.radians(degrees)
    return np.sin(angle), np.cos(angle)


def _back(wide, parameters, directions):
    """Values of which the directions are those of sine and cosine, the last columns."""
    values = wide[..., :parameters].copy()
    count = len(directions)
    sine, cosine = wide[..., parameters : parameters + count], wide[..., parameters + count :]
    values[..., directions] = np.degrees(np.arctan2(sine, cosine)) % 360
    return values
