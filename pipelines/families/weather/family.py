"""The family of weather forecasters: an example is a month at a place."""

import importlib
import sys

import numpy as np

from rnnzoo.datasets.common.splits import EVALUATED, SPLITS
from rnnzoo.datasets.fields.timeline import DAY
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family

GOLDEN = 731  # last days of the validation split whose outputs are golden outputs
MONTH = 30  # days of an example
SLACK = 1.01  # factor by which the error may exceed that of the version pushed before
FAR = 2  # standard deviations of training between the means of two splits that are reported


class WeatherFamily(Family):
    """See `Family`; the dataset is a `rnnzoo.pipelines.families.weather.weather_data.WeatherData`.

    The recipe's `data` is a folder of `rnnzoo.datasets` whose module `load` has
    `load_split(split)`, which returns a dict from place to `FieldSeries`, and `sources()`; its
    split `unseen` has the days of places that are not in the others.
    """

    kind = "weather"
    version = 3  # 2 was evaluated on every fifth day, 1 had another distribution of wet days
    unit = "RMSE over that of the climatology, mean over parameters and 1 to 3 days ahead"
    row_unit = "squared error over the product of both RMSE of its place, parameter and lead time"
    features = {
        "place": Feature("string"),
        "first_day": Feature("string"),
        "weather": Feature("float32", None),
    }

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's places."""
        import hashlib

        sources = _loader(recipe["data"]).sources()
        digest = hashlib.sha256("".join(source.sha256 for source in sources).encode())
        return recipe["data"], digest.hexdigest()

    def user_data(self, path, recipe, **options):
        """(name, sha256) of the weather in a file; for `options` see `read_weather`."""
        data = self._read(path, options)
        return data.name, data.sha256

    @staticmethod
    def _read(path, options):
        from rnnzoo.datasets.weather.reader import read_weather
        from rnnzoo.pipelines.families.weather.weather_data import of_user

        series = read_weather(path, **options)
        if series.note:
            print(f"{path}: {series.note}", file=sys.stderr)
        return of_user(series)

    def source(self, recipe):
        """The URLs and licences of the places."""
        sources = _loader(recipe["data"]).sources()
        return {
            "url": ", ".join(source.url for source in sources),
            "licence": "; ".join(f"{source.name}: {source.licence}" for source in sources),
        }

    def examples(self, data, data_sha256, ingest):
        """A place, a day, and the parameters (days, parameters) from then on, NaN where missing."""
        from rnnzoo.pipelines.families.weather.weather_data import stored

        own = stored(data_sha256)
        if own is None:
            parts = {split: _loader(data).load_split(split) for split in SPLITS}
        else:
            bounds = own.ends["place"]
            starts = dict(zip(SPLITS, [0, *bounds.values()], strict=False))
            parts = {
                split: {"place": own.places["place"][starts[split] : bounds[split]]}
                for split in SPLITS
            }
        return {split: _months(places) for split, places in parts.items()}

    def columns(self, read):
        """The known values of each parameter."""
        from rnnzoo.datasets.weather.parameters import PARAMETERS

        columns = {}
        for split in SPLITS:
            values = np.concatenate([example["weather"] for example in read(split)])
            columns[split] = {"examples": len(values)}
            for parameter, column in zip(PARAMETERS, values.T, strict=True):
                if not np.isnan(column).all():
                    columns[split][parameter] = column[~np.isnan(column)]
        return columns

    def checks(self, statistics, schema):
        """Parameters that never change, or have another level than in training."""
        numbers = {
            split: {name: feature.num_stats for name, feature in columns.items()}
            for split, columns in statistics.items()
        }
        for split, columns in numbers.items():
            for parameter, column in columns.items():
                if column.std_dev == 0:
                    description = f"{parameter} of {split} never changes"
                    yield Anomaly("still", split, description, split == "train")
                usual = numbers["train"].get(parameter)
                if usual is None:
                    yield Anomaly("new", split, f"{parameter} of {split} is not in train")
                elif abs(column.mean - usual.mean) > FAR * usual.std_dev:
                    description = f"the mean of {parameter} of {split} is {column.mean:.4g}"
                    yield Anomaly("level", split, f"{description}, of train {usual.mean:.4g}")

    def transform(self, read, schema):
        """The days and values of each place, in the order of the splits."""
        rows = {}
        for split in SPLITS:
            for example in read(split):
                days, values, ends = rows.setdefault(example["place"], ([], [], {}))
                first, count = np.datetime64(example["first_day"], "s"), len(example["weather"])
                days.append(first + np.arange(count) * np.timedelta64(DAY, "s"))
                values.append(example["weather"])
                ends[split] = sum(map(len, days))
        arrays = []
        for i, (days, values, _) in enumerate(rows.values()):
            arrays.append((f"days-{i}", np.concatenate(days)))
            arrays.append((f"values-{i}", np.concatenate(values)[:, None, None]))
        return {"places": {place: ends for place, (_, _, ends) in rows.items()}}, arrays

    def dataset(self, transformed):
        """The `WeatherData`."""
        from rnnzoo.datasets.fields.series import FieldSeries
        from rnnzoo.datasets.weather.parameters import PARAMETERS
        from rnnzoo.pipelines.families.weather.weather_data import WeatherData

        about = transformed.about
        places = {
            place: FieldSeries(
                np.array(transformed.array(f"days-{i}")),
                np.array(transformed.array(f"values-{i}")),
                list(PARAMETERS),
            )
            for i, place in enumerate(about["places"])
        }
        return WeatherData(about["name"], about["sha256"], places, about["places"])

    # Training

    def build(self, name, recipe, data):
        """A `WeatherForecaster` whose readout is initialised by least squares."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.datasets.weather.parameters import PARAMETERS
        from rnnzoo.weather.forecaster import WeatherForecaster

        model = WeatherForecaster(
            {parameter: about.scale for parameter, about in PARAMETERS.items()},
            recurrent_layers(name, recipe),
            name=name.replace("-", "_"),
            linear=recipe["linear"],
            dropout=recipe["dropout"],
        )
        return model.fit_fields(data.series("train"), ridge=recipe["ridge"])

    def batches(self, recipe, data, seed, first_epoch):
        """`PlaceWindows` of the training split, of eight years."""
        from rnnzoo.weather.batches import PlaceWindows
        from rnnzoo.weather.season import LENGTH

        return PlaceWindows(
            [series.values for series in data.series("train")],
            LENGTH,
            2 * LENGTH,
            batch_size=recipe["batch_size"],
            seed=seed,
            first_epoch=first_epoch,
        )

    def validation_batches(self, model, data):
        """The validation split of each place after its history."""
        from rnnzoo.weather.batches import PlaceSpans

        series = [series.values for series in data.series("validation")]
        return PlaceSpans(series, data.starts("validation"), model.reach)

    def loss(self, recipe):
        """Squared errors in units of deviations from the season."""
        from rnnzoo.datasets.weather.parameters import PARAMETERS
        from rnnzoo.weather.loss import DeviationError

        return DeviationError({name: about.scale for name, about in PARAMETERS.items()})

    def callbacks(self, data, folder, every):
        """Truth and prediction of parameters of the validation split, as images."""
        from rnnzoo.weather.weather_log import WeatherLog

        values, start = data.series("validation")[0].values, data.starts("validation")[0]
        return [WeatherLog(folder, values, start, every)]

    def after_fit(self, model, data):
        """Estimates the errors of predictions on the validation split."""
        model.calibrate(data.series("validation"), data.starts("validation"))

    # Evaluation

    def figure(self, model, data, split):
        """The mean of `relative_error` over the stations."""
        from rnnzoo.weather.evaluation import mean_figure, model_rows

        return mean_figure([model_rows(model, test) for test in self._tests(data, split)])

    def evaluation_rows(self, model, data):
        """Squared errors one to three days ahead by place, parameter, lead time and season."""
        from rnnzoo.weather.slices import rows

        for split in EVALUATED:
            times = [series.times for series in data.series(split)]
            yield from rows(split, model, self._tests(data, split), times)

    def evaluate(self, models, data, recipe):
        """Models and the baselines of `rnnzoo.baselines.weather`."""
        from rnnzoo.pipelines.families.weather.weather_data import OWN
        from rnnzoo.weather.evaluation import evaluate

        tests = {split: self._tests(data, split) for split in EVALUATED}
        if recipe and not data.name.startswith(OWN):
            tests["unseen"] = self._unseen(data)
        return evaluate(models(), tests, trained=recipe is not None)

    @staticmethod
    def _tests(data, split):
        from rnnzoo.weather.place_test import PlaceTest

        parts = zip(data.places, data.series(split), data.starts(split), strict=True)
        return [
            PlaceTest(place, series.values[:, 0, 0], start, data.ends[place]["train"])
            for place, series, start in parts
        ]

    @staticmethod
    def _unseen(data):
        """Places of no other split; what is fitted to them is fitted to days before the test."""
        from rnnzoo.weather.place_test import PlaceTest

        load = _loader(data.name)
        tests = []
        for place, series in load.load_split("unseen").items():
            start = int(np.searchsorted(series.times, np.datetime64(load.first_test_day())))
            tests.append(PlaceTest(place, series.values[:, 0, 0], start, start))
        return tests

    def baseline_figures(self, baselines):
        """`relative_error` of each."""
        return {
            name: {split: rows[split]["relative"] for split in EVALUATED}
            for name, rows in baselines.items()
        }

    def limit(self, last):
        """1% above the last version's."""
        return last * SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """The last days (1, days, 1, 1, parameters) of the validation split of the first place."""
        return data.series("validation")[0].values[None, -GOLDEN:].copy()

    def random_inputs(self, model, seed=0):
        """Days (1, days, 1, 1, parameters) in the middle of the physical ranges; little rain."""
        from rnnzoo.datasets.weather.parameters import PARAMETERS

        random = np.random.default_rng(seed)
        low, high = np.array([(PARAMETERS[name].low, PARAMETERS[name].high)
                              for name in model.parameters]).T  # fmt: skip
        days = (low + high) / 2 + (high - low) * random.normal(0, 0.02, (GOLDEN, len(low)))
        rain = [scale == "rain" for scale in model.basis.cells.scales.values()]
        days[:, rain] = random.exponential(5.0, (GOLDEN, sum(rain)))
        return days[None, :, None, None].astype("float32")

    def question(self, model, data):
        """A history; compared are the quantiles of the next day, relative to the largest."""
        from rnnzoo.fields.basis import LEVELS
        from rnnzoo.pipelines.families.weather.signatures import MISSING
        from rnnzoo.weather.gaps import has_ended

        days = self.golden_inputs(model, data)
        days[:, :, has_ended(days[0])] = np.nan
        u = model.basis.on_scale(np.asarray(model(days))[:, -1])
        known = np.asarray(model.basis.is_known(u))[..., None]
        expected = np.where(known, np.asarray(model.basis.at_levels(u, LEVELS)), MISSING)
        largest = np.abs(np.where(known, expected, 0)).max()
        request = np.nan_to_num(days[:, :, 0, 0], nan=MISSING).tolist()
        return request, lambda got: np.abs(got["quantiles"][:, 0] - expected).max() / largest

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.weather.signatures`."""
        from rnnzoo.pipelines.families.weather.signatures import endpoints

        return endpoints(model)

    def describe(self, model, data):
        """Inputs, outputs, parameters and levels."""
        from rnnzoo.fields.basis import LEVELS

        return {
            "input": f"float32 days (batch, days, 1, 1, {len(model.parameters)}), NaN if missing",
            "output": "float32 predictions of the cells of the next day, and their units "
            f"(batch, days, 1, 1, {2 * model.basis.rank})",
            "parameters": model.parameters,
            "levels": list(LEVELS),
        }

    def describe_data(self, data):
        """The days of the splits of each place."""
        places = {}
        for place, series in data.places.items():
            ends = [0, *data.ends[place].values()]
            days = series.times.astype("datetime64[D]").astype(str)
            places[place] = {
                split: {"days": after - before, "from": days[before], "to": days[after - 1]}
                for split, before, after in zip(SPLITS, ends, ends[1:], strict=False)
            }
        return {"places": places}

    def predictor(self, card, options):
        """The days after each file."""
        from rnnzoo.pipelines.families.weather.predictor import WeatherPredictor

        return WeatherPredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base, **options):
        """The weather of a file; for `options` see `read_weather`."""
        return self._read(path, options)

    def adapt(self, model, data):
        """A copy of the model: its seasons are those of any place."""
        return model.with_fields(data.series("test")[0])

    def finetune_batches(self, model, data, seed):
        """Windows of the training and the validation split."""
        return model.windows(data.series("train"), seed=seed), self.validation_batches(model, data)


def _loader(name):
    return importlib.import_module(f"rnnzoo.datasets.{name}.load")


def _months(places):
    for place, series in places.items():
        for first in range(0, len(series), MONTH):
            part = series[first : first + MONTH]
            day = str(part.times[0].astype("datetime64[D]"))
            yield {"place": place, "first_day": day, "weather": part.values[:, 0, 0]}


WEATHER = WeatherFamily()
