"""Writes audio without loss: samples read from a file are written back bit by bit."""

import numpy as np

from rnnzoo.datasets.audio.extra import audio_library
from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError

# Suffixes of lossless formats, and libsndfile's names for them.
LOSSLESS = {
    ".wav": "WAV",
    ".flac": "FLAC",
    ".aiff": "AIFF",
    ".aif": "AIFF",
    ".w64": "W64",
    ".caf": "CAF",
    ".au": "AU",
}

# Integer subtypes: bits of a sample, and of the integer that is passed to soundfile.
_WHOLE = {
    "PCM_S8": (8, 16),
    "PCM_U8": (8, 16),
    "PCM_16": (16, 16),
    "PCM_24": (24, 32),
    "PCM_32": (32, 32),
}


def writable_audio(path):
    """Returns `path` as a `Path` after a check that audio can be written there.

    Raises:
        InputError: its suffix is of no lossless format, it is a folder, or it is in none.
    """
    return writable(path, *LOSSLESS, since=", since other formats change every sample")


def output_subtype(path, subtype):
    """The sample format that a file of this suffix gets for samples read as `subtype`.

    Args:
        path: `pathlib.Path` with a suffix of `LOSSLESS`.
        subtype: str, libsndfile's name.

    Returns:
        (str subtype, the closest one available; bool, whether it preserves every bit).
    """
    offered = audio_library("soundfile").available_subtypes(LOSSLESS[path.suffix.lower()])
    if subtype in offered and (subtype in _WHOLE or subtype in ("FLOAT", "DOUBLE")):
        return subtype, True
    if subtype in _WHOLE:
        bits = _WHOLE[subtype][0]
        enough = [name for name, (has, _) in _WHOLE.items() if has >= bits and name in offered]
        return (enough[0], True) if enough else ("PCM_24", False)
    # MP3 and Vorbis decode to floats of 32 bits.
    return ("FLOAT", subtype != "DOUBLE") if "FLOAT" in offered else ("PCM_24", False)


def write_audio(path, samples, rate, subtype="FLOAT"):
    """Writes an audio file atomically.

    Args:
        path: str or path that ends as a lossless format does; a file of that name is replaced.
        samples: float array (n,) or (channels, n), full scale is 1; integer formats clip
            larger values.
        rate: int, samples per second.
        subtype: str, libsndfile's name of the sample format, as `read_audio` returned it. For a
            lossy one 32-bit floats are written; 24 bits where the format of `path` has no type
            that preserves all bits.

    Returns:
        (str subtype that was written; bool, whether every bit is preserved).

    Raises:
        InputError: the path cannot be written to, or the format has no room for such a rate or so
            many channels.
    """
    path = writable_audio(path)
    written, exact = output_subtype(path, subtype)
    values, soundfile = _values(np.atleast_2d(samples).T, written), audio_library("soundfile")
    form = LOSSLESS[path.suffix.lower()]
    try:
        with atomic_file(path) as partial:
            soundfile.write(partial, values, int(rate), subtype=written, format=form)
    except soundfile.LibsndfileError as problem:
        reason = str(problem).rsplit(": ", 1)[-1].strip().rstrip(".")
        raise InputError(
            f"{path} cannot be written with {values.shape[1]} channels at {rate} Hz ({reason}): "
            "give another format, such as .wav"
        ) from None
    return written, exact


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
