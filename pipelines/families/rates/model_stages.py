"""The stages from what a forecaster is trained on to a pushed one.

model         Trainer: a model a seed, calibrated
evaluation    Evaluator: their figures, the baselines', and whether to push
infra         InfraValidator: the export, loaded and asked as a server would
pushed        Pusher: the artifact's folder, whole or not at all
"""

from rnnzoo.pipelines.core.blessing import against_last, blessed_report, blessing, write_report
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.families.rates.data_stages import read_about, read_rates_of
from rnnzoo.pipelines.stages.infra_validator import check_export, push_made

# The last rates of the validation split, whose answers are kept as golden outputs.
GOLDEN = 60

# What a model's loss may be above that of the one pushed before it.
SLACK = 1.01

# Raise it when the trainer's code comes to make another model of the same recipe.
TRAINER_VERSION = 2


@stage(version=TRAINER_VERSION)
def model(
    out, *, transformed, name, data, data_sha256, architecture, units, window, batch_size, epochs,
    learning_rate, clip_norm, seeds, layers, noise_std,
):  # fmt: skip
    """Writes what `rnnzoo.pipelines.core.seed_models` says.

    Checkpoints lie in the cache: a training that was interrupted goes on.
    """
    from rnnzoo.pipelines.core.seed_models import write_models
    from rnnzoo.pipelines.families.rates.training import train

    settings = {
        "data": data, "architecture": architecture, "units": units, "window": window,
        "batch_size": batch_size, "epochs": epochs, "learning_rate": learning_rate,
        "clip_norm": clip_norm, "layers": layers, "noise_std": noise_std,
    }  # fmt: skip
    values, ends = read_rates_of(transformed).values, read_about(transformed)["ends"]
    work = work_of(name, settings, data_sha256)

    def trained(seed):
        return train(name, settings, values[: ends["validation"]], ends["train"], seed, work)

    write_models(out, seeds, work, trained)


def work_of(name, settings, data_sha256):
    """The folder of checkpoints of a training with these settings on these rates."""
    from rnnzoo.pipelines.core.training import work_folder
    from rnnzoo.pipelines.families.rates.training import SETTINGS

    used = {key: settings[key] for key in SETTINGS}
    return work_folder(name, [used, data_sha256, TRAINER_VERSION])


def read_model(folder, seed):
    """The model of a seed."""
    from rnnzoo.pipelines.core import seed_models
    from rnnzoo.rates.forecaster import Forecaster

    return seed_models.read_model(folder, seed, Forecaster)


@stage(version=2)
def evaluation(out, *, model, transformed, data, seeds, last_pushed):
    """Writes `evaluation.json`: a table a split, `blessed`, and the reasons.

    A model's pinball loss has to be below that of rolling volatility. Of `fred` the days after the
    8,000th are judged too, the other test split that [NB] names.
    """
    from rnnzoo.pipelines.families.rates import evaluator

    about, rates = read_about(transformed), read_rates_of(transformed)
    ends, tables = about["ends"], {}
    judged = {
        "validation": (rates.values[: ends["validation"]], ends["train"]),
        "test": (rates.values[: ends["test"]], ends["validation"]),
    }
    models = {str(seed): read_model(model, seed) for seed in seeds}
    if data == "fred":
        judged["count_test"] = counted()
    for split, where in judged.items():
        rivals = evaluator.rival_quantiles(*where)
        tables[split] = {
            "baselines": evaluator.of_baselines(*where, rivals),
            "by_seed": {
                seed: evaluator.of_model(one, *where, rivals) for seed, one in models.items()
            },
        }
    first, before = str(seeds[0]), tables["validation"]["baselines"]
    tables["test"]["coverage_ahead"] = evaluator.coverage_ahead(models[first], *judged["test"])
    figure = tables["validation"]["by_seed"][first]["pinball"]
    limit = before["rolling_volatility"]["pinball"]
    checks = [("rolling volatility", limit, limit)]
    checks += against_last(last_pushed, about["sha256"], lambda last: last * SLACK)
    write_report(out, {**blessing(figure, evaluator.UNIT, checks), "tables": tables})


def counted():
    """(values, first row to judge) of the split of `fred` by count."""
    import numpy as np

    from rnnzoo.datasets.usdinr.load import load_usdinr

    splits = ("count_train+count_validation", "count_test")
    before, after = (load_usdinr("fred", split).values for split in splits)
    return np.concatenate([before, after]), len(before)


@stage(version=1)
def infra(out, *, model, transformed, seeds):
    """Exports the shipped seed's model, loads it as the server does, and asks it.

    Raises:
        InputError: it answers otherwise than the Keras model.
    """
    import numpy as np

    keras_model = read_model(model, seeds[0])
    question = golden_inputs(read_rates_of(transformed), read_about(transformed)["ends"])
    asked = (0.05, 0.5, 0.95)
    expected = keras_model.forecast(question[0], 1, quantiles=list(asked))[0]

    def difference(answer):
        levels = np.asarray(answer["levels"])[0]
        served = [np.interp(level, levels, answer["quantiles"][0]) for level in asked]
        return np.abs(np.array(served) / expected - 1).max()

    check_export(out, keras_model, question.tolist(), difference)


def pushed(made, settings, root, words):
    """The last stage, see `rnnzoo.pipelines.pipeline` and `push_made`.

    Raises:
        InputError: the evaluation did not bless the model; says why.
    """
    from rnnzoo.pipelines.core.card import metrics_of, over_seeds
    from rnnzoo.pipelines.families.rates.card import rate_card
    from rnnzoo.pipelines.families.rates.evaluator import UNIT

    tables = blessed_report(made["evaluation"].path)["tables"]
    transformed = made["transformed"].path
    about, rates = read_about(transformed), read_rates_of(transformed)
    shipped = read_model(made["model"].path, settings["seeds"][0])
    pinball = {
        seed: {split: table["by_seed"][seed]["pinball"] for split, table in tables.items()}
        for seed in tables["test"]["by_seed"]
    }
    return push_made(
        made,
        shipped,
        golden_inputs(rates, about["ends"]),
        root,
        words,
        rate_card,
        data={"name": about["name"], "sha256": about["sha256"]},
        rates=rates,
        ends=about["ends"],
        metrics={
            **metrics_of(pinball, UNIT),
            "tables": {
                split: {
                    "by_seed": table["by_seed"],
                    "over_seeds": over_seeds(_known(table["by_seed"])),
                }
                for split, table in tables.items()
            },
            "coverage_ahead": tables["test"]["coverage_ahead"],
        },
        baselines={split: table["baselines"] for split, table in tables.items()},
    )


def _known(by_seed):
    """Without the figures that one of the seeds does not have."""
    missing = {key for row in by_seed.values() for key, value in row.items() if value is None}
    return {
        seed: {key: value for key, value in row.items() if key not in missing}
        for seed, row in by_seed.items()
    }


def golden_inputs(rates, ends):
    """The last rates (1, time) of the validation split, float32."""
    return rates.values[None, : ends["validation"]][:, -GOLDEN:].astype("float32")
