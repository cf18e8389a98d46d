"""Cards as text: all fields as lines, those that matter, and the figures in one line."""

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


WIDTH = 100  # characters of a list in `summary`


def summary(card):
    """The fields of a card that matter to its user, about twenty lines of `key: value`."""
    return "\n".join(f"{key}: {_value(value)}" for key, value in _summary(card))


def _summary(card):
    yield "name", card["name"] + (f"/{card['version']}" if "version" in card else "")
    yield "title", card["title"]
    if not card.get("pretrained", True):
        yield "weights", f"none here: make them with `rnnzoo train {card['name']}`"
    if "baselines" in card or "provenance" in card:
        yield "figures", headline(card)
    yield "task", card["task"]
    architecture = card.get("architecture")  # of a recipe its name
    if isinstance(architecture, dict):
        layers, parameters = ", ".join(architecture["layers"]), architecture["parameters"]
        architecture = f"{layers}; {parameters:,} parameters"
    if architecture:
        yield "architecture", architecture
    if base := card.get("base"):
        yield "base", f"{base['name']}/{base['version']}"
    for key, value in card.items():
        if key in ("input", "output", "vocabulary"):
            yield key, value
        elif isinstance(value, list) and value and not isinstance(value[0], dict):
            yield key, _clipped(_value(value))
    yield from _summary_of_data(card.get("data"))
    if "versions" in card:
        yield "trained", made_with([card])
    for key in ("licence", "limits", "paper", "command", "content_digest"):
        if key in card:
            yield key, card[key]


def _summary_of_data(data):
    if isinstance(data, dict):
        origin = [str(data[key]) for key in ("name", "file", "url") if key in data]
        yield "data", _clipped(", ".join(origin))
        if "licence" in data:
            yield "licence of the data", data["licence"]
    elif data:
        yield "data", data


def _clipped(text):
    return text if len(text) <= WIDTH else f"{text[:WIDTH]} ..."


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
    """A model's figure beside that of its baseline, or that it has none, in one line."""
    if "provenance" in card:
        return card["provenance"]
    return family_of(card["task"]).headline(card)
