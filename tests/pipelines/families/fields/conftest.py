"""A forecaster of a user's fields, pushed once."""

import numpy as np
import pytest

SHORT = {"units": 8, "rank": 3, "epochs": 2, "seeds": [1]}


@pytest.fixture(scope="session")
def fields_file(small_fields, tmp_path_factory):
    """Path of an .npz file of `small_fields`."""
    path = tmp_path_factory.mktemp("fields") / "region.npz"
    np.savez(path, values=small_fields.values, times=small_fields.times)
    return path


@pytest.fixture(scope="module")
def pushed_fields(pushed_alone, short_recipe, fields_file):
    """(folder of models, folder, card) of a short training on `fields_file`."""
    pytest.importorskip("sklearn")
    with (
        short_recipe("nycbike-short", "nycbike-gru", SHORT),
        pushed_alone("nycbike-short", fields_file, "region-gru") as pushed,
    ):
        yield pushed
