"""US dollar to Indian rupee, a row a day: the series of [NB] 6.3."""
