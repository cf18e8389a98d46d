"""How an experiment is run: selection on validation data, test results, statistics, page."""
