"""Pieces of music on their way to the stages."""

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.music.folder import Piece
from rnnzoo.pipelines.core.file_manifest import read_manifest, write_manifest

KIND = "pieces"


def kept_pieces(parts):
    """The sha256 of pieces, dict from split to list of `Piece`, for `listed_pieces`."""
    return write_manifest(KIND, parts)


def listed_pieces(sha256):
    """dict from split to list of `Piece`."""
    return read_manifest(KIND, sha256, SPLITS, Piece)
