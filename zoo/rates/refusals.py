"""Why rates are refused: templates of the messages of `Forecaster` and its exported graph."""

from rnnzoo.datasets.rates.series import LARGEST, SMALLEST

TOO_FEW = "the history has {count} rates: give at least {least}"
NOT_POSITIVE = "rate {index} of the history is {rate:g}: give numbers above 0"
# Of float64 rates: in the float32 of a graph they are 0 or infinite.
BEYOND = (
    "rate {index} of the history is {rate:g}: "
    f"give numbers from {SMALLEST:g} to {LARGEST:g}, in another unit"
)
OTHER_UNIT = "rate {index} of the history is {rate:g} after {before:g}: give one unit"
