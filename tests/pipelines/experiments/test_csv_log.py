"""The file that only grows, whatever ends the process that writes it."""

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.csv_log import append, read

ROWS = [{"a": "1", "b": "x, y"}, {"a": "2", "b": 'say "z"'}]


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log.csv"


def test_what_was_written_is_read(log):
    assert read(log) == []
    for row in ROWS:
        append(log, row)
    assert read(log) == ROWS
    assert log.read_text().splitlines()[0] == "a,b"


def test_a_cut_at_any_byte_costs_at_most_the_last_row(log):
    append(log, ROWS[0])
    before = log.read_bytes()
    append(log, ROWS[1])
    whole = log.read_bytes()
    assert whole.startswith(before), "nothing written before is touched"
    for length in range(len(before), len(whole)):
        log.write_bytes(whole[:length])
        assert read(log) == ROWS[:1]
        assert log.read_bytes() == whole[:length], "reading changes nothing"
        append(log, ROWS[1])
        assert log.read_bytes() == whole


def test_a_cut_header(log):
    for torn in (b"", b"a,", b"a,b"):
        log.write_bytes(torn)
        assert read(log) == []
        append(log, ROWS[0])
        assert read(log) == ROWS[:1]


def test_new_columns_are_empty_in_earlier_rows(log):
    append(log, ROWS[0])
    append(log, {"a": "3", "c": "new"})
    append(log, ROWS[1])
    assert read(log) == [
        {**ROWS[0], "c": ""},
        {"a": "3", "b": "", "c": "new"},
        {**ROWS[1], "c": ""},
    ]
    assert [path.name for path in log.parent.iterdir()] == ["log.csv"]


def test_a_long_field_can_be_read_back(log):
    append(log, {"curve": "0.123456789 " * 50_000})
    assert len(read(log)[0]["curve"]) == 600_000


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a,b\n1\n", "line 2: 1 fields where the header has 2"),
        (b"a,b\n1,2\n1,2,3\n", "line 3: 3 fields where the header has 2"),
        (b"\xff\xfe\n", "is not a CSV file"),
        (b'a,b\n"1"2,3\n', "is not a CSV file"),
    ],
)
def test_a_damaged_file_is_named_and_left_as_it_is(log, raw, said):
    log.write_bytes(raw)
    for use in (read, lambda path: append(path, ROWS[0])):
        with pytest.raises(InputError, match=said) as problem:
            use(log)
        assert str(problem.value).startswith(str(log))
        assert log.read_bytes() == raw
