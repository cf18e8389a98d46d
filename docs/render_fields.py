"""Writes docs/fields_results.md from the cards of the pretrained field forecasters.

python docs/render_fields.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("fields_results.md")
SPLITS = {
    "test": "Autumn 2019, the calm test",
    "broken": "Spring 2020, when a pandemic began",
    "validation": "August 2019, the validation split",
}
FIGURES = {
    "rmse": ("RMSE", "{:.2f}"),
    "mae": ("mean absolute error", "{:.2f}"),
    "snr": ("SNR, dB", "{:.2f}"),
    "mae_0": ("busiest cell", "{:.1f}"),
    "mae_1": ("at 90%", "{:.1f}"),
    "mae_2": ("median", "{:.2f}"),
    "pinball": ("pinball loss", "{:.3f}"),
    "coverage": ("5% to 95%", "{:.1%}"),
}


def table(cards, split):
    """Returns Markdown: a row per model and baseline, a column per figure."""
    heads = ["", *(head for head, _ in FIGURES.values())]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * len(FIGURES)]
    for name, card in cards.items():
        over = card["metrics"]["tables"][split]["over_seeds"]
        cells = [spread(over[key], form) for key, (_, form) in FIGURES.items()]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    for name, rows in next(iter(cards.values()))["baselines"].items():
        cells = [
            form.format(rows[split][key]) if key in rows[split] else ""
            for key, (_, form) in FIGURES.items()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def page():
    """Returns the page as text."""
    cards = packaged("nycbike-*")
    first = next(iter(cards.values()))
    sections = "\n\n".join(
        f"## {title}\n\n{table(cards, split)}" for split, title in SPLITS.items()
    )
    commands = "\n".join(card["command"] for card in cards.values())
    trained = first["data"]["splits"]["train"]
    return f"""# Results of the field forecasters

Rendered by `python docs/render_fields.py` from the cards, which the commands at the end of this
page write. Trained {made_with(cards.values())}.

Bikes that arrive and leave, per hour, in 69 zones of New York, one hour ahead; trained on
{trained["steps"]:,} hours from {trained["from"][:10]} to {trained["to"][:10]}. Models: mean and
standard deviation over {len(first["metrics"]["by_seed"])} seeds; the shipped model is that of the
first seed, fixed beforehand. Errors are over all zones and both channels; in three of them, by how
crowded they are in training, the mean absolute error. The last column is the share of counts in the
interval from 5% to 95%. The intervals, and the variance that means need, were estimated on the
validation split.

Baselines are fitted to the training split; their settings were chosen on the validation split, see
`rnnzoo.baselines.fields`. The ridge regression reads all cells; the vector autoregression
coefficients of deviations from the seasonal mean; boosted trees each cell's own past, the hour and
sums over the region. In spring 2020 no model is updated.

{sections}

<!-- skip: next "trains for minutes, on data that is not everywhere" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
