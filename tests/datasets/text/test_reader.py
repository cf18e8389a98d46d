import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.text.reader import read_text

pytestmark = pytest.mark.core


def test_line_ends_and_byte_order_mark_are_normalised(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    assert read_text(path) == "one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"abc\0def", "is binary or UTF-16 (a zero byte at 3)"),
        ("a".encode("utf-16"), "is binary or UTF-16 (a zero byte at 3)"),
        ("perché".encode("latin-1"), "is not UTF-8 (byte 0xe9 at 5)"),
    ],
)
def test_what_is_no_text_is_named_in_one_line(tmp_path, raw, said):
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError) as error:
        read_text(path)
    assert str(path) in str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_text(tmp_path)
