"""Six pieces of different genres, examples of librosa: what imputation is judged by.

The songs of [TH] chapter 8 are not free; these are. Each has one channel at 22,050 Hz.
"""

from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.sources import Source, located

# From librosa's name of a piece to its file, licence and sha256.
_FILES = {
    # A string orchestra: a Hungarian dance.
    "brahms": (
        "Hungarian_Dance_number_5_-_Allegro_in_F_sharp_minor_(string_orchestra).ogg",
        "public domain (US Army Strings, Musopen)",
        "919b48aa4cc66a0357d2cd5728664c5ab8f15c4b3469460df4b59470d35d3e49",
    ),
    # Drums and a bass.
    "choice": (
        "admiralbob77_-_Choice_-_Drum-bass.ogg",
        "CC BY-NC (Admiral Bob)",
        "ac644f9645e7c15174e4a4f8561e4d1448d7f6e59ff6b0556b310ebbced879bc",
    ),
    # A piano alone: a ragtime.
    "pistachio": (
        "442789__lena-orsa__happy-music-pistachio-ice-cream-ragtime.ogg",
        "CC BY-NC 3.0 (Lena Orsa)",
        "9617c9be55c128177b13c20fbc52178ed482e3545094517efb30a7db2798991e",
    ),
    # A waltz.
    "sweetwaltz": (
        "147793__setuniman__sweet-waltz-0i-22mi.ogg",
        "CC BY-NC 3.0 (Setuniman)",
        "4baff8ebf1771c33618b58aa12ac3fbac1e0462894ae74247f2fb8e649d1c63b",
    ),
    # A solo trumpet, five seconds.
    "trumpet": (
        "sorohanro_-_solo-trumpet-06.ogg",
        "CC BY 3.0 (Mihai Sorohan)",
        "8374466fd3951d24509da6e799b132a0db0bdeda69d99c69d989a6888d3d727d",
    ),
    # Jazz.
    "vibeace": (
        "Kevin_MacLeod_-_Vibe_Ace.ogg",
        "CC BY 3.0 (Kevin MacLeod)",
        "6c23aed3dd5aa57f2b1652ecab68d15d9b82ad257f54e639eb2880ca09bc118a",
    ),
}

PIECES = {
    name: Source(
        name=f"{name} (librosa)",
        url=f"https://librosa.org/data/audio/{file}",
        path=f"audio/{file}",
        licence=licence,
        sha256=sha256,
    )
    for name, (file, licence, sha256) in _FILES.items()
}


def load_piece(name):
    """The `Audio` of one of `PIECES`.

    Raises:
        InputError: there is no such piece, or it cannot be had or read.
    """
    if name not in PIECES:
        raise InputError(f"unknown piece {name!r}: choose one of {', '.join(PIECES)}")
    return read_audio(located(PIECES[name]))
