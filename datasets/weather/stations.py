"""Daily files of weather stations: temperatures and rain, as the parameters of NASA POWER."""

from rnnzoo.datasets.weather.table import WeatherTable


def station_table(times, maximum, minimum, rain, skipped, rows):
    """`WeatherTable` of what a station measures.

    The mean temperature is that of the maximum and the minimum, as is usual for stations.

    Args:
        times: datetime64[s] array (rows,).
        maximum, minimum: float arrays (rows,), degrees Celsius.
        rain: float array (rows,), mm.
        skipped: list of str, further columns.
        rows: list of int (rows,), the numbers of the rows in the file.
    """
    columns = {
        "T2M": (maximum + minimum) / 2,
        "T2M_MAX": maximum,
        "T2M_MIN": minimum,
        "PRECTOTCORR": rain,
    }
    return WeatherTable(times, columns, skipped, rows)
