"""Evaluates forecasters of fields that follow the season, one step and one day ahead."""

import numpy as np
from keras import ops

from rnnzoo.baselines import seasonal_fields as baselines
from rnnzoo.datasets.fields.incremental_svd import signal_to_noise
from rnnzoo.datasets.fields.timeline import DAY
from rnnzoo.evaluation import Evaluation, over_seeds
from rnnzoo.fields import rollout
from rnnzoo.fields.basis import HORIZONS, LEVELS
from rnnzoo.fields.pinball import pinball

BAR = "damped persistence"
NORMAL = "climatology"


def evaluate(models, data, trained):
    """Figures of models and baselines, one step and one day ahead.

    Further than a step, a model reads its own predictions. The intervals of baselines are, as those
    of models, quantiles of their errors on the validation split.

    Args:
        models: dict from seed (str) to `FieldForecaster`, the shipped one first.
        data: object with `series`, a `FieldSeries` of all splits, and `ends`, a dict from split to
            the index after its last step.
        trained: bool, whether the models were trained by their recipe: then they have to be better
            than damped persistence.

    Returns:
        `Evaluation`; figures one day ahead end in `_day`, see `row`.
    """
    values, step = data.series.values, data.series.step
    train, valid = data.ends["train"], data.ends["validation"]
    spans = {"validation": slice(train, valid), "test": slice(valid, data.ends["test"])}
    leads = leads_of(step)
    inside = ~np.isnan(values).any(axis=0).ravel()
    flat = values.reshape(len(values), -1)[:, inside].astype("float64")
    predicted = baselines.predictions(
        flat, data.series.times, step, train, spans["validation"], list(leads.values())
    )
    normal = predicted[NORMAL][1]
    of_baselines = {
        name: {
            split: _joined(
                leads,
                lambda lead, p=p, span=span: row(
                    flat[span], p[lead][span], normal[span], _quantiles(flat, p[lead], spans, span)
                ),
            )
            for split, span in spans.items()
        }
        for name, p in predicted.items()
    }
    tables = {}
    for split, span in spans.items():
        by_seed = {
            seed: _joined(
                leads,
                lambda lead, model=model, span=span: model_row(
                    model, values[: span.stop], span.start, lead, inside, normal[span]
                ),
            )
            for seed, model in models.items()
        }
        tables[split] = {"by_seed": by_seed, "over_seeds": over_seeds(by_seed)}
    figures = {
        seed: {split: tables[split]["by_seed"][seed]["rmse"] for split in spans} for seed in models
    }
    limit = of_baselines[BAR]["validation"]["rmse"]
    checks = [(BAR, limit, limit)] if trained else []
    return Evaluation(figures, checks, of_baselines, {"tables": tables})


def leads_of(step):
    """dict from the end of a figure's name to a lead time in steps: one step, and a day.

    Args:
        step: int, seconds.
    """
    day = DAY // step
    return {"": 1, "_day": day} if day > 1 else {"": 1}


def ahead(model, values, start, lead):
    """Predictions (time - start, cells) on the scale, each from the fields `lead` steps before.

    Args:
        model: `FieldForecaster`.
        values: array (steps, height, width, channels).
        start: int, the first step that is predicted, at least `lead`.
        lead: int, steps ahead from 1.
    """
    if lead == 1:
        return ops.convert_to_numpy(rollout.walk(model, values, start))
    first = start - lead + 1  # of the steps that are not read yet
    begin = max(0, first - rollout.CONTEXT * model.reach)
    predicted, states = rollout.read(model, values[begin:first], model.initial_states(1))
    predicted, rows = ops.convert_to_tensor(predicted[:, -1]), []
    for field in (*model.basis.prepared(values[first : len(values) - lead]), None):
        further, after = predicted, states
        for _ in range(lead - 1):
            further, after = model.compiled_follow(further, after)
        rows.append(ops.convert_to_numpy(model.basis.on_scale(further))[0])
        if field is not None:
            predicted, states = model.compiled_step(ops.convert_to_tensor(field[None]), states)
    return np.stack(rows)


def model_row(model, values, start, lead, inside, normal):
    """The row of a model, see `row` and `ahead`.

    Args:
        inside: bool array (cells,).
        normal: array (time - start, cells inside), the climatology.
    """
    u, horizon = ops.convert_to_tensor(ahead(model, values, start, lead)), min(lead, HORIZONS) - 1
    truth = values[start:].reshape(len(values) - start, -1)[:, inside].astype("float64")
    means = ops.convert_to_numpy(model.basis.means(u, horizon))[:, inside]
    quantiles = ops.convert_to_numpy(model.basis.at_levels(u, LEVELS, horizon))[:, inside]
    return row(truth, means, normal, quantiles)


def row(truth, predicted, normal, quantiles):
    """Figures of predictions.

    Args:
        truth, predicted: arrays (steps, cells).
        normal: array (steps, cells), the climatology.
        quantiles: array (steps, cells, `LEVELS`).

    Returns:
        dict: `rmse` and `mae`; `snr` in dB, of deviations from the climatology, and `correlation`,
        of these over the cells, the mean over steps; `pinball`, the mean over levels, and
        `coverage` of the interval from 5% to 95%.
    """
    errors, deviations = truth - predicted, truth - normal
    covered = (truth >= quantiles[..., 1]) & (truth <= quantiles[..., -2])
    return {
        "rmse": float(np.sqrt(np.square(errors).mean())),
        "mae": float(np.abs(errors).mean()),
        "snr": signal_to_noise(deviations, predicted - normal),
        "correlation": _correlation(deviations, predicted - normal),
        "pinball": pinball(truth, quantiles),
        "coverage": float(covered.mean()),
    }


def _joined(leads, of_lead):
    """One row of the figures of all lead times."""
    return {
        f"{figure}{end}": value
        for end, lead in leads.items()
        for figure, value in of_lead(lead).items()
    }


def _quantiles(values, predicted, spans, span):
    """Quantiles (steps, cells, `LEVELS`) of a baseline's predictions in a span."""
    errors = (values - predicted)[spans["validation"]]
    spread = np.sqrt(np.square(errors).mean(axis=0)) + 1e-12
    units = np.quantile(errors / spread, LEVELS)
    return predicted[span][..., None] + spread[:, None] * units


def _correlation(a, b):
    """Mean over steps of the correlation of two patterns (steps, cells), not centred."""
    norm = np.sqrt(np.square(a).sum(axis=1) * np.square(b).sum(axis=1))
    return float(((a * b).sum(axis=1) / np.maximum(norm, 1e-12)).mean())
