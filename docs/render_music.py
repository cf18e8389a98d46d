"""Writes docs/music_results.md from the cards of the pretrained imputers.

python docs/render_music.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread
from rnnzoo.evaluation import over_seeds

PAGE = Path(__file__).with_name("music_results.md")
AVAILABLE = ("0", "2", "4", "16", "mean")
NAMES = {"means": "mean of each bin", "wiener": "`wiener`, fitted on the excerpt itself"}


def table(cards, split):
    """Returns Markdown: relative errors per available bins, a row per model, then baselines."""
    heads = ["", "parameters", *(f"{bins} bins" for bins in AVAILABLE[:-1]), "mean"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for name, card in cards.items():
        metrics = card["metrics"]
        rows = {seed: row[split] for seed, row in metrics["by_available"].items()}
        cells = [spread(over_seeds(rows)[bins], "{:.3f}") for bins in AVAILABLE]
        parameters = f"{card['architecture']['parameters']:,}"
        lines.append(f"| `{name}` | {parameters} | {' | '.join(cells)} |")
        if adapted := metrics["adapted"].get(split):
            cells = [f"{adapted[bins]:.3f}" for bins in AVAILABLE]
            lines.append(f"| `{name}`, adapted | | {' | '.join(cells)} |")
    for name, row in next(iter(cards.values()))["baselines"].items():
        cells = [f"{row[split][bins]:.3f}" for bins in AVAILABLE]
        lines.append(f"| {NAMES[name]} | | {' | '.join(cells)} |")
    return "\n".join(lines)


def page():
    """Returns the page as text."""
    cards = packaged("music-*")
    card = next(iter(cards.values()))
    minutes, pieces = card["data"]["minutes"], card["data"]["pieces"]
    counts = {split: len(names) for split, names in pieces.items()}
    commands = "\n".join(card["command"] for card in cards.values())
    return f"""# Results of the imputers of music

Rendered by `python docs/render_music.py` from the cards, which the commands at the end of this page
write. Trained {made_with(cards.values())}.

Trained on {minutes["train"] / 60:.1f} hours, {counts["train"]} pieces of two packages of Debian:
{card["data"]["licence"]}.

Excerpts of 10 seconds with gaps of 0.05, 0.25 and 1.25 seconds, in which the lowest 0, 2, 4 or 16
of 129 bins are available; relative error of the masked cells of all excerpts together. Mean and
standard deviation over seeds; the shipped model is that of the first seed, fixed beforehand.
*Adapted*: the shipped model is fine-tuned on the intact part of each excerpt, as `impute` does by
default.

## Evaluated on {counts["test"]} pieces of librosa, outside the packages

{table(cards, "test")}

## {counts["validation"]} held-out pieces of the packages

{table(cards, "validation")}

<!-- skip: next "trains for an hour" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
