"""Progress through many items: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time

from tqdm import tqdm

EVERY = 30.0  # seconds between plain lines


def progressed(items, total, label, unit):
    """Yields items, and says on standard error how far it is and how long it may take.

    Args:
        items: iterable.
        total: int, how many there are.
        label: str shown in front.
        unit: str, `"clip"`.

    Yields:
        The items.
    """
    if sys.stderr.isatty():
        yield from tqdm(items, total=total, desc=label, unit=unit)
        return
    begun = said = time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - said >= EVERY or done == total:
            said = now
            left = (total - done) * (now - begun) / done
            rest = f", about {left / 60:.0f} min left" if done < total else ""
            print(f"{label}: {done} of {total} {unit}s{rest}", file=sys.stderr, flush=True)
