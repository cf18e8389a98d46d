import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.fields.batches import FieldWindows
from rnnzoo.fields.loss import NoiseToSignal

VALUES = np.arange(100, dtype="float32").reshape(100, 1, 1, 1)


def test_windows_are_fields_and_the_next_ones():
    x, y = FieldWindows(VALUES, 30, 10, batch_size=8, seed=1)[0]
    assert x.shape[1:] == y.shape[1:] == (30, 1, 1, 1)
    np.testing.assert_array_equal(x[:, 10:] + 1, y[:, 10:])
    assert np.isnan(y[:, :10]).all()


def test_in_order_all_steps_after_the_history_are_predicted():
    windows = FieldWindows(VALUES, 30, 10, batch_size=4, shuffle=False)
    targets = np.concatenate([windows[i][1].ravel() for i in range(len(windows))])
    assert sorted(targets[~np.isnan(targets)]) == list(range(11, 100))  # each of them once


def test_epochs_depend_on_seed_and_epoch():
    first = FieldWindows(VALUES, 30, 10, batch_size=2, seed=1)
    later = FieldWindows(VALUES, 30, 10, batch_size=2, seed=1, first_epoch=1)
    first.on_epoch_end()
    np.testing.assert_array_equal(first[0][0], later[0][0])


def test_outside_of_the_region_is_zero():
    values = np.ones((20, 1, 2, 1), "float32")
    values[:, 0, 1] = np.nan
    x, y = FieldWindows(values, 10, 2, shuffle=False)[0]
    assert (x[..., 1, :] == 0).all() and (y[0, 2:, :, 1] == 0).all()


def test_too_few_fields_are_refused():
    with pytest.raises(InputError, match="11 fields are no window: give 12 or more"):
        FieldWindows(VALUES[:11], 30, 10)


def test_the_loss_is_noise_over_signal():
    truth = np.array([[1.0, 2.0, np.nan], [3.0, 4.0, 5.0]], "float32")
    predicted = np.array([[1.5, 2.0, 9.0], [3.0, 3.0, 5.0]], "float32")
    expected = (0.5**2 + 1**2) / (1 + 4 + 9 + 16 + 25)
    assert float(NoiseToSignal()(truth, predicted)) == pytest.approx(expected)
