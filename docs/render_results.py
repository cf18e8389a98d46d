"""Writes docs/results.md from docs/text_results.csv and the cards of the pretrained models.

rnnzoo evaluate "shakespeare-*" "artusi-*" --csv docs/text_results.csv
python docs/render_results.py
"""

import csv
from pathlib import Path

from rnnzoo.artifacts import packaged_dir, read_card, versions
from rnnzoo.cards import made_with

PAGE = Path(__file__).with_name("results.md")
MEASURED = Path(__file__).with_name("text_results.csv")

TITLES = {"shakespeare": "Shakespeare", "artusi": "Artusi"}

HEADS = [
    "",
    "parameters",
    "MB",
    "epochs",
    "validation",
    "test",
    "bits",
    "perplexity",
    "over seeds",
    "words",
]
HEADS += ["1 stream", "64"]


def table(rows, cards):
    """Markdown: a line a model, then one an order of n-grams.

    Args:
        rows: list of dict, of the CSV, models of one text.
        cards: dict from model name to card.
    """
    lines = [f"| {' | '.join(HEADS)} |", "|---|" + "---:|" * (len(HEADS) - 1)]
    for row in rows:
        card = cards.get(row["model"])
        figures = [
            f"{float(row[key]):.3f}" for key in ("validation_nats", "test_nats", "test_bits")
        ]
        figures.append(f"{float(row['test_perplexity']):.2f}")
        if card is None:
            lines.append(f"| {row['model']}s | | | | {' | '.join(figures)} | | | | |")
            continue
        speeds = [f"{int(row[key]):,}" for key in row if key.startswith("characters_per_s")]
        sizes = f"{int(row['parameters']):,} | {row['megabytes']} | {card['recipe']['epochs']}"
        beside = f"{_spread(card)} | {row['words_found_percent']}% | {' | '.join(speeds)}"
        lines.append(f"| `{row['model']}` | {sizes} | {' | '.join(figures)} | {beside} |")
    return "\n".join(lines)


def _spread(card):
    """Test figures over the seeds, where there are several."""
    over, seeds = card["metrics"]["over_seeds"]["test"], len(card["metrics"]["by_seed"])
    if over["standard_deviation"] is None:
        return "one seed"
    return f"{over['mean']:.3f} ± {over['standard_deviation']:.3f} ({seeds} seeds)"


def section(data, rows, cards):
    """The part of the page about one text."""
    ngrams = [row for row in rows if row["model"] not in cards]
    models = [row for row in rows if row["model"] in cards]
    best = min(models, key=lambda row: float(row["test_nats"]))
    better = [row["model"] for row in ngrams if float(row["test_nats"]) < float(best["test_nats"])]
    said = f"{', '.join(better)}s" if better else "none"
    recipes = _recipes([cards[row["model"]] for row in models])
    return f"""## {TITLES.get(data, data)}

{table(rows, cards)}

The best model on the test split is `{best["model"]}`. N-grams that predict it better: {said}.
Of the last 10% of the text, both splits together, it has {_last_tenth(best):.3f} nats a character.
{recipes}"""


def _last_tenth(row):
    """Both splits are equally long, to a character."""
    return (float(row["validation_nats"]) + float(row["test_nats"])) / 2


def _recipes(cards):
    """A table of the shares of samples that come out as recipes, "" if no card has them."""
    checked = [card for card in cards if "structure" in card["metrics"]]
    if not checked:
        return ""
    found = {card["name"]: card["metrics"]["structure"]["recipe"] for card in checked}
    first = next(iter(found.values()))
    lines = [
        f"\nOf {first['streams']} samples of {first['length']:,} characters at temperature "
        f"{first['temperature']}, how many begin a recipe with a numbered title, and have in it a "
        "list of ingredients, a method, and all three:\n",
        "| | title | ingredients | method | all |",
        "|---|---:|---:|---:|---:|",
    ]
    shown = {f"`{name}`": row["share"] for name, row in found.items()}
    shown["the book's own recipes"] = first["share_in_training_text"]
    for name, share in shown.items():
        cells = [f"{share[part]:.0%}" for part in ("title", "ingredients", "method", "whole")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def page():
    """The page as text."""
    with open(MEASURED, newline="") as file:
        rows = list(csv.DictReader(file))
    folders = {row["model"]: packaged_dir() / row["model"] for row in rows}
    cards = {
        name: read_card(folder / str(versions(folder)[-1]))
        for name, folder in folders.items()
        if versions(folder)
    }
    commands = "\n".join(card["command"] for card in cards.values())
    by_data = {}
    for row in rows:
        by_data.setdefault(row["data"], []).append(row)
    sections = "\n".join(section(data, rows, cards) for data, rows in by_data.items())
    return f"""# Results

Measured by `rnnzoo evaluate "shakespeare-*" "artusi-*" --csv docs/text_results.csv`, rendered with
the cards by `python docs/render_results.py`. The cards are written by the commands at the end of
this page. Trained {made_with(cards.values())}.

The first 90% of a text is learned from, the next 5% is its validation split, the last 5% its test
split. Each character of a split after the first is predicted from all those before it. Validation
and test are nats a character, bits and perplexity those of the test split. The recipes were chosen
on the validation split. The shipped model is the one of the first seed, which was fixed beforehand;
"over seeds" has the mean test figure and the sample standard deviation. MB is the whole folder,
export included. Words: how many of the words that a model writes at temperature 1 stand in the text
that it learned from. The last two columns are characters a second of `generate` with 1 and 64
streams, on a shared machine. A model of 24 epochs beside one of 50 says nothing about their kinds.
N-grams are interpolated, modified Kneser-Ney, fitted on the training
split; they store every distinct n-gram of it.

{sections}
The source (Bay 2017, section 6.1) trains 128 units on these texts and prints samples, but no figure
to compare with. Samples of the models here, with the seeds 1 to 5: [samples.md](samples.md).

<!-- skip: next "trains for hours" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
