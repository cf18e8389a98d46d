import pytest

from rnnzoo.datasets.common.splits import split_by_position

pytestmark = pytest.mark.core


@pytest.mark.parametrize("length", [1, 19, 100, 101, 1_115_394])
def test_the_parts_follow_each_other_and_lose_nothing(length):
    text = range(length)
    parts = split_by_position(text)
    assert list(parts) == ["train", "validation", "test"]
    assert [i for part in parts.values() for i in part] == list(text)
    assert abs(len(parts["train"]) - 0.9 * length) <= 0.5
    assert abs(len(parts["test"]) - 0.05 * length) <= 0.5
