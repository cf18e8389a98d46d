"""How a pretrained forecaster goes on learning on a user's own rates."""

from rnnzoo.datasets.rates.csv_reader import read_rates
from rnnzoo.datasets.rates.splits import NEEDED, split_rows
from rnnzoo.pipelines.families.rates.card import rate_card
from rnnzoo.pipelines.families.rates.evaluator import (
    SPLITS,
    UNIT,
    of_baselines,
    of_model,
    rival_quantiles,
)
from rnnzoo.pipelines.families.rates.family import sha256_of
from rnnzoo.pipelines.families.rates.model_stages import golden_inputs


def read(path, base):
    """The rates of a CSV file; any model can learn them, in whatever unit they are.

    Raises:
        InputError: they cannot be read, or they are too few.
    """
    del base
    return read_rates(path, NEEDED)


def finetuned(model, data, words, seed, fit):
    """Fine-tunes a forecaster on the first 80% of a series, and calibrates it on the next 10%.

    Args:
        model: `Forecaster`, compiled.
        data: `Rates`.
        words: dict, what the card says beside figures.
        seed: int.
        fit: function (model, batches, batches of the validation split, sample) that trains
            the model and returns its history.

    Returns:
        (`Forecaster`, dict card, golden inputs, history).
    """
    ends = {split: rows.stop for split, rows in split_rows(len(data)).items()}
    start, stop = ends["train"], ends["validation"]
    judged = {"validation": (data.values[:stop], start), "test": (data.values, stop)}
    before = {split: of_model(model, *where) for split, where in judged.items()}
    history = fit(
        model,
        model.windows(data.values[:start], seed=seed),
        model.windows(data.values[start:stop], shuffle=False),
    )
    model.calibrate(data.values[:stop], start)
    # Without those that need an extra: a user may fine-tune without it.
    rivals = {split: rival_quantiles(*where, extra=False) for split, where in judged.items()}
    after = {split: of_model(model, *where, rivals[split]) for split, where in judged.items()}
    sha256 = sha256_of(data)
    card = rate_card(
        **words,
        model=model,
        data={"name": f"rates-{sha256[:16]}", "sha256": sha256},
        rates=data,
        ends=ends,
        metrics={
            "unit": UNIT,
            "seed": seed,
            **{split: after[split]["pinball"] for split in SPLITS},
            "before": {split: before[split]["pinball"] for split in SPLITS},
            "tables": after,
        },
        baselines={split: of_baselines(*judged[split], rivals[split]) for split in SPLITS},
    )
    return model, card, golden_inputs(data, ends), history
