"""Where the temperatures come from."""

from rnnzoo.datasets.common.source import Source
from rnnzoo.datasets.ncep_air.air_file import canonical

SOURCES = {
    "ncep-air": Source(
        name="ncep-air",
        url="https://github.com/pydata/xarray-data/raw/master/air_temperature.nc",
        path="weather/ncep_air_sig995_na_2013_2014_6h.npz",
        licence="public domain (NCEP/NCAR reanalysis)",
        sha256="645e9f1286fe73c2c8b84f10bffb840156ddd77f122d01db5ba416f7f947eac3",
        content=canonical,  # a file of either format has the same
    )
}
