"""Progress through many items: a bar on a terminal, else a line every 30 seconds."""

import sys
import time

from tqdm import tqdm

EVERY = 30.0  # seconds between plain lines


def progressed(items, total, label, unit):
    """Yields items, and reports progress and the remaining time on standard error.

    Args:
        items: iterable.
        total: int, how many there are.
        label: str that a line begins with.
        unit: str, `"clip"`.

    Yields:
        The items.
    """
    if sys.stderr.isatty():
        yield from tqdm(items, total=total, desc=label, unit=unit)
        return
    began = reported = time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - reported >= EVERY or done == total:
            reported = now
            left = (total - done) * (now - began) / done
            estimate = f", about {left / 60:.0f} min left" if done < total else ""
            print(f"{label}: {done} of {total} {unit}s{estimate}", file=sys.stderr, flush=True)
