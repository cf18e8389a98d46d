"""Automatic differentiation on Torch; see tensorflow_autodiff.py."""


def jacobians(function, x):
    """d function(x)[n, i] / d x[n, j] at [n, i, j], for a function that works row by row."""
    import torch

    x = torch.as_tensor(x).detach().requires_grad_()
    y = function(x)
    rows = [torch.autograd.grad(one.sum(), x, retain_graph=True)[0] for one in y.unbind(1)]
    return torch.stack(rows, dim=1)


def gradient(function, x):
    """The gradient of a scalar function; x is a list of tensors, and so is what is returned."""
    import torch

    x = [torch.as_tensor(one).detach().requires_grad_() for one in x]
    y = function(x)
    found = torch.autograd.grad(y, x, allow_unused=True) if y.requires_grad else [None] * len(x)
    return [torch.zeros_like(a) if b is None else b for a, b in zip(x, found, strict=True)]
