"""A new API key: random, and in a file only its digest."""

import hashlib
import os
import secrets

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.pipelines.serving.access.keys import parsed

BYTES = 32  # random ones


def add_key(name, path):
    """Adds the digest of a new key to a file, and returns the key: str.

    Entries and comments of the file stay. A new file can be read by its owner alone.

    Args:
        name: str, whose key it is.
        path: Path of a TOML; it is created if there is none.

    Raises:
        InputError: the name is invalid or has a key already, or the file is invalid.
    """
    try:
        text, mode = path.read_text(encoding="utf-8"), os.stat(path).st_mode & 0o777
    except FileNotFoundError:
        text, mode = "", 0o600
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8: write a TOML with [[keys]]") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    if text.strip():
        parsed(text, path)  # an error is that of the file before
        text = text.rstrip("\n") + "\n\n"
    secret = secrets.token_urlsafe(BYTES)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    text += f'[[keys]]\nname = "{quoted}"\nsha256 = "{digest}"\n'
    parsed(text, path)
    with atomic_file(path) as partial:
        partial.touch(mode=0o600)
        partial.write_text(text, encoding="utf-8")
        os.chmod(partial, mode)
    return secret
