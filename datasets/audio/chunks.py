"""The chunks of WAV and AIFF files: what is in them that libsndfile neither reads nor writes."""

import struct
from pathlib import Path

# From the first bytes of a file to the byte order of its sizes.
_FORMS = {b"RIFF": "<", b"RF64": "<", b"BW64": "<", b"RIFX": ">", b"FORM": ">"}
_EXTENSIBLE, _MASK_AT = 0xFFFE, 20  # tag of a format with a layout of speakers, and where that is
_STREAMED = (0, 0xFFFFFFFF)  # sizes that a program writes which does not know the length yet

# Chunks that libsndfile reads and writes, or that hold nothing.
_KNOWN = {
    *("fmt ", "data", "ds64", "fact", "PEAK", "JUNK", "junk", "FLLR", "PAD "),
    *("COMM", "SSND", "FVER", "NAME", "AUTH", "(c) ", "ANNO", "APPL"),
}
# Of a WAV's list of tags, those with a name in libsndfile.
_INFO = {"INAM", "ICOP", "ISFT", "IART", "ICMT", "ICRD", "IPRD", "IGNR", "ITRK"}


def chunks(path):
    """The chunks of a WAV or AIFF file.

    Args:
        path: str or path.

    Returns:
        list of (str, its name; int, where its content begins; int, the bytes that it is said to
        have); empty for a file of another kind.
    """
    entries, length = [], Path(path).stat().st_size
    with open(path, "rb") as file:
        head = file.read(12)
        order = _FORMS.get(head[:4])
        if order is None or head[8:] not in (b"WAVE", b"AIFF", b"AIFC"):
            return []
        at, long = 12, None
        while at + 8 <= length:
            file.seek(at)
            name, size = struct.unpack(f"{order}4sI", file.read(8))
            if name == b"ds64":
                long = struct.unpack("<8xQ", file.read(16).ljust(16, b"\0"))[0]
            if name == b"data" and size == 0xFFFFFFFF and long:
                size = long
            entries.append((name.decode("latin-1"), at + 8, size))
            at += 8 + size + size % 2
    return entries


def speaker_layout(path):
    """The mask of speakers of a WAV file's channels, int; None if it has none."""
    with open(path, "rb") as file:
        for name, at, size in chunks(path):
            if name == "fmt " and size >= _MASK_AT + 4:
                file.seek(at)
                tag, mask = struct.unpack("<H18xI", file.read(_MASK_AT + 4))
                return mask if tag == _EXTENSIBLE and mask else None
    return None


def set_speaker_layout(path, mask):
    """Writes the mask of speakers of a WAV file whose format has room for one (WAVEX)."""
    at = next(at for name, at, _ in chunks(path) if name == "fmt ")
    with open(path, "r+b") as file:
        file.seek(at + _MASK_AT)
        file.write(struct.pack("<I", mask))


def bytes_cut_off(path):
    """int, the bytes of samples that a WAV or AIFF file lacks of what its header promises."""
    length = Path(path).stat().st_size
    for name, at, size in chunks(path):
        if name in ("data", "SSND") and size not in _STREAMED:
            return max(at + size - length, 0)
    return 0


def further_chunks(path):
    """list of str, what else a WAV or AIFF file has, such as `bext`, `smpl` or `IENG`."""
    names = []
    with open(path, "rb") as file:
        for name, at, size in chunks(path):
            file.seek(at)
            if name != "LIST":
                names += [name.strip()] * (name not in _KNOWN)
            elif (kind := file.read(4)) == b"INFO":
                names += [tag for tag in _tags(file.read(max(size - 4, 0))) if tag not in _INFO]
            else:
                names.append(f"LIST {kind.decode('latin-1').strip()}")
    return names


def _tags(content):
    at, names = 0, []
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        names.append(name.decode("latin-1"))
        at += 8 + size + size % 2
    return names
