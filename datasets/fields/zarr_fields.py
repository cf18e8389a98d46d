"""Fields from Zarr stores, a folder or a zip file."""

import warnings

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import system_reason
from rnnzoo.datasets.fields.arrays import FORM, TIMES, VALUES, named_fields
from rnnzoo.datasets.fields.cf_fields import RATIO, SMALL, dataset_fields, open_dataset
from rnnzoo.datasets.fields.damaged import decoding
from rnnzoo.datasets.fields.since_times import since_times

EXTRA = "fields"
ZARR_SUFFIXES = (".zarr", ".zarr.zip")
# Only these: a store may name any codec that is installed, and `pickle` among them runs what it
# reads.
CODECS = {
    *("blosc", "bz2", "gzip", "lz4", "lzma", "zlib", "zstd", "pcodec", "zfpy"),
    *("adler32", "crc32", "crc32c", "fletcher32", "jenkins_lookup3"),
    *("astype", "bitround", "delta", "fixedscaleoffset", "packbits", "quantize", "shuffle"),
    *("bytes", "sharding_indexed", "transpose", "vlen-utf8"),
}


def zarr_fields(path):
    """(values, times, channels) of a Zarr store.

    A group with the arrays `values` and `times`; an array; or a group as xarray writes it, whose
    arrays name their dimensions, see `dataset_fields`. Chunks that are not stored have the fill
    value, by the format's definition.

    Args:
        path: `pathlib.Path` of a folder, or of a zip file of one. Formats 2 and 3. Times are
            datetime64, ISO dates as strings, or numbers, see `since_times`.

    Returns:
        (array (time, ...), datetime64 array (time,) or None, list of str or None).

    Raises:
        InputError: it is no such store, or an extra is missing.
    """
    try:
        import zarr
    except ImportError as problem:
        raise InputError(
            f"{path.name} needs {problem.name or 'zarr'}: pip install 'rnnzoo[{EXTRA}]'"
        ) from None
    with warnings.catch_warnings():
        # Formats that have no specification yet, as that of dates.
        warnings.simplefilter("ignore")
        try:
            store = _store(zarr, path)
            try:
                return _fields(path, store, zarr.open(store, mode="r", use_consolidated=False))
            finally:
                store.close()
        except InputError:
            raise
        except Exception as problem:  # a store can hold anything
            reason = None if isinstance(problem, FileNotFoundError) else system_reason(problem)
            raise InputError(
                f"{path} cannot be read: {reason}"
                if reason
                else f"{path} is no Zarr store of numbers: give the arrays {VALUES} and {TIMES}"
            ) from None


def _store(zarr, path):
    kind = zarr.storage.LocalStore if path.suffix.lower() == ".zarr" else zarr.storage.ZipStore
    return kind(path, read_only=True)


def _fields(path, store, content):
    if hasattr(content, "dtype"):  # an array, no group
        return _numbers(path, content), None, None
    names = sorted(content.array_keys())
    if any(_names_dimensions(content[name]) for name in names):
        return _data_set(path, store, [content[name] for name in names])

    def read(name):
        return _times(path, content[name]) if name == TIMES else _numbers(path, content[name])

    return (*named_fields(path, names, read), None)


def _names_dimensions(array):
    """Whether an array names its dimensions, as format 3 has it, or xarray in format 2."""
    named = array.metadata.to_dict().get("dimension_names") or array.attrs.get("_ARRAY_DIMENSIONS")
    return bool(named) and None not in named


def _data_set(path, store, arrays):
    for array in arrays:  # xarray reads coordinates when it opens
        _check_codecs(path, array)
        _check_claims(path, array)
    # Metadata of the whole group may say other than those that were checked.
    with open_dataset(path, store, "zarr", consolidated=False) as dataset:
        dataset = dataset[sorted(dataset.data_vars)]  # a folder has no order
        with decoding(path):
            return dataset_fields(path, dataset, sum(array.nbytes_stored() for array in arrays))


def _numbers(path, array):
    """The values of an array of numbers."""
    _check_codecs(path, array)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{path} has values of the type {array.dtype}: give {FORM}")
    _check_claims(path, array)
    with decoding(path):
        return array[:]


def _check_claims(path, array):
    stored = array.nbytes_stored()
    if array.nbytes > SMALL + RATIO * stored:
        raise InputError(
            f"{path} claims the shape {array.shape} of {array.dtype}, {array.nbytes} bytes, and "
            f"has {stored}: give {FORM}"
        )


def _times(path, array):
    """Times as texts or datetime64; what else they may be is refused by whoever reads them."""
    _check_codecs(path, array)
    if array.dtype.kind not in "TMUiuf":
        return np.zeros(1, bool)
    _check_claims(path, array)
    with decoding(path):
        times = array[:]
    if array.dtype.kind == "T":
        return np.array(times.tolist(), "U")
    if array.dtype.kind in "iuf" and "units" in array.attrs:
        return since_times(path, times, array.attrs["units"], array.attrs.get("calendar"))
    return times


def _check_codecs(path, array):
    metadata = array.metadata.to_dict()
    pipeline = [metadata.get(key) for key in ("compressor", "filters", "codecs")]
    for name in _codec_names(pipeline):
        if str(name).removeprefix("numcodecs.") not in CODECS:
            raise InputError(f"{path} has the codec {shown(name)}: give one such as zstd or blosc")


def _codec_names(node):
    """The names of the codecs in a part of an array's metadata, at any depth."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _codec_names(item)
    elif isinstance(node, dict):
        yield node.get("id", node.get("name"))
        inner = node.get("configuration") or {}
        yield from _codec_names([inner.get("codecs"), inner.get("index_codecs")])
