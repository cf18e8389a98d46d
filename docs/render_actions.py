"""Writes docs/actions_results.md from the cards of the pretrained classifiers of skeletons.

python docs/render_actions.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("actions_results.md")

# How baselines are called on the page.
NAMES = {
    "majority": "the most frequent action",
    "linear": "linear classifier",
    "nearest": "nearest neighbour",
}
SHARES = ("recall", "precision")
HEADS = ["", "parameters", "test, right", "test, nats", "shipped", "held-out subjects, right"]


def table(cards):
    """Markdown: a line a model, mean and standard deviation of its seeds, then the baselines."""
    lines = [f"| {' | '.join(HEADS)} |", "|---|" + "---:|" * (len(HEADS) - 1)]
    for name, card in cards.items():
        metrics = card["metrics"]
        over = {split: one["over_seeds"] for split, one in metrics["tables"].items()}
        shipped = metrics["tables"]["test"]["by_seed"][str(metrics["seed"])]
        cells = [
            f"{card['architecture']['parameters']:,}",
            spread(over["test"]["accuracy"], "{:.1%}"),
            spread(over["test"]["cross_entropy"], "{:.3f}"),
            f"{shipped['accuracy']:.1%}",
            spread(over["validation"]["accuracy"], "{:.1%}"),
        ]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    baselines = next(iter(cards.values()))["baselines"]
    for name, row in baselines["test"].items():
        of_validation = f"{baselines['validation'][name]['accuracy']:.1%}"
        lines.append(f"| {NAMES[name]} | | {row['accuracy']:.1%} | | | {of_validation} |")
    return "\n".join(lines)


def best(cards):
    """The card with the highest mean accuracy on the test split."""
    return max(
        cards.values(),
        key=lambda card: card["metrics"]["tables"]["test"]["over_seeds"]["accuracy"]["mean"],
    )


def by_action(card):
    """Markdown: recall and precision of each action, of the shipped model."""
    lines = ["| action | sequences | recall | precision |", "|---|---:|---:|---:|"]
    for name, row in card["metrics"]["classes"].items():
        shares = ("never said" if row[key] is None else f"{row[key]:.0%}" for key in SHARES)
        lines.append(f"| {name} | {row['sequences']} | {' | '.join(shares)} |")
    return "\n".join(lines)


def mistaken(card, most=5):
    """Markdown: the most frequent confusions of the shipped model."""
    names, counts = card["classes"], card["metrics"]["confusion"]
    found = [
        (count, names[truth], names[said])
        for truth, row in enumerate(counts)
        for said, count in enumerate(row)
        if truth != said and count
    ]
    found.sort(key=lambda one: (-one[0], one[1:]))
    return "\n".join(f"- {truth} as {said}, {count} times" for count, truth, said in found[:most])


def page():
    """The page as text."""
    found = packaged("action3d-*")
    top, first = best(found), next(iter(found.values()))
    seeds = len(first["metrics"]["by_seed"])
    splits = first["data"]["splits"]
    commands = "\n".join(card["command"] for card in found.values())
    return f"""# Results of the classifiers of skeletons

Rendered by `python docs/render_actions.py` from the cards, which the commands at the end of this
page write. Trained {made_with(found.values())}.

MSR Action3D, twenty actions, cross-subject: {splits["train"] + splits["validation"]} sequences of
subjects 1, 3, 5, 7 and 9 are learned from, {splits["test"]} of the other five judge. Mean and
standard deviation of {seeds} seeds; the shipped model is the one of the first, fixed beforehand.
Settings were chosen by the last column: models that have not seen subjects 7 and 9, judged on them.
Baselines see the same features, resampled to one length.

{table(found)}

## `{top["name"]}`, action by action

The best of them in the mean of the test split; the shipped seed. Taken for another most often:

{mistaken(top)}

![Confusion matrix](images/actions-confusion.png)

(`python docs/draw_actions.py`; a row is what was shown, a column what was said.)

{by_action(top)}

<!-- skip: next "trains for three quarters of an hour" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
