"""Evaluates field forecasters and the baselines beside them, one step ahead, walking forward."""

import numpy as np

from rnnzoo.baselines import fields as baselines
from rnnzoo.datasets.fields.incremental_svd import signal_to_noise
from rnnzoo.evaluation import Evaluation, over_seeds
from rnnzoo.fields import rollout
from rnnzoo.fields.basis import LEVELS
from rnnzoo.fields.pinball import pinball

CROWDED = (1.0, 0.9, 0.5)  # quantiles of the cells' means whose cells are reported each


def evaluate(models, data, later, trained):
    """Figures of models and baselines, one step ahead.

    Args:
        models: dict from seed (str) to `FieldForecaster`, the shipped one first.
        data: object with `series`, a `FieldSeries` of all splits, and `ends`, a dict from split to
            the index after its last step.
        later: (name, `FieldSeries` after the test split, index of its first step that is evaluated
            in it), a second test; or None.
        trained: bool, whether the models were trained by their recipe: then they have to be better
            than the seasonal mean with drift correction, and boosted trees are among the baselines.

    Returns:
        `Evaluation`.
    """
    values, times = data.series.values, data.series.times
    train, valid = data.ends["train"], data.ends["validation"]
    spans = {"validation": slice(train, valid), "test": slice(valid, data.ends["test"])}
    if later:
        name, series, first = later
        spans[name] = slice(len(values) + first, len(values) + len(series))
        values = np.concatenate([values, series.values])
        times = np.concatenate([times, series.times])
    inside = ~np.isnan(values).any(axis=0).ravel()
    flat = values.reshape(len(values), -1)[:, inside].astype("float64")
    cells = crowded_cells(flat[:train])
    predicted = baselines.predictions(
        flat, times, data.series.step, train, spans["validation"], trees=trained
    )
    of_baselines = {
        name: {split: row(flat[span], p[span], cells) for split, span in spans.items()}
        for name, p in predicted.items()
    }
    tables = {}
    for split, span in spans.items():
        by_seed = {
            seed: model_row(model, values[: span.stop], span.start, inside, cells)
            for seed, model in models.items()
        }
        tables[split] = {"by_seed": by_seed, "over_seeds": over_seeds(by_seed)}
    figures = {
        seed: {split: tables[split]["by_seed"][seed]["rmse"] for split in ("validation", "test")}
        for seed in models
    }
    checks = []
    if trained:
        name = "seasonal mean, drift corrected"
        limit = of_baselines[name]["validation"]["rmse"]
        checks = [(name, limit, limit)]
    return Evaluation(figures, checks, of_baselines, {"tables": tables})


def figure(model, values, start):
    """Root mean square of the errors one step ahead, over cells and steps from `start` on."""
    return float(np.sqrt(squared_errors(model, values, start).mean()))


def squared_errors(model, values, start):
    """Squared errors one step ahead: float64 array (time - start, cells inside the region)."""
    inside = ~np.isnan(values).any(axis=0)
    errors = model.walk_forward(values, start) - values[start:]
    return np.square(errors[:, inside], dtype="float64")


def model_row(model, values, start, inside, cells):
    """The row of a model, with its `pinball` loss.

    Args:
        model: `FieldForecaster`.
        values: array (steps, height, width, channels).
        start: int, the first step that is predicted.
        inside: bool array (cells,).
        cells: see `row`.
    """
    u = rollout.walk(model, values, start)
    truth = values[start:].reshape(len(values) - start, -1)[:, inside]
    means = np.asarray(model.basis.means(u))[:, inside]
    quantiles = np.asarray(model.basis.at_levels(u, LEVELS))[:, inside]
    covered = (truth >= quantiles[..., 1]) & (truth <= quantiles[..., -2])
    return {
        **row(truth.astype("float64"), means, cells),
        "pinball": pinball(truth, quantiles),
        "coverage": float(covered.mean()),  # of the interval from 5% to 95%
    }


def row(truth, predicted, cells):
    """Figures of predictions (steps, cells).

    Args:
        truth, predicted: arrays (steps, cells).
        cells: list of int, cells whose mean absolute errors are reported, see `crowded_cells`.

    Returns:
        dict: `rmse`, `mae`, `snr` in dB, and `mae_0`, ... of the cells.
    """
    errors = np.abs(truth - predicted)
    return {
        "rmse": float(np.sqrt(np.square(errors).mean())),
        "mae": float(errors.mean()),
        "snr": signal_to_noise(truth, predicted),
        **{f"mae_{i}": float(errors[:, cell].mean()) for i, cell in enumerate(cells)},
    }


def crowded_cells(train):
    """The cells whose mean is the highest, at the 90% quantile, and the median: list of int."""
    order = np.argsort(train.mean(axis=0), kind="stable")
    return [int(order[round(share * (len(order) - 1))]) for share in CROWDED]
