"""Files of the same content under several names, which have to be in the same split.

With one of them in the training set and another in the test set, the test set leaks.
"""

import hashlib
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import PurePosixPath

# At the end of a name: another quality of the same content, and a copy of a file.
_QUALITY = re.compile(
    r"(?<=.)[\W_]+(hq|lq|hifi|lofi|mono|stereo|(64|96|112|128|160|192|224|256|320) ?k(bps|bits?)?"
    r"|\d{1,3}([.,]\d)? ?khz|44100|48000|22050|(2160|1440|1080|720|480|360|240)[pi])[\W_]*$"
)
_COPY = re.compile(r"(?<=.)([\W_]+copy([\W_]*\d+)?|[\W_]*\(\d+\))$|^copy( \(\d+\))? of (?=.)")
MOST_REPORTED = 3


def first_of_each(files, pairs=()):
    """Finds files with equal content, or with names of the same file in another form.

    Such names are in one folder, and equal but for the suffix, upper case, a mark of quality, such
    as `.hq` or `-320k`, or a mark of a copy, such as `(1)`, where the name without it exists too.

    Args:
        files: list of objects with `name`, str, and `path`.
        pairs: iterable of pairs of names that belong together for another reason.

    Returns:
        dict from the name of each file to that of the first one that it belongs with: its own if
        there is none before it.
    """
    first = {file.name: file.name for file in files}
    order = {file.name: index for index, file in enumerate(files)}

    def root(name):
        while first[name] != name:
            name = first[name]
        return name

    for a, b in [*_same_names(files), *_same_contents(files), *pairs]:
        earlier, later = sorted((root(a), root(b)), key=order.get)
        first[later] = earlier
    return {name: root(name) for name in first}


def report(first):
    """Prints on standard error, in one line, which files are kept in one split.

    Args:
        first: dict, see `first_of_each`.
    """
    groups = defaultdict(list)
    for name, earliest in first.items():
        groups[earliest].append(name)
    several = [" = ".join(names) for names in groups.values() if len(names) > 1]
    if several:
        rest = len(several) - MOST_REPORTED
        more = f"; and {rest} more" if rest > 0 else ""
        listed = "; ".join(several[:MOST_REPORTED])
        print(f"the same under several names, kept in one split: {listed}{more}", file=sys.stderr)


def _same_names(files):
    plain = {file.name: _without_quality(file.name) for file in files}
    firsts = {}
    for name in plain:  # a name without any mark before those with one
        firsts.setdefault(plain[name], name)
    for name, key in plain.items():
        yield firsts[key], name
        folder, stem = key
        original = folder, _clean(_COPY.sub("", stem))
        if original != key and original in firsts:
            yield firsts[original], name


def _without_quality(name):
    """(folder, stem) without the suffix and marks of quality."""
    path = PurePosixPath(name)
    stem = unicodedata.normalize("NFKC", path.stem).casefold()
    while (shorter := _QUALITY.sub("", stem)) != stem:
        stem = shorter
    return str(path.parent), _clean(stem)


def _clean(stem):
    return re.sub(r"[\s._-]+", " ", stem).strip()


def _same_contents(files):
    sizes = defaultdict(list)
    for file in files:
        sizes[file.path.stat().st_size].append(file)
    for alike in sizes.values():
        firsts = {}
        for file in alike if len(alike) > 1 else ():
            with open(file.path, "rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
            yield firsts.setdefault(digest, file.name), file.name
