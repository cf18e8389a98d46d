"""A field forecaster of few cells."""

import pytest

TRAIN, VALIDATION = 7 * 168, 8 * 168


@pytest.fixture(scope="session")
def fitted(small_fields):
    """A forecaster whose weights are those of least squares."""
    import keras

    from rnnzoo.fields.forecaster import FieldForecaster

    keras.utils.set_random_seed(1)
    model = FieldForecaster((2, 3, 1), 3600, [keras.layers.SimpleRNN(6)], rank=3)
    model.fit_fields(small_fields[:TRAIN])
    model.calibrate(small_fields[:VALIDATION], TRAIN)
    return model


@pytest.fixture
def model(fitted):
    """A copy of `fitted`, which may be changed."""
    copy = fitted.reconfigured()
    copy.set_weights(fitted.get_weights())
    return copy
