"""Zarr stores of both formats, and stores of something else."""

import json
import sys

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.reader import read_fields

zarr = pytest.importorskip("zarr")
pytestmark = [
    pytest.mark.core,
    pytest.mark.filterwarnings("ignore::zarr.errors.UnstableSpecificationWarning"),
    pytest.mark.filterwarnings("ignore:Consolidated metadata is currently not part"),
]

STEPS = 8 * 24
TIMES = np.datetime64("2024-01-01", "s") + np.arange(STEPS) * np.timedelta64(3600, "s")
VALUES = np.random.default_rng(0).poisson(5, (STEPS, 3, 4)).astype("float32")


def group(path, zarr_format=3, times=TIMES, values=VALUES, **settings):
    root = zarr.open_group(path, mode="w", zarr_format=zarr_format)
    root.create_array("values", data=values, chunks=(50, 3, 4), **settings)
    if times is not None:
        root.create_array("times", data=times)
    return root


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize(
    "times", [TIMES, TIMES.astype(str), TIMES.astype(str).astype(np.dtypes.StringDType())]
)
def test_a_group_is_read_in_both_formats(tmp_path, zarr_format, times):
    group(tmp_path / "f.zarr", zarr_format, times)
    series = read_fields(tmp_path / "f.zarr")
    np.testing.assert_array_equal(series.values[..., 0], VALUES)
    np.testing.assert_array_equal(series.times, TIMES)


@pytest.mark.parametrize("unit", ["hours", "hour", "seconds", "days"])
def test_times_since_a_date(tmp_path, unit):
    start = TIMES[0] - np.timedelta64(2, "h")
    numbers = (TIMES - start) / np.timedelta64(1, "D" if unit == "days" else unit[0])
    root = group(tmp_path / "f.zarr", times=numbers)
    root["times"].attrs["units"] = f"{unit} since 2023-12-31 22:00:00.000000"
    root["times"].attrs["calendar"] = "proleptic_gregorian"
    np.testing.assert_array_equal(read_fields(tmp_path / "f.zarr").times, TIMES)


@pytest.mark.parametrize(
    ("units", "calendar", "message"),
    [
        ("months since 2024-01-01", None, "has times in 'months since 2024-01-01': give units"),
        ("hours since noon", None, "give units such as hours since 2019-01-01"),
        ("hours since 2024-13-01", None, "give units"),
        (7, None, "has times in 7"),
        ("hours since 2024-01-01", "noleap", "the calendar 'noleap': give one of standard"),
    ],
)
def test_other_units_are_refused(tmp_path, units, calendar, message):
    root = group(tmp_path / "f.zarr", times=np.arange(STEPS))
    root["times"].attrs.update({"units": units, "calendar": calendar})
    with pytest.raises(InputError, match=message):
        read_fields(tmp_path / "f.zarr")


def test_numbers_without_units_are_no_times(tmp_path):
    for times in (np.arange(STEPS), np.full(STEPS, np.nan)):
        root = group(tmp_path / "f.zarr", times=times)
        with pytest.raises(InputError, match="has times that are none: give texts"):
            read_fields(tmp_path / "f.zarr")
    root["times"].attrs["units"] = "hours since 2024-01-01"
    with pytest.raises(InputError, match="has times that are none: give finite numbers"):
        read_fields(tmp_path / "f.zarr")


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_an_array_without_times_has_start_and_step(tmp_path, zarr_format):
    array = zarr.create_array(
        tmp_path / "f.zarr", data=VALUES, chunks=(50, 3, 4), zarr_format=zarr_format
    )
    assert array.shape == VALUES.shape
    series = read_fields(tmp_path / "f.zarr", "2024-01-01T00", "1h")
    np.testing.assert_array_equal(series.values[..., 0], VALUES)
    with pytest.raises(InputError, match="f.zarr has no times: give --start"):
        read_fields(tmp_path / "f.zarr")
    root = zarr.open_group(tmp_path / "g.zarr", mode="w")
    root.create_array("any", data=VALUES)
    assert len(read_fields(tmp_path / "g.zarr", "2024-01-01T00", "1h")) == STEPS


def test_zip_files_links_shards_and_capitals(tmp_path):
    store = zarr.storage.ZipStore(tmp_path / "f.ZARR.zip", mode="w")
    group(store)
    store.close()
    np.testing.assert_array_equal(read_fields(tmp_path / "f.ZARR.zip").values[..., 0], VALUES)
    group(tmp_path / "real", shards=(100, 3, 4))
    (tmp_path / "link.zarr").symlink_to(tmp_path / "real")
    np.testing.assert_array_equal(read_fields(tmp_path / "link.zarr").values[..., 0], VALUES)


def data_set(**variables):
    """A data set of xarray whose first row is the south."""
    xarray = pytest.importorskip("xarray")
    coordinates = {"time": TIMES, "lat": ("lat", [40.0, 45.0, 50.0], {"units": "degrees_north"})}
    air = (("time", "lat", "lon"), VALUES - 20)
    return xarray.Dataset({"air": air, **variables}, {**coordinates, "lon": [0.0, 5.0, 10.0, 15.0]})


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_data_set_of_xarray(tmp_path, zarr_format):
    values = np.where(np.arange(12).reshape(3, 4) == 0, np.nan, VALUES - 20)
    packed = {"dtype": "int16", "scale_factor": 0.5, "_FillValue": -32767}
    variables = {name: (("time", "lat", "lon"), values) for name in ("air", "height")}
    data_set(**variables).to_zarr(
        tmp_path / "f.zarr", zarr_format=zarr_format, encoding={"height": packed}
    )
    series = read_fields(tmp_path / "f.zarr")
    assert series.channels == ["air", "height"] and series.mask.sum() == 11
    np.testing.assert_array_equal(series.times, TIMES)
    for channel in (0, 1):
        np.testing.assert_array_equal(series.values[..., channel], values[:, ::-1])


def test_a_data_set_of_xarray_that_claims_too_much_or_unpickles_is_refused(tmp_path):
    root = zarr.open_group(tmp_path / "f.zarr", mode="w")
    air = root.create_array(
        "air", shape=(10**9, 10**6), chunks=(10**6, 1), dtype="f4", dimension_names=["time", "cell"]
    )
    assert air.nbytes_stored() < 10_000
    with pytest.raises(InputError, match=r"claims the shape \(1000000000, 1000000\) of float32"):
        read_fields(tmp_path / "f.zarr")
    data_set().to_zarr(tmp_path / "g.zarr", zarr_format=2)
    metadata = tmp_path / "g.zarr/lon/.zarray"
    changed = {"dtype": "|O", "filters": [{"id": "vlen-utf8"}, {"id": "pickle"}], "fill_value": ""}
    metadata.write_text(json.dumps(json.loads(metadata.read_text()) | changed))
    with pytest.raises(InputError, match="has the codec 'pickle': give one such as zstd"):
        read_fields(tmp_path / "g.zarr")


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_damaged_data_set_of_xarray(tmp_path, zarr_format):
    data_set().to_zarr(tmp_path / "f.zarr", zarr_format=zarr_format)
    chunk = "c/0/0/0" if zarr_format == 3 else "0.0.0"
    (tmp_path / "f.zarr/air" / chunk).write_bytes(b"no chunk")
    with pytest.raises(InputError, match=r"f.zarr has values that cannot be decoded \(.*\): give"):
        read_fields(tmp_path / "f.zarr")
    data_set().to_zarr(tmp_path / "g.zarr", zarr_format=zarr_format)
    zarr.open_group(tmp_path / "g.zarr", mode="a")["air"].attrs["scale_factor"] = 0
    with pytest.raises(InputError, match="has the scale_factor 0 of air: give a number other"):
        read_fields(tmp_path / "g.zarr")


def test_a_data_set_of_xarray_needs_xarray(tmp_path, monkeypatch):
    data_set().to_zarr(tmp_path / "f.zarr")
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(InputError, match=r"f.zarr needs xarray: pip install 'rnnzoo\[weather\]'"):
        read_fields(tmp_path / "f.zarr")


def test_cells_outside_are_the_fill_value(tmp_path):
    values = VALUES.copy()
    values[:, 0, 1] = np.nan
    group(tmp_path / "f.zarr", values=values, fill_value=np.nan)
    assert not read_fields(tmp_path / "f.zarr").mask[0, 1]


@pytest.mark.parametrize("array", ["values", "times"])
def test_nothing_that_runs_code_is_read(tmp_path, array):
    group(tmp_path / "f.zarr", 2, TIMES.astype(str))
    metadata = tmp_path / "f.zarr" / array / ".zarray"
    texts, unpickle = {"id": "vlen-utf8"}, {"id": "pickle"}
    for codecs in ([texts, unpickle], [unpickle], [unpickle, texts]):
        changed = {"dtype": "|O", "filters": codecs, "fill_value": ""}
        metadata.write_text(json.dumps(json.loads(metadata.read_text()) | changed))
        # Zarr itself refuses the others.
        message = "has the codec 'pickle': give one such as zstd"
        message = message if codecs[0] == texts else "is no Zarr store of numbers"
        with pytest.raises(InputError, match=message):
            read_fields(tmp_path / "f.zarr")


def test_other_stores_are_refused(tmp_path):
    path = tmp_path / "f.zarr"
    with pytest.raises(InputError, match=r"f.zarr does not exist: give a file that ends in .npy"):
        read_fields(path)
    path.symlink_to(tmp_path / "missing")
    with pytest.raises(InputError, match="is a link to .*missing, which does not exist"):
        read_fields(path)
    path.unlink()
    path.write_text("no folder")
    with pytest.raises(InputError, match="f.zarr is no Zarr store|f.zarr cannot be read: Not a"):
        read_fields(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(InputError, match="is no Zarr store of numbers: give the arrays values"):
        read_fields(path)
    (path / "zarr.json").write_text("{")
    with pytest.raises(InputError, match="is no Zarr store of numbers"):
        read_fields(path)
    (tmp_path / "f.zarr.zip").write_text("no zip file")
    with pytest.raises(InputError, match="f.zarr.zip is no Zarr store of numbers"):
        read_fields(tmp_path / "f.zarr.zip")
    (tmp_path / "f.zip").write_text("")
    with pytest.raises(InputError, match="does not end in .*, .zarr, .zarr.zip"):
        read_fields(tmp_path / "f.zip")


def test_other_arrays_are_refused(tmp_path):
    root = zarr.open_group(tmp_path / "f.zarr", mode="w")
    with pytest.raises(InputError, match="has 'no array': give the arrays values and times"):
        read_fields(tmp_path / "f.zarr")
    root.create_array("a", data=VALUES)
    root.create_array("b", data=VALUES)
    with pytest.raises(InputError, match="has 'a, b': give the arrays values and times"):
        read_fields(tmp_path / "f.zarr")
    root.create_array("values", data=VALUES.astype(str))
    with pytest.raises(InputError, match="has values of the type <U32: give an array of numbers"):
        read_fields(tmp_path / "f.zarr")


def test_a_damaged_chunk_and_an_empty_array_are_refused(tmp_path):
    group(tmp_path / "f.zarr")
    (tmp_path / "f.zarr/values/c/1/0/0").write_bytes(b"no chunk")
    with pytest.raises(InputError, match=r"f.zarr has values that cannot be decoded \(.*\): give"):
        read_fields(tmp_path / "f.zarr")
    shape = (10**9, 10**6)  # nothing is allocated for it
    zarr.create_array(tmp_path / "g.zarr", shape=shape, chunks=(10**6, 1), dtype="f4")
    with pytest.raises(InputError, match=r"claims the shape \(1000000000, 1000000\) of float32"):
        read_fields(tmp_path / "g.zarr", "2024-01-01", "1h")


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    group(tmp_path / "f.zarr")
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(InputError, match=r"f.zarr needs zarr: pip install 'rnnzoo\[fields\]'"):
        read_fields(tmp_path / "f.zarr")
