"""The temperatures in a file: NetCDF, as they are published, or the same arrays as .npz."""

import io

import numpy as np

from rnnzoo.datasets.fields.since_times import since_times

SIZE = (25, 53)  # latitudes from 75 to 15 degrees north, longitudes from 200 to 330 degrees east
NETCDF = b"CDF"  # first bytes of the classic format
HOURS = "hours since 1970-01-01"
EPOCH, HOUR = np.datetime64("1970-01-01", "s"), np.timedelta64(3600, "s")


def canonical(raw):
    """The numbers of a file as bytes, which do not depend on its format: see `fields_of`.

    Args:
        raw: bytes of a classic NetCDF file with `air` (time, lat, lon), in kelvin, and `time`; or
            of an .npz file with `air_centikelvin` and `time`, in hours since 1970.

    Raises:
        ValueError: it is neither.
    """
    try:
        air, times = _of_netcdf(raw) if raw[:3] == NETCDF else _of_npz(raw)
        if air.shape != (len(times), *SIZE):
            raise ValueError
    except Exception:  # a file can hold anything
        raise ValueError("no NetCDF or .npz file of the temperatures") from None
    hours = (times - EPOCH) // HOUR
    return hours.astype("<i8").tobytes() + air.astype("<u2").tobytes()


def fields_of(content):
    """(datetime64[s] array (steps,), uint16 array (steps, 25, 53) in hundredths of a kelvin).

    Args:
        content: bytes, as `canonical` returns them.
    """
    steps = len(content) // (8 + 2 * SIZE[0] * SIZE[1])
    hours = np.frombuffer(content, "<i8", steps)
    values = np.frombuffer(content, "<u2", offset=8 * steps).reshape(steps, *SIZE)
    return EPOCH + hours * HOUR, values


def _of_npz(raw):
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        return arrays["air_centikelvin"], since_times("time", arrays["time"], HOURS)


def _of_netcdf(raw):
    from scipy.io import netcdf_file

    with netcdf_file(io.BytesIO(raw), mmap=False, maskandscale=True) as file:
        kelvin, time = np.array(file.variables["air"][:], "float64"), file.variables["time"]
        times = since_times("time", np.array(time[:]), time.units.decode())
    return np.rint(100 * kelvin).astype("uint16"), times
