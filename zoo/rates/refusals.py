"""Why rates are refused: templates of the messages of `Forecaster` and its exported graph."""

TOO_FEW = "the history has {count} rates: give at least {least}"
NOT_POSITIVE = "rate {index} of the history is {rate:g}: give numbers above 0"
OTHER_UNIT = "rate {index} of the history is {rate:g} after {before:g}: give one unit"
