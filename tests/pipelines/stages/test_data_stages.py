"""Statistics, schema and anomalies of a family whose data is known."""

from collections import Counter

import numpy as np
import pytest

from rnnzoo import families
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages import statistics_gen
from rnnzoo.pipelines.stages.example_validator import read_warnings
from rnnzoo.pipelines.stages.schema_gen import feature_of, read_schema
from rnnzoo.pipelines.stages.statistics_gen import label_counts, read_statistics

VALUES = {"train": [1.0, 2.0, 4.0], "validation": [5.0], "test": [9.0, 3.0]}


class Numbers(Family):
    """Numbers with a letter each; 9 is too high, and 13 an error."""

    kind = "numbers"
    features = {"value": Feature("float32"), "pair": Feature("int64", (2,))}
    values = VALUES

    def examples(self, data, data_sha256, ingest):
        return {
            split: [{"value": value + ingest["add"], "pair": [1, 2]} for value in values]
            for split, values in self.values.items()
        }

    def columns(self, read):
        columns = {}
        for split in VALUES:
            values = [example["value"] for example in read(split)]
            letters = ["b" if value > 2 else "a" for value in values]
            columns[split] = {
                "examples": len(values),
                "value": values,
                "letter": Counter(letters),
                "word": letters,
            }
        return columns

    def constrain(self, schema, statistics):
        most = statistics["train"]["value"].num_stats.max
        feature_of(schema, "value").float_domain.max = 2 * most

    def checks(self, statistics, schema):
        most = feature_of(schema, "value").float_domain.max
        for split, columns in statistics.items():
            if columns["value"].num_stats.max > most:
                yield Anomaly("high", split, f"{split} is high")
            if columns["value"].num_stats.max > 12:
                yield Anomaly("higher", split, f"{split} is too high", error=True)

    def transform(self, read, schema):
        assert schema.feature[0].name == "value"
        return {"unit": "m"}, [(split, [e["value"] for e in read(split)]) for split in VALUES]


@pytest.fixture
def stages(data_stages):
    families.register(families.FamilyEntry("Numbers", object, Numbers(), str))
    yield lambda add=0.0, **settings: data_stages("Numbers", "n", "ab", {"add": add}, **settings)
    families.unregister("Numbers")


@pytest.fixture
def statistics_of(tmp_path):
    """A function from columns to the `FeatureNameStatistics` that are written of them, a dict."""

    def written(**columns):
        for split in VALUES:
            statistics_gen.write_statistics(tmp_path, split, {"examples": 5, **columns}, {})
        return read_statistics(tmp_path)["train"]

    return written


def test_numbers_have_a_histogram_and_quantiles(statistics_of):
    from tensorflow_metadata.proto.v0.statistics_pb2 import Histogram

    values = np.array([0, 1, np.nan, 2, np.inf, 9, 10])
    stats = statistics_of(value=values)["value"].num_stats
    standard, quantiles = stats.histograms
    assert (standard.type, quantiles.type) == (Histogram.STANDARD, Histogram.QUANTILES)
    assert (standard.num_nan, standard.num_undefined, stats.num_zeros) == (1, 1, 1)
    assert [bucket.sample_count for bucket in standard.buckets] == [1, 1, 1, *[0] * 6, 2]
    assert (standard.buckets[0].low_value, standard.buckets[-1].high_value) == (0, 10)
    limits = np.quantile([0, 1, 2, 9, 10], np.linspace(0, 1, 11))
    np.testing.assert_allclose([bucket.low_value for bucket in quantiles.buckets], limits[:-1])
    np.testing.assert_allclose([bucket.high_value for bucket in quantiles.buckets], limits[1:])
    assert {bucket.sample_count for bucket in quantiles.buckets} == {0.5}
    assert stats.median == 2


def test_a_column_without_finite_values_has_an_empty_histogram(statistics_of):
    stats = statistics_of(value=[np.nan, np.nan])["value"].num_stats
    (standard,) = stats.histograms
    assert (standard.num_nan, len(standard.buckets)) == (2, 0)


def test_the_most_frequent_strings_are_stored_and_free_text_is_not(statistics_of):
    words = ["b", "b", "a", *(f"word {i}" for i in range(100))]
    columns = statistics_of(word=words, text=["a passage of a book " * 9, "b"], letter=["b", "a"])
    assert list(label_counts(columns["word"]))[:3] == ["b", "a", "word 0"]
    assert len(label_counts(columns["word"])) == statistics_gen.MOST
    assert columns["word"].string_stats.unique == 102
    assert label_counts(columns["text"]) == {}
    assert label_counts(columns["letter"]) == {"a": 1, "b": 1}


def test_all_labels_of_a_counter_are_stored(statistics_of):
    counts = Counter({chr(500 + i): i + 1 for i in range(300)})
    assert label_counts(statistics_of(character=counts)["character"]) == counts


def test_statistics_of_numbers_and_of_labels(stages):
    train = read_statistics(stages()["statistics"])["train"]
    value = train["value"].num_stats
    assert (value.min, value.max, value.mean) == (1.0, 4.0, pytest.approx(7 / 3))
    assert value.std_dev == pytest.approx((14 / 9) ** 0.5)
    assert value.common_stats.num_non_missing == 3
    assert label_counts(train["letter"]) == {"a": 2, "b": 1}
    assert train["letter"].string_stats.unique == 2
    assert train["word"].string_stats.avg_length == 1
    assert label_counts(train["word"]) == {"a": 2, "b": 1}


def test_the_schema_has_types_shapes_and_the_domains_of_the_family(stages):
    from tensorflow_metadata.proto.v0 import schema_pb2

    schema = read_schema(stages()["schema"])
    value, pair = feature_of(schema, "value"), feature_of(schema, "pair")
    assert (value.type, pair.type) == (schema_pb2.FLOAT, schema_pb2.INT)
    assert ([dim.size for dim in value.shape.dim], [dim.size for dim in pair.shape.dim]) == (
        [1],
        [2],
    )
    assert value.presence.min_fraction == 1.0
    assert value.float_domain.max == 8.0


def test_a_warning_is_kept_and_an_error_ends_the_pipeline(stages):
    assert read_warnings(stages()["anomalies"]) == ["test is high"]
    with pytest.raises(InputError, match="^test is too high$"):
        stages(add=4.0)


def test_what_is_trained_on_has_its_name_and_digest(stages):
    transformed = Transformed(stages()["transformed"])
    assert transformed.about == {"name": "n", "sha256": "ab", "unit": "m"}
    assert transformed.array("test").tolist() == [9.0, 3.0]


def test_a_split_without_examples_is_refused(stages, monkeypatch):
    monkeypatch.setattr(Numbers, "values", {**VALUES, "test": []})
    with pytest.raises(InputError, match="test of n has no example: give more numbers"):
        stages(last="examples")


def test_the_layout_is_that_of_tfx(stages):
    folders = stages()
    files = {
        "examples": "data_tfrecord-00000-of-00001.gz",
        "statistics": "FeatureStats.pb",
        "anomalies": "SchemaDiff.pb",
    }
    for stage, file in files.items():
        paths = sorted(path.relative_to(folders[stage]) for path in folders[stage].glob("*/*"))
        assert [path.as_posix() for path in paths] == [
            f"Split-{split}/{file}" for split in ("test", "train", "validation")
        ]
    assert (folders["schema"] / "schema.pbtxt").is_file()
