"""Drift and skew in the Anomalies protos of the stage `distributions`."""

import numpy as np
import pytest

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.stages.distribution_validator import distributions
from rnnzoo.pipelines.stages.example_validator import FILE, read_warnings
from rnnzoo.pipelines.stages.statistics_gen import write_statistics

THRESHOLDS = {"drift": 0.35, "skew": {"rate": 0.2, "letter": 0.2}}


@pytest.fixture
def anomalies_of(tmp_path):
    """A function from shifts of splits to (dict from split to `Anomalies`, warnings)."""
    from tensorflow_metadata.proto.v0 import anomalies_pb2

    def statistics(name, shifts):
        folder = tmp_path / name
        folder.mkdir()
        random = np.random.default_rng(0)
        for split, shift in zip(SPLITS, shifts, strict=True):
            rates = random.normal(shift, 1, 2000)
            letters = ["a"] * 50 + ["b"] * (50 + 50 * shift)
            columns = {"examples": 2000, "rate": rates, "letter": letters}
            write_statistics(folder, split, columns, {})
        return folder

    def anomalies(shifts, last=None):
        out = tmp_path / "out"
        out.mkdir()
        distributions.function(
            out,
            statistics=statistics("statistics", shifts),
            last_statistics=last and statistics("last", last),
            thresholds=THRESHOLDS,
        )
        contents = {split: (out / f"Split-{split}" / FILE).read_bytes() for split in SPLITS}
        protos = {k: anomalies_pb2.Anomalies.FromString(v) for k, v in contents.items()}
        return protos, read_warnings(out)

    return anomalies


def test_splits_that_are_alike_have_distances_and_no_warning(anomalies_of):
    protos, warnings = anomalies_of((0, 0, 0))
    assert warnings == []
    assert not protos["train"].drift_skew_info
    for split in ("validation", "test"):
        infos = {info.path.step[0]: info for info in protos[split].drift_skew_info}
        assert infos.keys() == {"rate", "letter"}
        (rate,), (letter,) = (infos[name].skew_measurements for name in ("rate", "letter"))
        assert 0 < rate.value < 0.02 and rate.threshold == 0.2
        assert (rate.type, letter.type) == (rate.JENSEN_SHANNON_DIVERGENCE, rate.L_INFTY)


def test_a_split_of_another_distribution_is_a_warning(anomalies_of):
    from tensorflow_metadata.proto.v0.anomalies_pb2 import AnomalyInfo

    protos, warnings = anomalies_of((0, 0, 3))
    assert not protos["validation"].anomaly_info
    assert protos["test"].anomaly_info.keys() == {"skew: rate", "skew: letter"}
    info = protos["test"].anomaly_info["skew: rate"]
    assert info.severity == AnomalyInfo.WARNING
    assert info.reason[0].type == AnomalyInfo.COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH
    assert warnings[0] == (
        "letter of test is distributed unlike train: L-infinity distance 0.3, threshold 0.2"
    )
    assert warnings[1].startswith("rate of test is distributed unlike train: Jensen-Shannon di")


def test_drift_is_of_the_training_split_from_the_version_before(anomalies_of):
    protos, warnings = anomalies_of((3, 3, 3), last=(0, 3, 3))
    assert protos["train"].anomaly_info.keys() == {"drift: rate"}
    infos = {info.path.step[0]: info for info in protos["train"].drift_skew_info}
    assert infos["letter"].drift_measurements[0].value == pytest.approx(0.3)
    (warning,) = warnings
    assert warning.startswith("rate of train is distributed unlike that of the version before: ")


def test_the_same_data_has_not_drifted(anomalies_of):
    protos, warnings = anomalies_of((1, 1, 1), last=(1, 1, 1))
    assert warnings == []
    assert {i.drift_measurements[0].value for i in protos["train"].drift_skew_info} == {0}
