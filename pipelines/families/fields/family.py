"""The family of field forecasters: an example is the field of one time step."""

import importlib
import sys

import numpy as np

from rnnzoo.datasets.common.splits import EVALUATED, SPLITS
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family

GOLDEN = 30  # last fields of the validation split whose outputs are golden outputs
SLACK = 1.01  # factor by which the error may exceed that of the version pushed before
LEVEL = 3  # factor between the mean of a split and that of training that is reported
HIGHEST = 10  # a value is reported that is so many times the highest of training


class FieldFamily(Family):
    """See `Family`; the dataset is a `rnnzoo.pipelines.families.fields.field_data.FieldData`.

    The recipe's `data` is a folder of `rnnzoo.datasets` whose module `load` has
    `load_split(split)`, which returns `FieldSeries`, `source()`, and, of counts, `later_test()`: a
    name, and two splits after the test split, of which the second is a further test and the first
    its history.
    """

    kind = "fields"
    unit = "RMSE one step ahead"
    row_unit = "squared error one step ahead"
    features = {"time": Feature("string"), "field": Feature("float32", None)}

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's fields.

        Raises:
            InputError: the extra that the evaluation needs is not installed; raised before any
                work.
        """
        _check_extra(recipe)
        return recipe["data"], _loader(recipe["data"]).source().sha256

    def user_data(self, path, recipe, **options):
        """(name, sha256) of the fields in a file; for `options` see `read_fields`."""
        _check_extra(recipe)
        data = self._read(path, options)
        return data.name, data.sha256

    @staticmethod
    def _read(path, options):
        from rnnzoo.datasets.fields.reader import read_fields
        from rnnzoo.pipelines.families.fields.field_data import of_user

        series = read_fields(path, **options)
        if series.interpolated:
            print(f"{path}: {series.interpolated}", file=sys.stderr)
        return of_user(series)

    def source(self, recipe):
        """The URL and licence of the fields."""
        source = _loader(recipe["data"]).source()
        return {"url": source.url, "licence": source.licence}

    def examples(self, data, data_sha256, ingest):
        """A time, and its field (height, width, channels), NaN outside the region."""
        from rnnzoo.pipelines.families.fields.field_data import stored

        own = stored(data_sha256)
        if own is None:
            load = _loader(data).load_split
            parts = {split: load(split) for split in SPLITS}
        else:
            parts = {split: own.series[own.rows(split)] for split in SPLITS}
        return {
            split: (
                {"time": str(time), "field": field}
                for time, field in zip(part.times, part.values, strict=True)
            )
            for split, part in parts.items()
        }

    def columns(self, read):
        """`mean` and `highest` of each field; `still`, 0 or 1: whether it is that before it."""
        columns, last = {}, None
        for split in SPLITS:
            means, highest, still = [], [], []
            for example in read(split):
                field = example["field"]
                means.append(float(np.nanmean(field)))
                highest.append(float(np.nanmax(field)))
                still.append(float(last is not None and np.array_equal(field, last, True)))
                last = field
            columns[split] = {
                "examples": len(means), "mean": means, "highest": highest, "still": still,
            }  # fmt: skip
        return columns

    def checks(self, statistics, schema):
        """Fields that never change, and splits on another level than that of training."""
        numbers = {
            split: {name: feature.num_stats for name, feature in columns.items()}
            for split, columns in statistics.items()
        }
        train = numbers["train"]
        for split, columns in numbers.items():
            if columns["still"].mean > 0.5:
                description = f"{columns['still'].mean:.0%} of the fields of {split} repeat the one"
                never = columns["mean"].std_dev == 0
                yield Anomaly("still", split, f"{description} before", never and split == "train")
            ratio = abs(columns["mean"].mean) / max(abs(train["mean"].mean), 1e-12)
            if train["mean"].min < 0:  # values with a sign have no ratios
                away = abs(columns["mean"].mean - train["mean"].mean)
                if away > LEVEL * train["mean"].std_dev:
                    description = f"the mean of {split} is {away:.3g} from that of training"
                    yield Anomaly("level", split, description)
            elif not 1 / LEVEL < ratio < LEVEL:
                description = f"the mean of {split} is {ratio:.2g} times that of training"
                yield Anomaly("level", split, description)
            if columns["highest"].max > HIGHEST * abs(train["highest"].max):
                description = f"{split} has the value {columns['highest'].max:g}, training at most"
                yield Anomaly("high", split, f"{description} {train['highest'].max:g}")

    def transform(self, read, schema):
        """`times` and `values` of all splits; the model scales and compresses them itself."""
        times, fields, ends = [], [], {}
        for split in SPLITS:
            for example in read(split):
                times.append(example["time"])
                fields.append(example["field"])
            ends[split] = len(times)
        arrays = [("times", np.array(times, "datetime64[s]")), ("values", np.stack(fields))]
        return {"ends": ends}, arrays

    def dataset(self, transformed):
        """The `FieldData`."""
        from rnnzoo.pipelines.families.fields.field_data import FieldData

        values = np.array(transformed.array("values"))
        channels = list(map(str, range(values.shape[-1])))
        series = FieldSeries(np.array(transformed.array("times")), values, channels)
        about = transformed.about
        return FieldData(about["name"], about["sha256"], series, about["ends"])

    # Training

    def build(self, name, recipe, data):
        """A `FieldForecaster` with the SVD of the training fields, initialised."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.fields.forecaster import FieldForecaster

        keys = ("rank", "scale", "linear", "dropout", "trend")
        model = FieldForecaster(
            data.series.values.shape[1:],
            data.series.step,
            recurrent_layers(name, recipe),
            name=name.replace("-", "_"),
            **{key: recipe[key] for key in keys if key in recipe},
        )
        if recipe["initialization"] == "random":
            model.basis.fit_fields(data.train.values)
            return model
        return model.fit_fields(
            data.train,
            ridge=recipe["ridge"],
            iterations=recipe["iterations"],
            prior=recipe.get("prior", "zero"),  # experiments have settings from before
        )

    def batches(self, recipe, data, seed, first_epoch):
        """`FieldWindows` of the training split, of eight weeks."""
        from rnnzoo.datasets.fields.timeline import WEEK
        from rnnzoo.fields.batches import windows_after_history
        from rnnzoo.fields.history import WEEKS

        return windows_after_history(
            data.train.values,
            WEEKS * WEEK // data.series.step,
            batch_size=recipe["batch_size"],
            seed=seed,
            first_epoch=first_epoch,
        )

    def validation_batches(self, model, data):
        """The validation split as one window, after its history."""
        from rnnzoo.fields.batches import FieldWindows

        series, start = data.held_out["validation"]
        begin = max(0, start - model.reach)
        values = series.values[begin:]
        return FieldWindows(values, len(values), start - begin - 1, 1, shuffle=False)

    def loss(self, recipe):
        """Squared errors relative to squared values."""
        from rnnzoo.fields.loss import NoiseToSignal

        return NoiseToSignal()

    def fit(self, name, recipe, data, seed, work, build=None):
        """See `Family.fit`; without epochs, the initial model, compiled."""
        if recipe["epochs"]:
            return super().fit(name, recipe, data, seed, work, build)
        import keras

        keras.utils.set_random_seed(seed)
        return (build() if build else self.build(name, recipe, data)).compile_default()

    def history(self, recipe, work, seed):
        """See `Family.history`; without epochs, no rows."""
        return super().history(recipe, work, seed) if recipe["epochs"] else []

    def callbacks(self, data, folder, every):
        """Truth, prediction and error of fields of the validation split, as images."""
        from rnnzoo.fields.field_log import FieldLog

        series, start = data.held_out["validation"]
        return [FieldLog(folder, series.values, start, every)]

    def after_fit(self, model, data):
        """Estimates the errors of predictions on the validation split."""
        model.calibrate(*data.held_out["validation"])

    # Evaluation

    def figure(self, model, data, split):
        """Root mean square error."""
        from rnnzoo.fields.evaluation import figure

        series, start = data.held_out[split]
        return figure(model, series.values, start)

    def evaluation_rows(self, model, data):
        """Squared errors by hour, weekend, season, channel and level of the cell."""
        from rnnzoo.fields.slices import rows

        for split, (series, start) in data.held_out.items():
            yield from rows(split, model, series, start, data.rows("validation"))

    def figure_of(self, mean_loss):
        """The root of a mean squared error."""
        return mean_loss**0.5

    def evaluate(self, models, data, recipe):
        """Models and baselines: of counts `rnnzoo.baselines.fields`, one step ahead; of others
        `rnnzoo.baselines.seasonal_fields`, one step and one day ahead.
        """
        from rnnzoo.fields import evaluation, lead_times
        from rnnzoo.pipelines.families.fields.field_data import OWN

        models, trained = models(), recipe is not None
        if next(iter(models.values())).basis.scale == "none":
            return lead_times.evaluate(models, data, trained)
        later = None
        if recipe and not data.name.startswith(OWN):
            name, before, after = _loader(data.name).later_test()
            load = _loader(data.name).load_split
            later = (name, load(f"{before}+{after}"), len(load(before)))
        return evaluation.evaluate(models, data, later, trained)

    def baseline_figures(self, baselines):
        """Root mean square errors."""
        return {
            name: {split: rows[split]["rmse"] for split in EVALUATED}
            for name, rows in baselines.items()
        }

    def limit(self, last):
        """1% above the last version's."""
        return last * SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """The last fields (1, time, height, width, channels) of the validation split."""
        series, _ = data.held_out["validation"]
        return np.nan_to_num(series.values[None, -GOLDEN:])

    def random_inputs(self, model, seed=0):
        """Poisson counts (1, time, height, width, channels)."""
        random = np.random.default_rng(seed)
        return random.poisson(5.0, (1, GOLDEN, *model.size)).astype("float32")

    def question(self, model, data):
        """A history; compared are the means of the next field, relative to the largest."""
        inputs = self.golden_inputs(model, data)
        u = self._last_on_scale(model, inputs)
        expected = np.asarray(model.basis.grid(model.basis.means(u)))
        largest = max(float(np.abs(expected).max()), 1e-6)
        return inputs.tolist(), lambda got: np.abs(got["mean"] - expected).max() / largest

    @staticmethod
    def _last_on_scale(model, inputs):
        return model.basis.on_scale(np.asarray(model(inputs))[:, -1])

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.fields.signatures`."""
        from rnnzoo.pipelines.families.fields.signatures import endpoints

        return endpoints(model)

    def describe(self, model, data):
        """Inputs, outputs, size, step and rank."""
        from rnnzoo.fields.basis import LEVELS

        height, width, channels = model.size
        shape = f"(batch, time, {height}, {width}, {channels})"
        return {
            "input": f"float32 fields {shape}, in raw units, every {model.step_seconds} s",
            "output": f"float32 predictions of the next field {shape}",
            "size": [height, width, channels],
            "step_seconds": model.step_seconds,
            "rank": model.basis.rank,
            "levels": list(LEVELS),
        }

    def describe_data(self, data):
        """The times of the splits, and the number of cells inside the region."""
        splits = {}
        for split in SPLITS:
            times = data.series.times[data.rows(split)]
            splits[split] = {"steps": len(times), "from": str(times[0]), "to": str(times[-1])}
        return {"splits": splits, "cells": int(data.series.mask.sum())}

    def predictor(self, card, options):
        """The fields after each file."""
        from rnnzoo.pipelines.families.fields.predictor import FieldPredictor

        return FieldPredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base, **options):
        """The fields of a file, of any size; for `options` see `read_fields`."""
        return self._read(path, options)

    def adapt(self, model, data):
        """The model with the SVD of the user's fields."""
        return model.with_fields(data.train)

    def finetune_batches(self, model, data, seed):
        """Windows of the training and the validation split."""
        train = model.windows(data.train, seed=seed)
        return train, self.validation_batches(model, data)


def _check_extra(recipe):
    """Of counts, boosted trees are among the baselines."""
    from rnnzoo.baselines.fields import check_extra

    if recipe.get("scale") != "none":
        check_extra()


def _loader(name):
    return importlib.import_module(f"rnnzoo.datasets.{name}.load")


FIELDS = FieldFamily()
