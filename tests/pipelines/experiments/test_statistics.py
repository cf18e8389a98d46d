"""Statistics against numbers worked out by hand."""

import math
import warnings

import pytest

from rnnzoo.pipelines.experiments.harness.statistics import Paired, holm, paired, summary

NAN = math.nan


def test_mean_and_sample_deviation():
    # 2, 4, 4, 4, 5, 5, 7, 9: squares of deviations add up to 32.
    result = summary([2, 4, 4, 4, 5, 5, 7, 9])
    assert (result.n, result.mean) == (8, 5)
    assert result.sd == pytest.approx(math.sqrt(32 / 7))


def test_what_is_not_finite_is_no_figure():
    assert summary([1.0, NAN, 3.0, math.inf]) == summary([1.0, 3.0])
    assert summary([2.0]).n == 1
    assert summary([2.0]).mean == 2.0
    assert math.isnan(summary([2.0]).sd)
    assert summary([NAN]).n == 0
    assert math.isnan(summary([]).mean)


def test_paired_by_hand():
    # Differences 1, 2, 3: mean 2, deviation 1, t = 2 sqrt(3). With two degrees of freedom the
    # distribution has a closed form: p = 1 - t / sqrt(2 + t^2); the 97.5% point is 4.302653.
    result = paired([11.0, 22.0, 33.0], [10.0, 20.0, 30.0])
    t = 2 * math.sqrt(3)
    assert (result.n, result.mean, result.lower, result.higher) == (3, 2.0, 0, 3)
    assert result.sd == pytest.approx(1)
    assert result.p == pytest.approx(1 - t / math.sqrt(2 + t * t))
    assert result.p == pytest.approx(0.0741799)
    assert result.low == pytest.approx(2 - 4.302653 / math.sqrt(3))
    assert result.high == pytest.approx(2 + 4.302653 / math.sqrt(3))


def test_paired_is_by_seed_and_has_a_sign():
    result = paired([1.0, 5.0, 3.0], [2.0, 4.0, 6.0])
    assert (result.mean, result.lower, result.higher) == (-1.0, 2, 1)
    back = paired([2.0, 4.0, 6.0], [1.0, 5.0, 3.0])
    assert back.p == result.p
    assert (back.low, back.high) == pytest.approx((-result.high, -result.low))


def test_a_seed_without_a_figure_leaves_its_pair_out():
    assert paired([1.0, NAN, 3.0, 4.0, 9.0], [2.0, 2.0, 5.0, NAN, 4.0]) == paired(
        [1.0, 3.0, 9.0], [2.0, 5.0, 4.0]
    )


@pytest.mark.parametrize(
    ("values", "control", "mean", "sd"),
    [
        ([1.0], [3.0], -2.0, NAN),
        ([], [], NAN, NAN),
        ([NAN, 1.0], [1.0, NAN], NAN, NAN),
        ([1.0, 2.0], [1.0, 2.0], 0.0, 0.0),
        ([0.0, 0.0], [0.0, 0.0], 0.0, 0.0),
        ([1.0, 2.0], [3.0, 4.0], -2.0, 0.0),
        ([0.1, 0.2, 0.3], [0.2, 0.3, 0.4], -0.1, 0.0),  # but for rounding
    ],
)
def test_where_there_is_nothing_to_test(values, control, mean, sd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = paired(values, control)
    assert result.mean == pytest.approx(mean, nan_ok=True)
    assert result.sd == pytest.approx(sd, nan_ok=True)
    assert all(map(math.isnan, (result.p, result.low, result.high)))
    assert isinstance(result, Paired)


def test_holm_by_hand():
    # Ascending 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04, which may
    # not fall below the 0.06 before it.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]
    assert holm([]) == []


def test_holm_does_not_count_tests_that_were_not_made():
    result = holm([NAN, 0.02, NAN, 0.03])
    assert math.isnan(result[0])
    assert math.isnan(result[2])
    assert (result[1], result[3]) == pytest.approx((0.04, 0.04))


def test_figures_that_are_the_same_do_not_vary_by_rounding():
    assert summary([0.346090909, 0.346090909, 0.346090909]).sd == 0
