"""Files of music that hold the same recording, for the splits."""

from rnnzoo.datasets.audio.fingerprint import ALIKE, correlation, fingerprint
from rnnzoo.datasets.audio.reader import open_audio
from rnnzoo.datasets.common.errors import InputError

# How far the durations of one recording may be apart: seconds, and a share of the shorter one.
APART, SHARE = 5.0, 0.05


def same_recordings(pieces):
    """Pairs of pieces with nearly the same duration and fingerprint.

    Args:
        pieces: list of `rnnzoo.datasets.music.folder.Piece`; of those that cannot be read there is
            no pair.

    Returns:
        list of pairs of names.
    """
    seconds = {piece: _seconds(piece.path) for piece in pieces}
    ordered = sorted((piece for piece in pieces if seconds[piece]), key=seconds.get)
    prints, pairs = {}, []

    def print_of(piece):
        if piece not in prints:
            prints[piece] = fingerprint(piece.path)
        return prints[piece]

    for index, piece in enumerate(ordered):
        longest = seconds[piece] + max(APART, SHARE * seconds[piece])
        for other in ordered[index + 1 :]:
            if seconds[other] > longest:
                break
            both = print_of(piece), print_of(other)
            if all(part is not None for part in both) and correlation(*both) >= ALIKE:
                pairs.append((piece.name, other.name))
    return pairs


def _seconds(path):
    try:
        file = open_audio(path)
    except InputError:
        return 0.0
    return file.declared / file.rate
