"""Automatic differentiation on Torch; see tensorflow_autodiff.py."""


def jacobians(function, x):
    """d function(x)[n, i] / d x[n, j] at [n, i, j], for a function that works row by row."""
    import torch

    x = torch.as_tensor(x).detach().requires_grad_()
    y = function(x)
    rows = [torch.autograd.grad(column.sum(), x, retain_graph=True)[0] for column in y.unbind(1)]
    return torch.stack(rows, dim=1)


def gradient(function, x):
    """The gradient of a scalar function by x, a list of tensors, as a list of tensors."""
    import torch

    x = [torch.as_tensor(values).detach().requires_grad_() for values in x]
    y = function(x)
    if not y.requires_grad:
        return [torch.zeros_like(values) for values in x]
    gradients = torch.autograd.grad(y, x, allow_unused=True)
    return [torch.zeros_like(a) if b is None else b for a, b in zip(x, gradients, strict=True)]


def weight_gradients(model, loss):
    """As on TensorFlow."""
    import torch

    def gradients(x, y):
        values = [weight.value for weight in model.trainable_weights]
        return torch.autograd.grad(loss(x, y), values, allow_unused=True)

    return gradients
