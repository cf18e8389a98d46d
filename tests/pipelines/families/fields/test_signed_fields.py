"""Fields with a sign, such as temperatures: trained, evaluated and fine-tuned from files."""

import numpy as np
import pytest

import rnnzoo
from rnnzoo.cards import headline
from rnnzoo.pipelines.finetune import finetune

pytestmark = pytest.mark.slow

STEPS = 420
TIMES = np.datetime64("2024-01-01", "s") + np.arange(STEPS) * np.timedelta64(6 * 3600, "s")
SHORT = {"units": 4, "rank": 6, "epochs": 1, "seeds": [1]}


def temperatures(height, width):
    """float32 array (steps, height, width), about 0 degrees."""
    random, cells = np.random.default_rng(0), np.zeros((STEPS, height, width))
    for t in range(1, STEPS):
        moved = np.roll(cells[t - 1], 1, axis=1)  # from the west
        cells[t] = 0.3 * cells[t - 1] + 0.65 * moved + random.normal(size=(height, width))
    return (cells + 4 * np.cos(np.pi / 2 * np.arange(STEPS))[:, None, None]).astype("float32")


@pytest.fixture(scope="module")
def pushed_air(pushed_alone, short_recipe, tmp_path_factory):
    """(folder of models, folder, card) of a short training on temperatures."""
    path = tmp_path_factory.mktemp("air") / "air.npz"
    np.savez(path, values=temperatures(2, 3), times=TIMES)
    with (
        short_recipe("air-short", "air-grid-gru", SHORT),
        pushed_alone("air-short", path, "my-air", {"negative": "values"}) as pushed,
    ):
        yield pushed


def test_the_card_has_both_lead_times_beside_baselines(pushed_air):
    _, _, card = pushed_air
    assert list(card["baselines"]) == [
        "climatology", "persistence", "damped persistence", "vector autoregression"
    ]  # fmt: skip
    over = card["metrics"]["tables"]["test"]["over_seeds"]
    assert over["rmse"]["mean"] < over["rmse_day"]["mean"]
    best = min(rows["test"]["rmse"] for rows in card["baselines"].values())
    assert f"{best:.4g}" in headline(card)
    assert rnnzoo.verify("my-air")["served_difference"] < 1e-4


def test_it_is_fine_tuned_on_a_netcdf_file(pushed_air, tmp_path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    values = (("time", "lat", "lon"), temperatures(3, 3) - 5)
    xarray.Dataset({"t": values}, {"time": TIMES}).to_netcdf(tmp_path / "t.nc", engine="scipy")
    _, card = finetune("my-air", tmp_path / "t.nc", "moved", pushed_air[0], epochs=1)
    assert card["size"] == [3, 3, 1]
    assert card["metrics"]["tables"]["test"]["by_seed"]
    assert rnnzoo.load("moved").basis.scale == "none"
