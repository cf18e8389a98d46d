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
    """Returns Markdown: one row per model, then one per order of n-grams.

    Args:
        rows: list of dict of the CSV, the models of one text.
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
        quality = f"{_spread(card)} | {row['words_found_percent']}% | {' | '.join(speeds)}"
        lines.append(f"| `{row['model']}` | {sizes} | {' | '.join(figures)} | {quality} |")
    return "\n".join(lines)


def _spread(card):
    """Test nats over the seeds, if there are several."""
    over, seeds = card["metrics"]["over_seeds"]["test"], len(card["metrics"]["by_seed"])
    if over["standard_deviation"] is None:
        return "one seed"
    return f"{over['mean']:.3f} ± {over['standard_deviation']:.3f} ({seeds} seeds)"


def section(data, rows, cards):
    """Returns the section about one text."""
    ngrams = [row for row in rows if row["model"] not in cards]
    models = [row for row in rows if row["model"] in cards]
    best = min(models, key=lambda row: float(row["test_nats"]))
    better = [row["model"] for row in ngrams if float(row["test_nats"]) < float(best["test_nats"])]
    names = f"{', '.join(better)}s" if better else "none"
    recipes = _recipes([cards[row["model"]] for row in models])
    return f"""## {TITLES.get(data, data)}

{table(rows, cards)}

The best model on the test split is `{best["model"]}`. N-grams with a lower test loss: {names}.
On the last 10% of the text, both splits together, it has {_last_tenth(best):.3f} nats per
character.
{recipes}"""


def _last_tenth(row):
    """Both splits are equally long, to a character."""
    return (float(row["validation_nats"]) + float(row["test_nats"])) / 2


def _recipes(cards):
    """Returns a table of the fractions of samples that are recipes; "" if no card has them."""
    checked = [card for card in cards if "structure" in card["metrics"]]
    if not checked:
        return ""
    structures = {card["name"]: card["metrics"]["structure"]["recipe"] for card in checked}
    first = next(iter(structures.values()))
    lines = [
        f"\nOf {first['streams']} samples of {first['length']:,} characters at temperature "
        f"{first['temperature']}: the percentage that begins a recipe with a numbered title, that "
        "has a list of ingredients in it, a method, and all three:\n",
        "| | title | ingredients | method | all |",
        "|---|---:|---:|---:|---:|",
    ]
    shares = {f"`{name}`": row["share"] for name, row in structures.items()}
    shares["the book's own recipes"] = first["share_in_training_text"]
    for name, share in shares.items():
        cells = [f"{share[part]:.0%}" for part in ("title", "ingredients", "method", "whole")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def page():
    """Returns the page as text."""
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

The first 90% of a text is the training split, the next 5% the validation split, the last 5% the
test split. Each character of a split after the first is predicted from all characters before it.
Validation and test are nats per character; bits and perplexity are of the test split. Recipes were
selected on the validation split. The shipped model is that of the first seed, which was fixed
beforehand; "over seeds" has mean and sample standard deviation of the test loss. MB is the whole
folder, export included. Words: the percentage of generated words, at temperature 1, that occur in
the training text. The last two columns are characters per second of `generate` with 1 and 64
streams, on a shared machine. Models with different numbers of epochs do not compare architectures.
N-grams are interpolated, modified Kneser-Ney, fitted on the training split; they store every
distinct n-gram of it.

{sections}
The source (Bay 2017, section 6.1) trains 128 units on these texts and prints samples, but reports
no values to compare with. Samples of the models here, with seeds 1 to 5: [samples.md](samples.md).

<!-- skip: next "trains for hours" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
