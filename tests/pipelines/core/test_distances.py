"""Distances by hand-worked numbers; TensorFlow Data Validation's where it can be had."""

from collections import Counter

import numpy as np
import pytest

from rnnzoo.pipelines.core import distances
from rnnzoo.pipelines.stages.statistics_gen import FILE, write_statistics


@pytest.fixture
def statistics_of(tmp_path):
    """A function from columns to a `DatasetFeatureStatisticsList` of them."""
    from tensorflow_metadata.proto.v0 import statistics_pb2

    def written(**columns):
        write_statistics(tmp_path, "train", {"examples": 100, **columns}, {})
        content = (tmp_path / "Split-train" / FILE).read_bytes()
        return statistics_pb2.DatasetFeatureStatisticsList.FromString(content)

    return written


@pytest.fixture
def distance(statistics_of):
    """A function of two columns to what `distances.distance` returns."""

    def between(first, second):
        features = [statistics_of(x=column).datasets[0].features[0] for column in (first, second)]
        return distances.distance(*features)

    return between


def histogram(*buckets, num_nan=0):
    from tensorflow_metadata.proto.v0.statistics_pb2 import Histogram

    result = Histogram(num_nan=num_nan)
    for low, high, count in buckets:
        result.buckets.add(low_value=low, high_value=high, sample_count=count)
    return result


def test_l_infinity_is_the_largest_difference_of_a_share(distance):
    first, second = Counter(a=5, b=3, c=2), Counter(a=20, b=60, d=20)
    assert distance(first, second) == ("L-infinity", pytest.approx(0.3))  # a: 0.5 and 0.2
    assert distance(first, first) == ("L-infinity", 0)
    assert distance(Counter("a"), Counter("b")) == ("L-infinity", 1)
    assert distance(["a", "b"], ["a", "a", "a", "b"]) == ("L-infinity", 0.25)


def test_shares_are_of_all_strings_also_of_those_that_are_not_stored(distance):
    rare = [f"word {i}" for i in range(50)]
    assert distance(["a"] * 50 + rare, ["a"] * 150 + rare) == ("L-infinity", 0.25)


def test_jensen_shannon_of_equal_boundaries():
    first = histogram((0, 1, 1), (1, 2, 1))  # p = 1/2, 1/2; q = 1, 0; m = 3/4, 1/4
    second = histogram((0, 1, 7), (1, 2, 0))
    expected = (0.5 * np.log2(2 / 3) + 0.5 * np.log2(2) + np.log2(4 / 3)) / 2
    assert distances.jensen_shannon(first, second) == pytest.approx(expected)
    assert expected == pytest.approx(0.3113, abs=1e-4)
    assert distances.jensen_shannon(second, first) == pytest.approx(expected)
    assert distances.jensen_shannon(first, first) == 0


def test_histograms_are_rebinned_on_the_union_of_their_boundaries():
    # p = 1/2, 1/2, 0 and q = 0, 1/2, 1/2 on the boundaries 0, 1, 2, 3
    overlapping = distances.jensen_shannon(histogram((0, 2, 10)), histogram((1, 3, 4)))
    assert overlapping == pytest.approx(0.5)
    assert distances.jensen_shannon(histogram((0, 2, 10)), histogram((3, 4, 5))) == 1
    uneven = histogram((0, 1, 1), (1, 2, 1))
    assert distances.jensen_shannon(histogram((0, 2, 10)), uneven) == pytest.approx(0)


def test_a_constant_lies_in_a_bucket_of_the_other_histogram():
    flags = histogram((0, 0.5, 3), (0.5, 1, 1))
    assert distances.jensen_shannon(histogram((0, 0, 9)), flags) == pytest.approx(
        distances.jensen_shannon(histogram((0, 0.5, 9), (0.5, 1, 0)), flags)
    )
    top = distances.jensen_shannon(histogram((1, 1, 9)), flags)
    assert top == pytest.approx(
        distances.jensen_shannon(histogram((0, 0.5, 0), (0.5, 1, 9)), flags)
    )
    assert distances.jensen_shannon(histogram((2, 2, 9)), flags) == 1
    assert distances.jensen_shannon(histogram((2, 2, 9)), histogram((2, 2, 1))) == 0
    assert distances.jensen_shannon(histogram((2, 2, 9)), histogram((3, 3, 1))) == 1


def test_missing_values_are_a_bucket():
    half = histogram((0, 1, 5), num_nan=5)
    assert distances.jensen_shannon(half, half) == 0
    assert distances.jensen_shannon(half, histogram((0, 1, 5))) == pytest.approx(0.3113, abs=1e-4)
    assert distances.jensen_shannon(histogram(num_nan=3), histogram((0, 1, 5))) == 1


def test_distances_of_samples_fall_with_their_difference(distance):
    random = np.random.default_rng(0)
    values = random.normal(size=10_000)
    measure, near = distance(values, random.normal(size=10_000))
    assert measure == "Jensen-Shannon"
    assert near < 0.02 < 0.5 < distance(values, values + 3)[1] < 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1.0], Counter("a")),
        ([1.0], []),
        ([np.nan, np.nan], []),
        (["a passage of a book " * 9], ["another passage of it " * 9]),
    ],
    ids=["two kinds", "no values", "missing values", "free text"],
)
def test_what_cannot_be_compared_has_no_distance(distance, first, second):
    assert distance(first, second) is None


def test_statistics_of_an_earlier_version_have_no_distance():
    from tensorflow_metadata.proto.v0.statistics_pb2 import FeatureNameStatistics

    earlier = FeatureNameStatistics()
    earlier.num_stats.mean = 1
    assert distances.distance(earlier, earlier) is None


@pytest.mark.tfx
def test_distances_are_those_of_tensorflow_data_validation(needs_tfx, statistics_of):
    import tensorflow_data_validation as tfdv

    random = np.random.default_rng(0)
    first = statistics_of(
        number=random.normal(size=500),
        count=random.integers(0, 40, 300),
        letter=Counter("aabbbcd"),
        word=list("aabbbcd"),
    )
    second = statistics_of(
        number=random.normal(1, 2, 200),
        count=random.integers(5, 60, 100),
        letter=Counter("abbbbbce"),
        word=list("aaac"),
    )
    schema = tfdv.infer_schema(first)
    for feature in schema.feature:
        for comparator in (feature.drift_comparator, feature.skew_comparator):
            labels = feature.name in ("letter", "word")
            kind = comparator.infinity_norm if labels else comparator.jensen_shannon_divergence
            kind.threshold = 0.001
    anomalies = tfdv.validate_statistics(
        second, schema, previous_statistics=first, serving_statistics=first
    )
    assert len(anomalies.drift_skew_info) == 4
    columns = [{f.name: f for f in data.datasets[0].features} for data in (first, second)]
    for info in anomalies.drift_skew_info:
        (name,) = info.path.step
        _, expected = distances.distance(*(column[name] for column in columns))
        for (measured,) in (info.drift_measurements, info.skew_measurements):
            assert measured.value == pytest.approx(expected, abs=1e-9), name
