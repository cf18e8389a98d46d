"""The answer of NASA POWER, verified: nothing of what was asked for is missing."""

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather.power_json import parsed, power_json

NEAR = 0.001  # degrees


def check_answer(name, text, request):
    """Checks that an answer has every day of every parameter at the point.

    Args:
        name: str or path, the name of the answer in messages.
        text: str.
        request: `Request`.

    Raises:
        InputError: it has not; or it is no JSON file that can be read.
    """
    power_json(name, text)
    content = parsed(name, text)
    try:
        lon, lat = map(float, content["geometry"]["coordinates"][:2])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError(f"{name} has no geometry.coordinates: give a whole answer") from None
    near = abs(lat - request.lat) <= NEAR and abs(lon - request.lon) <= NEAR
    if not near:  # as NaN
        raise InputError(
            f"{name} is of latitude {lat:g} and longitude {lon:g}: {request.lat:g} and "
            f"{request.lon:g} were asked for"
        )
    series = content["properties"]["parameter"]
    lacking = [parameter for parameter in PARAMETERS if parameter not in series]
    if lacking:
        said = content.get("messages")
        raise InputError(
            f"{name} has no {', '.join(lacking)}: {len(PARAMETERS)} parameters were asked for"
            + (f" (messages: {shown(said)})" if said else "")
        )
    keys = request.keys
    for parameter in PARAMETERS:
        days = [key for key in keys if key not in series[parameter]]
        if days:
            raise InputError(
                f"{name} lacks {len(days)} of {len(keys)} days of {parameter}, the first "
                f"{days[0]}: all were asked for"
            )
