"""The page and the picture, from the files alone."""

import math
import re
import struct
import sys

import numpy as np
import pytest
from scipy.stats import ttest_rel

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Example, Measure
from rnnzoo.pipelines.experiments.harness.ledger import Ledger
from rnnzoo.pipelines.experiments.harness.run import reproduce, write_page


def rows_of(page, heading):
    """The cells of the table below a heading, by the first one."""
    table = page.split(f"## {heading}")[1].split("\n## ")[0]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines() if line[:1] == "|"]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in cells[2:]}


def test_the_page_comes_from_the_files_alone(toy, tmp_path):
    first = reproduce(toy(curve="curve"), tmp_path)
    folder = tmp_path / "toy"
    before = (folder / "index.md").read_text()
    (folder / "index.md").unlink()
    (folder / "curve.png").unlink()
    again = write_page(toy(run=None, load=None, curve="curve"), tmp_path, False)
    assert (folder / "index.md").read_text() == before
    assert (folder / "curve.png").is_file()
    assert again.as_json() == first.as_json()


def test_an_example_is_drawn_once_and_shown(toy, tmp_path):
    drawn = []

    def draw(path):
        drawn.append(path.name)
        path.write_bytes(b"picture")

    for _ in range(2):
        reproduce(toy(example=Example("A case", draw)), tmp_path)
    assert drawn == ["example.png"]
    assert "![A case](example.png)" in (tmp_path / "toy/index.md").read_text()
    reproduce(toy(example=Example("A case", draw)), tmp_path, quick=True)
    assert drawn == ["example.png"]
    reproduce(toy(seeds=(1, 2, 3, 4), example=Example("A case", draw)), tmp_path)
    assert drawn == 2 * ["example.png"], "its cells may have other results now"


def test_its_numbers_are_those_of_the_file(toy, tmp_path):
    results = reproduce(toy(seeds=(1, 2, 3, 4, 5)), tmp_path)
    ledger = Ledger(tmp_path / "toy/results.csv")
    values = {}
    for digest in ledger.digests():
        values.setdefault(ledger.provenance(digest)["arm"], []).append(
            ledger.results(digest)["loss"]
        )
    page = (tmp_path / "toy/index.md").read_text()
    table = rows_of(page, "loss (lower is better)")
    assert list(table) == ["none", "nem", "blind"]
    assert table["none"][2:] == ["", "", "", ""]
    for arm, loss in values.items():
        assert table[arm][0] == "5"
        mean, deviation = map(float, table[arm][1].split(" ± "))
        assert mean == pytest.approx(np.mean(loss), abs=1e-3)
        assert deviation == pytest.approx(np.std(loss, ddof=1), rel=0.05)
        (figure,) = [figure for figure in results.figures["loss"] if figure.arm == arm]
        assert figure.by_seed == loss
    # The seed decides the noise, so only the settings differ from arm to arm.
    assert table["nem"][2:] == ["-0.3 ± 0", "", "", "[S] 0.5"]
    assert "nem against none: the difference is -0.3 in each of 5 seeds" in page


def test_p_values_are_corrected_over_the_comparisons_of_a_measure(toy, tmp_path):
    losses = {
        "none": [1.0, 1.1, 0.9, 1.05, 1.0],
        "good": [0.8, 0.9, 0.8, 0.85, 0.7],
        "same": [1.1, 1.0, 0.9, 1.0, 1.02],
    }
    experiment = toy(
        seeds=(1, 2, 3, 4, 5),
        arms=tuple(
            Arm(name, ({"arm": name},), None if name == "none" else "none") for name in losses
        ),
        run=lambda settings, seed, *rest: {"loss": losses[settings["arm"]][seed - 1]},
        measures=(Measure("loss", "nats", "lower", lambda cell, control: cell["loss"]),),
    )
    results = reproduce(experiment, tmp_path)
    raw = [ttest_rel(losses[arm], losses["none"]).pvalue for arm in ("good", "same")]
    assert raw[0] < raw[1]
    corrected = [figure.comparison.p for figure in results.figures["loss"][1:]]
    assert corrected == pytest.approx([2 * raw[0], raw[1]])
    page = (tmp_path / "toy/index.md").read_text()
    table = rows_of(page, "loss (nats, lower is better)")
    assert float(table["good"][4]) == pytest.approx(2 * raw[0], rel=0.05)
    assert float(table["same"][4]) == pytest.approx(raw[1], rel=0.05)
    assert "- good against none: lower (better) in 5 of 5 seeds, by 0.200 ± 0.071 nats, p" in page
    assert "- same against none: no significant difference: lower in 2 of 5 seeds, by" in page
    assert "Each arm has a single candidate" in page


def test_pairs_are_compared_too_and_corrected_with_the_others(toy, tmp_path):
    losses = {"none": [1.0, 1.1, 0.9], "good": [0.8, 0.9, 0.8], "best": [0.7, 0.9, 0.5]}
    experiment = toy(
        arms=tuple(
            Arm(name, ({"arm": name},), None if name == "none" else "none") for name in losses
        ),
        pairs=(("best", "good"),),
        run=lambda settings, seed, *rest: {"loss": losses[settings["arm"]][seed - 1]},
        measures=(Measure("loss", "nats", "lower", lambda cell, control: cell["loss"]),),
    )
    results = reproduce(experiment, tmp_path)
    (pair,) = results.pairs["loss"]
    raw = sorted(
        ttest_rel(losses[one], losses[other]).pvalue
        for one, other in (("good", "none"), ("best", "none"), ("best", "good"))
    )
    assert pair.p == pytest.approx(raw[2])
    assert results.figures["loss"][1].comparison.p == pytest.approx(3 * raw[0])
    page = (tmp_path / "toy/index.md").read_text()
    assert "- best against good: no significant difference: lower in 2 of 3 seeds" in page
    assert results.as_json()["pairs"]["loss"][0]["other"] == "good"


def test_what_the_page_says(toy, tmp_path):
    reproduce(toy(curve="curve"), tmp_path)
    page = (tmp_path / "toy/index.md").read_text()
    assert page.startswith("# A toy\n\nDoes noise help?\n\nSource: [S] says that it does")
    assert "Generated by `rnnzoo reproduce toy`, 20" in page
    assert "CPU cores with python 3." in page
    assert "averaged over the seeds 101, 102," in page
    assert "![curve per epoch" in page
    assert "read 9 times: 9 for the figures above. Each" in page
    settings = page.split("## Settings")[1]
    assert settings.count("| nem |") == 2, "every candidate that was tried"
    assert re.search(
        r"\| nem \| .*validation=0.2, test=0.7.* \| 0\.\d+ \| \*\*selected\*\* \|", settings
    )
    assert re.search(r'\| blind \| `kind="blind", .*` \|  \| follows nem \|', settings)
    assert "```" not in page, "pages below docs/ are executed"


def test_the_command_of_an_experiment_that_has_its_own(toy, tmp_path):
    reproduce(toy(command="rnnzoo compare-noise a b"), tmp_path)
    assert "Generated by `rnnzoo compare-noise a b`, " in (tmp_path / "toy/index.md").read_text()


def test_a_page_of_few_seeds(toy, tmp_path):
    reproduce(toy(seeds=(1,)), tmp_path)
    page = (tmp_path / "toy/index.md").read_text()
    assert "too few seeds to compare" in page
    assert "nan" not in page


def test_a_figure_that_no_seed_has(toy, tmp_path):
    measures = (Measure("never", "%", "lower", lambda cell, control: math.nan),)
    results = reproduce(toy(measures=measures), tmp_path)
    page = (tmp_path / "toy/index.md").read_text()
    assert "| none | 0 | no value |" in page
    assert "too few seeds to compare; 3 of 3 seeds have no value" in page
    assert results.as_json()["figures"]["never"][0]["summary"] == {
        "n": 0, "mean": None, "sd": None,
    }  # fmt: skip


def test_a_measure_sees_the_control_of_its_seed(toy, tmp_path):
    seen = []

    def ratio(cell, control):
        if control is None:
            return 100.0
        seen.append(cell["drawn"] == control["drawn"])
        return 100 * cell["loss"] / control["loss"]

    results = reproduce(toy(measures=(Measure("ratio", "%", "lower", ratio),)), tmp_path)
    assert seen == [True] * 6
    none, nem, _ = results.figures["ratio"]
    assert none.by_seed == [100.0] * 3
    assert nem.comparison.difference.mean == pytest.approx(np.mean(nem.by_seed) - 100)


def size_of(png):
    raw = png.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", raw[16:24])


def test_the_picture(toy, tmp_path):
    reproduce(toy(curve="curve"), tmp_path)
    width, height = size_of(tmp_path / "toy/curve.png")
    assert width > 500
    assert height > 400
    assert sorted(path.name for path in (tmp_path / "toy").iterdir()) == [
        "choices.csv", "choices.json", "curve.png", "index.md", "results.csv",
    ]  # fmt: skip


def test_a_panel_for_each_control(toy, tmp_path):
    arms = tuple(
        Arm(f"{kind} {noise}".strip(), ({"kind": kind, "noise": noise},), kind if noise else None)
        for kind in ("lstm", "gru")
        for noise in ("", "blind", "nem")
    )

    def run(settings, seed, training, held_out, quick):
        speed = {"": 1.0, "blind": 0.8, "nem": 2.0}[settings["noise"]]
        length = 40 if settings["kind"] == "lstm" else 30 + seed
        curve = [math.exp(-speed * epoch / 8) + 0.01 * seed for epoch in range(length)]
        return {"loss": curve[-1], "drawn": 0.1 * seed, "curve": curve}

    measures = (Measure("loss", "", "lower", lambda cell, control: cell["loss"]),)
    reproduce(toy(arms=arms, run=run, measures=measures, curve="curve"), tmp_path)
    assert size_of(tmp_path / "toy/curve.png")[0] > 800


@pytest.mark.parametrize("curve", [[1.0], [0.0, 0.0], [math.nan, 1.0], [1.0, math.inf], [math.nan]])
def test_curves_that_are_hard_to_draw(toy, tmp_path, curve, recwarn):
    def run(*arguments):
        return {"loss": 1.0, "drawn": 0.5, "curve": curve}

    reproduce(toy(run=run, curve="curve"), tmp_path)
    assert (tmp_path / "toy/curve.png").is_file()
    assert not [str(warning.message) for warning in recwarn]


def test_no_picture_without_matplotlib(toy, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    example = Example("A case", lambda path: pytest.fail("it cannot be drawn"))
    reproduce(toy(curve="curve", example=example), tmp_path)
    needed = 'No picture: it needs matplotlib, `pip install "rnnzoo[plot]"`.'
    assert capsys.readouterr().err.count(needed) == 2
    page = (tmp_path / "toy/index.md").read_text()
    assert page.count(needed) == 2 and "## An example" in page and ".png" not in page
    assert not list((tmp_path / "toy").glob("*.png"))


def test_without_a_curve_there_is_no_picture(toy, tmp_path):
    reproduce(toy(), tmp_path)
    assert "per epoch" not in (tmp_path / "toy/index.md").read_text()
    assert not (tmp_path / "toy/curve.png").exists()
