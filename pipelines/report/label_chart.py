"""The shares of labels in the splits of a column: a group of bars per label."""

from rnnzoo.pipelines.report.svg import STROKES, drawing, fitted, rect, text, width_of

WIDTH, LABEL, NUMBERS = 560, 170, 150  # of all, of the labels, of the shares
BAR, GAP, TOP = 6, 8, 26


def label_chart(labels, counts, title):
    """Bars, from top to bottom those of the splits in their order, and their shares in percent.

    Args:
        labels: list of str.
        counts: dict from split to dict from label to its count, also of labels that are not drawn.
        title: str, what the chart shows.
    """
    shares = {split: _shares(of_split) for split, of_split in counts.items()}
    longest = max((of.get(label, 0) for of in shares.values() for label in labels), default=0) or 1
    room, row = WIDTH - LABEL - NUMBERS, len(counts) * (BAR + 1) + GAP
    parts = _legend(counts)
    for number, label in enumerate(labels):
        top = TOP + number * row
        middle = top + (row - GAP) / 2 + 4
        parts.append(text(LABEL - 8, middle, fitted(shown(label), LABEL - 12), "end"))
        for index, (split, of_split) in enumerate(shares.items()):
            share = of_split.get(label, 0.0)
            parts.append(
                rect(
                    LABEL,
                    top + index * (BAR + 1),
                    room * share / longest,
                    BAR,
                    f"{split}: {share:.2%}",
                    fill=STROKES[index][0],
                )  # fmt: skip
            )
        numbers = " / ".join(f"{of_split.get(label, 0):.1%}" for of_split in shares.values())
        parts.append(text(WIDTH - NUMBERS + 8, middle, numbers))
    return drawing(WIDTH, TOP + row * len(labels), parts, title)


def _legend(splits):
    parts, x = [], 0
    for index, split in enumerate(splits):
        name = split if index else f"from top to bottom: {split}"
        parts += [rect(x, 7, 10, BAR, fill=STROKES[index][0]), text(x + 14, 14, name)]
        x += 30 + width_of(name)
    return parts


def shown(label):
    """A label as it is drawn: in quotes where its end could not be seen."""
    return repr(label) if label.strip() != label or not label else label


def _shares(counts):
    total = sum(counts.values())
    return {label: count / total for label, count in counts.items() if total}
