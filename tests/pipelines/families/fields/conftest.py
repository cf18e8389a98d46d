"""A forecaster of a user's fields, pushed once."""

import pytest

SHORT = {"units": 8, "rank": 3, "epochs": 2, "seeds": [1]}


@pytest.fixture(scope="module")
def pushed_fields(pushed_alone, short_recipe, fields_file):
    """(folder of models, folder, card) of a short training on `fields_file`."""
    pytest.importorskip("sklearn")
    with (
        short_recipe("nycbike-short", "nycbike-gru", SHORT),
        pushed_alone("nycbike-short", fields_file, "region-gru") as pushed,
    ):
        yield pushed
