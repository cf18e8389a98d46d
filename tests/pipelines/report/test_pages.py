"""Pages of runs of two families: pushed, not blessed, failed, and of models that ship."""

import json
import re
import shutil

import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.report import train_page
from rnnzoo.pipelines.report.page import SECTIONS
from rnnzoo.pipelines.stages import STAGES


def section(page, name):
    """The HTML of a section."""
    return page.partition(f'<section id="{name}">')[2].partition("</section>")[0]


def test_a_run_that_pushed(text_runs, checked_page):
    page = text_runs[1].read_text(encoding="utf-8")
    checker = checked_page(page)
    assert [key for key in checker.ids if key in SECTIONS] == list(SECTIONS)
    card = rnnzoo.info("fox")
    summary = section(page, "summary")
    assert "Run of fox/1: pushed" in page
    assert card["content_digest"] in summary and card["data"]["sha256_of_text"] in summary
    assert "<td>window</td>" in summary
    assert "fourteen thousand" not in summary, "the limits of the recipe's own data"
    assert "not blessed, pushed anyway" in summary and f"keras {card['versions']['keras']}" in page
    stages = section(page, "stages")
    assert stages.count("<td>cached</td>") == len(STAGES)
    for record in card["lineage"]:
        assert f'id="stage-{record["stage"]}"' in stages and record["digest"] in stages
    assert "<td>training.units</td><td>8</td>" in stages


def test_statistics_and_anomalies_of_a_text(text_runs, checked_page):
    page = text_runs[1].read_text(encoding="utf-8")
    statistics = section(page, "statistics")
    assert "<h3>character</h3>" in statistics and "train: " in statistics
    svg = re.search("<svg.*most frequent values of character.*?</svg>", statistics, re.DOTALL)[0]
    assert ">&lt;</text>" in svg and "&#x27; &#x27;" in svg, "labels are escaped, a blank is quoted"
    assert re.search(r"... and \d+ more values", statistics)
    assert "histogram of repeated by split" in statistics
    assert "schema: 2 features" in section(page, "anomalies")
    assert "<td>character</td><td>skew</td>" in section(page, "anomalies")


def test_curves_and_evaluation(text_runs, checked_page):
    page = text_runs[1].read_text(encoding="utf-8")
    curves = section(page, "curves")
    assert "loss, training" in curves and "learning rate per epoch" in curves
    assert "2 epochs as a table" in curves
    evaluation = section(page, "evaluation")
    assert "Not blessed" in evaluation and '<strong class="failed">FAILED</strong>' in evaluation
    assert "<td>seed 1 (shipped)</td>" in evaluation
    assert "8-grams" in evaluation and "line, test</h4>" in evaluation


def test_the_lineage_links_to_the_sections(text_runs, checked_page):
    page = text_runs[1].read_text(encoding="utf-8")
    lineage = section(page, "lineage")
    for target in ("#statistics", "#stage-examples", "#curves", "#evaluation", "#summary"):
        assert f'<a href="{target}">' in lineage
    digest = rnnzoo.info("fox")["lineage"][0]["digest"][:12]
    assert f"<title>examples to transformed: {digest}</title>" in lineage
    for stage in ("anomalies", "distributions"):  # whose warnings are on the card
        assert f"<title>{stage} to pushed: " in lineage


def test_a_run_that_was_not_blessed(text_runs, checked_page):
    page = text_runs[0].read_text(encoding="utf-8")
    checked_page(page)
    assert "Run of fox: not pushed" in page and "--push-anyway pushes it" in page
    stages = section(page, "stages")
    assert stages.count("<td>made</td>") == len(STAGES) and "<td>not pushed</td>" in stages
    assert section(page, "evaluation").replace("fox/1", "fox") == section(
        text_runs[1].read_text(encoding="utf-8"), "evaluation"
    ).replace("fox/1", "fox")


def test_names_of_files_are_escaped(text_runs, checked_page):
    page = text_runs[1].read_text(encoding="utf-8")
    assert r"&lt;script&gt;alert(1)&lt;b&gt; &amp; \u202eabc.txt" in section(page, "summary")


def test_a_run_that_a_stage_ended(rates_run, checked_page):
    page = rates_run.read_text(encoding="utf-8")
    checked_page(page)
    assert "Run of yen: failed" in page
    assert "anomalies failed: " in section(page, "summary")
    stages = section(page, "stages")
    assert "<strong>anomalies failed:</strong>" in stages
    assert (
        stages.count("<td>made</td>") == 3 and stages.count("<td>not run</td>") == len(STAGES) - 3
    )
    assert "<strong>ERROR</strong>" in section(page, "anomalies")
    assert "histogram of rate by split" in section(page, "statistics")
    ended = "The run ended before the artifact {} was complete."
    assert ended.format("model") in section(page, "curves")
    assert ended.format("evaluation") in section(page, "evaluation")


def test_nothing_is_written_if_nothing_has_changed(text_runs, train_again, capsys):
    pages = {path: path.stat().st_mtime_ns for path in text_runs[0].parent.iterdir()}
    assert train_again()[0] == text_runs[2]
    assert {path: path.stat().st_mtime_ns for path in text_runs[0].parent.iterdir()} == pages
    assert "report" not in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_a_warning(text_runs, train_again, monkeypatch, capsys):
    def refuse(path, text):
        raise InputError(f"{path} cannot be written: No space left on device")

    monkeypatch.setattr(train_page, "write_text", refuse)
    shutil.move(text_runs[2], text_runs[2].with_name("away"))
    try:
        assert train_again(push_anyway=True)[0] == text_runs[2]
    finally:
        shutil.rmtree(text_runs[2])
        shutil.move(text_runs[2].with_name("away"), text_runs[2])
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("warning: no report page: ") and lines[-1].endswith("on device")


def test_an_interrupted_run_has_no_page(text_runs):
    with pytest.raises(KeyboardInterrupt), train_page.page_of_run(None, {}, pytest.fail):
        raise KeyboardInterrupt


def test_the_command_writes_the_page_of_a_version(text_runs, tmp_path, checked_page, capsys):
    out = tmp_path / "fox.html"
    assert main(["report", "fox", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"the report of fox/1 is in {out}\n"
    page, trained = out.read_text(encoding="utf-8"), text_runs[1].read_text(encoding="utf-8")
    checked_page(page)
    assert section(page, "statistics") == section(trained, "statistics")
    assert section(page, "evaluation") == section(trained, "evaluation")
    assert main(["report", "fox", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["absent"] == [] and report["name"] == "fox/1"
    assert report["path"] == str(text_runs[1].parent / "version-1.html")


def test_a_model_whose_run_is_not_here(checked_page, tmp_path, capsys):
    out = tmp_path / "shipped.html"
    assert main(["report", "shakespeare-lstm", "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    checked_page(page)
    absent = "The artifact statistics is not in this cache; made by: rnnzoo train shakespeare-lstm"
    assert absent in section(page, "statistics")
    assert "<svg" in section(page, "curves") and "5-grams" in section(page, "evaluation")
    assert "not in this cache" in section(page, "stages")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such"], "unknown model 'no-such'"),
        (["shakespeare-lstm", "--out", "a.pdf"], "a.pdf does not end in .html, .htm"),
        (["shakespeare-lstm", "--out", "no/a.html"], "no is no folder"),
        (["shakespeare-lstm/9"], "shakespeare-lstm has no version '9'"),
    ],
)
def test_bad_input_is_one_line(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["report", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_was_never_pushed_has_the_pages_of_its_runs(rates_run, capsys):
    assert main(["report", "yen"]) == 2
    assert f"yen was not pushed; the report of its last run: {rates_run}" in capsys.readouterr().err
