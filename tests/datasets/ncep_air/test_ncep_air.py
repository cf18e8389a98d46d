"""Air temperature over North America: the splits, the file's formats, and what the values are."""

import io

import numpy as np
import pytest
from scipy.io import netcdf_file

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.ncep_air.air_file import canonical, fields_of
from rnnzoo.datasets.ncep_air.load import load_ncep_air
from rnnzoo.datasets.ncep_air.splits import split_steps

TIMES = np.datetime64("2013-01-01", "s") + np.arange(8) * np.timedelta64(6 * 3600, "s")
VALUES = np.random.default_rng(0).integers(22_000, 32_000, (8, 25, 53)).astype("uint16")


def npz():
    file = io.BytesIO()
    np.savez(file, air_centikelvin=VALUES, time=TIMES.astype("datetime64[h]").astype("int64"))
    return file.getvalue()


def netcdf():
    """The published form: hundredths of a kelvin as int16, hours since 1800 as float32."""
    file = io.BytesIO()
    with netcdf_file(file, "w") as content:
        for name, size in {"time": 8, "lat": 25, "lon": 53}.items():
            content.createDimension(name, size)
        air = content.createVariable("air", "h", ("time", "lat", "lon"))
        air[:], air.scale_factor = VALUES.astype("int16"), np.float32(0.01)
        time = content.createVariable("time", "f", ("time",))
        time[:] = (TIMES - np.datetime64("1800-01-01", "s")) / np.timedelta64(3600, "s")
        time.units = "hours since 1800-01-01"
        content.flush()
        return file.getvalue()


def test_a_file_of_either_format_has_the_same_content():
    content = canonical(npz())
    assert canonical(netcdf()) == content
    times, values = fields_of(content)
    np.testing.assert_array_equal(times, TIMES)
    np.testing.assert_array_equal(values, VALUES)


@pytest.mark.parametrize("raw", [b"", b"CDF\x01", b"PK\x03\x04", npz()[:5000], netcdf()[:900]])
def test_other_files_are_refused(raw):
    with pytest.raises(ValueError, match="no NetCDF or .npz file of the temperatures"):
        canonical(raw)


def test_splits_are_by_time():
    times = np.datetime64("2013-01-01", "s") + np.arange(2920) * np.timedelta64(6 * 3600, "s")
    steps = split_steps(times)
    ends = {split: [str(time)[:13] for time in times[s][[0, -1]]] for split, s in steps.items()}
    assert ends == {
        "train": ["2013-01-01T00", "2014-03-31T18"],
        "validation": ["2014-04-01T00", "2014-06-30T18"],
        "test": ["2014-07-01T00", "2014-12-31T18"],
    }


def test_the_real_temperatures(needs_data):
    needs_data("ncep-air")
    series = load_ncep_air("train+validation")
    assert series.values.shape == (1820 + 364, 25, 53, 1) and series.step == 6 * 3600
    assert series.channels == ["air"] and series.mask.all()
    train = series.values[:1820, ..., 0]
    assert (train.min(), train.max()) == pytest.approx((-52.15, 42.64), abs=1e-4)
    north, south = train.mean(axis=(0, 2))[[0, -1]]
    assert north < -10 and south > 20


def test_other_splits_are_refused():
    with pytest.raises(InputError, match="unknown split 'spring': choose one of train"):
        load_ncep_air("spring")
