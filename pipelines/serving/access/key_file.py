"""The file of API keys of a running server: read again when it changes, and what each key uses."""

import asyncio
import contextlib
import math
import os
import sys
import time
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.access.keys import key_of, read_keys
from rnnzoo.pipelines.serving.statuses import TooManyRequests, Unauthenticated


@dataclass
class _Usage:
    tokens: float  # requests that may start now
    at: float  # seconds, when the tokens were counted
    running: int = 0


class KeyFile:
    """The keys of a file; for a single event loop.

    An invalid file leaves the keys before it valid, and is reported on standard error once.

    Args:
        path: Path, see `rnnzoo.pipelines.serving.access.keys`.
        now: function that returns seconds, of a clock that never goes back.

    Raises:
        InputError: the file is invalid at the start.
    """

    def __init__(self, path, now=time.monotonic):
        self._path, self._now, self._usages = path, now, {}
        self._stamp = self._stamp_now()  # before it is read
        self._keys = read_keys(path)
        self._warn_of_mode()

    @contextlib.contextmanager
    def admitted(self, secret):
        """A context in which the request of a key is answered; yields the `Key`.

        Args:
            secret: bytes, as the client sent it; None if it sent none.

        Raises:
            Unauthenticated: it is that of no key.
            TooManyRequests: the key is above its rate, or has too many requests running.
        """
        self._read_again()
        if secret is None:
            raise Unauthenticated("send a key: Authorization: Bearer KEY, or X-API-Key: KEY")
        key = key_of(secret, self._keys)
        if key is None:
            raise Unauthenticated("the key is not valid here")
        usage = self._admit(key)
        try:
            yield key
        finally:
            usage.running -= 1

    async def paced(self, key):
        """Waits until the rate of a key lets another message of its WebSocket be read.

        Args:
            key: `Key`, admitted.
        """
        while (seconds := self._seconds_until_token(key)) > 0:
            await asyncio.sleep(seconds)
        if key.requests_per_second is not None:
            self._usages[key.name].tokens -= 1

    def _seconds_until_token(self, key):
        """float, seconds until the rate of a key admits a request; 0 if it does now."""
        rate = key.requests_per_second
        if rate is None:
            return 0.0
        burst, now = max(1.0, rate), self._now()
        usage = self._usages.setdefault(key.name, _Usage(burst, now))
        usage.tokens, usage.at = min(burst, usage.tokens + (now - usage.at) * rate), now
        return max(0.0, (1 - usage.tokens) / rate)

    def _admit(self, key):
        """Counts a request as running: the `_Usage` of its key."""
        burst, now = max(1.0, key.requests_per_second or 1.0), self._now()
        usage = self._usages.setdefault(key.name, _Usage(burst, now))
        if key.at_once is not None and usage.running >= key.at_once:
            raise TooManyRequests(
                f"the key {key.name} has {usage.running} requests running, "
                f"at most {key.at_once}: wait for one",
                1,
            )
        seconds = self._seconds_until_token(key)
        if seconds > 0:
            raise TooManyRequests(
                f"the key {key.name} sends over {key.requests_per_second:g} requests per "
                "second: send them more slowly",
                math.ceil(seconds),
            )
        if key.requests_per_second is not None:
            usage.tokens -= 1
        usage.running += 1
        return usage

    def _read_again(self):
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._keys = read_keys(self._path)
        except InputError as problem:
            print(f"rnnzoo: the keys stay as they were: {problem}", file=sys.stderr, flush=True)
            return
        # A key that is there no longer, and whose requests have ended, is forgotten.
        names = {key.name for key in self._keys}
        self._usages = {n: u for n, u in self._usages.items() if n in names or u.running}
        self._warn_of_mode()

    def _stamp_now(self):
        try:
            status = os.stat(self._path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _warn_of_mode(self):
        with contextlib.suppress(OSError):
            mode = os.stat(self._path).st_mode & 0o777
            if mode & 0o077:
                print(
                    f"rnnzoo: warning: {self._path} is open to other users (mode {mode:o}): "
                    f"chmod 600 {self._path}",
                    file=sys.stderr,
                    flush=True,
                )
