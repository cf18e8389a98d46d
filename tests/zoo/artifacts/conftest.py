"""What the tests of artifacts share: a model to damage."""

import shutil

import pytest


@pytest.fixture
def copy(small_model, models):
    """A fresh copy of the small model that a test may damage."""
    folder, _ = small_model
    shutil.copytree(folder, models / "sonnets-lstm/1")
    return models / "sonnets-lstm/1"
