"""The stages from daily rates to what a model is trained on.

examples      ExampleGen: the days of each split as TFRecord
statistics    StatisticsGen: how many, how high, how moving and how whole, a Statistics proto
schema        SchemaGen: what a rate may be, a Schema proto
anomalies     ExampleValidator: what is odd about the splits, an Anomalies proto
transformed   Transform: an array of all splits, and where each begins
"""

import json

import numpy as np

from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.rates.csv_reader import WRONG_UNIT
from rnnzoo.datasets.rates.series import Rates, weekdays_between
from rnnzoo.datasets.rates.splits import split_rows
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.stages.anomalies import Anomalies
from rnnzoo.pipelines.stages.number_statistics import read_numbers, write_numbers
from rnnzoo.pipelines.stages.schema_file import read_schema, write_schema

# Weekdays of a month: so many without a rate are no holidays.
MONTH = 20

# Of a split against training: how many times as high its highest rate, as wild its returns.
HIGHER, WILDER = 10, 5

# A rate that does not move on so many of its days is held, or was filled in.
STILL = 0.5


def given_rates_path(sha256):
    """Where a user's own rates are kept for the stages, by the sha256 of dates and values."""
    return cache_dir() / "rates" / f"{sha256}.npz"


@stage(version=1)
def examples(out, *, data, data_sha256):
    """Writes `<split>.tfrecord`: a `tf.train.Example` a day, of `date` and `rate` (float64 bytes).

    The rate keeps all its digits, which float32 would not.
    """
    import tensorflow as tf

    from rnnzoo.datasets.usdinr.load import load_usdinr

    given = given_rates_path(data_sha256)
    if given.is_file():
        with np.load(given, allow_pickle=False) as kept:
            rates = Rates(kept["dates"], kept["values"])
        parts = {split: rates[rows] for split, rows in split_rows(len(rates)).items()}
    else:
        parts = {split: load_usdinr(data, split) for split in SPLITS}

    def feature(value):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))

    for split, rates in parts.items():
        with tf.io.TFRecordWriter(str(out / f"{split}.tfrecord")) as writer:
            for date, value in zip(rates.dates, rates.values, strict=True):
                day = {"date": feature(str(date).encode()), "rate": feature(value.tobytes())}
                features = tf.train.Features(feature=day)
                writer.write(tf.train.Example(features=features).SerializeToString())


def read_split(folder, split):
    """The `Rates` of a split that `examples` wrote."""
    import tensorflow as tf

    dates, values = [], []
    for record in tf.data.TFRecordDataset(str(folder / f"{split}.tfrecord")):
        features = tf.train.Example.FromString(record.numpy()).features.feature
        dates.append(features["date"].bytes_list.value[0].decode())
        values.append(features["rate"].bytes_list.value[0])
    return Rates(np.array(dates, "datetime64[D]"), np.frombuffer(b"".join(values), "float64"))


@stage(version=1)
def statistics(out, *, examples):
    """Writes `statistics.binpb`, a `DatasetFeatureStatisticsList` with a data set a split.

    The feature `rate` has the rates, `return` their log returns, `step` the absolute ones, `still`
    whether a rate is that of the day before, `gap` the weekdays without a rate before a day, and
    `repeated` whether a date is there already, in the split or in one before it.
    """
    found, last, seen = {}, None, set()
    for split in SPLITS:
        rates = read_split(examples, split)
        # With the last day before it, so that what happens between two splits is seen too.
        dates = rates.dates if last is None else np.concatenate([last.dates, rates.dates])
        values = rates.values if last is None else np.concatenate([last.values, rates.values])
        with np.errstate(divide="ignore", invalid="ignore"):
            returns = np.diff(np.log(values))
        repeated = []
        for date in rates.dates.tolist():
            repeated.append(float(date in seen))
            seen.add(date)
        columns = {
            "rate": rates.values,
            "return": returns,
            "step": np.abs(returns),
            "still": (returns == 0).astype(float),
            "gap": weekdays_between(np.sort(dates)),
            "repeated": repeated,
        }
        found[split] = len(rates), columns
        last = rates[-1:]
    write_numbers(out, found)


@stage(version=1)
def schema(out, *, statistics):
    """Writes `schema.pbtxt`: one rate a day, above 0, at most ten times the highest of training."""
    from tensorflow_metadata.proto.v0 import schema_pb2

    train = read_numbers(statistics)["train"]
    result = schema_pb2.Schema()
    rate = result.feature.add(name="rate", type=schema_pb2.FLOAT)
    rate.presence.min_fraction = 1.0
    rate.shape.dim.add(size=1)
    rate.float_domain.min = float(np.finfo("float32").tiny)
    rate.float_domain.max = HIGHER * train["rate"].max
    rate.float_domain.disallow_nan = True
    date = result.feature.add(name="date", type=schema_pb2.BYTES)
    date.presence.min_fraction = 1.0
    write_schema(out, result)


def read_domain(folder):
    """(least, most) that a rate may be by a schema."""
    domain = read_schema(folder).feature[0].float_domain
    return domain.min, domain.max


@stage(version=1)
def anomalies(out, *, statistics, schema):
    """Writes `anomalies.pbtxt`; an error among them ends the pipeline, a warning does not.

    Raises:
        InputError: an error, in its own words.
    """
    (least, most), found = read_domain(schema), Anomalies()
    splits = read_numbers(statistics)
    for split, features in splits.items():
        rate, step = features["rate"], features["step"]
        if not rate.min >= least:
            found.error(f"zero/{split}", f"{split} has the rate {rate.min:g}: give rates above 0")
        if features["repeated"].max:
            found.error(f"twice/{split}", f"{split} has a date twice: give each date once")
        if not step.max < np.log(WRONG_UNIT):
            description = f"{split} has a step by a factor of {np.exp(step.max):.3g}"
            found.error(f"unit/{split}", f"{description}: give the whole series in one unit")
        if step.max == 0:
            description = f"in {split} the rate never moves: there is nothing to learn"
            (found.error if split == "train" else found.warning)(f"still/{split}", description)
        elif features["still"].mean > STILL:
            description = f"the rate does not move on {features['still'].mean:.0%} of the days of"
            found.warning(f"still/{split}", f"{description} {split}: it was held, or filled in")
        if features["gap"].max >= MONTH:
            days = int(features["gap"].max)
            found.warning(f"gap/{split}", f"{split} has a gap of {days} weekdays: a month missing")
        if rate.max > most:
            description = f"{split} has rates up to {rate.max:g}, training has"
            found.warning(f"level/{split}", f"{description} {splits['train']['rate'].max:g}")
        wild = features["return"].std_dev / max(splits["train"]["return"].std_dev, 1e-12)
        if split != "train" and not 1 / WILDER < wild < WILDER:
            description = f"the volatility of {split} is {wild:.2g} times that of training"
            found.warning(f"volatility/{split}", f"{description}: another market")
    found.write(out)


@stage(version=1)
def transformed(out, *, data, data_sha256, examples, anomalies):
    """Writes `values.npy` and `dates.npy` of all splits, and `data.json`: name, sha256, places.

    Nothing is scaled here: the model does that itself, so that its export takes raw rates.
    """
    parts = [read_split(examples, split) for split in SPLITS]
    np.save(out / "values.npy", np.concatenate([one.values for one in parts]))
    np.save(out / "dates.npy", np.concatenate([one.dates for one in parts]))
    ends = np.cumsum([len(one) for one in parts]).tolist()
    about = {"name": data, "sha256": data_sha256, "ends": dict(zip(SPLITS, ends, strict=True))}
    (out / "data.json").write_text(json.dumps(about), encoding="utf-8")


def read_about(folder):
    """dict `name`, `sha256`, and `ends`: dict from split to the row after its last."""
    return json.loads((folder / "data.json").read_text(encoding="utf-8"))


def read_rates_of(folder):
    """The `Rates` of all splits, one after the other, that `transformed` wrote."""
    dates, values = (
        np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("dates", "values")
    )
    return Rates(dates, values)
