"""A saved weather forecaster: verified, exported, and asked by the command."""

import json

import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.pipelines.export.formats import export


@pytest.fixture(scope="module")
def saved(fitted_weather, own_folders):
    """The name of a model by least squares in the session's models."""
    rnnzoo.save(fitted_weather, "station-ls")
    return "station-ls"


@pytest.mark.parametrize("form", [pytest.param("onnx", marks=pytest.mark.slow), "litert"])
@pytest.mark.parametrize(
    "signature", [pytest.param("serving_default", marks=pytest.mark.slow), "step"]
)
def test_it_is_exported(saved, tmp_path, form, signature):
    path = tmp_path / f"m.{form}"
    assert export(saved, form, path, signature=signature)["difference"] < 1e-4


def test_it_is_verified_and_forecasts(saved, weather_file, capsys):
    assert rnnzoo.verify(saved)["served_difference"] < 1e-4
    assert main(["forecast-weather", saved, "--data", str(weather_file), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["parameters"]["PS"]["mean"]) == 7
    assert main(["forecast", saved, "--data", str(weather_file)]) == 2
    line = capsys.readouterr().err
    assert line.endswith(f"{saved} is a WeatherForecaster: forecast is for models of rates\n")
