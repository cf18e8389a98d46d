"""NetCDF files of both formats, as climate models and xarray write them."""

import sys
import warnings

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.reader import read_fields

xarray = pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")
pytestmark = pytest.mark.core

STEPS = 9 * 4
TIMES = np.datetime64("2024-01-01", "ns") + np.arange(STEPS) * np.timedelta64(6, "h")
VALUES = np.random.default_rng(0).normal(0, 10, (STEPS, 3, 4)).astype("float32")
ENGINES = ["scipy", "h5netcdf"]


def dataset(values=VALUES, lat=(50.0, 45.0, 40.0), **others):
    coordinates = {"time": TIMES, "lat": ("lat", list(lat), {"units": "degrees_north"})}
    variables = {"air": (("time", "lat", "lon"), values), **others}
    return xarray.Dataset(variables, {**coordinates, "lon": [0.0, 5.0, 10.0, 15.0]})


@pytest.mark.parametrize("engine", ENGINES)
def test_a_variable_over_time_is_read(tmp_path, engine):
    dataset().to_netcdf(tmp_path / "f.nc", engine=engine)
    series = read_fields(tmp_path / "f.nc")
    np.testing.assert_array_equal(series.values[..., 0], VALUES)  # -1 and less are values
    np.testing.assert_array_equal(series.times, TIMES.astype("datetime64[s]"))
    assert series.channels == ["air"] and series.step == 6 * 3600


def test_packed_values_are_unpacked_and_fill_values_are_outside(tmp_path):
    values = VALUES.copy()
    values[:, 0, 0] = np.nan
    packed = {"dtype": "int16", "scale_factor": 0.01, "_FillValue": -32767}
    dataset(values).to_netcdf(tmp_path / "f.nc", engine="scipy", encoding={"air": packed})
    series = read_fields(tmp_path / "f.nc")
    np.testing.assert_allclose(series.values[..., 0], values, atol=0.0051)
    assert series.mask.tolist()[0] == [False, True, True, True]


@pytest.mark.parametrize("units", ["K", "kelvin"])
def test_kelvin_are_degrees_celsius(tmp_path, units):
    content = dataset(VALUES + 273.15, difference=(("time", "lat", "lon"), VALUES))
    for name in ("air", "difference"):
        content[name].attrs["units"] = units
    content.to_netcdf(tmp_path / "f.nc", engine="scipy")
    series = read_fields(tmp_path / "f.nc")
    np.testing.assert_allclose(series.values[..., 0], VALUES, atol=1e-4)
    np.testing.assert_array_equal(series.values[..., 1], VALUES)


def test_the_first_row_is_the_north(tmp_path):
    dataset(lat=(40.0, 45.0, 50.0)).to_netcdf(tmp_path / "f.nc", engine="scipy")
    np.testing.assert_array_equal(read_fields(tmp_path / "f.nc").values[..., 0], VALUES[:, ::-1])


def test_several_variables_are_channels(tmp_path):
    height = (("time", "lat", "lon"), VALUES + 1)
    bounds = (("time", "edge"), np.zeros((STEPS, 2)))
    content = dataset(height=height, time_bnds=bounds, area=(("lat", "lon"), VALUES[0]))
    content["time"].attrs["bounds"] = "time_bnds"
    content["time"].encoding["units"] = "hours since 2024-01-01"
    content.to_netcdf(tmp_path / "f.nc", engine="h5netcdf")
    series = read_fields(tmp_path / "f.nc")
    assert series.channels == ["air", "height"]
    np.testing.assert_array_equal(series.values, np.stack([VALUES, VALUES + 1], axis=-1))


def test_dimensions_of_one_element_are_left_out(tmp_path):
    content = xarray.Dataset(
        {"t": (("lat", "time", "level"), VALUES[:, :, :1].transpose(1, 0, 2))}, {"time": TIMES}
    )
    content.to_netcdf(tmp_path / "f.nc", engine="scipy")
    np.testing.assert_array_equal(read_fields(tmp_path / "f.nc").values[:, 0, :, 0], VALUES[..., 0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            dataset(v=(("time", "lat"), VALUES[..., 0])),
            r"has 'air \(time, lat, lon\), v \(time, lat\)",
        ),
        (dataset().drop_vars("time"), "has no time axis: give variables"),
        (dataset()[["time", "lat"]], "has no variable over its time axis"),
        (
            xarray.Dataset(
                {"t": (("time", "a", "b", "c"), np.zeros((STEPS, 2, 2, 2)))}, {"time": TIMES}
            ),
            "has t over time, a, b, c: give",
        ),
        (
            xarray.Dataset({"t": (("time", "a"), np.full((STEPS, 2), "x"))}, {"time": TIMES}),
            "has t of the type .*: give numbers",
        ),
    ],
)
def test_other_contents_are_refused(tmp_path, content, message):
    content.to_netcdf(tmp_path / "f.nc", engine="h5netcdf")
    with pytest.raises(InputError, match=message):
        read_fields(tmp_path / "f.nc")


@pytest.mark.parametrize("raw", [b"", b"no NetCDF", b"CDF\x01", b"\x89HDF\r\n\x1a\n" + bytes(50)])
def test_other_files_are_refused(tmp_path, raw):
    (tmp_path / "f.nc").write_bytes(raw)
    with pytest.raises(InputError, match="is no NetCDF file: give variables"):
        read_fields(tmp_path / "f.nc")


def test_a_file_that_claims_more_than_it_has_is_refused(tmp_path):
    import h5py

    with h5py.File(tmp_path / "f.nc", "w") as file:
        time = file.create_dataset("time", data=np.arange(3.0))
        time.attrs["units"] = "hours since 2024-01-01"
        time.make_scale("time")
        air = file.create_dataset("air", (3, 200_000, 200_000), "f8", chunks=(1, 1000, 1000))
        air.dims[0].attach_scale(time)
        for axis, name in ((1, "lat"), (2, "lon")):
            scale = file.create_dataset(name, data=np.arange(200_000.0), compression="gzip")
            scale.make_scale(name)
            air.dims[axis].attach_scale(scale)
    with pytest.raises(InputError, match="claims values of 960000000000 bytes, and has"):
        read_fields(tmp_path / "f.nc")


def test_the_extra_is_named(tmp_path, monkeypatch):
    (tmp_path / "f.nc").write_bytes(b"CDF")
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(InputError, match=r"f.nc needs xarray: pip install 'rnnzoo\[weather\]'"):
        read_fields(tmp_path / "f.nc")


@pytest.fixture
def changed(tmp_path):
    """Function that reads a file of which a function has changed the content."""
    h5py = pytest.importorskip("h5py")

    def read(change, content=None):
        (dataset() if content is None else content).to_netcdf(tmp_path / "f.nc", engine="h5netcdf")
        with h5py.File(tmp_path / "f.nc", "a") as file:
            change(file)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return read_fields(tmp_path / "f.nc")

    return read


@pytest.mark.parametrize(
    ("name", "attribute", "value", "message"),
    [
        ("air", "scale_factor", "x", "f.nc has the scale_factor 'x' of air: give a number other"),
        ("air", "scale_factor", 0.0, "has the scale_factor .* of air: give a number other than 0"),
        ("air", "scale_factor", np.inf, "has the scale_factor .* of air: give a number"),
        ("air", "scale_factor", np.ones(2), "has the scale_factor .* of air: give a number"),
        ("air", "add_offset", np.nan, "has the add_offset .* of air: give a number"),
        ("time", "calendar", np.array([1, 2]), "has the calendar .* of time: give a text"),
        ("time", "units", "hours since 2024-01-01 00:00 +02:00", "give units such as hours"),
    ],
)
def test_attributes_that_decode_nothing_are_named(changed, name, attribute, value, message):
    with pytest.raises(InputError, match=message):
        changed(lambda file: file[name].attrs.update({attribute: value}))


def test_libraries_warn_of_nothing(changed):
    def fills(file):
        file["air"].attrs.update({"missing_value": np.float32(VALUES[3, 1, 1])})

    with pytest.raises(InputError, match="f.nc lacks 1 values inside the region"):
        changed(fills)  # beside xarray's own _FillValue
    with pytest.raises(InputError, match="value inf in the cell .*: give finite numbers"):
        changed(lambda _: None, dataset(np.abs(VALUES.astype("float64")) * 1e300 + 1e300))


def test_damaged_values_are_no_other_format(changed, tmp_path):
    values = np.random.default_rng(0).normal(size=(STEPS, 30, 40))
    content = xarray.Dataset({"air": (("time", "lat", "lon"), values)}, {"time": TIMES})
    content.to_netcdf(
        tmp_path / "f.nc", engine="h5netcdf", encoding={"air": {"zlib": True, "shuffle": True}}
    )
    raw = bytearray((tmp_path / "f.nc").read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 20_000] = bytes(20_000)
    (tmp_path / "f.nc").write_bytes(raw)
    with pytest.raises(InputError, match="f.nc has values that cannot be decoded"):
        read_fields(tmp_path / "f.nc")
