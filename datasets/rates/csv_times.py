"""Times of day after the dates of CSV files, and their offsets from UTC."""

from datetime import time, timedelta

# The offsets from UTC of the time zones that there are.
FIRST, LAST = timedelta(hours=-12), timedelta(hours=14)

# A regular expression; all of it may be missing.
TIME = (
    r"(?:(?P<separator>T|,? +)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second_>\d\d)(?:[.,]0+)?)?"
    r" ?(?P<half>[AP]M)?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?)?"
)


def time_of(match):
    """The `datetime.time` of a match of `TIME`.

    Raises:
        ValueError: there is no such time.
    """
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (match["half"].upper() == "PM")
    return time(hour, int(match["minute"]), int(match["second_"] or 0))


def offset_of(match):
    """The `timedelta` before UTC of a match of `TIME`, or None without a zone.

    Raises:
        ValueError: the offset is outside -12:00 to +14:00.
    """
    zone = match["zone"]
    if not zone:
        return None
    if zone[0] not in "+-":
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    if minutes > 59 or not FIRST <= offset <= LAST:
        raise ValueError(zone)
    return offset
