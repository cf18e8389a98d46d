"""The same grid on open, high, low and average rates of 2010 to 2017, from a user's export."""

import dataclasses

from rnnzoo.pipelines.experiments.studies import nem_usdinr
from rnnzoo.pipelines.experiments.studies.common import nem_noise_grid

PROTOCOLS = ("ohlc",)
ARMS = nem_usdinr.arms(PROTOCOLS)


def load(phase):
    """(training, held out): dict from `"ohlc"` to `Windows`; needs the export.

    Args:
        phase: `"validation"`: trained on 2010 to 2014, judged on 2015; `"test"`: trained to
            2015, judged on 2016 and 2017.

    Raises:
        InputError: there is no export.
    """
    from rnnzoo.pipelines.experiments.studies.common import rate_windows

    series, start = nem_usdinr.of_phase("ohlc", phase)
    made = rate_windows.levels(series, start)
    return tuple({"ohlc": part} for part in made)


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
