"""Events, such as matches and concerts: many people in few cells for some hours."""

import numpy as np

from rnnzoo.datasets.region_fields.generators import EVENTS, generator
from rnnzoo.datasets.region_fields.rhythms import hour_of_day, weekday

VENUES = 20  # at most, one in each of the largest towns
CHANCE = np.array([0.03, 0.03, 0.06, 0.06, 0.12, 0.25, 0.2])  # of an event, Monday to Sunday
# Median, in shares of the residents of its quarter, and spread of the logarithm.
VISITORS = 0.3, 0.5
LENGTH = 2.0, 4.0  # hours


def venues(towns):
    """int array (venues,): the quarters of `Towns` with a venue, one per town of the largest."""
    return np.flatnonzero(np.diff(towns.town, prepend=-1))[:VENUES]


def visitors(seed, residents, times):
    """The visitors of each venue and hour.

    A day of a venue has one event or none, which rises and falls within about an hour.

    Args:
        seed: int or list of ints.
        residents: float array (venues,), people of the quarter of each venue.
        times: datetime64[s] array (steps,), hourly.

    Returns:
        float32 array (steps, venues).
    """
    dates = times.astype("datetime64[D]")
    days = (dates - dates[0]).astype(int)
    count, venues = int(days[-1]) + 1, len(residents)
    drawn = generator(seed, EVENTS, 0).uniform(size=(count, venues, 3))
    size = generator(seed, EVENTS, 1).normal(size=(count, venues))
    takes_place = drawn[..., 0] < CHANCE[weekday(dates[0] + np.arange(count))][:, None]
    size = VISITORS[0] * np.exp(VISITORS[1] * size) * residents * takes_place
    length = LENGTH[0] + (LENGTH[1] - LENGTH[0]) * drawn[..., 1]
    middle = 15 + 5.5 * drawn[..., 2]  # over by midnight
    apart = (hour_of_day(times)[:, None] - middle[days]) / (length[days] / 2)
    return (size[days] * np.exp(-(apart**4))).astype("float32")
