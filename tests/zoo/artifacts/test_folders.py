import os
import shutil

import pytest

from rnnzoo import artifacts
from rnnzoo.datasets.common.errors import InputError


def test_the_newest_version_is_the_highest_number(copy):
    assert artifacts.find("sonnets-lstm").name == "1"
    shutil.copytree(copy, copy.parent / "10")
    shutil.copytree(copy, copy.parent / "9")
    os.makedirs(copy.parent / "11")  # no SHA256SUMS: not complete
    assert artifacts.find("sonnets-lstm").name == "10"
    assert artifacts.find("sonnets-lstm/9").name == "9"
    with pytest.raises(InputError, match="no version '11': choose one of 1, 9, 10"):
        artifacts.find("sonnets-lstm/11")


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "a b", "", "-a", "a--b", "a/../b", "é"])
def test_names_that_are_not_valid(name):
    with pytest.raises(InputError, match="no model name"):
        artifacts.checked_name(name)
    with pytest.raises((LookupError, InputError)):
        artifacts.find(name)
