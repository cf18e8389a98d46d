"""Fields from Zarr stores, a folder or a zip file."""

import warnings

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import system_reason
from rnnzoo.datasets.fields.arrays import FORM, TIMES, VALUES, named_fields
from rnnzoo.datasets.fields.since_times import since_times

EXTRA = "fields"
ZARR_SUFFIXES = (".zarr", ".zarr.zip")
# Metadata may claim anything: more bytes than these, and than any codec makes of those stored, are
# not allocated.
SMALL, RATIO = 2**30, 10_000
# Only these: a store may name any codec that is installed, and `pickle` among them runs what it
# reads.
CODECS = {
    *("blosc", "bz2", "gzip", "lz4", "lzma", "zlib", "zstd", "pcodec", "zfpy"),
    *("adler32", "crc32", "crc32c", "fletcher32", "jenkins_lookup3"),
    *("astype", "bitround", "delta", "fixedscaleoffset", "packbits", "quantize", "shuffle"),
    *("bytes", "sharding_indexed", "transpose", "vlen-utf8"),
}


def zarr_fields(path):
    """(values, times) of a Zarr group with the arrays `values` and `times`, or of one array.

    Chunks that are not stored have the fill value, by the format's definition.

    Args:
        path: `pathlib.Path` of a folder, or of a zip file of one. Formats 2 and 3. Times are
            datetime64, ISO dates as strings, or numbers, see `since_times`.

    Returns:
        (array (time, ...), datetime64 array (time,) or None).

    Raises:
        InputError: it is no such store, or the extra is missing.
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
                return _fields(path, zarr.open(store, mode="r"))
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


def _fields(path, content):
    if hasattr(content, "dtype"):  # an array, no group
        return _numbers(path, content), None

    def read(name):
        return _times(path, content[name]) if name == TIMES else _numbers(path, content[name])

    return named_fields(path, sorted(content.array_keys()), read)


def _numbers(path, array):
    """The values of an array of numbers."""
    _check_codecs(path, array)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{path} has values of the type {array.dtype}: give {FORM}")
    stored = array.nbytes_stored()
    if array.nbytes > SMALL + RATIO * stored:
        raise InputError(
            f"{path} claims the shape {array.shape} of {array.dtype}, {array.nbytes} bytes, and "
            f"has {stored}: give {FORM}"
        )
    return array[:]


def _times(path, array):
    """Times as texts or datetime64; what else they may be is refused by whoever reads them."""
    _check_codecs(path, array)
    if array.dtype.kind == "T":
        return np.array(array[:].tolist(), "U")
    if array.dtype.kind in "iuf" and "units" in array.attrs:
        return since_times(path, array[:], array.attrs["units"], array.attrs.get("calendar"))
    return array[:] if array.dtype.kind in "MUiuf" else np.zeros(array.shape, bool)


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
