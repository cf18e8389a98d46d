"""Downloads daily weather at a point from NASA POWER."""

import sys

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.paths import file_bytes
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.nasa_power.answer import check_answer
from rnnzoo.datasets.nasa_power.request import checked_request

URL = "https://power.larc.nasa.gov/api/temporal/daily/point"
SITE = "https://power.larc.nasa.gov/data-access-viewer"
CONNECT, READ = 10, 300  # seconds to wait; decades take POWER a minute


def fetch(lat, lon, start, end, refresh=False, url=URL):
    """Downloads the parameters of `PARAMETERS`, day by day, unless the cache has them.

    The answer is stored only if it is whole: all parameters and days, and the point. A damaged
    file of the cache is downloaded again. Of the last days and months, POWER has no value of some
    parameters yet, and corrects others later.

    Args:
        lat, lon: float, degrees; north and east are positive. Rounded to four decimals.
        start, end: str such as `"2001-07-03"`, date or datetime64, the first and the last day, not
            before 1981.
        refresh: bool, whether it is downloaded even if the cache has it.
        url: str, POWER's interface for daily values at a point.

    Returns:
        `pathlib.Path` of a JSON file in the cache, for `read_weather`, which needs two years.

    Raises:
        InputError: an argument is none of these; there is no network; or POWER's answer is an
            error or not whole.

    Example:

        series = read_weather(fetch(12.97, 77.59, "2001-01-01", "2020-12-31"), fill="forecast")
    """
    request = checked_request(lat, lon, start, end)
    path = cache_dir() / "nasa_power" / request.name
    if path.is_file() and not refresh:
        try:
            check_answer(path, decoded(file_bytes(path), path), request)
            return path
        except InputError as damaged:
            print(f"{damaged}: downloading it again", file=sys.stderr)
    text = decoded(_downloaded(url, request), f"the answer of {url}")
    check_answer(f"the answer of {url}", text, request)
    write_text(path, text)
    return path


def _downloaded(url, request):
    """bytes of the answer."""
    import requests

    subject = f"the weather at latitude {request.lat:g}, longitude {request.lon:g}"
    print(f"downloading {subject} from {url}", file=sys.stderr)
    try:
        response = requests.get(url, params=request.query, timeout=(CONNECT, READ))
    except requests.RequestException as problem:
        raise InputError(
            f"cannot download {subject} from {url} ({type(problem).__name__}): try again with a "
            f"network, or give a file from {SITE}"
        ) from problem
    if response.status_code != requests.codes.ok:
        raise InputError(
            f"cannot download {subject} from {url} (HTTP status {response.status_code}"
            f"{_reason(response)}): try again later, or give a file from {SITE}"
        )
    return response.content


def _reason(response):
    """What POWER says of an error, `: ...`; empty if it says nothing."""
    try:
        content = response.json()
        said = content.get("messages") or content.get("detail") or content.get("message")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return f": {shown(said)}" if said else ""
