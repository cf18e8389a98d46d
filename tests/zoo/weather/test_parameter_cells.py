"""Weather parameters as cells, against numbers worked out by hand and a version in NumPy."""

import numpy as np
import pytest
from keras import ops

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.weather.parameter_cells import KNOTS, LEAST_SHARE, RARE, WET, ParameterCells

SCALES = {
    "T2M": "none",
    "RH2M": "percent",
    "GWETTOP": "fraction",
    "WS10M": "sqrt",
    "WD10M": "angle",
    "RAIN": "rain",
}
RELATIVE = -np.log1p(-0.98 * KNOTS)
LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95], "float32")
FACTORS = np.tile(np.array([-1.6, -0.7, 0.0, 0.7, 1.6], "float32"), (6, 1))


@pytest.fixture
def cells():
    return ParameterCells(SCALES)


def array(tensor):
    return ops.convert_to_numpy(tensor)


def test_cells_of_values(cells):
    assert cells.parameter.tolist() == [0, 1, 2, 3, 4, 4, 5, 5]
    assert cells.first.tolist() == [0, 1, 2, 3, 4, 6] and len(cells) == 8
    values = [[-3.0, 80.0, 0.4, 9.0, 210.0, 2.5], [20.0, 0.0, 1.0, 0.0, 360.0, 0.09]]
    expected = [
        [-3, 80, 0.4, 3, -0.5, -np.sqrt(3) / 2, 1, 2.5],
        [20, 0, 1, 0, 0, 1, 0, 0.09],
    ]
    np.testing.assert_allclose(array(cells.scaled(values)), expected, atol=1e-6)


def test_means_of_cells(cells):
    u = np.array([[5.0, 110.0, -0.2, 2.0, -1.0, 0.0, 0.4, 3.0]], "float32")
    spread = np.full((1, 8), 0.5, "float32")
    # E[(2 + 0.5 n)^2] = 4.25; west is -90 degrees.
    expected = [[5, 100, 0, 4.25, 270, 3]]
    np.testing.assert_allclose(array(cells.means(u, spread, spread)), expected, atol=1e-4)


def quantiles(cells, u, spread=0.5, unit=0.5):
    spread, unit = (np.broadcast_to(np.float32(part), u.shape) for part in (spread, unit))
    return array(cells.at_levels(u, spread, unit, FACTORS, RELATIVE.astype("float32"), LEVELS))


def test_quantiles_are_inside_the_physical_ranges_and_ascend(cells):
    random = np.random.default_rng(0)
    u = random.normal(0, 3, (200, 8)).astype("float32")
    u[:, 1] *= 50
    rows = quantiles(cells, u, spread=np.float32([3, 30, 0.3, 1, 40, 40, 1, 1]))
    steady = [0, 1, 2, 3, 5]  # all but the direction
    assert (np.diff(rows[:, steady], axis=-1) >= -1e-5).all()
    assert (rows[:, 1] >= 0).all() and (rows[:, 1] <= 100).all()
    assert (rows[:, 2] >= 0).all() and (rows[:, 2] <= 1).all()
    assert (rows[:, [3, 5]] >= 0).all()
    assert (rows[:, 4] >= 0).all() and (rows[:, 4] <= 360).all()
    np.testing.assert_allclose(rows[:, 0], u[:, :1] + 3 * FACTORS[0], atol=1e-4)


def test_quantiles_of_a_direction_turn_at_north(cells):
    u = np.zeros((1, 8), "float32")
    u[0, 4:6] = np.sin(np.radians(350)), np.cos(np.radians(350))
    np.testing.assert_allclose(quantiles(cells, u, 20.0)[0, 4], [318, 336, 350, 4, 22], atol=1e-3)


@pytest.mark.parametrize(("wet", "amount"), [(0.0, 0.0), (0.3, 2.0), (0.5, 2.0), (1.0, 7.0)])
def test_rain_is_dry_or_a_wet_days_amount(cells, wet, amount):
    """The inverse of the distribution function of the mixture, on a fine grid."""
    u = np.zeros((1, 8), "float32")
    u[0, 6:] = wet, amount
    grid = np.linspace(0, 60, 600_001)
    inverse = np.maximum(RELATIVE * amount / max(wet, RARE), WET)  # amounts at KNOTS
    below = 1 - wet + wet * np.interp(grid, inverse, KNOTS)
    expected = [grid[np.searchsorted(below, level - 1e-9)] for level in LEVELS]
    np.testing.assert_allclose(quantiles(cells, u)[0, 5], expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("amount", [-1.0, 0.0, 0.001, 4.0])
@pytest.mark.parametrize("unit", [0.0, 6.0])
@pytest.mark.parametrize("wet", [0.0, 0.02, 0.3, 0.97, 1.2])
def test_rain_does_not_contradict_itself(cells, wet, amount, unit):
    """What is more probable than dry is wet, and a wet day has 0.1 mm or more."""
    u, units = np.zeros((1, 8), "float32"), np.full((1, 8), unit, "float32")
    u[0, 6:] = wet, amount
    chance = min(wet, 1.0)
    of_wet_days = array(cells.wet_means(u, units))[0, 5]
    assert of_wet_days >= max(LEAST_SHARE * unit, 0.1) - 1e-6
    mean = array(cells.means(u, units, units))[0, 5]
    assert mean >= 0.1 * chance - 1e-6 and mean == pytest.approx(chance * of_wet_days)
    rain = quantiles(cells, u, unit=unit)[0, 5]
    assert (rain[LEVELS > 1 - np.float32(chance)] >= np.float32(0.1)).all()
    assert (rain[LEVELS < 1 - chance] == 0).all() and (np.diff(rain) >= 0).all()


def test_bad_scales_are_refused():
    with pytest.raises(InputError, match="the scale of T2M is 'log': choose one of none, percent"):
        ParameterCells({"T2M": "log"})
    with pytest.raises(InputError, match="there is no parameter: give one or more"):
        ParameterCells({})
