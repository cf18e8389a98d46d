"""`rnnzoo predict-path`, of a small untrained model."""

import json

import keras
import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.streets.path_predictor import PathPredictor

PATH = ["r0c0-r0c1", "r0c1-r1c1"]


@pytest.fixture(scope="module")
def saved(city, tmp_path_factory):
    """The name of the model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(tmp_path_factory.mktemp("models")))
        keras.utils.set_random_seed(1)
        rnnzoo.save(PathPredictor(city[0], [keras.layers.GRU(4)], embedding=3), "grid")
        yield "grid"


def run(capsys, *arguments, status=0):
    assert main(["predict-path", *map(str, arguments)]) == status
    out, err = capsys.readouterr()
    if status:
        assert out == ""
        (err,) = err.splitlines()
    return err if status else out


def test_it_prints_what_follows_and_the_path(saved, capsys):
    model = rnnzoo.load(saved)
    lines = run(capsys, saved, "--prefix", *PATH, "--steps", 3).splitlines()
    best = model.next(PATH)[0]
    expected = "the path ends" if best.link is None else f"{best.link}  {best.name}"
    assert lines[:2] == ["next:", f"{best.probability:7.1%}  {expected}"]
    path = model.predict_path(PATH, 3)
    assert lines[-1] == f"path of {len(path)} links: {' '.join(path)}"


def test_a_prefix_is_one_text_too(saved, capsys):
    """So that ids can begin with a hyphen."""
    assert run(capsys, saved, f"--prefix={' '.join(PATH)}") == run(capsys, saved, "--prefix", *PATH)


def test_json_has_samples(saved, capsys):
    arguments = ("--prefix", *PATH, "--samples", 3, "--seed", 2, "--steps", 4, "--json")
    report = json.loads(run(capsys, saved, *arguments))
    assert report["paths"] == rnnzoo.load(saved).sample(PATH, 3, steps=4, seed=2)
    assert report["next"][0].keys() == {"link", "name", "probability"}


def test_a_route_leads_to_the_destination(saved, capsys):
    out = run(capsys, saved, "--prefix", *PATH, "--destination", "r3c2-r3c3", "--json")
    (path,) = json.loads(out)["paths"]
    assert path == rnnzoo.load(saved).route(PATH, "r3c2-r3c3")
    assert path[:2] == PATH and path[-1] == "r3c2-r3c3"


def test_maps_are_written(saved, capsys, tmp_path):
    png, page = tmp_path / "m.png", tmp_path / "m.html"
    out = run(
        capsys, saved, "--prefix", *PATH, "--destination", "r2c3-r3c3", "--png", png, "--html", page
    )
    assert out.splitlines()[-2:] == [str(png), str(page)]
    assert png.read_bytes().startswith(b"\x89PNG")
    text = page.read_text(encoding="utf-8")
    assert "grid after r0c0-r0c1 r0c1-r1c1" in text and '"title": "destination"' in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--prefix", "x"], "the link 'x' in the path: give an id of the graph's 48 links"),
        (["--prefix", PATH[0], PATH[0]], "which the graph does not have"),
        (["--prefix", *PATH, "--destination", "x"], "the link 'x' in the destination"),
        (["--prefix", *PATH, "--top", "0"], "--top is 0: give a whole number of at least 1"),
        (["--prefix", *PATH, "--steps", "0"], "--steps is 0: give a whole number of at least 1"),
        (
            ["--prefix", *PATH, "--samples", "0"],
            "--samples is 0: give a whole number of at least 1",
        ),
        (["--prefix", *PATH, "--seed", "1"], "--seed 1 is for --samples: give it too"),
        (
            ["--prefix", *PATH, "--steps", "3", "--destination", PATH[0]],
            "--steps 3 does not go with",
        ),
        (["--prefix", *PATH, "--png", "m.gif"], "m.gif does not end in .png"),
        (["--prefix", *PATH, "--html", "m.png"], "m.png does not end in .html"),
        (["--prefix", *PATH, "--html", "no/m.html"], "no"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    saved, capsys, tmp_path, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)
    assert message in run(capsys, saved, *arguments, status=2)
    assert not list(tmp_path.iterdir())


def test_models_of_other_tasks_are_refused(saved, capsys):
    line = run(capsys, "usdinr-gru", "--prefix", "x", status=2)
    assert line.endswith("usdinr-gru is a Forecaster: predict-path is for models of paths")
