"""Pages that are rendered are up to date, and blocks that are not run have a reason."""

import ast
import csv
import re
import runpy
from pathlib import Path

import pytest

import rnnzoo
from rnnzoo.figure import EXTRA
from rnnzoo.pipelines.experiments import registry
from rnnzoo.pipelines.experiments.harness.cells import final_cells
from rnnzoo.pipelines.experiments.harness.ledger import Ledger
from rnnzoo.pipelines.experiments.harness.model_selection import load_selection, selected_settings
from rnnzoo.pipelines.experiments.harness.page import page
from rnnzoo.pipelines.experiments.harness.results import load_results

ROOT = Path(__file__).parents[2]
# Experiments whose results are committed; those without a page are not finished.
FOLDERS = sorted({path.parent for path in (ROOT / "docs/experiments").glob("*/*.csv")})
RUN = [path.name for path in FOLDERS if (path / "index.md").exists()]
UNFINISHED = [path.name for path in FOLDERS if path.name not in RUN]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# Every block that is not executed, page and reason; a new one belongs here or nowhere.
NOT_RUN = [
    ("README.md", "makes its own environment; tests/pipelines/test_demo.py runs what it runs"),
    ("README.md", "changes the environment it runs in; tests/house/test_wheel.py installs one"),
    ("actions_results.md", "trains for three quarters of an hour"),
    ("air_results.md", "trains for minutes, on data that is not everywhere"),
    ("balls.md", "an hour; tests/pipelines/families/frames runs the same with fewer balls"),
    ("balls_results.md", "trains for two hours"),
    ("fields_results.md", "trains for minutes, on data that is not everywhere"),
    ("music_results.md", "trains for an hour"),
    ("pipeline.md", "TFX cannot be had here"),
    ("pipeline.md", "TFX cannot be had here"),
    ("pipeline.md", "needs clusters"),
    ("pipeline.md", "needs clusters"),
    ("pipeline.md", "needs kfp too"),
    ("rates_results.md", "trains for minutes"),
    ("results.md", "trains for hours"),
    ("serving.md", "needs a container engine and an image to download"),
    ("streets.md", "30 trips through five streets are too few to be better than chains"),
    ("streets_results.md", "trains for minutes, on data that is not everywhere"),
    ("text.md", "README.md runs the same commands"),
    ("text.md", "needs the 1 MB text and about a quarter of an hour"),
    ("ucf11_results.md", "trains for minutes, on data that is not everywhere"),
    ("weather.md", "needs a network"),
    ("weather.md", "starts a server, which does not end"),
    ("weather.md", "needs data that is not everywhere"),
    ("weather.md", "needs a file of yours"),
    ("weather_results.md", "trains for minutes, on data that is not everywhere"),
]  # fmt: skip


def test_blocks_that_are_not_run_have_a_reason_and_are_listed():
    skipped = [
        (page.name, reason)
        for page in PAGES
        for reason in re.findall(
            r"<!--+ *skip: *\w+ *(?:if\(\w+, reason=)?(.*?)\)? *--+>",
            page.read_text(encoding="utf-8"),
        )
    ]
    assert skipped == [(page, f'"{reason}"') for page, reason in NOT_RUN]


def test_the_readme_lists_every_extra_and_messages_name_one():
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    (extras,) = [
        [key.value for key in node.value.keys]
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXTRAS"
    ]
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("| extra | for |")[1]
    rows = table.split("\n\n")[0].splitlines()
    listed = {name for row in rows[1:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert listed == {*extras, "docs"}
    assert EXTRA == "plot" in extras


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_python_or_bash(page):
    fences = re.findall(r"^```(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(fences[::2]) <= {"python", "bash"}
    assert set(fences[1::2]) <= {""}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_link_targets_exist(page):
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)#]+)", prose):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_paths_of_the_architecture_exist():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```|<!--.*?-->", "", text, flags=re.M | re.S)
    codes = [code.split()[-1] for code in re.findall(r"`([^`]+)`", prose)]
    # Without the names of artifacts and of their files, which a run of the pipeline writes.
    written = ("Split-", "my-rates/", "<name>/")
    paths = {code for code in codes if "/" in code and not code.startswith(written)}
    assert {"zoo/cli/train.py", "zoo/<family>/recipes.toml", "zoo/artifacts/"} <= paths
    for path in paths:
        assert any(ROOT.glob(re.sub("<[^>]+>", "*", path).rstrip("/"))), path


@pytest.mark.parametrize(
    "renders",
    [
        f"render_{of}.py"
        for of in (
            *("models", "results", "rates", "actions", "ucf11", "balls", "music", "streets"),
            *("fields", "weather", "exports", "engines"),
        )
    ],
)
def test_the_results_are_those_of_the_cards(renders):
    script = runpy.run_path(str(ROOT / "docs" / renders))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"]()


SPEEDS = [
    *("performance.md", "svd.md", "echo-states.md", "least-squares.md", "music.md", "streets.md"),
    *("fields.md", "pipeline.md", "serving.md"),
]


@pytest.mark.parametrize("page", SPEEDS)
def test_the_tables_of_speed_are_those_of_the_benchmarks(page):
    script = runpy.run_path(str(ROOT / "docs/render_performance.py"))
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == script["rendered"](page)


SOURCES = ["nem-actions.md", "nem-rates.md", "music.md", "streets.md", "fields.md"]


@pytest.mark.parametrize("page", SOURCES)
def test_the_tables_beside_a_source_are_those_of_the_experiments(page):
    script = runpy.run_path(str(ROOT / "docs/render_experiments.py"))
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == script["rendered"](page)


def test_the_samples_are_of_the_models_that_ship():
    script = runpy.run_path(str(ROOT / "docs/render_samples.py"))
    written = script["PAGE"].read_text(encoding="utf-8")
    assert written.startswith(script["HEAD"])
    assert re.findall("^## (.*)$", written, re.MULTILINE) == script["names"]()
    for name in script["names"]():
        assert script["heading"](name) in written, f"{name} has been trained again since"
    assert written.count("\nSeed ") == 5 * len(script["names"]())


def test_the_results_have_all_text_models_that_ship():
    names = runpy.run_path(str(ROOT / "docs/render_samples.py"))["names"]()
    with open(ROOT / "docs/text_results.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["model"] for row in rows if row["megabytes"]) == names
    for row in rows:
        if row["megabytes"]:
            card = rnnzoo.info(row["model"])
            assert float(row["test_nats"]) == pytest.approx(card["metrics"]["test"], abs=1e-3)
            assert int(row["parameters"]) == card["architecture"]["parameters"]


def test_readme_on_the_lstm_and_the_ngrams():
    card = rnnzoo.info("shakespeare-lstm")
    ngram = {row["order"]: row["test"] for row in card["baselines"]["ngram"]}
    assert ngram[5] < card["metrics"]["test"] < ngram[4]
    assert rnnzoo.info("shakespeare-lstm-large")["metrics"]["test"] < min(ngram.values())


def test_every_folder_of_results_is_of_an_experiment():
    assert RUN
    assert {path.name for path in FOLDERS} <= set(registry.EXPERIMENTS)


@pytest.mark.parametrize("name", UNFINISHED)
def test_rows_of_an_unfinished_experiment_are_valid(name):
    folder, experiment = ROOT / "docs/experiments" / name, registry.load(name)
    settings = selected_settings(experiment, load_selection(folder, experiment, quick=False))
    cells = {cell.digest for cell in final_cells(experiment, False, settings).values()}
    # Rows of settings that were replaced since stay in the file, and are not valid.
    valid = cells & Ledger(folder / "results.csv").digests()
    assert valid
    assert valid < cells


@pytest.mark.parametrize("name", RUN)
def test_the_page_of_an_experiment_is_that_of_its_files(name):
    results = ROOT / "docs/experiments"
    written = (results / name / "index.md").read_text(encoding="utf-8")
    experiment = registry.load(name)
    picture = "curve.png" if experiment.curve else None
    example = "example.png" if experiment.example else None
    assert all((results / name / file).is_file() for file in (picture, example) if file)
    assert written == page(load_results(experiment, results, quick=False), picture, example)


GUIDES = [
    *("nem.md", "nem-actions.md", "nem-rates.md", "svd.md", "echo-states.md", "least-squares.md"),
    *("music.md", "videos.md"),
]


@pytest.mark.parametrize("guide", GUIDES)
def test_figures_that_a_guide_quotes_are_those_of_an_experiment(guide):
    pages = (ROOT / "docs/experiments").glob("*/index.md")
    known = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    quoted = re.findall(r"-?[\d.]+ ± [\d.]+", (ROOT / "docs" / guide).read_text(encoding="utf-8"))
    assert quoted
    assert [figure for figure in quoted if figure not in known] == []
