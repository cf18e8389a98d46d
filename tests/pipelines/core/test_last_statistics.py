"""The statistics of the version before, in the cache or not."""

import pytest

from rnnzoo.pipelines.core.last_statistics import NAME, last_statistics, recorded
from rnnzoo.pipelines.core.runner import Runner, lineage, stage


@stage(version=2)
def statistics(out):
    (out / "statistics.txt").write_text("1")


@pytest.fixture
def cached(tmp_path):
    """(runner, artifact, card of a version that has it, lines that were logged, log)."""
    runner = Runner(tmp_path, lambda line: None)
    artifacts = runner.run([statistics], {})
    lines = []
    card = {"version": 3, "lineage": lineage(artifacts)}
    return runner, artifacts["statistics"], card, lines, lines.append


def test_statistics_in_the_cache_are_an_input(cached):
    runner, artifact, card, lines, log = cached
    assert last_statistics(runner, 2, card, log) == {NAME: artifact}
    assert lines == []


def test_what_cannot_be_compared_is_one_line(cached):
    runner, artifact, card, lines, log = cached
    assert last_statistics(runner, 3, card, log) == {}
    assert last_statistics(runner, 2, {"version": 3}, log) == {}
    (artifact.path / "statistics.txt").unlink()
    assert last_statistics(runner, 2, card, log) == {}
    begin = "drift from version 3 was not computed: "
    assert lines == [
        f"{begin}its statistics are of an earlier version of the stage",
        f"{begin}it has no lineage",
        f"{begin}its statistics are not in the cache",
    ]


def test_a_card_names_them_by_their_digest():
    assert recorded({}) == {}
    assert recorded({"distributions": {"inputs": {"statistics": "b"}}}) == {}
    read = recorded({"distributions": {"inputs": {"statistics": "b", NAME: "a"}}})
    assert read[NAME].digest == "a"
