"""Writes docs/air_results.md from the cards of the pretrained forecasters of air temperature.

python docs/render_air.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("air_results.md")
SPLITS = {"test": "July to December 2014, the test", "validation": "April to June 2014, validation"}
LEADS = {"": "Six hours ahead", "_day": "A day ahead"}
FIGURES = {
    "rmse": ("RMSE, °C", "{:.3f}"),
    "mae": ("mean absolute error, °C", "{:.3f}"),
    "snr": ("SNR, dB", "{:.2f}"),
    "correlation": ("anomaly correlation", "{:.3f}"),
    "pinball": ("pinball loss, °C", "{:.3f}"),
    "coverage": ("5% to 95%", "{:.1%}"),
}
NORMAL = "climatology"  # has no deviations from itself


def table(cards, split, lead):
    """Returns Markdown: a row per model and baseline, a column per figure."""
    heads = ["", *(head for head, _ in FIGURES.values())]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * len(FIGURES)]
    for name, card in cards.items():
        over = card["metrics"]["tables"][split]["over_seeds"]
        cells = [spread(over[f"{key}{lead}"], form) for key, (_, form) in FIGURES.items()]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    for name, rows in next(iter(cards.values()))["baselines"].items():
        cells = [
            "" if name == NORMAL and key in ("snr", "correlation")
            else form.format(rows[split][f"{key}{lead}"])
            for key, (_, form) in FIGURES.items()
        ]  # fmt: skip
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def page():
    """Returns the page as text."""
    cards = packaged("air-grid-*")
    first = next(iter(cards.values()))
    sections = "\n\n".join(
        f"## {when}\n\n" + "\n\n".join(
            f"### {ahead}\n\n{table(cards, split, lead)}" for lead, ahead in LEADS.items()
        )
        for split, when in SPLITS.items()
    )  # fmt: skip
    commands = "\n".join(card["command"] for card in cards.values())
    trained = first["data"]["splits"]["train"]
    return f"""# Results of the forecasters of air temperature

Rendered by `python docs/render_air.py` from the cards, which the commands at the end of this
page write. Trained {made_with(cards.values())}.

Air temperature over North America, 25 x 53 cells, six-hourly; trained on {trained["steps"]:,}
fields from {trained["from"][:10]} to {trained["to"][:10]}. Models: mean and standard deviation over
{len(first["metrics"]["by_seed"])} seeds; the shipped model is that of the first seed, fixed
beforehand. A day ahead they read their own predictions of the steps between. Errors are over all
cells, which are not weighted by their area.

SNR and anomaly correlation are of deviations from the climatology; the correlation is that of a
field's pattern, the mean over fields. The last column is the share of values in the interval from
5% to 95%, whose errors were estimated on the validation split, of baselines too.

Baselines are fitted to the training split; their settings were chosen on the validation split, see
`rnnzoo.baselines.seasonal_fields`. The climatology is that of a single year: the mean of each hour,
with harmonics of the year. Damped persistence is the last deviation from it, times a factor per
cell and lead time. The vector autoregression is on coefficients of an SVD of such deviations;
rank, lags and ridge are chosen per lead time, and whether that of a step is iterated or each lead
time has its own.

{sections}

<!-- skip: next "trains for minutes, on data that is not everywhere" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
