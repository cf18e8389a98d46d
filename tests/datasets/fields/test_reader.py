import warnings

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.checked_fields import checked_fields
from rnnzoo.datasets.fields.reader import read_fields

pytestmark = pytest.mark.core

STEPS = 8 * 24
TIMES = np.datetime64("2024-01-01", "s") + np.arange(STEPS) * np.timedelta64(3600, "s")


def counts(*shape):
    return np.random.default_rng(0).poisson(5, (STEPS, *shape)).astype("float32")


@pytest.mark.parametrize(
    ("shape", "grid"), [((3,), (1, 3, 1)), ((3, 4), (3, 4, 1)), ((3, 4, 2), (3, 4, 2))]
)
def test_arrays_of_every_shape_are_fields(tmp_path, shape, grid):
    values = counts(*shape)
    np.savez(tmp_path / "f.npz", values=values, times=TIMES)
    series = read_fields(tmp_path / "f.npz")
    np.testing.assert_array_equal(series.values, values.reshape(STEPS, *grid))
    np.testing.assert_array_equal(series.times, TIMES)
    np.save(tmp_path / "f.npy", values)
    again = read_fields(tmp_path / "f.npy", "2024-01-01T00", "1h")
    np.testing.assert_array_equal(again.values, series.values)
    np.testing.assert_array_equal(again.times, series.times)


def test_times_may_be_texts_and_the_only_array_has_any_name(tmp_path):
    np.savez(tmp_path / "t.npz", values=counts(2), times=TIMES.astype(str))
    np.testing.assert_array_equal(read_fields(tmp_path / "t.npz").times, TIMES)
    np.savez(tmp_path / "o.npz", counts(2))
    assert len(read_fields(tmp_path / "o.npz", "2024-01-01", "1h")) == STEPS


def test_a_csv_file_has_a_column_per_cell(tmp_path):
    values = counts(2)
    rows = [f"{time},{a:g},{b:g}" for time, (a, b) in zip(TIMES, values, strict=True)]
    (tmp_path / "f.csv").write_text("time,north,south\n" + "\n".join(rows))
    np.testing.assert_array_equal(read_fields(tmp_path / "f.csv").values[:, 0, :, 0], values)


def test_rows_of_a_csv_file_are_counted_from_its_first_line(tmp_path):
    (tmp_path / "f.csv").write_text("time,a\n\n2024-01-01T00,1\n2024-01-01T00,2\n")
    with pytest.raises(InputError, match="has the time 2024-01-01T00:00:00 in row 4, after"):
        read_fields(tmp_path / "f.csv")


@pytest.mark.parametrize("mark", [-1, np.nan])
def test_cells_outside_are_masked(mark):
    values = counts(2, 2)
    values[:, 0, 1] = mark
    series = checked_fields("f", TIMES, values)
    assert series.mask.tolist() == [[True, False], [True, True]]
    assert np.isnan(series.values[:, 0, 1]).all() and series.filled == 0


def test_missing_values_are_counted_and_interpolated_on_request():
    values = counts(2)
    values[0, 0], values[10, 1], values[11, 1] = np.nan, -1, np.nan
    with pytest.raises(
        InputError, match=r"f lacks 3 values inside the region, the first in \(0, 0\)"
    ):
        checked_fields("f", TIMES, values)
    series = checked_fields("f", TIMES, values, fill=True)
    before, after = values[9, 1], values[12, 1]
    filled = series.values[10:12, 0, 1, 0]
    np.testing.assert_allclose(filled, before + (after - before) * np.array([1, 2]) / 3, rtol=1e-6)
    assert series.values[0, 0, 0, 0] == values[1, 0]
    assert (series.filled, series.filled_steps) == (3, 0)


def test_missing_steps_are_interpolated_on_request():
    values, rows = counts(2), np.delete(np.arange(STEPS), [5, 6])
    with pytest.raises(InputError, match="lacks 2 time steps"):
        checked_fields("f", TIMES[rows], values[rows])
    series = checked_fields("f", TIMES[rows], values[rows], fill=True)
    assert (series.filled, series.filled_steps) == (0, 2) and len(series) == STEPS
    expected = values[4] + (values[7] - values[4]) / 3
    np.testing.assert_allclose(series.values[5, 0, :, 0], expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda v: v[:, 0], r"shape \(192,\) and dtype float32: give numbers \(time, cells\)"),
        (lambda v: v[..., None, None, None], "give numbers"),
        (lambda v: v.astype(str), "dtype <U"),
        (lambda v: v[:-1], "f has 191 fields and 192 times"),
        (lambda v: np.where(v == v[3, 1], -2, v), r"the value -2 in the cell \(0, "),
        (lambda v: np.where(v == v[3, 1], np.inf, v), "the value inf in the cell"),
        (lambda v: v * np.nan, "f has no value: -1 and NaN mark cells outside"),
    ],
)
def test_other_arrays_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        checked_fields("f", TIMES, change(counts(2)))


def test_numbers_that_32_bits_do_not_hold_are_named_without_a_warning(tmp_path):
    values = counts(2).astype("float64")
    values[3, 1] = 1e300
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError, match=r"value 1e\+300 in the cell .*: give finite numbers"):
            checked_fields("f", TIMES, values)
        rows = [f"{time},{a:g},{b:g}" for time, (a, b) in zip(TIMES, values, strict=True)]
        (tmp_path / "f.csv").write_text("time,north,south\n" + "\n".join(rows))
        with pytest.raises(InputError, match=r"value 1e\+300 in the cell .*: give finite numbers"):
            read_fields(tmp_path / "f.csv")


def test_less_than_a_week_is_refused():
    assert len(checked_fields("f", TIMES[:168], counts(2)[:168])) == 168
    with pytest.raises(InputError, match="f has 160 time steps of 3600 s: give a week or more"):
        checked_fields("f", TIMES[:160], counts(2)[:160])


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("f.txt", "", "does not end in .npy, .npz, .csv"),
        ("f.npz", "no archive", "is no .npz file of numbers"),
        ("f.npy", "no array", "is no .npy file of numbers"),
        ("f.csv", "time,a\n", "has no fields"),
        ("f.csv", "time,a\n2024-01-01T00,1,2\n", "has 3 fields in row 2: give 2"),
        ("f.csv", "time,a\n2024-01-01T00,x\n", "has the value 'x' in row 2: give a number"),
        (
            "f.csv",
            "time,a\nnow,1\n",
            "has the time 'now' in row 2: give times such as 2019-01-01T00",
        ),
        ("f.csv", 'time,a\n"2024-01-01T00,1\n', "close its quotes"),
    ],
)
def test_files_of_something_else_are_refused(tmp_path, file, content, message):
    (tmp_path / file).write_text(content)
    with pytest.raises(InputError, match=message):
        read_fields(tmp_path / file, "2024-01-01", "1h")


def test_pickled_objects_and_unknown_arrays_are_refused(tmp_path):
    np.savez(tmp_path / "f.npz", values=np.array([{}], object))
    with pytest.raises(InputError, match="is no .npz file of numbers"):
        read_fields(tmp_path / "f.npz")
    np.savez(tmp_path / "f.npz", a=counts(2), b=counts(2))
    with pytest.raises(InputError, match="has 'a, b': give the arrays values and times"):
        read_fields(tmp_path / "f.npz")


def test_times_are_given_once(tmp_path):
    np.savez(tmp_path / "f.npz", values=counts(2), times=TIMES)
    with pytest.raises(InputError, match="f.npz has times: leave --start and --step out"):
        read_fields(tmp_path / "f.npz", step="1h")


def test_values_with_a_sign_are_read_on_request(tmp_path):
    values = counts(2) - 4
    values[:, 1] = np.nan
    np.savez(tmp_path / "f.npz", values=values, times=TIMES)
    with pytest.raises(InputError, match="or -1 outside the region; --negative values takes those"):
        read_fields(tmp_path / "f.npz")
    series = read_fields(tmp_path / "f.npz", negative="values")
    np.testing.assert_array_equal(series.values[:, 0, 0, 0], values[:, 0])
    assert (values[:, 0] == -1).any() and series.mask.tolist() == [[True, False]]
    with pytest.raises(InputError, match="negative is 'yes': give 'values' or None"):
        read_fields(tmp_path / "f.npz", negative="yes")
    values[3, 0] = np.inf
    with pytest.raises(
        InputError, match=r"value inf .*: give finite numbers up to 3.4e\+38, or NaN outside"
    ):
        checked_fields("f", TIMES, values, signed=True)
