"""API keys: who may send requests, to which models, and how many.

A file has the SHA-256 of each key, never the key:

    [[keys]]
    name = "alice"
    sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    requests_per_second = 10          # optional, with bursts of a second's requests
    at_once = 4                       # optional
    models = ["shakespeare-*"]        # optional patterns; default: all models
    may_configure = true              # optional: may replace the configuration of models

The key of a request is in a context variable while it is answered: `Engine.version` checks it, for
every protocol.
"""

import contextvars
import fnmatch
import hashlib
import hmac
import math
import re
import tomllib
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.pipelines.serving.statuses import Forbidden

FIELDS = ("name", "sha256", "requests_per_second", "at_once", "models", "may_configure")
NAME = re.compile("[A-Za-z0-9_.-]{1,64}")

_key = contextvars.ContextVar("key", default=None)


@dataclass(frozen=True)
class Key:
    """A key of a file.

    Args:
        name: str, of its owner.
        sha256: str, hexadecimal.
        requests_per_second: float; None for any number.
        at_once: int, requests that are answered at the same time; None for any number.
        models: tuple of str, patterns as of a shell; None for all models.
        may_configure: bool, whether it may replace the configuration of models.
    """

    name: str
    sha256: str
    requests_per_second: float | None = None
    at_once: int | None = None
    models: tuple[str, ...] | None = None
    may_configure: bool = False


def read_keys(path):
    """tuple of the `Key` of a file.

    Args:
        path: Path.

    Raises:
        InputError: it cannot be read, or an entry is invalid.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8: write a TOML with [[keys]]") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
    return parsed(text, path)


def parsed(text, path):
    """tuple of the `Key` of a file's text.

    Args:
        text: str, TOML.
        path: Path, for messages.

    Raises:
        InputError: it is no TOML, or an entry is invalid.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise InputError(f"{path} is no TOML: {problem}") from None
    entries = content.get("keys")
    if content.keys() - {"keys"} or not isinstance(entries, list) or not entries:
        raise InputError(f"{path} has to have [[keys]], one or more, and nothing else")
    keys = tuple(_key_of(entry, f"{path}: key {i}") for i, entry in enumerate(entries, 1))
    for field in ("name", "sha256"):
        values = [getattr(key, field) for key in keys]
        for value in values:
            if values.count(value) > 1:
                raise InputError(f"{path} has two keys with the {field} {shown(value)}")
    return keys


def _key_of(entry, where):
    if not isinstance(entry, dict):
        raise InputError(f"{where} is no table: write [[keys]]")
    if unknown := sorted(entry.keys() - set(FIELDS)):
        raise InputError(f"{where} has {shown(unknown[0])}: fields are {', '.join(FIELDS)}")
    name, digest = entry.get("name"), entry.get("sha256")
    rate, at_once, models = (entry.get(field) for field in FIELDS[2:5])
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InputError(f"{where} has name={shown(name)}: give 1 to 64 letters, digits, _, . or -")
    # What is there instead may be the key itself: it is not quoted.
    if not isinstance(digest, str) or not re.fullmatch("[0-9a-fA-F]{64}", digest):
        raise InputError(f"{where} has no sha256 of 64 hexadecimal digits")
    if rate is not None and not (
        isinstance(rate, int | float) and not isinstance(rate, bool) and 0 < rate < math.inf
    ):
        raise InputError(f"{where} has requests_per_second={shown(rate)}: give a number above 0")
    if at_once is not None and not (type(at_once) is int and at_once > 0):
        raise InputError(f"{where} has at_once={shown(at_once)}: give a whole number from 1")
    if models is not None and not (
        isinstance(models, list) and models and all(isinstance(m, str) for m in models)
    ):
        raise InputError(f'{where} has models={shown(models)}: give a list such as ["music-*"]')
    may_configure = entry.get("may_configure", False)
    if not isinstance(may_configure, bool):
        raise InputError(f"{where} has may_configure={shown(may_configure)}: give true or false")
    models = None if models is None else tuple(models)
    return Key(name, digest.lower(), rate, at_once, models, may_configure)


def key_of(secret, keys):
    """The `Key` with the digest of a secret, or None; takes the same time for any of them.

    Args:
        secret: bytes, as a client sends it.
        keys: iterable of `Key`.
    """
    digest, match = hashlib.sha256(secret).hexdigest(), None
    for key in keys:
        if hmac.compare_digest(digest, key.sha256):
            match = key
    return match


def set_key(key):
    """Sets the `Key` of the request that this task answers.

    It is that of tasks that the task starts, too.
    """
    _key.set(key)


def owner():
    """str, the name of the key of this request; empty where keys are not required."""
    key = _key.get()
    return "" if key is None else key.name


def may_use(model):
    """Whether the key of this request may use a model; True where keys are not required.

    Args:
        model: str, its name.
    """
    key = _key.get()
    return (
        key is None
        or key.models is None
        or any(fnmatch.fnmatchcase(model, pattern) for pattern in key.models)
    )


def check_may_configure():
    """Checks that the key of this request may replace the configuration of models.

    Raises:
        Forbidden: it may not.
    """
    key = _key.get()
    if key is not None and not key.may_configure:
        raise Forbidden(f"the key {key.name} may not configure models")


def check_model(model):
    """Checks that the key of this request may use a model.

    Args:
        model: str, its name; it need not exist.

    Raises:
        Forbidden: it may not.
    """
    if not may_use(model):
        raise Forbidden(f"the key {_key.get().name} may not use {shown(model)}")
