"""From trips through a street graph to a pushed path predictor."""
