"""The experiments, one module per study."""
