"""Fields of a data set of xarray, by the conventions of climate data (CF)."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.damaged import decoding
from rnnzoo.datasets.fields.packing import check_packing
from rnnzoo.datasets.fields.since_times import since_times

EXTRA = "weather"
FORM = "variables (time, lat, lon) and times in units such as hours since 2019-01-01"
NORTHS = ("degrees_north", "degree_north", "degrees_n")
KELVIN, ZERO = ("k", "kelvin", "kelvins", "degk", "deg_k", "degrees_kelvin"), 273.15
COLDEST = 100.0  # kelvin: differences of temperatures have less
# Metadata may claim anything: more bytes than these, and than any codec makes of those stored, are
# not allocated.
SMALL, RATIO = 2**30, 10_000


def open_dataset(path, source, engine, **options):
    """The data set of xarray, unpacked, with times as numbers.

    Args:
        path: `pathlib.Path`, for messages.
        source: what xarray opens.
        engine: str, one of xarray's.
        **options: of xarray's engine.

    Raises:
        InputError: the extra is missing, or values are packed in no way that can be decoded.
    """
    try:
        import h5netcdf  # reads NetCDF 4 for xarray
        import xarray
    except ImportError as problem:
        raise InputError(
            f"{path.name} needs {problem.name or 'xarray'}: pip install 'rnnzoo[{EXTRA}]'"
        ) from None
    del h5netcdf
    packed = xarray.open_dataset(source, engine=engine, decode_cf=False, cache=False, **options)
    try:
        check_packing(path, packed)
        with decoding(path):  # times stay numbers, which `since_times` reads
            return xarray.decode_cf(packed, decode_times=False)
    except InputError:
        packed.close()
        raise


def dataset_fields(path, dataset, size):
    """(values, times, channels) of a data set.

    Its variables over time are channels; they have the same dimensions, of which those of one
    element are left out. Packed values are unpacked and fill values are NaN. Temperatures in kelvin
    are returned in degrees Celsius, differences of temperatures as they are. Latitudes that ascend
    are turned around: the first row is the north.

    Args:
        path: `pathlib.Path`, for messages.
        dataset: `xarray.Dataset`, times as numbers.
        size: int, the bytes that are stored.

    Returns:
        (float32 array (time, cells) or (time, height, width), of several variables (time, height,
        width, channels); datetime64[s] array (time,); list of str, the variables' names).

    Raises:
        InputError: it has no such variables.
    """
    time = _time_axis(path, dataset)
    times = since_times(path, time.values, time.attrs["units"], time.attrs.get("calendar"))
    variables = _variables(path, dataset, time.name)
    shapes = {name: _dimensions(path, variable, time.name) for name, variable in variables.items()}
    first = next(iter(shapes.values()))
    if any(shape != first for shape in shapes.values()):
        there = ", ".join(f"{name} ({', '.join(shape)})" for name, shape in shapes.items())
        raise InputError(f"{path} has {shown(there)}: give variables of the same dimensions")
    total = sum(variable.nbytes for variable in variables.values())
    if total > SMALL + RATIO * size:
        raise InputError(f"{path} claims values of {total} bytes, and has {size}: give {FORM}")
    parts = [_values(dataset, variable, first) for variable in variables.values()]
    values = parts[0] if len(parts) == 1 else np.stack(parts, axis=-1)
    if len(parts) > 1 and len(first) == 2:  # of cells that are no grid, one row
        values = values[:, None]
    return values, times, list(variables)


def _time_axis(path, dataset):
    """The coordinate whose units are some time since a date."""
    for name in map(str, dataset.dims):
        if name in dataset.variables and " since " in str(dataset[name].attrs.get("units")).lower():
            return dataset[name]
    raise InputError(f"{path} has no time axis: give {FORM}")


def _variables(path, dataset, time):
    """dict from name to each variable of numbers over time that is no bound of a coordinate."""
    bounds = {str(variable.attrs.get("bounds")) for variable in dataset.variables.values()}
    variables = {
        str(name): variable
        for name, variable in dataset.data_vars.items()
        if time in variable.dims and variable.ndim > 1 and str(name) not in bounds
    }
    if not variables:
        raise InputError(f"{path} has no variable over its time axis: give {FORM}")
    for name, variable in variables.items():
        if variable.dtype.kind not in "biuf":
            raise InputError(f"{path} has {name} of the type {variable.dtype}: give numbers")
    return variables


def _dimensions(path, variable, time):
    """tuple of str: the time, and the one or two others of more than one element."""
    names = tuple(n for n in map(str, variable.dims) if n != time and variable.sizes[n] > 1)
    if len(names) > 2:
        raise InputError(
            f"{path} has {variable.name} over {', '.join(map(str, variable.dims))}: give {FORM}"
        )
    return (time, *(names or [str(n) for n in variable.dims if n != time][-1:]))


def _values(dataset, variable, dimensions):
    single = {n: 0 for n in variable.dims if n not in dimensions}
    values = variable.isel(single).transpose(*dimensions).values.astype("float32")
    if _is_kelvin(variable, values):
        values = values - np.float32(ZERO)
    for axis, name in enumerate(dimensions):
        if name in dataset.variables and _ascends_north(dataset[name]):
            values = np.flip(values, axis)
    return values


def _is_kelvin(variable, values):
    in_kelvin = str(variable.attrs.get("units")).strip().lower() in KELVIN
    known = values[np.isfinite(values)] if in_kelvin else values[:0]
    return known.size > 0 and bool(known.min() > COLDEST)


def _ascends_north(coordinate):
    attributes = coordinate.attrs
    north = (
        attributes.get("standard_name") == "latitude"
        or str(attributes.get("units")).lower() in NORTHS
    )
    return (
        north
        and coordinate.ndim == 1
        and coordinate.size > 1
        and bool(coordinate.values[0] < coordinate.values[-1])
    )
