"""Writes docs/actions_results.md from the cards of the pretrained classifiers of skeletons.

python docs/render_actions.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread
from rnnzoo.sequences.family import LINEAR

PAGE = Path(__file__).with_name("actions_results.md")

# Names of baselines on the page.
NAMES = {"majority": "majority class", **LINEAR, "nearest": "nearest neighbour"}
SHARES = ("recall", "precision")
HEADS = ("", "parameters", "test accuracy", "test, nats", "shipped")


def table(cards, further=("validation",)):
    """Returns Markdown: a row per model, mean and deviation over seeds, then the baselines.

    Args:
        cards: dict from name to card.
        further: tuple of str, splits whose accuracy has a column after those of the test split.
    """
    heads = [*HEADS, *(f"{split.replace('_', ' ')} accuracy" for split in further)]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for name, card in cards.items():
        metrics = card["metrics"]
        over = {split: table["over_seeds"] for split, table in metrics["tables"].items()}
        shipped = metrics["tables"]["test"]["by_seed"][str(metrics["seed"])]
        cells = [
            f"{card['architecture']['parameters']:,}",
            spread(over["test"]["accuracy"], "{:.1%}"),
            spread(over["test"]["cross_entropy"], "{:.3f}"),
            f"{shipped['accuracy']:.1%}",
            *(spread(over[split]["accuracy"], "{:.1%}") for split in further),
        ]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    baselines = next(iter(cards.values()))["baselines"]
    for name, row in baselines["test"].items():
        cells = [f"{baselines[split][name]['accuracy']:.1%}" for split in further]
        lines.append(f"| {NAMES[name]} | | {row['accuracy']:.1%} | | | {' | '.join(cells)} |")
    return "\n".join(lines)


def best(cards):
    """Returns the card with the highest mean accuracy on the test split."""
    return max(
        cards.values(),
        key=lambda card: card["metrics"]["tables"]["test"]["over_seeds"]["accuracy"]["mean"],
    )


def by_action(card):
    """Returns Markdown: recall and precision per action, of the shipped model."""
    lines = ["| action | sequences | recall | precision |", "|---|---:|---:|---:|"]
    for name, row in card["metrics"]["classes"].items():
        shares = ("never predicted" if row[key] is None else f"{row[key]:.0%}" for key in SHARES)
        lines.append(f"| {name} | {row['sequences']} | {' | '.join(shares)} |")
    return "\n".join(lines)


def confusions(card, most=5):
    """Returns Markdown: the most frequent confusions of the shipped model."""
    names, counts = card["classes"], card["metrics"]["confusion"]
    pairs = [
        (-count, names[label], names[prediction])
        for label, row in enumerate(counts)
        for prediction, count in enumerate(row)
        if label != prediction and count
    ]
    return "\n".join(
        f"- {label} as {prediction}, {-count} times"
        for count, label, prediction in sorted(pairs)[:most]
    )


def page():
    """Returns the page as text."""
    cards = packaged("action3d-*")
    top, first = best(cards), next(iter(cards.values()))
    seeds = len(first["metrics"]["by_seed"])
    splits = first["data"]["splits"]
    training = splits["train"] + splits["validation"]
    commands = "\n".join(card["command"] for card in cards.values())
    return f"""# Results of the classifiers of skeletons

Rendered by `python docs/render_actions.py` from the cards, which the commands at the end of this
page write. Trained {made_with(cards.values())}.

MSR Action3D, twenty actions, cross-subject: {training} training sequences of
subjects 1, 3, 5, 7 and 9, {splits["test"]} test sequences of the other five. Mean and standard
deviation over {seeds} seeds; the shipped model is that of the first seed, fixed beforehand.
Settings were selected with subjects 7 and 9 held out, those of `action3d-gru` also with each
training subject in turn. Validation accuracy is that of models trained without 7 and 9, on them.
Baselines use the features of `{first["name"]}`, resampled to a common length.

{table(cards)}

## `{top["name"]}`, per action

The model with the best mean test accuracy; the shipped seed. The most frequent confusions:

{confusions(top)}

![Confusion matrix](images/actions-confusion.png)

(`python docs/draw_actions.py`; rows are true actions, columns predicted ones.)

{by_action(top)}

<!-- skip: next "trains for three quarters of an hour" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
