"""Cards as text: all fields as lines, and the figures in one line."""

from rnnzoo.artifacts import packaged_dir, read_card, versions
from rnnzoo.families import family_of


def rendered(card):
    """The card as indented lines of `key: value`."""
    return "\n".join(_lines(card, ""))


def _lines(fields, indent):
    for key, value in fields.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _lines(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{indent}{key}:"
            for row in value:
                yield f"{indent}  " + "  ".join(f"{k} {_value(v)}" for k, v in row.items())
        else:
            yield f"{indent}{key}: {_value(value)}"


def _value(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, str) and "\n" in value:
        return repr(value)
    return str(value)


def packaged(pattern):
    """dict from name to the newest card, of the packaged models whose names match a pattern."""
    folders = sorted(folder for folder in packaged_dir().glob(pattern) if versions(folder))
    return {folder.name: read_card(folder / str(versions(folder)[-1])) for folder in folders}


def spread(figure, form):
    """A card's figure over the seeds: mean ± standard deviation, or the mean of a single seed."""
    mean, deviation = (figure[key] for key in ("mean", "standard_deviation"))
    return form.format(mean) + ("" if deviation is None else f" ± {form.format(deviation)}")


def made_with(cards):
    """Dates, CPU cores and library versions of trainings, in one line.

    Args:
        cards: iterable of dict.
    """
    lines = {
        f"{card['date']} on {card['cores']} CPU cores with "
        + ", ".join(f"{name} {number}" for name, number in card["versions"].items())
        for card in cards
    }
    return "; ".join(sorted(lines))


def headline(card):
    """A model's figure beside that of its baseline, in one line."""
    return family_of(card["task"]).headline(card)
