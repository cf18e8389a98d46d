"""Simulates the hourly number of people in each cell of a region.

With F the footprints (cells, signals), the share of each quarter's people in each cell, and s(t)
the people of each quarter at home, at work, out, on the road or at an event,

    rate(t) = F s(t),   counts(t) ~ Poisson(rate(t)).
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from rnnzoo.datasets.common.arguments import checked_seed, is_number, whole
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import times_from
from rnnzoo.datasets.region_fields.commuting import commuters
from rnnzoo.datasets.region_fields.events import venues, visitors
from rnnzoo.datasets.region_fields.footprints import Footprints
from rnnzoo.datasets.region_fields.generators import NOISE, QUARTERS, TEXTURES, generator
from rnnzoo.datasets.region_fields.outline import region_mask
from rnnzoo.datasets.region_fields.people import people as people_of
from rnnzoo.datasets.region_fields.towns import RURAL, next_larger, place_towns

CHANNELS = {1: ["people"], 2: ["residents", "others"]}
MOST_TOWNS = 3000  # commuters are a matrix of towns by towns
BATCH = 64
WORK, OUT, VENUE = 0.5, 0.4, 0.3  # radii, in those of where a quarter's people live


class Region:
    """A region whose frames are simulated when they are asked for.

    Frames do not depend on the size of batches. Memory is that of the footprints, of the signals
    (at least 16 bytes per town and step), and of one batch.

    Args:
        height, width: int, cells.
        steps: int, hours.
        seed: int or sequence of ints, at least 0.
        start: str, the first hour.
        towns: int, at most 3000.
        people: float, residents per cell inside the region, in the mean.
        channels: 1, people; or 2, residents at home and in the country, and others.
        outside: bool, whether about half of the cells are outside the region; else none is.
        noise: bool, whether frames are Poisson counts; else they are the rates.

    Attributes:
        mask: bool array (height, width), the cells inside.
        times: datetime64[s] array (steps,).
        channels: list of str.

    Raises:
        InputError: an argument is out of its range.

    Example:

    >>> region = Region(20, 30, 50, seed=1, towns=5)
    >>> [batch.shape for batch in region.batches(32)]
    [(32, 20, 30), (18, 20, 30)]
    """

    def __init__(
        self,
        height,
        width,
        steps,
        seed,
        *,
        start="2016-04-01T00",
        towns=100,
        people=1.0,
        channels=1,
        outside=True,
        noise=True,
    ):
        height, width, steps = whole("height", height), whole("width", width), whole("steps", steps)
        self._seed = checked_seed(seed)
        if whole("towns", towns) > MOST_TOWNS:
            raise InputError(f"towns is {towns}: give at most {MOST_TOWNS}")
        if not is_number(people) or people <= 0:
            raise InputError(f"people is {shown(people)}: give a number above 0")
        if whole("channels", channels) not in CHANNELS:
            raise InputError(f"channels is {shown(channels)}: give 1 or 2")
        for name, value in (("outside", outside), ("noise", noise)):
            if not isinstance(value, bool):
                raise InputError(f"{name} is {shown(value)}: give True or False")
        if not isinstance(start, str):
            raise InputError(f"start is {shown(start)}: give a time such as 2016-04-01T00")
        self.times = times_from("region", start, "1h", steps)
        self.channels, self._noise = CHANNELS[channels], noise
        random = generator(self._seed, QUARTERS)
        self.mask = (
            region_mask(random, height, width) if outside else np.ones((height, width), bool)
        )
        total = people * self.mask.sum()
        quarters = place_towns(random, self.mask, towns, total)
        self._footprints = _footprints(generator(self._seed, TEXTURES), self.mask, quarters)
        self._signals = _signals(self._seed, quarters, total, np.hypot(height, width), self.times)
        # At home and in the country, and the other ones.
        resident = np.arange(self._signals.shape[1]) <= len(quarters)
        self._parts = [resident, ~resident] if channels == 2 else [np.ones_like(resident)]

    def __len__(self):
        return len(self.times)

    def cells(self, step):
        """The values of the cells inside at a time step, float32 (cells, channels).

        Args:
            step: int, 0 or more and below the number of steps.
        """
        signals = self._signals[step]
        rates = [self._footprints @ np.where(part, signals, 0) for part in self._parts]
        rates = np.stack(rates, axis=-1)
        if not self._noise:
            return rates
        return generator(self._seed, NOISE, step).poisson(rates).astype("float32")

    def batches(self, size=BATCH, *, inside=False, threads=1):
        """Yields all frames in the order of time.

        Args:
            size: int, frames per batch; the last one may have fewer.
            inside: bool, whether only the cells inside the region are returned, in the order of
                `mask`.
            threads: int, frames that are simulated at once.

        Yields:
            float32 array (frames, height, width), NaN outside the region; with `inside`,
            (frames, cells). With two channels, these are the last axis.

        Raises:
            InputError: an argument is out of its range.
        """
        size, threads = whole("size", size), whole("threads", threads)
        return self._batches(size, inside, threads)

    def _batches(self, size, inside, threads):
        trailing = () if len(self.channels) == 1 else (len(self.channels),)

        def fill(frame, step):
            values = self.cells(step).reshape(-1, *trailing)
            if inside:
                frame[:] = values
            else:
                frame[self.mask] = values

        shape = (int(self.mask.sum()),) if inside else self.mask.shape
        with ThreadPoolExecutor(threads) as pool:
            for first in range(0, len(self), size):
                steps = range(first, min(first + size, len(self)))
                frames = np.full((len(steps), *shape, *trailing), np.nan, "float32")
                list(pool.map(fill, frames, steps))
                yield frames


def simulated_region(height, width, steps, seed, **settings):
    """The fields of a simulated region, all in memory.

    Args:
        height, width: int, cells.
        steps: int, hours; at least 2.
        seed: int or sequence of ints, at least 0.
        **settings: the other arguments of `Region`.

    Returns:
        `FieldSeries`, values (steps, height, width, channels), NaN outside the region.

    Raises:
        InputError: an argument is out of its range.

    Example:

    >>> series = simulated_region(20, 30, 48, seed=1, towns=5)
    >>> series.values.shape, series.step
    ((48, 20, 30, 1), 3600)
    """
    region = Region(height, width, whole("steps", steps, 2), seed, **settings)
    shape = (len(region), *region.mask.shape, len(region.channels))
    values = np.concatenate(list(region.batches())).reshape(shape)
    return FieldSeries(region.times, values, list(region.channels))


def _footprints(random, mask, quarters):
    """Columns: the country, then homes, workplaces, centres and roads of quarters, then venues."""
    footprints = Footprints(random, mask)
    footprints.add_everywhere()
    for scale in (1, WORK, OUT):
        for centre, radius in zip(quarters.centres, quarters.radii, strict=True):
            footprints.add_town(centre, max(scale * radius, 0.5))
    for centre, target in zip(quarters.centres, next_larger(quarters), strict=True):
        footprints.add_road(centre, quarters.centres[target])
    for quarter in venues(quarters):
        footprints.add_town(quarters.centres[quarter], max(VENUE * quarters.radii[quarter], 0.5))
    return footprints.matrix()


def _signals(seed, quarters, total, diagonal, times):
    """float32 array (steps, signals), people by the columns of `_footprints`."""
    flows = commuters(quarters, diagonal)
    signals = people_of(seed, quarters, flows, times)
    events = visitors(seed, quarters.people[venues(quarters)], times)
    country = np.full((len(times), 1), RURAL * total, "float32")
    return np.concatenate([country, *signals, events], axis=1)
