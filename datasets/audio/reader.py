"""Reads audio of any format that soundfile or librosa knows."""

import os
import warnings
from pathlib import Path

import numpy as np

from rnnzoo.datasets.audio.extra import audio_library
from rnnzoo.datasets.audio.samples import Audio, checked_samples
from rnnzoo.datasets.common.errors import InputError

GIVE = "give an audio file, such as WAV, FLAC, OGG or MP3"


def read_audio(path, least=1):
    """Reads a file at its own rate.

    libsndfile reads WAV, FLAC, AIFF, OGG, MP3 and others; librosa is the fallback (M4A and others,
    where ffmpeg or the system has a decoder). Integers of up to 32 bits are preserved exactly:
    `write_audio` writes the same bits.

    Args:
        path: str or path.
        least: int, the smallest accepted number of samples per channel.

    Returns:
        `Audio`, samples float64 (channels, n).

    Raises:
        InputError: there is no such file, it is no audio, it is too short or silent, a sample is
            not finite, or the extra `audio` is not installed.
    """
    path = Path(path)
    if not os.path.exists(path):
        raise InputError(f"{path} does not exist: {GIVE}")
    if not os.path.isfile(path):
        raise InputError(f"{path} is no file: {GIVE}")
    soundfile = audio_library("soundfile")
    try:
        with soundfile.SoundFile(path) as file:
            rate, subtype = file.samplerate, file.subtype
            samples = file.read(dtype="float64", always_2d=True).T
    except soundfile.LibsndfileError as problem:
        samples, rate = _by_librosa(path, problem)
        subtype = "PCM_16"  # what those decoders give
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror or problem}") from None
    return Audio(checked_samples(str(path), samples, least), int(rate), subtype)


def _by_librosa(path, problem):
    librosa = audio_library("librosa")
    with warnings.catch_warnings(action="ignore"):  # that it does not use soundfile
        try:
            samples, rate = librosa.load(path, sr=None, mono=False, dtype=np.float64)
        except Exception:  # each decoder has its own
            reason = str(problem).rsplit(": ", 1)[-1].strip().rstrip(".")
            raise InputError(f"{path} is no audio that can be read ({reason}): {GIVE}") from None
    return np.atleast_2d(samples), rate
