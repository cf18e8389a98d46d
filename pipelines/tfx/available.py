"""Whether TFX can be had on this system."""

import importlib.util
import os
import sys

from rnnzoo.datasets.common.errors import InputError

EXTRA = "tfx"
# That of the wheels of ml-metadata, which TFX needs.
GLIBC = (2, 39)


def check_tfx():
    """Checks that TFX is installed.

    Raises:
        InputError: it is not, or no wheel of it runs here.
    """
    if importlib.util.find_spec("tfx") is not None:
        return
    version = glibc()
    if version is None:
        raise InputError(
            f"engine tfx needs Linux with glibc {_text(GLIBC)} or later, this is {sys.platform}: "
            "give --engine embedded"
        )
    if version < GLIBC:
        raise InputError(
            f"engine tfx needs glibc {_text(GLIBC)} or later (Debian 13, Ubuntu 24.04), this "
            f"system has {_text(version)}: give --engine embedded"
        )
    raise InputError(f"engine tfx needs tfx: pip install 'rnnzoo[{EXTRA}]'")


def glibc():
    """tuple of int, the version of the C library; None where that is another one."""
    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
    except (AttributeError, OSError, ValueError):
        return None
    return tuple(int(part) for part in version.split(".")[:2]) if name == "glibc" else None


def _text(version):
    return ".".join(map(str, version))
