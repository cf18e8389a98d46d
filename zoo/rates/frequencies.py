"""The frequency of a user's rates beside that of the rates that a model was trained on."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.rates.frequency import BUSINESS_DAILY, FEWEST


def frequency_of(card):
    """The name of the frequency of the rates that a model was trained on.

    Args:
        card: dict; where it has none, the rates are business-daily, or not known, if the model's
            user saved it.

    Returns:
        str, see `rnnzoo.datasets.rates.frequency.Frequency.name`; None where it is not known.
    """
    if "provenance" in card:
        return None
    return card.get("data", {}).get("frequency", BUSINESS_DAILY.name)


def mismatch(rates, card, file):
    """One line where rates and model have different frequencies, else None.

    Args:
        rates: `Rates`.
        card: dict, the model's.
        file: str, what the rates are called.
    """
    own, learned = rates.frequency_name, frequency_of(card)
    if learned in (own, None):
        return None
    return f"{file} has {own} rates, {card['name']} was trained on {learned} ones"


def check_regular(rates, path):
    """Checks that the dates after those of a file are known.

    Args:
        rates: `Rates`; fewer than the model needs are refused by the model.
        path: str or path, of the file.

    Raises:
        InputError: the dates are irregular.
    """
    if rates.frequency is None and len(rates) >= FEWEST:
        raise InputError(
            f"{path} has {len(rates)} rates at irregular dates: give rates of weekdays, "
            "weeks, months, ..., so that the next dates are known"
        )
