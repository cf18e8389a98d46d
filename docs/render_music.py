"""Writes docs/music_results.md from the cards of the pretrained imputers.

python docs/render_music.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread
from rnnzoo.pipelines.core.card import over_seeds

PAGE = Path(__file__).with_name("music_results.md")
AVAILABLE = ("0", "2", "4", "16", "mean")
NAMES = {"means": "the mean of each bin", "wiener": "`wiener`, fitted on the excerpt itself"}


def table(found, split):
    """Markdown: relative errors by the bins that are left, a line a model, then the baselines."""
    heads = ["", "parameters", *(f"{one} bins" for one in AVAILABLE[:-1]), "mean"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for name, card in found.items():
        metrics = card["metrics"]
        rows = {seed: row[split] for seed, row in metrics["by_available"].items()}
        cells = [spread(over_seeds(rows)[one], "{:.3f}") for one in AVAILABLE]
        parameters = f"{card['architecture']['parameters']:,}"
        lines.append(f"| `{name}` | {parameters} | {' | '.join(cells)} |")
        if adapted := metrics["adapted"].get(split):
            cells = [f"{adapted[one]:.3f}" for one in AVAILABLE]
            lines.append(f"| `{name}`, adapted | | {' | '.join(cells)} |")
    for name, row in next(iter(found.values()))["baselines"].items():
        cells = [f"{row[split][one]:.3f}" for one in AVAILABLE]
        lines.append(f"| {NAMES[name]} | | {' | '.join(cells)} |")
    return "\n".join(lines)


def page():
    """The page as text."""
    found = packaged("music-*")
    card = next(iter(found.values()))
    minutes, pieces = card["data"]["minutes"], card["data"]["pieces"]
    counts = {split: len(names) for split, names in pieces.items()}
    commands = "\n".join(card["command"] for card in found.values())
    return f"""# Results of the imputers of music

Rendered by `python docs/render_music.py` from the cards, which the commands at the end of this page
write. Trained {made_with(found.values())}.

Learned from {minutes["train"] / 60:.1f} hours, {counts["train"]} pieces of two packages of Debian:
{card["data"]["licence"]}.

Excerpts of 10 seconds with gaps of 0.05, 0.25 and 1.25 seconds, in which the lowest 0, 2, 4 or 16
bins of 129 are left; relative error of the missing cells of all excerpts together. Mean and
standard deviation of the seeds; the shipped model is the one of the first, fixed beforehand.
*Adapted*: the shipped model goes on learning on what is intact of each excerpt, as `impute` does
unless it is told not to.

## Judged on {counts["test"]} pieces of librosa, of no package

{table(found, "test")}

## {counts["validation"]} pieces that were held out of the packages

{table(found, "validation")}

<!-- skip: next "trains for an hour" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
