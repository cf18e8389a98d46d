"""Pictures and tables of fields with a sign."""

import numpy as np
import pytest

from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.fields.field_forecast import FieldForecast
from rnnzoo.fields.forecast_table import printed, rows

pytest.importorskip("matplotlib")
STEPS = 40


@pytest.fixture(scope="module")
def forecast():
    """A forecast of four fields of 3 x 4 cells, of both signs."""
    random = np.random.default_rng(0)
    values = random.normal(0, 9, (STEPS, 3, 4, 1)).astype("float32")
    times = np.datetime64("2024-01-01", "s") + np.arange(STEPS) * np.timedelta64(6 * 3600, "s")
    history, truth = FieldSeries(times, values, ["air"])[:-4], values[-4:]
    quantiles = np.stack([truth - 1, truth + 1], axis=-1)
    return FieldForecast(history, truth + 0.5, [0.05, 0.95], quantiles, truth)


def test_truth_and_changes_are_on_scales_of_both_signs(forecast):
    from rnnzoo.fields.field_picture import comparison_figure

    panels = comparison_figure(forecast, "name").axes
    drawn = {panel.get_title().split(",")[0]: panel for panel in panels if panel.images}
    assert list(drawn) == [
        "truth", "prediction", "last field", "true change", "predicted", "error"
    ]  # fmt: skip
    values = drawn["truth"].images[0]
    np.testing.assert_array_equal(values.get_array(), forecast.truth[-1, ..., 0])
    assert values.norm.vmin < 0
    error = drawn["error"].images[0]
    np.testing.assert_allclose(error.get_array(), 0.5, atol=1e-5)
    assert error.norm.vmin == -error.norm.vmax
    assert min(panel.get_ylim()[0] for panel in panels if panel.lines) < 0


def test_a_forecast_of_both_signs_is_on_a_linear_scale(forecast):
    from rnnzoo.fields.field_picture import forecast_figure

    images = [panel.images[0] for panel in forecast_figure(forecast, "name").axes if panel.images]
    assert len(images) == 3
    assert images[0].norm.vmin == forecast.means.min() < 0 < images[0].norm.vmax


def test_a_line_of_a_table_has_the_mean_of_all_cells(forecast):
    (plain, *_) = rows(forecast, [0.05])
    assert plain["all_cells"] == pytest.approx(forecast.means[0].mean()) and "total" not in plain
    row = printed(plain, forecast)
    assert row["all cells"] == f"{forecast.means[0].mean():.4g}" and "total" not in row
