"""Where the music comes from: pieces of librosa, and packages of Debian."""

from rnnzoo.datasets.common.source import Source

# Examples of librosa, of different genres, that imputation is evaluated on: the songs of [TH]
# chapter 8 are not free, these are. Each has one channel at 22,050 Hz. From librosa's name to file,
# licence and sha256.
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

# Music that imputers are trained on.
_POOL = "https://deb.debian.org/debian/pool/main"

PACKAGES = {
    source.name: source
    for source in (
        Source(
            # 16 pieces, 64 minutes, electronic.
            name="singularity-music",
            url=f"{_POOL}/s/singularity-music/singularity-music_007-2_all.deb",
            path="audio/singularity-music_007-2_all.deb",
            licence="CC BY-SA 3.0 (Max McCracken)",
            sha256="139ba1e408eeb0a72f1fff3760ca46558b9f81bed97dc8c0efa108c4007f4845",
        ),
        Source(
            # 10 pieces, 163 minutes, of synthesized instruments.
            name="planetblupi-music-ogg",
            url=f"{_POOL}/p/planetblupi/planetblupi-music-ogg_1.14.2-3_all.deb",
            path="audio/planetblupi-music-ogg_1.14.2-3_all.deb",
            licence="GPL-3+ (Daniel Roux, EPSITEC SA, Denis Dumoulin, Mathieu Schroeter)",
            sha256="7d89a6d00b43cdb601e35256ab1a62814d203b5922cfed6a0e73e98486e82fa6",
        ),
    )
}

SOURCES = {source.name: source for source in (*PIECES.values(), *PACKAGES.values())}
