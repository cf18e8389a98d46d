"""What an audio file has beside its samples: tags, a layout of speakers, pictures and others."""

import dataclasses
import re
import struct

from rnnzoo.datasets.audio.chunks import bytes_cut_off, further_chunks, speaker_layout
from rnnzoo.datasets.audio.extra import audio_library

# The layout of speakers that the number of a FLAC file's channels stands for, as a WAV has it.
FLAC_LAYOUTS = {1: 0x4, 2: 0x3, 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3F, 7: 0x70F, 8: 0x63F}
DEFAULT_LAYOUTS = {1: 0x4, 2: 0x3}  # of mono and stereo that do not say

LAYOUT = "layout of speakers"
WAVES = ("WAV", "WAVEX", "RF64")  # whose header tells whether there is a layout

_FLAC_BLOCKS = {2: "APPLICATION", 5: "CUESHEET", 6: "PICTURE"}
# What a tag is called in Vorbis comments and in ID3 where libsndfile has a name for it.
_COMMENTS = {
    *("TITLE", "COPYRIGHT", "SOFTWARE", "ENCODER", "ARTIST", "COMMENT", "DESCRIPTION", "DATE"),
    *("ALBUM", "LICENSE", "TRACKNUMBER", "GENRE"),
}
_ID3 = {"TIT2", "TCOP", "TSSE", "TPE1", "COMM", "TDRC", "TYER", "TALB", "TRCK", "TCON", "TENC"}
_HEAD = 2**20  # bytes at the beginning of a file that are searched for tags


@dataclasses.dataclass(frozen=True)
class Metadata:
    """What a file has beside its samples.

    Attributes:
        tags: dict of str, by libsndfile's names: `title`, `artist`, `album`, ...
        layout: int, the mask of the speakers of its channels as in a WAV file; None if unknown.
        others: tuple of str, names of tags, pictures and chunks that cannot be written again.
        cut_off: int, bytes of samples that the header promises and the file lacks.
    """

    tags: dict = dataclasses.field(default_factory=dict)
    layout: int | None = None
    others: tuple = ()
    cut_off: int = 0


def read_metadata(path):
    """The `Metadata` of a file; empty where libsndfile does not read it."""
    soundfile = audio_library("soundfile")
    try:
        with soundfile.SoundFile(path) as file:
            tags, channels, form = file.copy_metadata(), file.channels, file.format
    except soundfile.LibsndfileError:
        return Metadata()
    layout = FLAC_LAYOUTS.get(channels) if form == "FLAC" else speaker_layout(path)
    layout = DEFAULT_LAYOUTS.get(channels) if layout is None else layout
    others = [*further_chunks(path), *_further_tags(path, form)]
    if channels > 2 and layout is None and form not in WAVES:
        others.append(LAYOUT)
    return Metadata(tags, layout, tuple(dict.fromkeys(others)), bytes_cut_off(path))


def dropped(before, after):
    """What a file that was written does not have of the `Metadata` it should have: tuple of str."""
    # libsndfile adds its own name to that of the software.
    lost = [name for name, tag in before.tags.items() if not _kept(tag, after.tags.get(name, ""))]
    if before.layout not in (None, after.layout):
        lost.append(f"{LAYOUT} {before.layout:#x}")
    return (*lost, *before.others)


def _kept(tag, written):
    return written.startswith(tag.rstrip())


def _further_tags(path, form):
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    names = _id3_frames(head) if head[:3] == b"ID3" else []
    if form == "FLAC":
        return names + _flac_tags(head[head.find(b"fLaC") :])
    if form == "OGG" and (match := re.search(rb"\x03vorbis|OpusTags", head)):
        return names + _comments(head[match.end() :])
    return names


def _flac_tags(head):
    at, last, names = 4, head[:4] != b"fLaC", []
    while not last and at + 4 <= len(head):
        kind, size = head[at], int.from_bytes(head[at + 1 : at + 4], "big")
        last, kind = kind >= 128, kind % 128
        if kind == 4:
            names += _comments(head[at + 4 : at + 4 + size])
        elif kind in _FLAC_BLOCKS:
            names.append(_FLAC_BLOCKS[kind])
        at += 4 + size
    return names


def _comments(content):
    """Names of Vorbis comments that libsndfile does not know."""
    names = []
    try:
        at = 4 + struct.unpack_from("<I", content)[0]
        count = struct.unpack_from("<I", content, at)[0]
        at += 4
        for _ in range(count):
            size = struct.unpack_from("<I", content, at)[0]
            name = content[at + 4 : at + 4 + size].partition(b"=")[0].decode("latin-1").upper()
            names.append(name)
            at += 4 + size
    except struct.error:  # continued on another page
        names.append("further comments")
    return [name for name in names if name not in _COMMENTS]


def _id3_frames(head):
    """Names of the frames of an ID3 tag that libsndfile does not know."""
    version, size = head[3], _without_high_bits(head[6:10])
    at, names = 10, []
    while version >= 3 and at + 10 <= min(10 + size, len(head)) and head[at]:
        names.append(head[at : at + 4].decode("latin-1"))
        length = head[at + 4 : at + 8]
        at += 10 + (_without_high_bits(length) if version > 3 else int.from_bytes(length, "big"))
    return [name for name in names if name not in _ID3]


def _without_high_bits(four):
    return sum(byte << 7 * (3 - index) for index, byte in enumerate(four))
