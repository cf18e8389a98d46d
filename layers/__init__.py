"""What plugs into Keras: layers, cells, losses, regularizers, callbacks, solvers.

Importing this package registers every class that Keras saves by its name, so that
`keras.saving.load_model` reads a `.keras` file with any of them.
"""

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

# Modules of classes that are saved by name.
SAVED = (
    "candidate_logits",
    "discs.drawing",
    "discs.finder",
    "discs.motion",
    "echo_state.layer",
    "jacobian.penalty",
    "jacobian.simple_rnn",
    "nem.gru",
    "nem.losses",
    "nem.lstm",
    "nem.model",
    "one_hot",
    "per_frame",
    "pixelwise_rnn",
    "spectrogram.bin_means",
    "spectrogram.bin_regression",
    "spectrogram.column_features",
    "spectrogram.nearby_columns",
    "spectrogram.wiener_interpolation",
)

__all__ = list(PUBLIC)


def __getattr__(name):
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{PUBLIC[name]}"), name)


def __dir__():
    return [*globals(), *PUBLIC]


for module in SAVED:
    importlib.import_module(f"{__name__}.{module}")
del module
