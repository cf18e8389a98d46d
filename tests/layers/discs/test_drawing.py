import keras
import numpy as np
import pytest

from rnnzoo.layers.discs.drawing import DrawnDiscs


def drawn(discs, **options):
    layer = DrawnDiscs((6, 8), objects=2, radius=1.5, **options)
    return np.array(keras.ops.convert_to_numpy(layer(np.array(discs, "float32")[None, None])))[0, 0]


@pytest.mark.portable
def test_it_is_the_equation():
    result = drawn([2.0, 3.5, 1, 5.0, 1.0, 1], sharpness=0.4)
    for row, column in np.ndindex(6, 8):
        dark = 1.0
        for x, y in ((2.0, 3.5), (5.0, 1.0)):
            away = np.hypot(column + 0.5 - x, row + 0.5 - y)
            dark *= 1 - 1 / (1 + np.exp(-np.exp(0.4) * (1.5 - away)))
        assert result[row, column] == pytest.approx(1 - dark, abs=1e-3)


@pytest.mark.portable
@pytest.mark.once
def test_a_disc_that_is_not_there_is_not_drawn():
    value = drawn([2.0, 3.5, 1, 5.0, 1.0, 0])
    assert (value == drawn([2.0, 3.5, 1, 0.0, 0.0, 0])).all()
    assert drawn([2.0, 3.5, 0, 5.0, 1.0, 0]).max() == 0
