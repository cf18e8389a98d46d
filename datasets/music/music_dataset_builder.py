"""TFDS builder for music: the pieces of librosa, or a folder of one's own, split by recording."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.files_digest import files_digest
from rnnzoo.datasets.common.source import verified_path
from rnnzoo.datasets.music.folder import Piece, music_pieces, split_recordings
from rnnzoo.datasets.music.sources import PIECES

FOLDER = Path(__file__).parent
LONGEST = 30.0  # seconds of an example: longer pieces are cut into equal parts


@dataclass(eq=False)
class MusicConfig(tfds.core.BuilderConfig):
    """Configuration: which pieces are read.

    Args:
        pieces: list of `rnnzoo.datasets.music.folder.Piece`; None for those of librosa.
    """

    pieces: list | None = field(default=None, repr=False)

    @classmethod
    def of_path(cls, path):
        """Configuration of a user's folder, named by its content: a changed one is another."""
        pieces = music_pieces(path)
        name = f"own-{files_digest(pieces)[:16]}"
        return cls(name=name, description="A user's folder.", pieces=pieces)


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is a part of a piece of at most 30 seconds, at its own rate."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {
        "1.1.0": "Files of one recording are in one split.",
        "1.0.0": "First release.",
    }
    BUILDER_CONFIGS = [MusicConfig(name="librosa", description="Six pieces, for evaluation.")]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "piece": tfds.features.Text(),
                    "samples": tfds.features.Tensor(
                        shape=(None, None), dtype=np.float32, encoding="bytes"
                    ),
                    "rate": np.int32,
                    "start": np.float32,
                }
            ),
            metadata=tfds.core.MetadataDict(skipped={}),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves
        if self.builder_config.pieces is None:
            known = [Piece(name, verified_path(source)) for name, source in PIECES.items()]
            return {"test": self._generate_examples(known)}
        parts = split_recordings(self.builder_config.pieces)
        return {split: self._generate_examples(part) for split, part in parts.items()}

    def _generate_examples(self, pieces):
        skipped = self.info.metadata["skipped"]
        for piece in pieces:
            try:
                audio = read_audio(piece.path)
            except InputError as problem:
                skipped[piece.name] = str(problem)
                print(f"skipped: {problem}", file=sys.stderr)
                if all(other.name in skipped for other in pieces):
                    raise InputError(f"no piece of a split is left: {problem}") from None
                continue
            parts = int(np.ceil(audio.seconds / LONGEST))
            edges = np.linspace(0, audio.samples.shape[1], parts + 1).astype(int)
            for start, stop in zip(edges[:-1], edges[1:], strict=True):
                yield (
                    f"{piece.name}:{start}",
                    {
                        "piece": piece.name,
                        "samples": audio.samples[:, start:stop].astype("float32"),
                        "rate": audio.rate,
                        "start": start / audio.rate,
                    },
                )
