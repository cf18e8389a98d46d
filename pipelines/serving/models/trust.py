"""Which versions of models a server may load: those that are signed, or on a list."""

from rnnzoo.artifacts.signatures import (
    check_allowed,
    check_signature,
    read_allowed,
    read_public_keys,
)


class Trust:
    """A check of a version's folder, for `Servable`; its files are read once.

    Args:
        keys: list of Path, PEM files of public keys, by one of which the version has to be signed;
            empty if no signature is needed.
        allowed: Path of a file of SHA-256 of manifests, of which that of the version has to be
            one; None if any is allowed. With both, both are checked.

    Raises:
        InputError: a file cannot be read, or is not what it should be.
    """

    def __init__(self, keys=(), allowed=None):
        self._keys = [key for path in keys for key in read_public_keys(path)]
        self._allowed = None if allowed is None else read_allowed(allowed)

    def __call__(self, folder):
        """Checks a version.

        Args:
            folder: Path, `<name>/<version>/`.

        Raises:
            InputError: it must not be loaded.
        """
        if self._keys:
            check_signature(folder, self._keys)
        if self._allowed is not None:
            check_allowed(folder, self._allowed)
