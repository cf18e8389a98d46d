"""The grid of nem-usdinr on open, high, low and average rates, from a user's export."""

import dataclasses

from rnnzoo.pipelines.experiments.studies import nem_usdinr
from rnnzoo.pipelines.experiments.studies.common import nem_noise_grid

PROTOCOLS = ("ohlc",)
ARMS = nem_usdinr.arms(PROTOCOLS)


def load(phase):
    """Returns (training, held out): dict from `"ohlc"` to `Windows`.

    Args:
        phase: `"validation"`: trained on 2010 to 2014, evaluated on 2015; `"test"`: trained to
            2015, evaluated on 2016 and 2017.

    Raises:
        InputError: there is no export.
    """
    from rnnzoo.pipelines.experiments.studies.common import rate_windows

    series, start = nem_usdinr.rates_of_phase("ohlc", phase)
    return tuple({"ohlc": part} for part in rate_windows.levels(series, start))


EXPERIMENT = dataclasses.replace(
    nem_usdinr.EXPERIMENT,
    name="nem-usdinr-ohlc",
    title="NEM noise on open, high, low and average dollar-rupee rates",
    source="[NB] (Adigun and Kosko, Noise-boosted recurrent backpropagation), section 6.3, tables "
    "5 to 8, whose networks see these four rates of four days. The split is not [NB]'s, which "
    "trains on 1980 to 2011: such an export begins in 2010 here.",
    arms=ARMS,
    pairs=nem_noise_grid.pairs(ARMS),
    measures=nem_usdinr.measures("ohlc"),
    load=load,
)
