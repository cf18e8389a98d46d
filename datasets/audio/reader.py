"""Reads audio of any format that soundfile or librosa knows, whole or in blocks."""

import dataclasses
import warnings
from pathlib import Path

import numpy as np

from rnnzoo.datasets.audio.extra import audio_library, library_reason
from rnnzoo.datasets.audio.samples import (
    Audio,
    check_count,
    check_finite,
    checked_samples,
    silent,
)
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.system_errors import reason_of

GIVE = "give an audio file, such as WAV, FLAC, OGG or MP3"
BLOCK = 2**16  # samples per channel of a block


@dataclasses.dataclass(frozen=True)
class AudioFile:
    """An audio file whose samples are read in blocks: memory does not grow with its length.

    Attributes:
        path: `pathlib.Path`.
        rate: int, samples per second.
        channels: int.
        subtype: str, libsndfile's name of the sample format, such as `PCM_16`.
        declared: int, samples per channel as its header has them; the file may have fewer.
        decoded: float64 array (channels, n) of a format that libsndfile does not read; else None.
    """

    path: Path
    rate: int
    channels: int
    subtype: str
    declared: int
    decoded: np.ndarray | None = None

    def blocks(self):
        """Yields the samples in their order, float64 arrays (channels, n).

        Raises:
            InputError: the file is damaged.
        """
        if self.decoded is not None:
            for first in range(0, self.declared, BLOCK):
                yield self.decoded[:, first : first + BLOCK]
            return
        soundfile, count = audio_library("soundfile"), 0
        try:
            with soundfile.SoundFile(self.path) as file:
                while len(block := file.read(BLOCK, dtype="float64", always_2d=True)):
                    count += len(block)
                    yield block.T
        except soundfile.LibsndfileError as problem:
            seconds = count / self.rate
            raise InputError(
                f"{self.path} is damaged after {seconds:.6g} s ({library_reason(problem)}): {GIVE}"
            ) from None
        except OSError as problem:
            raise InputError(f"{self.path} cannot be read: {reason_of(problem)}") from None

    def checked_length(self, least=1):
        """The number of samples per channel, all of which have been read and checked.

        Args:
            least: int, the smallest accepted number of samples per channel.

        Raises:
            InputError: it is damaged, too short or silent, or a sample is not finite.
        """
        name, count, sound = str(self.path), 0, False
        for block in self.blocks():
            check_finite(name, block, count)
            count += block.shape[1]
            sound = sound or block.any()
        check_count(name, self.channels, count, least)
        if not sound:
            raise InputError(silent(name))
        return count


def open_audio(path):
    """Opens a file to be read at its own rate.

    libsndfile reads WAV, FLAC, AIFF, OGG, MP3 and others; librosa is the fallback (M4A and others,
    where ffmpeg or the system has a decoder), and decodes the file as a whole.

    Args:
        path: str or path.

    Returns:
        `AudioFile`.

    Raises:
        InputError: there is no such file, it is no audio, or the extra `audio` is not installed.
    """
    path = Path(path)
    check_file(path, GIVE)  # with the system's reason, which libsndfile calls "System error"
    soundfile = audio_library("soundfile")
    try:
        with soundfile.SoundFile(path) as file:
            return AudioFile(path, file.samplerate, file.channels, file.subtype, file.frames)
    except soundfile.LibsndfileError as problem:
        samples, rate = _by_librosa(path, problem)
        # 16 bits are what those decoders give.
        return AudioFile(path, int(rate), *samples.shape[:1], "PCM_16", samples.shape[1], samples)
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None


def read_audio(path, least=1):
    """Reads a whole file at its own rate, see `open_audio`.

    Integers of up to 32 bits are preserved exactly: `write_audio` writes the same bits.

    Args:
        path: str or path.
        least: int, the smallest accepted number of samples per channel.

    Returns:
        `Audio`, samples float64 (channels, n).

    Raises:
        InputError: there is no such file, it is no audio, it is too short or silent, a sample is
            not finite, or the extra `audio` is not installed.
    """
    file = open_audio(path)
    blocks = [np.zeros((file.channels, 0)), *file.blocks()]
    samples = checked_samples(str(file.path), np.concatenate(blocks, axis=1), least)
    return Audio(samples, file.rate, file.subtype)


def _by_librosa(path, problem):
    librosa = audio_library("librosa")
    with warnings.catch_warnings(action="ignore"):  # that it does not use soundfile
        try:
            samples, rate = librosa.load(path, sr=None, mono=False, dtype=np.float64)
        except Exception:  # each decoder has its own
            raise InputError(
                f"{path} is no audio that can be read ({library_reason(problem)}): {GIVE}"
            ) from None
    return np.atleast_2d(samples), rate
