"""How many people of each quarter are at home, at work, out and on the road in each hour.

With residents P, commuters C from quarter i to j, the share a that has left home, the share b that
has arrived at work, and the share l that is out:

    home[i] = P[i] - a[i] sum_j C[i, j] - l[i] P[i]        work[j] = sum_i b[i] C[i, j]
    out[i]  = l[i] P[i]                                    road[i] = (a[i] - b[i]) sum_j C[i, j]

Every quarter has its own hours and its own slow changes of them, of its people and of its habits.
"""

import numpy as np

from rnnzoo.datasets.region_fields.generators import PEOPLE, generator
from rnnzoo.datasets.region_fields.rhythms import (
    angle_of_year,
    around,
    between,
    hour_of_day,
    slow_noise,
    weekday,
)

WORKING = np.array([1, 1, 1, 1, 0.95, 0.35, 0.15])  # Monday to Sunday
GOING_OUT = np.array([0.06, 0.06, 0.07, 0.08, 0.14, 0.2, 0.12])
LEAVES, RETURNS = (7.5, 0.7), (17.8, 1.0)  # o'clock: mean and standard deviation over quarters
TRAVEL = 0.3, 1.0  # hours: least and most of a quarter


def people(seed, towns, flows, times):
    """The people of every quarter and hour.

    Args:
        seed: int or list of ints.
        towns: `Towns`.
        flows: array (quarters, quarters), commuters from and to.
        times: datetime64[s] array (steps,), hourly.

    Returns:
        Tuple (home, work, out, road) of float32 arrays (steps, quarters), at least 0.
    """
    count, steps = len(towns), len(times)
    random = generator(seed, PEOPLE, 0)
    noise = [
        slow_noise(generator(seed, PEOPLE, key), steps, count, hours)
        for key, hours in ((1, 240), (2, 72), (3, 24), (4, 8))
    ]
    swing, phase = random.normal(0, 0.1, count), random.uniform(0, 2 * np.pi, count)
    season = swing * np.cos(angle_of_year(times)[:, None] - phase)
    residents = towns.people * (1 + season) * np.exp(0.04 * noise[0])
    day = weekday(times)
    # Slow changes of the hour at which a quarter gets up, too.
    hour = hour_of_day(times)[:, None] + 0.25 * noise[1]
    leaves, returns = random.normal(*LEAVES, count), random.normal(*RETURNS, count)
    travel = random.uniform(*TRAVEL, count)
    activity = np.minimum(WORKING[day, None] * np.exp(0.1 * noise[2]), 1.5)
    away = activity * between(hour, leaves, returns, 0.5)
    at_work = activity * between(hour, leaves + travel, returns - travel, 0.5)
    evening = np.where(day >= 5, 17.5, 20.5)[:, None] + random.normal(0, 0.7, count)
    out = GOING_OUT[day, None] * around(hour, evening, 2.0) * np.exp(0.25 * noise[3]) * residents
    leaving = flows.sum(axis=1)
    return tuple(
        np.maximum(signal, 0).astype("float32")
        for signal in (
            residents - away * leaving - out,
            at_work @ flows,
            out,
            (away - at_work) * leaving,
        )
    )
