"""Writes docs/weather_results.md from the cards of the pretrained weather forecasters.

python docs/render_weather.py
"""

from pathlib import Path

import numpy as np

from rnnzoo.cards import made_with, packaged, spread
from rnnzoo.datasets.weather.parameters import PARAMETERS

PAGE = Path(__file__).with_name("weather_results.md")
SPLITS = {
    "test": "2013 on, the test split",
    "unseen": "a place never seen, 2013 on",
    "validation": "2009 to 2012, the validation split",
}
BAR = "damped persistence"
DAYS = (1, 2, 3, 7, 14)  # of which skills are shown
NEAR = 3  # lead times of the figure
AT_A_POINT = ("T2M", "RH2M", "PS")
DETAILED = "power-gru"


def title(place):
    """`"Swift Current"`."""
    return place.replace("_", " ").title()


def relative(cards):
    """Returns Markdown: the figure of each model and baseline per split."""
    lines = [f"| | {' | '.join(SPLITS.values())} |", "|---|" + "---:|" * len(SPLITS)]
    for name, card in cards.items():
        tables = card["metrics"]["tables"]
        cells = [spread(tables[split]["over_seeds"]["relative"], "{:.4f}") for split in SPLITS]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    for name, rows in next(iter(cards.values()))["baselines"].items():
        cells = [f"{rows[split]['relative']:.4f}" for split in SPLITS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def skills(card, split, place, parameter, baseline=BAR):
    """list over leads: 1 minus the ratio of mean squared errors, of the means over seeds."""
    ours = card["metrics"]["tables"][split]["places"][place][parameter]["rmse"][0]
    theirs = card["baselines"][baseline][split]["places"][place][parameter]["rmse"]
    return [1 - (a / b) ** 2 for a, b in zip(ours, theirs, strict=True)]


def at_a_point(cards):
    """Returns Markdown: mean skill 1 to 3 days ahead at Bangalore, of each model."""
    heads = ["temperature", "humidity", "pressure", "mean"]
    lines = [f"| | {' | '.join(heads)} |", "|---|" + "---:|" * len(heads)]
    for name, card in cards.items():
        values = [
            float(np.mean(skills(card, "test", "bangalore", parameter)[:NEAR]))
            for parameter in AT_A_POINT
        ]
        cells = [f"{value:+.3f}" for value in [*values, float(np.mean(values))]]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def place_table(card, split, place):
    """Returns Markdown: a row per parameter."""
    leads = card["metrics"]["leads"]
    at = [leads.index(day) for day in DAYS]
    days = " | ".join(f"{day} d" for day in DAYS)
    heads = (
        f"| parameter, unit | RMSE, 1 day | {days} | climatology, 1 d | persistence, 1 d "
        "| 7 d | 90%, 1 d | 7 d | correlation, 1 d | 7 d | pinball, 1 d | 7 d |"
    )
    lines = [heads, "|---|" + "---:|" * (heads.count("|") - 2)]
    for parameter, row in card["metrics"]["tables"][split]["places"][place].items():
        rmse, deviation = (row["rmse"][i][0] if row["rmse"][i] else 0.0 for i in (0, 1))
        week = leads.index(7)
        skill = skills(card, split, place, parameter)
        to_climatology = skills(card, split, place, parameter, "climatology")
        to_persistence = skills(card, split, place, parameter, "persistence")
        usual = card["baselines"]["climatology"][split]["places"][place][parameter]["pinball"]
        cells = [
            f"{parameter}, {PARAMETERS[parameter].unit}",
            f"{rmse:.3g} ± {deviation:.1g}",
            *(f"{skill[i]:+.3f}" for i in at),
            f"{to_climatology[0]:+.3f}",
            f"{to_persistence[0]:+.3f}",
            f"{to_persistence[week]:+.3f}",
            *(f"{row['coverage'][0][i]:.1%}" for i in (0, week)),
            *(f"{row['correlation'][0][i]:.2f}" for i in (0, week)),
            *(f"{row['pinball'][0][i] / usual[i]:.2f}" for i in (0, week)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def worse(card):
    """Returns Markdown: parameters of which a model is worse 1 to 3 days ahead, per place."""
    parts = []
    for split in list(SPLITS)[:2]:
        for place, table in card["metrics"]["tables"][split]["places"].items():
            values = {name: np.mean(skills(card, split, place, name)[:NEAR]) for name in table}
            names = [f"{name} ({value:+.3f})" for name, value in values.items() if value < 0]
            if names:
                parts.append(f"at {title(place)} {', '.join(names)}")
    return "; ".join(parts)


def coverages(cards):
    """Returns Markdown: the mean and the extremes of coverage over parameters and leads."""
    lines = ["| | mean | lowest | highest |", "|---|---:|---:|---:|"]
    for name, card in cards.items():
        values = [
            value
            for places in (card["metrics"]["tables"][split]["places"] for split in list(SPLITS)[:2])
            for table in places.values()
            for row in table.values()
            for value in row["coverage"][0]
        ]
        figures = [np.mean(values), np.min(values), np.max(values)]
        lines.append(f"| `{name}` | {' | '.join(f'{value:.1%}' for value in figures)} |")
    return "\n".join(lines)


def page():
    """Returns the page as text."""
    cards = packaged("power-*")
    card = cards[DETAILED]
    sections = "\n\n".join(
        f"## {title(place)}, {SPLITS[split]}\n\n{place_table(card, split, place)}"
        for split in list(SPLITS)[:2]
        for place in card["metrics"]["tables"][split]["places"]
    )
    commands = "\n".join(card["command"] for card in cards.values())
    places = card["data"]["places"]
    trained = ", ".join(
        f"{title(place)} from {splits['train']['from'][:4]} ({splits['train']['days']:,} days)"
        for place, splits in places.items()
    )
    return f"""# Results of the weather forecasters

Rendered by `python docs/render_weather.py` from the cards, which the commands at the end of this
page write. Trained {made_with(cards.values())}.

Daily weather, 1 to 14 days ahead, trained on the days up to 2008 of {trained}. A forecast
begins on every day. Models: mean and standard deviation over
{len(card["metrics"]["by_seed"])} seeds; the shipped model is that of the first
seed, fixed beforehand. Spreads and quantiles were estimated on the validation split.

± is over seeds only, not over the days of the test, which matter more: see
[what the numbers mean](weather.md#what-the-numbers-mean-and-when-not-to-trust-them).

Baselines are fitted to the same training days, of a place never seen to its own days before 2013,
of which the models have read none in training; see `rnnzoo.baselines.weather`. *Climatology* is
three harmonics of the day of the year, its quantiles those of the training days within 15 days of
the day of the year; *damped persistence* is the climatology plus the last deviation from it times
a factor, fitted for each parameter and lead time: the optimal mixture of both others.

The mean over parameters, 1 to 3 days ahead, of the RMSE over that of the climatology:

{relative(cards)}

Skill above damped persistence, 1 minus the ratio of mean squared errors, the mean over 1 to 3 days
ahead at Bangalore on the test split:

{at_a_point(cards)}

Share of values in the interval from 5% to 95%, over parameters and lead times of the test split
and the place never seen:

{coverages(cards)}

The tables below are those of `{DETAILED}`: skill above damped persistence 1 to 14 days ahead, and
above climatology and persistence; coverage of the 90% interval; the anomaly correlation; and the
pinball loss over the climatology's. A skill of 0.1 is an error 5% lower. Where it is below 0, the
baseline is better: after a week most parameters are climatology, and rain is so after a day or two.
Results hold in the mean over parameters. Worse than damped persistence, in mean skill 1 to 3 days
ahead, are {worse(card)}.
A pinball loss above 1 is worse than the climatology's.

{sections}

<!-- skip: next "trains for minutes, on data that is not everywhere" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
