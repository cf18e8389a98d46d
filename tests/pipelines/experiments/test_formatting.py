"""Each kind of comparison as text."""

import math

import pytest

from rnnzoo.pipelines.experiments.harness.experiment import Measure
from rnnzoo.pipelines.experiments.harness.formatting import describe_comparison
from rnnzoo.pipelines.experiments.harness.statistics import paired

LOSS = Measure("loss", "nats", "lower", lambda cell, control: 0.0)


@pytest.mark.parametrize(
    ("values", "p", "expected"),
    [
        (
            [-1, -2, -3, -2, -2],
            0.01,
            "lower (better) in 5 of 5 seeds, by 2.00 ± 0.71 nats, p = 0.01",
        ),
        ([1, 2, 3, 2, -2], 0.04, "higher (worse) in 4 of 5 seeds, by 1.2 ± 1.9 nats, p = 0.04"),
        (
            [-1, 2, -3, 2, -2],
            0.7,
            "no significant difference: lower in 3 of 5 seeds, by 0.4 ± 2.3 nats, p = 0.7",
        ),
        (
            [-1, -1, -1],
            math.nan,
            "the difference is -1 nats in each of 3 seeds: no variance, no test",
        ),
        ([-1], math.nan, "too few seeds to compare"),
        (
            [-1, math.nan, math.nan],
            math.nan,
            "too few seeds to compare; 2 of 3 seeds have no value",
        ),
        (
            [-1, -2, -3, math.nan],
            0.0001,
            "lower (better) in 3 of 3 seeds, by 2.0 ± 1.0 nats, p < 0.001; "
            "1 of 4 seeds have no value",
        ),
    ],
)  # fmt: skip
def test_comparisons(values, p, expected):
    assert (
        describe_comparison(paired(values, [0.0] * len(values)), p, len(values), LOSS) == expected
    )
