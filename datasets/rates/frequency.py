"""How often a series has a rate, inferred from its dates, and the dates that come next.

The frequency is that of the median spacing, and a series has one only where at least half of its
spacings are that long: holidays and missing rates do not change it.
"""

from dataclasses import dataclass

import numpy as np

FEWEST = 3  # dates that a frequency is inferred from
REGULAR = 0.5  # share of the spacings that have to be the median one
RARE = 0.2  # of the most frequent weekday or hour: rarer ones are exceptions
ALWAYS = 0.8  # share of the months that have to end, or begin, as a rule says

DAY = 24 * 3600
WEEK = np.ones(7, bool)
WORKING = np.array([True] * 5 + [False] * 2)
MONTHS = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}
UNITS = {3600: "hour", 60: "minute", 1: "second"}


@dataclass(frozen=True)
class Frequency:
    """A regular spacing of dates.

    Args:
        unit: `"month"`, `"week"`, `"day"` or `"second"`.
        count: int, units between two dates.
        weekdays: tuple of 7 bool, Monday first: those on which there are rates.
    """

    unit: str
    count: int
    weekdays: tuple = tuple(WEEK.tolist())

    @property
    def name(self):
        """`"business-daily"`, `"monthly"`, `"15-minute"`, ...: what such rates are called."""
        if self.unit == "month":
            return MONTHS.get(self.count, f"{self.count}-month")
        if self.unit == "week":
            return "weekly" if self.count == 1 else f"{self.count}-week"
        if self.unit == "day":
            if self.count > 1:
                return f"{self.count}-day"
            if self.weekdays == tuple(WORKING.tolist()):
                return "business-daily"
            names = np.array("Mon Tue Wed Thu Fri Sat Sun".split())[list(self.weekdays)]
            return "daily" if all(self.weekdays) else f"daily ({' '.join(names)})"
        size, unit = next(pair for pair in UNITS.items() if self.count % pair[0] == 0)
        count = self.count // size
        return f"{count}-{unit}" if count > 1 or unit != "hour" else "hourly"

    def after(self, dates, steps):
        """The next dates of a series of this frequency; holidays are unknown.

        Args:
            dates: datetime64 array (time,), ascending.
            steps: int.

        Returns:
            datetime64 array (steps,).
        """
        return _AFTER[self.unit](self, dates, np.arange(1, steps + 1))


BUSINESS_DAILY = Frequency("day", 1, tuple(WORKING.tolist()))


def inferred(dates):
    """The `Frequency` of a series, or None of one that is irregular or has fewer than 3 dates.

    Args:
        dates: datetime64 array (time,), ascending, no date twice.

    Example:

    >>> import numpy as np
    >>> inferred(np.array(["2024-01-31", "2024-02-29", "2024-03-31"], "datetime64[D]")).name
    'monthly'
    """
    if len(dates) < FEWEST:
        return None
    spacings = np.diff(_seconds(dates))
    median = _median(spacings)
    if median < DAY:
        return Frequency("second", median, _weekdays(dates)) if _regular(spacings, median) else None
    spacings, median = spacings / DAY, median / DAY
    days = round(median)
    if days < 7:
        return _daily(dates, spacings, days)
    four_weeks = len(spacings) > 3 and np.mean(spacings == 28) >= ALWAYS
    months = np.diff(dates.astype("datetime64[M]").astype(int))
    if days >= 28 and _regular(months, _median(months)) and not four_weeks:
        return Frequency("month", _median(months))
    weeks = round(days / 7)
    if np.mean(np.abs(spacings - 7 * weeks) <= 2) >= REGULAR and abs(days - 7 * weeks) <= 2:
        return Frequency("week", weeks)
    return Frequency("day", days) if _regular(spacings, days) else None


def _daily(dates, spacings, days):
    weekdays = _weekdays(dates)
    if not all(weekdays):
        first, last = dates[:-1].astype("datetime64[D]"), dates[1:].astype("datetime64[D]")
        steps = np.busday_count(first, last, weekmask=list(weekdays))
        return Frequency("day", 1, weekdays) if _regular(steps, 1) else None
    return Frequency("day", days) if _regular(np.round(spacings), days) else None


def _weekdays(dates):
    """Those on which there are rates: Monday to Friday at least until two weeks are known."""
    days = np.unique(dates.astype("datetime64[D]"))
    weekday = _weekday(days)
    weeks = (days[-1] - days[0]).astype(int) / 7
    counts = np.bincount(weekday, minlength=7)
    if weeks < 2:
        weekend = counts[5:].any()
        return tuple((WEEK if weekend else WORKING).tolist())
    return tuple((counts >= RARE * counts.max()).tolist())


def _weekday(days):
    """0 to 6 from Monday; day 0, the first of January 1970, was a Thursday."""
    return (days.astype("datetime64[D]").astype(int) + 3) % 7


def _seconds(dates):
    return dates.astype("datetime64[s]").astype("int64")


def _median(numbers):
    """The lower median, which is one of the numbers, as an int."""
    return int(np.sort(numbers)[(len(numbers) - 1) // 2])


def _regular(spacings, step):
    return np.mean(spacings == step) >= REGULAR


def _after_seconds(frequency, dates, ahead):
    last, step = dates[-1].astype("datetime64[s]"), frequency.count
    spacings = np.diff(_seconds(dates))
    days = dates.astype("datetime64[D]")
    hours, counts = np.unique(_seconds(dates) % DAY, return_counts=True)
    hours = hours[counts >= RARE * counts.max()]
    if (spacings == step).all():
        return last + ahead * np.timedelta64(step, "s")
    # Nights or weekends have no rates: the hours of the day at which the others have some.
    weekmask = list(frequency.weekdays)
    start = np.busday_offset(days[-1], np.arange(len(ahead) + 2), roll="forward", weekmask=weekmask)
    stamps = (start.astype("datetime64[s]")[:, None] + hours.astype("timedelta64[s]")).ravel()
    return stamps[stamps > last][: len(ahead)]


def _after_days(frequency, dates, ahead):
    last = dates[-1].astype("datetime64[D]")
    if all(frequency.weekdays):
        return last + ahead * frequency.count
    weekmask = list(frequency.weekdays)
    return np.busday_offset(last + 1, ahead - 1, roll="forward", weekmask=weekmask)


def _after_weeks(frequency, dates, ahead):
    last = dates[-1].astype("datetime64[D]")
    usual = np.bincount(_weekday(dates)).argmax()  # a holiday may have moved the last one
    return last + (usual - _weekday(last)) + 7 * frequency.count * ahead


def _after_months(frequency, dates, ahead):
    """On the day of the month on which the others are: the 15th, the last, the last weekday."""
    days = dates.astype("datetime64[D]")
    own = days.astype("datetime64[M]")
    months = own[-1] + frequency.count * ahead
    counts = np.bincount((days - own.astype("datetime64[D]")).astype(int))
    usual = np.flatnonzero(counts == counts.max())[-1]
    if counts[usual] < ALWAYS * len(days):
        for rule in (_ends, _last_weekdays, _first_weekdays):
            if np.mean(days == rule(own)) >= ALWAYS:
                return rule(months)
    return np.minimum(months.astype("datetime64[D]") + usual, _ends(months))


def _ends(months):
    return (months + 1).astype("datetime64[D]") - 1


def _last_weekdays(months):
    return np.busday_offset(_ends(months), 0, roll="backward")


def _first_weekdays(months):
    return np.busday_offset(months.astype("datetime64[D]"), 0, roll="forward")


_AFTER = {
    "second": _after_seconds,
    "day": _after_days,
    "week": _after_weeks,
    "month": _after_months,
}
