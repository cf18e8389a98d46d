"""What the pipeline asks of the forecasters."""

import hashlib

import numpy as np

from rnnzoo.baselines.rates import check_extra
from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.rates.csv_reader import read_rates
from rnnzoo.datasets.rates.splits import NEEDED
from rnnzoo.datasets.usdinr.sources import SOURCES
from rnnzoo.pipelines.core.families import stages_of
from rnnzoo.pipelines.families.rates import data_stages, model_stages
from rnnzoo.pipelines.families.rates.model_stages import pushed as pushed
from rnnzoo.rates.recipe import complete as complete

STAGES = stages_of(data_stages, model_stages)

DATA = "rates"


def own_data(settings):
    """(name, sha256) of the recipe's rates.

    Raises:
        InputError: the extra that the evaluation needs is not installed: said before any work.
    """
    check_extra()
    return settings["data"], SOURCES["usdinr"].sha256


def given_data(path, settings):
    """(name, sha256) of a user's rates, which are kept in the cache.

    Raises:
        InputError: they cannot be read, are too few, or the extra is not installed.
    """
    del settings
    check_extra()
    rates = read_rates(path, NEEDED)
    sha256 = sha256_of(rates)
    arrays = {"dates": rates.dates, "values": rates.values}
    with atomic_file(data_stages.given_rates_path(sha256)) as partial, open(partial, "wb") as file:
        np.savez(file, **arrays)
    # Not the file's name: the same rates under another are the same data.
    return f"rates-{sha256[:16]}", sha256


def sha256_of(rates):
    """sha256 of dates and values."""
    lines = zip(rates.dates, rates.values.tolist(), strict=True)
    text = "".join(f"{date},{value!r}\n" for date, value in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def source(settings):
    """Where the recipe's rates come from, for the card."""
    del settings
    return {"url": SOURCES["usdinr"].url, "licence": SOURCES["usdinr"].licence}


def data_sha256(card):
    """The sha256 of the rates that a card's model learned from."""
    return card["data"]["sha256"]
