"""Each score against numbers worked out by hand, or another implementation."""

import numpy as np
import pytest
from scipy import stats

from rnnzoo.rates import scores


def test_squared_errors():
    np.testing.assert_allclose(scores.squared_errors([1, 2, 4], np.array([1, 3, 2])), [0, 1, 4])


def test_diebold_mariano_of_one_step_is_a_paired_t_test():
    random = np.random.default_rng(1)
    a, b = random.normal(size=(2, 40))
    result = scores.diebold_mariano(a, b)
    # For one step the correction replaces n under the variance by n - 1.
    expected = stats.ttest_rel(a, b)
    assert result == pytest.approx((expected.statistic, expected.pvalue))


def test_diebold_mariano_of_two_steps_by_hand():
    a, b = np.array([3.0, 4, 1, 2]), np.ones(4)
    # d = 2, 3, 0, 1; mean 1.5; g_0 = 5/4, g_1 = (0.75 - 2.25 + 0.75) / 4 = -0.1875
    variance = 1.25 - 2 * 0.1875
    statistic = 1.5 / np.sqrt(variance / 4) * np.sqrt((4 + 1 - 4 + 2 / 4) / 4)
    result = scores.diebold_mariano(a, b, steps=2)
    assert result[0] == pytest.approx(statistic)
    assert result[1] == pytest.approx(2 * stats.t.sf(statistic, 3))


def test_the_better_forecast_has_a_statistic_below_0():
    losses = np.random.default_rng(1).random(50)
    assert scores.diebold_mariano(losses * 0.9, losses)[0] < 0
    assert scores.diebold_mariano(losses, losses) == (None, None)


def test_correlation():
    assert scores.correlation([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert scores.correlation([1, 2, 4], [1, 0, 1]) == pytest.approx(
        stats.pearsonr([1, 2, 4], [1, 0, 1]).statistic
    )
    assert scores.correlation([1, 2, 3], [0, 0, 0]) is None


def test_pinball_by_hand():
    quantiles = [[1.0, 2], [1, 2]]
    # 0.1 * (1.5 - 1), 0.1 * (2 - 1.5); 0.9 * (1 - 0), 0.1 * (2 - 0)
    expected = [(0.05 + 0.05) / 2, (0.9 + 0.2) / 2]
    losses = scores.pinball_losses([1.5, 0], quantiles, [0.1, 0.9])
    np.testing.assert_allclose(losses, expected)


def test_the_true_quantiles_have_the_least_pinball_loss():
    truth = np.random.default_rng(1).normal(size=20_000)
    levels = [0.05, 0.5, 0.95]
    losses = [
        scores.pinball_losses(
            truth, scale * np.tile(stats.norm.ppf(levels), (20_000, 1)), levels
        ).mean()
        for scale in (0.8, 1, 1.2)
    ]
    assert losses[1] == min(losses)


def test_coverage_with_its_ends():
    assert scores.coverage([1, 2, 3, 4], np.full(4, 2), np.full(4, 3)) == 0.5
