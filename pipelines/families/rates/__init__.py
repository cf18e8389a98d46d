"""From daily rates to a pushed forecaster."""
