"""The harness that every claim goes through: choose on validation, then read the test set once."""
