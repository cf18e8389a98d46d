"""Where the counts come from."""

from rnnzoo.datasets.common.source import Source

SOURCES = {
    "nycbike": Source(
        name="nycbike",
        url="https://raw.githubusercontent.com/Evens1sen/Deep-NYC-Taxi-Bike/"
        "8829b4a974f2752e93fa9a1b99528ff3608eacf9/data-NYCBike/60min/"
        "201901-202012-NYCbike-inoutflow.npz",
        path="crowd/201901-202012-NYCbike-inoutflow.npz",
        licence="open data of New York City and Citi Bike",
        sha256="e6be89d9dd41579ecd0551699ff85490149993c50595425872b8d2ba35246b72",
    )
}
