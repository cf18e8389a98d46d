"""Automatic differentiation on the backend in use."""

import importlib

import keras


def autodiff():
    """The module of the backend: `jacobians`, `gradient` and `weight_gradients`."""
    return importlib.import_module(f"rnnzoo.layers.fused.{keras.backend.backend()}_autodiff")
