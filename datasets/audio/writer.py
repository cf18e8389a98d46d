"""Writes audio without loss: samples read from a file are written back bit by bit."""

import contextlib

import numpy as np

from rnnzoo.datasets.audio.chunks import set_speaker_layout
from rnnzoo.datasets.audio.extra import audio_library, library_reason
from rnnzoo.datasets.audio.metadata import DEFAULT_LAYOUTS, WAVES, Metadata, dropped, read_metadata
from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import not_written, probed

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

_SYSTEM = 2  # libsndfile's code of an error of the system, of which it does not say which
_LARGEST_WAV = 2**32 - 2**16  # bytes of samples, with some for the header

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


@contextlib.contextmanager
def audio_writer(path, channels, rate, subtype="FLOAT", metadata=None, length=0):
    """Yields a `Writer` of an audio file, which appears when the block has succeeded.

    Args:
        path: str or path that ends as a lossless format does; a file of that name is replaced.
        channels: int.
        rate: int, samples per second.
        subtype: str, libsndfile's name of the sample format, as `read_audio` returned it. For a
            lossy one 32-bit floats are written; 24 bits where the format of `path` has no type
            that preserves all bits.
        metadata: `Metadata` to keep as far as the format has room for it; or None.
        length: int, samples per channel: a WAV of 4 GB or more is written as RF64.

    Yields:
        `Writer`.

    Raises:
        InputError: the path cannot be written to, or the format has no room for such a rate or so
            many channels.
    """
    path, metadata = writable_audio(path), metadata or Metadata()
    soundfile = audio_library("soundfile")
    written, exact = output_subtype(path, subtype)
    form = _form(path, channels, metadata.layout, length * channels * _bytes(written))
    with atomic_file(path) as partial:
        try:
            with soundfile.SoundFile(
                partial, "w", int(rate), channels, written, format=form
            ) as file:
                for name, tag in metadata.tags.items():
                    with contextlib.suppress(soundfile.LibsndfileError):  # no room for tags
                        setattr(file, name, tag)
                writer = Writer(file, written, exact)
                yield writer
        except soundfile.LibsndfileError as problem:
            if problem.code == _SYSTEM and (reason := probed(partial)):
                raise not_written(path, reason) from None
            raise InputError(
                f"{path} cannot be written with {channels} channels at {rate} Hz "
                f"({library_reason(problem)}): "
                "give another format, such as .wav"
            ) from None
        if form in WAVES[1:] and metadata.layout is not None:
            set_speaker_layout(partial, metadata.layout)
        writer.dropped = dropped(metadata, read_metadata(partial))


def _form(path, channels, layout, size):
    """libsndfile's name of the format: of a WAV the one with room for the layout and the size."""
    form = LOSSLESS[path.suffix.lower()]
    if form != "WAV":
        return form
    if size >= _LARGEST_WAV:
        return "RF64"
    return "WAV" if layout in (None, DEFAULT_LAYOUTS.get(channels)) else "WAVEX"


class Writer:
    """Writes blocks of samples.

    Attributes:
        subtype: str, the sample format that is written.
        exact: bool, whether it preserves every bit.
        dropped: tuple of str, metadata that the format has no room for; known at the end.
    """

    def __init__(self, file, subtype, exact):
        self._file, self.subtype, self.exact, self.dropped = file, subtype, exact, ()

    def write(self, samples):
        """Writes the next samples, float array (channels, n); integer formats clip."""
        self._file.write(_values(samples.T, self.subtype))


def write_audio(path, samples, rate, subtype="FLOAT"):
    """Writes an audio file atomically.

    Args:
        path, rate, subtype: see `audio_writer`.
        samples: float array (n,) or (channels, n), full scale is 1; integer formats clip
            larger values.

    Returns:
        (str subtype that was written; bool, whether every bit is preserved).

    Raises:
        InputError: see `audio_writer`.
    """
    samples = np.atleast_2d(samples)
    channels, length = samples.shape
    with audio_writer(path, channels, rate, subtype, length=length) as writer:
        writer.write(samples)
    return writer.subtype, writer.exact


def _bytes(subtype):
    return {"DOUBLE": 8, "FLOAT": 4}.get(subtype) or -(-_WHOLE[subtype][0] // 8)


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
