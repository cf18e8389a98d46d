"""The family of forecasters: a daily series of rates, split by time."""

import hashlib
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.rates.frequency import BUSINESS_DAILY
from rnnzoo.datasets.rates.series import Rates, weekdays_between
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family

MONTH = 20  # weekdays without a rate that are reported: more than holidays
HIGHEST = 10  # a rate may be at most this many times the highest rate of training
VOLATILITY = 5  # factor between the volatilities of a split and of training that is reported
STILL = 0.5  # share of days without a change that is reported

GOLDEN = 60  # last rates of the validation split whose outputs are golden outputs
SLACK = 1.01  # factor by which the loss may exceed that of the version pushed before

COMPARED = (0.05, 0.5, 0.95)  # levels of the quantiles that InfraValidator compares


@dataclass(frozen=True)
class RatesDataset:
    """A series with its splits.

    Args:
        name: str.
        sha256: str.
        rates: `Rates` of all splits, in the order of time.
        ends: dict from split to the index after its last rate.
    """

    name: str
    sha256: str
    rates: Rates
    ends: dict

    @property
    def held_out(self):
        """dict from split to (rates up to its end, index of its first rate)."""
        values, ends = self.rates.values, self.ends
        return {
            "validation": (values[: ends["validation"]], ends["train"]),
            "test": (values[: ends["test"]], ends["validation"]),
        }


class RatesFamily(Family):
    """See `Family`; the dataset is a `RatesDataset`.

    The recipe's `data` is a series of its `builder`, a folder of `rnnzoo.datasets` whose module
    `load` has `load_split(name, split)`, which returns `Rates`, `source(name)`, and
    `further_test(name)`, a second test split or None.
    """

    kind = "rates"
    unit = "pinball loss"
    features = {
        "date": Feature("string"),
        "rate": Feature("float32"),
        "decimal": Feature("string"),  # the same rate with all its digits
    }
    ingest_keys = ("builder",)

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's series.

        Raises:
            InputError: the extra that the evaluation needs is not installed; raised before any
                work.
        """
        from rnnzoo.baselines.rates import check_extra

        check_extra()
        return recipe["data"], _loader(recipe).source(recipe["data"]).sha256

    def user_data(self, path, recipe, **options):
        """(name, sha256) of the rates in a CSV file; for `options` see `CsvOptions`."""
        from rnnzoo.baselines.rates import check_extra

        check_extra()
        rates = _read(path, options)
        sha256 = sha256_of(rates)
        if not _user_path(sha256).is_file():
            with atomic_file(_user_path(sha256)) as partial:
                np.savez(partial, dates=rates.dates, values=rates.values)
        # Not the file's name: the same rates in another file are the same data.
        return f"rates-{sha256[:16]}", sha256

    def source(self, recipe):
        """The URL and licence of the recipe's series."""
        source = _loader(recipe).source(recipe["data"])
        return {"url": source.url, "licence": source.licence}

    def examples(self, data, data_sha256, ingest):
        """A date, its rate as float32 for the statistics, and the rate with all its digits."""
        path = _user_path(data_sha256)
        if path.is_file():
            with np.load(path, allow_pickle=False) as arrays:
                dataset = _split("", data_sha256, Rates(arrays["dates"], arrays["values"]))
            parts = {split: dataset.rates[_rows(dataset, split)] for split in SPLITS}
        else:
            load = _loader(ingest)
            parts = {split: load.load_split(data, split) for split in SPLITS}
        return {
            split: (
                {"date": str(date), "rate": value, "decimal": repr(float(value))}
                for date, value in zip(rates.dates, rates.values, strict=True)
            )
            for split, rates in parts.items()
        }

    def columns(self, read):
        """`rate`; `return`, log returns; `step`, their absolute values; `still`, whether a rate is
        that of the day before; `gap`, weekdays without a rate before a date, beyond the usual
        ones; `repeated`, whether an earlier row has the same date.
        """
        columns, last, seen = {}, None, set()
        for split in SPLITS:
            rates = _rates(read(split))
            # With the last day of the split before: the change between two splits is a step too.
            dates = rates.dates if last is None else np.concatenate([last.dates, rates.dates])
            values = rates.values if last is None else np.concatenate([last.values, rates.values])
            with np.errstate(divide="ignore", invalid="ignore"):
                returns = np.diff(np.log(values))
            repeated = []
            for date in rates.dates.tolist():
                repeated.append(float(date in seen))
                seen.add(date)
            columns[split] = {
                "examples": len(rates),
                "rate": rates.values,
                "return": returns,
                "step": np.abs(returns),
                "still": (returns == 0).astype(float),
                "gap": beyond_usual(weekdays_between(np.sort(dates))),
                "repeated": repeated,
            }
            last = rates[-1:]
        return columns

    def constrain(self, schema, statistics):
        """A rate is above 0, and at most ten times the highest of training."""
        from rnnzoo.pipelines.stages.schema_gen import feature_of

        domain = feature_of(schema, "rate").float_domain
        domain.min = float(np.finfo("float32").tiny)
        domain.max = HIGHEST * statistics["train"]["rate"].num_stats.max
        domain.disallow_nan = True

    def checks(self, statistics, schema):
        """Rates out of their domain, dates twice, steps of another unit, still rates, gaps."""
        from rnnzoo.datasets.rates.unit_change import WRONG_UNIT
        from rnnzoo.pipelines.stages.schema_gen import feature_of

        domain = feature_of(schema, "rate").float_domain
        numbers = {
            split: {name: feature.num_stats for name, feature in columns.items()}
            for split, columns in statistics.items()
        }
        train = numbers["train"]
        for split, columns in numbers.items():
            rate, step = columns["rate"], columns["step"]
            if not rate.min >= domain.min:
                description = f"{split} has the rate {rate.min:g}: give rates above 0"
                yield Anomaly("zero", split, description, error=True)
            if columns["repeated"].max:
                description = f"{split} has a date twice: give each date once"
                yield Anomaly("twice", split, description, error=True)
            if not step.max < np.log(WRONG_UNIT):
                description = f"{split} has a step by a factor of {np.exp(step.max):.3g}"
                description += ": give the whole series in one unit"
                yield Anomaly("unit", split, description, error=True)
            if step.max == 0:
                description = f"in {split} the rate never moves: there is nothing to learn"
                yield Anomaly("still", split, description, error=split == "train")
            elif columns["still"].mean > STILL:
                days = f"{columns['still'].mean:.0%} of the days of {split}"
                description = f"the rate does not move on {days}: it was pegged, or filled in"
                yield Anomaly("still", split, description)
            if columns["gap"].max >= MONTH:
                days = int(columns["gap"].max)
                description = f"{split} has a gap of {days} weekdays: a month is missing"
                yield Anomaly("gap", split, description)
            if rate.max > domain.max:
                description = f"{split} has rates up to {rate.max:g}, training has"
                yield Anomaly("level", split, f"{description} {train['rate'].max:g}")
            ratio = columns["return"].std_dev / max(train["return"].std_dev, 1e-12)
            if split != "train" and not 1 / VOLATILITY < ratio < VOLATILITY:
                description = f"the volatility of {split} is {ratio:.2g} times that of training"
                yield Anomaly("volatility", split, f"{description}: another market")

    def transform(self, read, schema):
        """`values` and `dates` of all splits; the model scales them itself."""
        from rnnzoo.pipelines.stages.schema_gen import in_domain

        parts = {split: _rates(in_domain(read(split), schema, "rate")) for split in SPLITS}
        ends = np.cumsum([len(rates) for rates in parts.values()]).tolist()
        arrays = [
            ("values", np.concatenate([rates.values for rates in parts.values()])),
            ("dates", np.concatenate([rates.dates for rates in parts.values()])),
        ]
        return {"ends": dict(zip(SPLITS, ends, strict=True))}, arrays

    def dataset(self, transformed):
        """The `RatesDataset`."""
        about = transformed.about
        rates = Rates(np.array(transformed.array("dates")), np.array(transformed.array("values")))
        return RatesDataset(about["name"], about["sha256"], rates, about["ends"])

    # Training

    def build(self, name, recipe, data):
        """An untrained `Forecaster`."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.rates.forecaster import Forecaster

        return Forecaster(recurrent_layers(name, recipe), name=name.replace("-", "_"))

    def batches(self, recipe, data, seed, first_epoch):
        """`RateWindows` of the training split."""
        from rnnzoo.rates.batches import RateWindows

        values = data.rates.values[: data.ends["train"]]
        return RateWindows(
            values, recipe["window"], recipe["batch_size"], seed, first_epoch=first_epoch
        )

    def validation_batches(self, model, data):
        """Windows of 100 rates of the validation split, or of all there are."""
        values, start = data.held_out["validation"]
        return model.windows(values[start:], shuffle=False)

    def loss(self, recipe):
        """The quantile loss."""
        from rnnzoo.rates.batches import SKIP
        from rnnzoo.rates.quantiles import QuantileLoss

        return QuantileLoss(SKIP)

    def after_fit(self, model, data):
        """Calibrates the intervals on the validation split."""
        model.calibrate(*data.held_out["validation"])

    # Evaluation

    def figure(self, model, data, split):
        """Pinball loss."""
        from rnnzoo.rates.evaluation import model_row

        return model_row(model, *data.held_out[split])["pinball"]

    def evaluation_rows(self, model, data):
        """Rates by currency, year, weekday and recent volatility; beside rolling volatility."""
        from rnnzoo.rates.slices import rows

        for split, series in data.held_out.items():
            dates = data.rates.dates[: len(series[0])]
            yield from rows(split, model, *series, dates, data.name)

    def evaluate(self, models, data, recipe):
        """Models, persistence, drift, rolling volatility and the baselines of the extra `rates`."""
        from rnnzoo.rates.evaluation import evaluate

        series = data.held_out
        if recipe and (further := _loader(recipe).further_test(data.name)):
            load = _loader(recipe).load_split
            before, after = (load(data.name, split) for split in further)
            values = np.concatenate([before.values, after.values])
            series = {**series, further[1]: (values, len(before))}
        return evaluate(models(), series, trained=recipe is not None)

    def baseline_figures(self, baselines):
        """Pinball losses of the baselines that predict quantiles."""
        return {
            name.replace("_", " "): {
                split: rows[name]["pinball"] for split, rows in baselines.items() if name in rows
            }
            for name in baselines["test"]
            if baselines["test"][name]["pinball"] is not None
        }

    def limit(self, last):
        """1% above the last version's."""
        return last * SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """The last rates (1, time) of the validation split, float32."""
        values, _ = data.held_out["validation"]
        return values[None, -GOLDEN:].astype("float32")

    def random_inputs(self, model, seed=0):
        """A random walk (1, time) of half a percent per day."""
        steps = 0.005 * np.random.default_rng(seed).normal(size=(1, GOLDEN))
        return (100 * np.exp(np.cumsum(steps, axis=1))).astype("float32")

    def question(self, model, data):
        """Raw rates; compared are three quantiles of the next day, relatively."""
        rates = self.golden_inputs(model, data)
        expected = model.forecast(rates[0], 1, quantiles=list(COMPARED))[0]

        def difference(response):
            levels = np.asarray(response["levels"])[0]
            served = np.interp(COMPARED, levels, np.asarray(response["quantiles"])[0])
            return np.abs(served / expected - 1).max()

        return rates.tolist(), difference

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.rates.signatures`."""
        from rnnzoo.pipelines.families.rates.signatures import endpoints

        return endpoints(model)

    def describe(self, model, data):
        """Inputs, outputs, levels and calibration."""
        from rnnzoo.rates.quantiles import HORIZONS, LEVELS

        widening = zip(HORIZONS, model.head.widening.numpy(), strict=True)
        return {
            "input": "float32 rates (batch, time), above 0, in any unit",
            "output": "float32 location and quantiles of the next log return in units of recent "
            f"volatility (batch, time, {1 + len(LEVELS)})",
            "levels": list(LEVELS),
            "calibration": {
                "trust_in_location": float(model.head.trust.numpy()),
                "next_day": float(model.head.calibration.numpy()),
                **{f"{days}_days": float(factor) for days, factor in widening if days > 1},
            },
        }

    def describe_data(self, data):
        """The dates of the splits, their frequency, and the number of weekdays without a rate."""
        splits = {}
        for split in SPLITS:
            dates = data.rates[_rows(data, split)].dates
            splits[split] = {"rates": len(dates), "from": str(dates[0]), "to": str(dates[-1])}
        fields = {"splits": splits, "frequency": data.rates.frequency_name}
        if fields["frequency"] == BUSINESS_DAILY.name:
            fields["weekdays_without_a_rate"] = int(data.rates.gaps.sum())
        return fields

    def predictor(self, card, options):
        """The distribution of the next rate of each file."""
        from rnnzoo.pipelines.families.rates.predictor import RatePredictor

        return RatePredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base, **options):
        """The rates of a CSV file, in any unit; for `options` see `CsvOptions`.

        Another frequency than that of the model's rates is reported.
        """
        from rnnzoo.rates.frequencies import mismatch

        rates = _read(path, options)
        if note := mismatch(rates, base, Path(path).name):
            print(note, file=sys.stderr)
        sha256 = sha256_of(rates)
        return _split(f"rates-{sha256[:16]}", sha256, rates)

    def finetune_batches(self, model, data, seed):
        """Windows of the training and the validation split."""
        train = data.rates.values[: data.ends["train"]]
        return model.windows(train, seed=seed), self.validation_batches(model, data)


def _read(path, options):
    """`Rates` of a CSV file, of which is reported how it was read."""
    from rnnzoo.datasets.rates.csv_reader import read_rates
    from rnnzoo.datasets.rates.splits import NEEDED

    rates = read_rates(path, NEEDED, **options)
    print(rates.reading, file=sys.stderr)
    return rates


def beyond_usual(gaps):
    """Gaps beyond the median one, which is above 0 in weekly, monthly, ... series.

    >>> import numpy as np
    >>> beyond_usual(np.array([0, 20, 21, 42, 20]))
    array([ 0,  0,  1, 22,  0])
    """
    return np.maximum(gaps - int(np.median(gaps)), 0)


def sha256_of(rates):
    """sha256 of dates and values."""
    lines = zip(rates.dates, rates.values.tolist(), strict=True)
    text = "".join(f"{date},{value!r}\n" for date, value in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def _loader(recipe):
    return importlib.import_module(f"rnnzoo.datasets.{recipe['builder']}.load")


def _user_path(sha256):
    return cache_dir() / "rates" / f"{sha256}.npz"


def _split(name, sha256, rates):
    from rnnzoo.datasets.rates.splits import split_rows

    ends = {split: rows.stop for split, rows in split_rows(len(rates)).items()}
    return RatesDataset(name, sha256, rates, ends)


def _rows(data, split):
    starts = dict(zip(SPLITS, [0, *data.ends.values()], strict=False))
    return slice(starts[split], data.ends[split])


def _rates(examples):
    """The `Rates` of examples."""
    pairs = [(example["date"], float(example["decimal"])) for example in examples]
    dates, values = zip(*pairs, strict=True)
    return Rates(np.array(dates, "datetime64"), np.array(values))


RATES = RatesFamily()
