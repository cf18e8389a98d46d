"""Where the weather of each place comes from."""

from rnnzoo.datasets.common.source import Source

_AQUACROP = "https://raw.githubusercontent.com/aquacropos/aquacrop"
_MIT = "MIT (AquaCrop-OSPy, version 3.1.0)"

SOURCES = {
    source.name: source
    for source in (
        Source(
            name="weather-bangalore",
            url="https://raw.githubusercontent.com/thejaswiamarendra/Climate-Analysis/main/data/"
            "Bangalore.csv",
            path="weather/nasa_power/Bangalore.csv",
            licence="free use (NASA POWER, power.larc.nasa.gov)",
            sha256="d5467625782b1324e06cb8740912876e9fc57b5be86aec3e7c4d6696126173c2",
        ),
        Source(
            name="weather-champion",
            url=f"{_AQUACROP}/f4c489dcb5073096047e09d60aac7658ec1f2bd0/aquacrop/data/"
            "champion_climate.txt",
            path="weather/aquacrop/champion_climate.txt",
            licence=_MIT,
            sha256="c480a225884572023a3dfe48cadf7c2bac1cdac210931d38d643d96e1e737de2",
        ),
        Source(
            name="weather-swift_current",
            url="https://raw.githubusercontent.com/DSSAT/dssat-csm-data/"
            "42d9b873311daa1571895121c0657183f3293cc4/Weather/SWIF6752.WTH",
            path="weather/SWIF6752.WTH",
            licence="open (DSSAT)",
            sha256="cda1718c54f1da38cc0a636275ca78186d008d6e66f3576dc500e2b42e6b2177",
        ),
        Source(
            name="weather-cordoba",
            url=f"{_AQUACROP}/704258906decf38499af9809dfc019ac7a39593a/aquacrop/data/"
            "cordoba_climate.txt",
            path="weather/aquacrop/cordoba_climate.txt",
            licence=_MIT,
            sha256="ed9637282601affdcdb434ce5a33e11b187522eb6e521781d1853db3732c5207",
        ),
    )
}
