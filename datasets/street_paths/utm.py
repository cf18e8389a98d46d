"""From UTM coordinates to latitude and longitude.

Snyder, "Map Projections: A Working Manual" (USGS 1395, 1987), equations (8-17) to (8-25) and
(3-26), on the ellipsoid WGS 84.
"""

import numpy as np

A, F = 6_378_137.0, 1 / 298.257223563  # WGS 84: semi-major axis in metres, flattening
K0, FALSE_EASTING = 0.9996, 500_000.0


def latitude_longitude(easting, northing, zone):
    """Degrees of points of the northern hemisphere, to about a centimetre inside the zone.

    Args:
        easting, northing: float arrays (points,), metres.
        zone: int, 1 to 60.

    Returns:
        float64 array (points, 2): latitude, longitude.
    """
    e2 = F * (2 - F)
    ep2 = e2 / (1 - e2)
    e1 = (1 - np.sqrt(1 - e2)) / (1 + np.sqrt(1 - e2))
    mu = np.asarray(northing) / K0 / (A * (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256))
    phi = (
        mu
        + (3 * e1 / 2 - 27 * e1**3 / 32) * np.sin(2 * mu)
        + (21 * e1**2 / 16 - 55 * e1**4 / 32) * np.sin(4 * mu)
        + 151 * e1**3 / 96 * np.sin(6 * mu)
        + 1097 * e1**4 / 512 * np.sin(8 * mu)
    )
    c, t = ep2 * np.cos(phi) ** 2, np.tan(phi) ** 2
    w = 1 - e2 * np.sin(phi) ** 2
    n, r = A / np.sqrt(w), A * (1 - e2) / w**1.5
    d = (np.asarray(easting) - FALSE_EASTING) / (n * K0)
    latitude = phi - n * np.tan(phi) / r * (
        d**2 / 2
        - (5 + 3 * t + 10 * c - 4 * c**2 - 9 * ep2) * d**4 / 24
        + (61 + 90 * t + 298 * c + 45 * t**2 - 252 * ep2 - 3 * c**2) * d**6 / 720
    )
    longitude = (
        d
        - (1 + 2 * t + c) * d**3 / 6
        + (5 - 2 * c + 28 * t - 3 * c**2 + 8 * ep2 + 24 * t**2) * d**5 / 120
    ) / np.cos(phi)
    return np.stack([np.degrees(latitude), 6 * zone - 183 + np.degrees(longitude)], axis=-1)
