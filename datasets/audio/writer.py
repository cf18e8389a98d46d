"""Writes audio without loss: what was read from a file is there again, bit by bit."""

import numpy as np

from rnnzoo.datasets.audio.extra import audio_library
from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError

# Suffixes of formats that keep every bit, and libsndfile's names for them.
LOSSLESS = {
    ".wav": "WAV",
    ".flac": "FLAC",
    ".aiff": "AIFF",
    ".aif": "AIFF",
    ".w64": "W64",
    ".caf": "CAF",
    ".au": "AU",
}

# Subtypes of whole numbers: bits of a sample, and of the integer it is handed over in.
_WHOLE = {
    "PCM_S8": (8, 16),
    "PCM_U8": (8, 16),
    "PCM_16": (16, 16),
    "PCM_24": (24, 32),
    "PCM_32": (32, 32),
}


def writable_audio(path):
    """Returns `path` as a `Path`; asked for before long work.

    Raises:
        InputError: it does not end as a lossless format does, is a folder, or is in none.
    """
    return writable(path, *LOSSLESS, since=", since other formats change every sample")


def output_subtype(path, subtype):
    """How a file of this suffix keeps samples that were read as `subtype`.

    Args:
        path: `pathlib.Path` with a suffix of `LOSSLESS`.
        subtype: str, libsndfile's name.

    Returns:
        (subtype, exact): the closest there is, and whether it keeps every bit.
    """
    offered = audio_library("soundfile").available_subtypes(LOSSLESS[path.suffix.lower()])
    if subtype in offered and (subtype in _WHOLE or subtype in ("FLOAT", "DOUBLE")):
        return subtype, True
    if subtype in _WHOLE:
        bits = _WHOLE[subtype][0]
        enough = [one for one, (has, _) in _WHOLE.items() if has >= bits and one in offered]
        return (enough[0], True) if enough else ("PCM_24", False)
    # MP3 and Vorbis decode to floats of 32 bits.
    return ("FLOAT", subtype != "DOUBLE") if "FLOAT" in offered else ("PCM_24", False)


def write_audio(path, samples, rate, subtype="FLOAT"):
    """Writes a file that appears under its name only once complete.

    Args:
        path: str or path that ends as a lossless format does; a file of that name is replaced.
        samples: float array (n,) or (channels, n), full scale is 1; in formats of whole numbers,
            what is above is cut off.
        rate: int, samples a second.
        subtype: str, libsndfile's name of how samples are kept, as `read_audio` found it. Of a
            lossy file it is 32-bit floats; where the format of `path` has nothing that keeps all
            bits, 24 bits.

    Returns:
        (subtype, exact): what was written, and whether samples of that origin keep every bit.

    Raises:
        InputError: the path cannot be written to, or the format has no room for such a rate or so
            many channels.
    """
    path = writable_audio(path)
    found, exact = output_subtype(path, subtype)
    values, soundfile = _values(np.atleast_2d(samples).T, found), audio_library("soundfile")
    form = LOSSLESS[path.suffix.lower()]
    try:
        with atomic_file(path) as partial:
            soundfile.write(partial, values, int(rate), subtype=found, format=form)
    except soundfile.LibsndfileError as problem:
        reason = str(problem).rsplit(": ", 1)[-1].strip().rstrip(".")
        raise InputError(
            f"{path} cannot be written with {values.shape[1]} channels at {rate} Hz ({reason}): "
            "give another format, such as .wav"
        ) from None
    return found, exact


def _values(samples, subtype):
    """What soundfile writes as it is.

    Floats would be scaled by 2^15 - 1 where reading scales by 2^15, so the bits would change.
    """
    if subtype not in _WHOLE:
        return np.asarray(samples, "float64" if subtype == "DOUBLE" else "float32")
    bits, room = _WHOLE[subtype]
    scale = 2.0 ** (bits - 1)
    whole = np.clip(np.rint(samples * scale), -scale, scale - 1).astype(f"int{room}")
    return whole << (room - bits)
