"""Sections of runs that are written by hand: caps, escapes, what is not there."""

import csv
import json
from collections import Counter

import numpy as np
import pytest

from rnnzoo.pipelines.core.stage_run import MADE, StageRun
from rnnzoo.pipelines.report.curves_section import curves
from rnnzoo.pipelines.report.evaluation_section import evaluation
from rnnzoo.pipelines.report.lineage_section import lineage
from rnnzoo.pipelines.report.page import report_page
from rnnzoo.pipelines.report.run import PUSHED, Run
from rnnzoo.pipelines.report.statistics_section import COLUMNS, LABELS, statistics
from rnnzoo.pipelines.stages.statistics_gen import write_statistics

SPLITS = ("train", "validation", "test")
EVIL = '</svg><script>"\x07\u202e'


@pytest.fixture
def run_with():
    """A function from folders of artifacts, by stage, to a run that has them."""

    def run(card=None, history=(), **folders):
        stages = [
            StageRun(stage, 1, {EVIL: EVIL * 200}, {}, MADE, 1.0, "ab" * 32, folder)
            for stage, folder in folders.items()
        ]
        fields = {"name": "m", "task": "TextGenerator", "title": EVIL, "version": 1}
        return Run({**fields, **(card or {})}, stages, PUSHED, EVIL, list(history), None)

    return run


def test_thousands_of_columns_and_labels_are_capped(tmp_path, run_with, checked_page):
    random = np.random.default_rng(0)
    columns = {f"column {i}": random.normal(size=4) for i in range(2000)}
    labels = Counter({f"{EVIL}{i}" * 20: 10_000 - i for i in range(5000)})
    for split in SPLITS:
        write_statistics(tmp_path, split, {"examples": 4, EVIL: labels, **columns}, {})
    run = run_with(statistics=tmp_path)
    section = statistics(run)
    assert f"... and {5000 - LABELS} more values" in section
    assert f"... and {2001 - COLUMNS} more columns" in section
    assert len(section) < 600_000
    page = checked_page(report_page(run))
    assert page.count["svg"] == COLUMNS + 1, "and the lineage"


def test_columns_without_values_or_of_one_value(tmp_path, run_with, checked_page):
    columns = {
        "constant": np.full(5, 7.0),
        "nothing": np.empty(0),
        "nan": np.full(3, np.nan),
        "infinite": np.array([0.0, np.inf, -1e308, 1e308]),
        "huge": np.array([1e300, 2e300]),
        "labels": [],
    }
    for split in SPLITS:
        write_statistics(tmp_path, split, {"examples": 1, **columns}, {})
    run = run_with(statistics=tmp_path)
    section = statistics(run)
    checked_page(report_page(run))
    assert "histogram of constant by split" in section
    assert "histogram of nothing" not in section and "histogram of nan" not in section
    assert 'x="nan"' not in section and "inf," not in section
    assert '<th scope="col">NaN</th>' in section


def test_statistics_of_earlier_versions_have_numbers_only(tmp_path, run_with):
    from tensorflow_metadata.proto.v0 import statistics_pb2

    for split in SPLITS:
        proto = statistics_pb2.DatasetFeatureStatisticsList()
        feature = proto.datasets.add(num_examples=3).features.add(name="rate", type="FLOAT")
        feature.num_stats.common_stats.num_non_missing = 3
        feature.num_stats.mean = 1.5
        (tmp_path / f"Split-{split}").mkdir()
        (tmp_path / f"Split-{split}/FeatureStats.pb").write_bytes(proto.SerializeToString())
    section = statistics(run_with(statistics=tmp_path))
    assert "<td>1.5</td>" in section
    assert "<svg" not in section and "zeros" not in section


def test_curves_with_gaps_and_of_one_epoch(tmp_path, run_with, checked_page):
    history = [
        {"epoch": i, "loss": 100 / i, "val_loss": None if i == 2 else 1.0, "sample": EVIL}
        for i in range(1, 1001)
    ]
    section = curves(run_with(history=history))
    assert "loss per epoch, logarithmic" in section and "loss, validation" in section
    assert "... and 800 more epochs before these" in section
    assert len(section) < 60_000 and EVIL not in section
    checked_page(report_page(run_with(history=history)))
    assert "<rect" in curves(run_with(history=[{"epoch": 1, "loss": float("nan")}] + history[:1]))
    assert "has no history of epochs" in curves(run_with(model=tmp_path))


def test_figures_by_seed_and_slice(tmp_path, run_with, checked_page):
    report = {
        "blessed": True,
        "compared": [
            {"with": EVIL, "validation": 2.0, "limit": 1.9, "passed": True, "reason": EVIL}
        ],
        "by_seed": {"1": {"validation": 1.0, "test": 2.0}, "2": {"validation": 3.0, "test": 2.0}},
        "baselines": {},
    }
    (tmp_path / "evaluation.json").write_text(json.dumps(report))
    rows = [["split", "dimension", "value", "weight", "figure", EVIL]]
    rows += [["test", "all", "all", 5000, 1.0, 2.0]]
    rows += [["test", EVIL, f"{EVIL} {i}", i + 1, 1.0, ""] for i in range(5000)]
    with open(tmp_path / "slices.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    section = evaluation(run_with(evaluation=tmp_path))
    assert "<td>1.9</td><td>passed</td>" in section
    assert "<tr><td>mean</td><td>2</td><td>2</td></tr>" in section
    assert "<tr><td>std</td><td>1.41421</td><td>0</td></tr>" in section
    assert "... and 4960 more values of less weight" in section
    checked_page(report_page(run_with(evaluation=tmp_path)))


def test_a_model_that_was_fine_tuned(run_with, checked_page):
    metrics = {
        "unit": "nats per character", "seed": 1, "validation": 1.0, "test": 1.5,
        "before": {"validation": 2.0, "test": 2.5},
    }  # fmt: skip
    page = report_page(run_with({"metrics": metrics}))
    checked_page(page)
    assert "<tr><td>before fine-tuning</td><td>2</td><td>2.5</td></tr>" in page
    assert "was not made by the pipeline" in page


def test_artifacts_of_another_engine_are_not_cut(checked_page):
    read = {"StatisticsGen": "ExampleStatistics 2", "SchemaGen": "Schema 3"}
    components = [
        StageRun("StatisticsGen", None, {}, {}, MADE),
        StageRun("SchemaGen", None, {}, {}, MADE),
        StageRun("ExampleValidator", None, {}, read, MADE),
    ]
    run = Run({"name": "m", "task": "TextGenerator"}, [], PUSHED, "", components=components)
    section = lineage(run)
    assert "<title>StatisticsGen to ExampleValidator: ExampleStatistics 2</title>" in section
    assert "<td>ExampleStatistics 2</td>" in section and ">sha256<" not in section
    checked_page(report_page(run))
