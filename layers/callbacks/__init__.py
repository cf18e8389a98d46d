"""Callbacks of `fit`: progress, TensorBoard logs, seeds per epoch."""
