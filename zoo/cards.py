"""Cards for people: a card as text, and its figures in one line."""

from rnnzoo.artifacts import packaged_dir, read_card, versions


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
                yield f"{indent}  " + "  ".join(f"{k} {_shown(v)}" for k, v in row.items())
        else:
            yield f"{indent}{key}: {_shown(value)}"


def _shown(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, str) and "\n" in value:
        return repr(value)
    return str(value)


def packaged(pattern):
    """dict from name to the last card of each model that ships and whose name fits a pattern."""
    found = sorted(folder for folder in packaged_dir().glob(pattern) if versions(folder))
    return {folder.name: read_card(folder / str(versions(folder)[-1])) for folder in found}


def spread(figure, form):
    """A card's figure over the seeds: mean and standard deviation; of one seed the mean alone."""
    mean, deviation = (figure[key] for key in ("mean", "standard_deviation"))
    return form.format(mean) + ("" if deviation is None else f" ± {form.format(deviation)}")


def made_with(cards):
    """When, on what and with which versions models were made, in one line.

    Args:
        cards: iterable of dict.
    """
    lines = {
        f"{card['date']} on {card['cores']} CPU cores with "
        + ", ".join(f"{name} {number}" for name, number in card["versions"].items())
        for card in cards
    }
    return "; ".join(sorted(lines))


def best_ngram(card):
    """The row of a text model's n-grams that the validation split chooses."""
    return min(card["baselines"]["ngram"], key=lambda row: row["validation"])


def headline(card):
    """A model's figures beside those of its baseline, in one line."""
    return HEADLINES[card["task"]](card)


def _text_headline(card):
    metrics, ngram = card["metrics"], best_ngram(card)
    before = f" (before: {metrics['before']['test']:.3f})" if "before" in metrics else ""
    return (
        f"test: {metrics['test']:.3f} nats a character{before}; "
        f"{ngram['order']}-grams {ngram['test']:.3f}"
    )


def _frame_headline(card):
    metrics, copied = card["metrics"], card["baselines"]["copied"]
    before = f" (before: {metrics['before']['test']:.2f})" if "before" in metrics else ""
    return (
        f"test: squared error {metrics['test']:.2f} a frame{before}; "
        f"copying the last frame {copied['test']:.2f}"
    )


def _rate_headline(card):
    metrics, rivals = card["metrics"], card["baselines"]["test"]
    before = f" (before: {metrics['before']['test']:.4g})" if "before" in metrics else ""
    return (
        f"test: pinball loss {metrics['test']:.4g}{before}; "
        f"rolling volatility {rivals['rolling_volatility']['pinball']:.4g}"
    )


def _sequence_headline(card):
    metrics, linear = card["metrics"], card["baselines"]["test"]["linear"]["accuracy"]
    before = f" (before: {1 - metrics['before']['test']:.1%})" if "before" in metrics else ""
    return f"test: {1 - metrics['test']:.1%} right{before}; linear classifier {linear:.1%}"


def _audio_headline(card):
    metrics, rivals = card["metrics"], card["baselines"]
    before = f" (before: {metrics['before']['test']:.3f})" if "before" in metrics else ""
    return (
        f"test: relative error {metrics['test']:.3f} of missing cells{before}; "
        f"Wiener interpolation {rivals['wiener']['test']['mean']:.3f}"
    )


# How each task's figures are said.
HEADLINES = {
    "Forecaster": _rate_headline,
    "FramePredictor": _frame_headline,
    "SequenceClassifier": _sequence_headline,
    "SpectrogramImputer": _audio_headline,
    "TextGenerator": _text_headline,
}
