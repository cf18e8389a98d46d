"""Music: examples from files, and the dataset of spectrograms."""

import sys
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.music.mono import RATE, mono
from rnnzoo.pipelines.stages.schema_gen import feature_of

PART = 30 * RATE  # samples of an example
FULL_SCALE = 2**15 - 1


@dataclass(frozen=True)
class Music:
    """The spectrograms of pieces of music: the dataset of the audio family.

    Args:
        name: str.
        sha256: str.
        rate: int, samples per second.
        pieces: dict from split to dict from a piece's name to its magnitudes (columns, 129).
        preview: float array (n,), samples whose restoration TensorBoard shows; or None.
    """

    name: str
    sha256: str
    rate: int
    pieces: dict
    preview: np.ndarray | None = None


def parts(split, pieces):
    """Yields the parts of 30 seconds of pieces, as examples of 16-bit samples.

    A piece that cannot be read is left out and reported on the standard error.

    Args:
        split: str, named in the message.
        pieces: list of `rnnzoo.datasets.music.folder.Piece`.

    Raises:
        InputError: none of them can be read.
    """
    readable = False
    for piece in pieces:
        try:
            samples = mono(read_audio(piece.path))
        except InputError as problem:
            print(f"skipped: {problem}", file=sys.stderr)
            continue
        readable = True
        samples = np.round(np.clip(samples, -1, 1) * FULL_SCALE).astype("float32") / FULL_SCALE
        for part, start in enumerate(range(0, len(samples), PART)):
            yield {
                "piece": piece.name,
                "part": part,
                "rate": RATE,
                "samples": samples[start : start + PART],
            }
    if not readable:
        raise InputError(f"no piece of {split} can be read: give music of which some can")


def part_statistics(example):
    """`seconds`, `loudness` (root mean square), `peak` and `clipped`, the share of samples at full
    scale, of an example: dict from name to float.
    """
    samples = example["samples"]
    size = np.abs(samples)
    return {
        "rate": example["rate"],
        "seconds": len(samples) / example["rate"],
        "loudness": float(np.sqrt(np.mean(samples**2))),
        "peak": float(size.max()),
        "clipped": float(np.mean(size >= 1)),
    }


def spectrograms(read, schema):
    """Yields (str, array): what `music_of` reads, piece by piece.

    Args:
        read: function from a split to an iterator over its examples.
        schema: `schema_pb2.Schema`, with domains of `rate` and `samples`.

    Raises:
        InputError: an example is outside these domains.
    """
    for split in SPLITS:
        names = []
        examples = (_checked(example, schema) for example in read(split))
        for name, piece in groupby(examples, lambda example: example["piece"]):
            samples = np.concatenate([example["samples"] for example in piece])
            yield f"{split}-{len(names)}", np.abs(analyse(samples)).T.astype("float16")
            names.append(name)
        yield f"{split}-pieces", np.array(names)
    yield "preview", next(read("validation"))["samples"]


def _checked(example, schema):
    limits = {
        "rate": feature_of(schema, "rate").int_domain,
        "samples": feature_of(schema, "samples").float_domain,
    }
    for name, domain in limits.items():
        lowest, highest = np.min(example[name]), np.max(example[name])
        if not domain.min <= lowest <= highest <= domain.max:
            raise InputError(
                f"{name} of {example['piece']} from {lowest:.6g} to {highest:.6g}: "
                f"the schema allows {domain.min:g} to {domain.max:g}"
            )
    return example


def music_of(transformed):
    """The `Music` whose spectrograms were written; they are mapped from their files.

    Args:
        transformed: `rnnzoo.pipelines.core.transformed.Transformed`.
    """
    pieces = {
        split: {
            name: transformed.array(f"{split}-{number}")
            for number, name in enumerate(transformed.array(f"{split}-pieces").tolist())
        }
        for split in SPLITS
    }
    about = transformed.about
    preview = transformed.array("preview")
    return Music(about["name"], about["sha256"], about["rate"], pieces, preview)


def music_of_files(name, sha256, pieces):
    """The `Music` of files.

    Args:
        name, sha256: str.
        pieces: dict from split to list of `rnnzoo.datasets.music.folder.Piece`.

    Raises:
        InputError: one of them cannot be read.
    """
    magnitudes, preview = {split: {} for split in pieces}, None
    for split, in_split in pieces.items():
        for piece in in_split:
            samples = mono(read_audio(piece.path))
            magnitudes[split][piece.name] = np.abs(analyse(samples)).T
            if split == "validation" and preview is None:
                preview = samples[:PART]
    return Music(name, sha256, RATE, magnitudes, preview)
