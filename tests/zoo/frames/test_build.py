import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.frames.build import build
from rnnzoo.frames.recipe import complete
from rnnzoo.registry import recipe

DISCS = {**complete(recipe("balls3-lstm-large")), "units": 3, "hidden": 4}


def test_what_ships_of_discs_predicts_as_what_was_trained():
    trained = build("balls3-lstm-large", DISCS, (12, 12))
    shipped = trained.finished()
    assert type(shipped.recurrent[0].cell.layer).__name__ == "LSTM"
    frames = np.random.default_rng(0).random((2, 5, 12, 12)).astype("float32")
    np.testing.assert_allclose(shipped.rollout(frames, 3), trained.rollout(frames, 3), atol=1e-6)


def test_discs_are_not_followed_with_noise():
    noisy = DISCS | {"architecture": "nemlstm", "noise_std": 0.1}
    with pytest.raises(InputError, match="a layer without noise or penalty, not by nemlstm"):
        build("balls3-lstm-large", noisy, (12, 12))
