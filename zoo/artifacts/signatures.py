"""`SHA256SUMS.sig`: who vouches for an artifact. An Ed25519 signature of the bytes of `SHA256SUMS`.

The manifest has the hash of every other file, so that its signature is one of all files.
"""

import hashlib
import os
import re

from rnnzoo.artifacts.layout import SIGNATURE, SUMS
from rnnzoo.artifacts.manifest import verify_files
from rnnzoo.datasets.common.atomic_write import PARTIAL
from rnnzoo.datasets.common.durable import rename_durably
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import reason_of, writing

BYTES = 64  # of a signature
BEGIN = re.compile(rb"-----BEGIN [A-Z ]+-----")
BLOCK = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


def read_private_key(path):
    """The `Ed25519PrivateKey` of a PEM file.

    Args:
        path: Path.

    Raises:
        InputError: it cannot be read, has a passphrase, or is another kind of key.
    """
    ed25519, serialization = _cryptography()
    content = _read(path)
    try:
        key = serialization.load_pem_private_key(content, None)
    except TypeError:  # that a passphrase is missing
        raise InputError(f"{path} has a passphrase: give a key without") from None
    except Exception:  # of another algorithm, or no PEM
        key = None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise InputError(
            f"{path} is no private key of Ed25519: make one by `openssl genpkey -algorithm ed25519`"
        )
    return key


def read_public_keys(path):
    """list of the `Ed25519PublicKey` of a PEM file, of one or more.

    Args:
        path: Path.

    Raises:
        InputError: it cannot be read, has none, or also something else.
    """
    ed25519, serialization = _cryptography()
    content = _read(path)
    blocks = BLOCK.findall(content)
    try:
        keys = [serialization.load_pem_public_key(block) for block in blocks]
    except Exception:  # of another algorithm, or no PEM
        keys = []
    whole = keys and len(blocks) == len(BEGIN.findall(content))
    if not whole or not all(isinstance(key, ed25519.Ed25519PublicKey) for key in keys):
        raise InputError(
            f"{path} has to have public keys of Ed25519 and nothing else: "
            "make it by `openssl pkey -in PRIVATE.pem -pubout`"
        )
    return keys


def read_allowed(path):
    """set of the SHA-256 of manifests of a file, as `sha256sum */*/SHA256SUMS` prints them.

    Args:
        path: Path of lines with a hexadecimal digest, and what the reader likes behind a space;
            empty lines and those that begin with `#` are ignored.

    Raises:
        InputError: it cannot be read, or has another line.
    """
    digests = set()
    for line in _read(path).decode(errors="replace").splitlines():
        digest = line.partition(" ")[0]
        if not line.strip() or line.startswith("#"):
            continue
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise InputError(f"{path} has the line {shown(line)}: give lines of `sha256sum {SUMS}`")
        digests.add(digest)
    return digests


def sign(folder, key):
    """Signs an artifact whose files are those of its manifest; replaces a signature that is there.

    Args:
        folder: Path, `<name>/<version>/`.
        key: `Ed25519PrivateKey`.

    Raises:
        InputError: a file is not that of the manifest, or the signature cannot be written.
    """
    manifest = (folder / SUMS).read_bytes() if (folder / SUMS).is_file() else b""
    verify_files(folder)
    path = folder / SIGNATURE
    # Not beside it: whoever loads the model meanwhile would find a file that is not listed.
    partial = folder.parent / f"{PARTIAL}{os.getpid()}-{folder.name}-{SIGNATURE}"
    try:
        with writing(path, partial):
            partial.write_bytes(key.sign(manifest))
            rename_durably(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def check_signature(folder, keys):
    """Checks that the manifest of an artifact is signed with one of some keys.

    The files themselves are checked by `verify_files`.

    Args:
        folder: Path, `<name>/<version>/`.
        keys: iterable of `Ed25519PublicKey`.

    Raises:
        InputError: there is no signature, or that of no key.
    """
    from cryptography.exceptions import InvalidSignature

    manifest, signature = _read(folder / SUMS), _read_signature(folder)
    for key in keys:
        try:
            key.verify(signature, manifest)
            return
        except InvalidSignature:
            continue
    raise InputError(f"{folder / SIGNATURE} is not by a key that is trusted")


def check_allowed(folder, digests):
    """Checks that the manifest of an artifact is one of those that are allowed.

    Args:
        folder: Path, `<name>/<version>/`.
        digests: set of str, see `read_allowed`.

    Raises:
        InputError: it is not.
    """
    digest = hashlib.sha256(_read(folder / SUMS)).hexdigest()
    if digest not in digests:
        raise InputError(f"{folder / SUMS} has the sha256 {digest}, which is not allowed")


def _read_signature(folder):
    path = folder / SIGNATURE
    try:
        with open(path, "rb") as file:
            signature = file.read(BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{folder} is not signed: sign it by `rnnzoo sign`") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    if len(signature) != BYTES:
        raise InputError(f"{path} is no signature of Ed25519, of {BYTES} bytes: sign it again")
    return signature


def _read(path):
    try:
        return path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None


def _cryptography():
    """The modules `ed25519` and `serialization` of `cryptography`."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise InputError("signatures need cryptography: pip install 'rnnzoo[sign]'") from None
    return ed25519, serialization
