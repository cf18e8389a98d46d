"""Models that are run for any protocol: batches, sequences, limits and metrics."""
