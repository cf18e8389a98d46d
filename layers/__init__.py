"""What plugs into Keras: layers, cells, losses, regularizers, callbacks, solvers."""

import importlib

# Where each public name lives; a module is imported when its name is first asked for.
PUBLIC = {
    "EchoState": "echo_state.layer",
    "JacobianMonitor": "jacobian.monitor",
    "JacobianPenalty": "jacobian.penalty",
    "LeastSquaresUpdater": "least_squares.updater",
    "NEMCategoricalCrossentropy": "nem.losses",
    "NEMGRU": "nem.gru",
    "NEMGRUCell": "nem.gru",
    "NEMLSTM": "nem.lstm",
    "NEMLSTMCell": "nem.lstm",
    "NEMMeanSquaredError": "nem.losses",
    "NEMModel": "nem.model",
    "NEMMonitor": "nem.monitor",
    "NoiseSchedule": "nem.schedule",
    "RealTimeRecurrentLearning": "real_time_recurrent_learning",
    "SVDSimpleRNN": "jacobian.simple_rnn",
    "gradient_norms_by_lag": "jacobian.spectrum",
    "has_stable_limit_cycle": "echo_state.limit_cycles",
    "jacobian_product_norms": "jacobian.spectrum",
    "jacobian_spectrum": "jacobian.spectrum",
    "least_squares_init": "least_squares.init",
    "limit_cycle_bias": "echo_state.limit_cycles",
    "limit_cycle_bias_bounds": "echo_state.limit_cycles",
    "limit_cycle_certificate": "echo_state.limit_cycles",
    "step_jacobians": "jacobian.penalty",
    "with_noise": "nem.conversion",
    "without_noise": "nem.conversion",
}

__all__ = list(PUBLIC)


def __getattr__(name):
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{PUBLIC[name]}"), name)


def __dir__():
    return [*globals(), *PUBLIC]
