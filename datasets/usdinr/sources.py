"""Where the rates come from."""

from rnnzoo.datasets.common.source import Source
from rnnzoo.datasets.usdinr.fred import fixed_years

SOURCES = {
    "usdinr": Source(
        name="usdinr",
        url="https://fred.stlouisfed.org/graph/fredgraph.csv?id=DEXINUS&cosd=1973-01-02&coed=2017-12-01",
        path="usdinr/DEXINUS.csv",
        licence="public domain (Board of Governors of the Federal Reserve System)",
        sha256="ac163fa6102dd2363f2e4a4051d3a1de238157c0bd408df0d2d5a73e1b6bdcb2",
        content=fixed_years,
    ),
}
