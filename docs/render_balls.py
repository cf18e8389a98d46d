"""Writes docs/balls_results.md from the cards of the pretrained frame predictors.

python docs/render_balls.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("balls_results.md")

TITLES = {
    "balls2": "Two balls",
    "balls3": "Three balls",
    "sutskever": "Three balls, 30 x 30, by the rules of the literature",
}
# One-step errors of the same kind of data, 200 test sequences too.
PUBLISHED = {
    "sutskever": {
        "RTRBM (Mittelman et al., 2014)": "3.88 ± 0.33",
        "structured RTRBM (Mittelman et al., 2014)": "3.31 ± 0.33",
        "deep temporal sigmoid belief network (Gan et al., 2015)": "2.79 ± 0.39",
    }
}
# How baselines are called on the page.
NAMES = {
    "copied": "a copy of the last frame",
    "extrapolated": "straight lines through true centres",
}
STEPS = (1, 2, 5, 10, 20, 30, 50)
# The step whose mass and number of balls are in the table.
LATER = 10


def next_frame(data, own):
    """Markdown: squared error of the next frame, a line a model, then baselines and the published.

    Args:
        data: str.
        own: dict from name to card, of this data set.
    """
    lines = ["| | parameters | validation | test | seeds |", "|---|---:|---:|---:|---:|"]
    for name, card in own.items():
        over, seeds = card["metrics"]["over_seeds"], len(card["metrics"]["by_seed"])
        cells = [f"{card['architecture']['parameters']:,}"]
        cells += [spread(over[split], "{:.2f}") for split in ("validation", "test")]
        lines.append(f"| `{name}` | {' | '.join(cells)} | {seeds} |")
    for name, row in next(iter(own.values()))["baselines"].items():
        cells = [f"{row[split]:.2f}" for split in ("validation", "test")]
        lines.append(f"| {NAMES[name]} | | {' | '.join(cells)} | |")
    lines += [f"| {name} | | | {error} | |" for name, error in PUBLISHED.get(data, {}).items()]
    return "\n".join(lines)


def free_run(data, found):
    """Markdown: what models and baselines do by themselves, a line each.

    Args:
        data: str, the balls they go on from.
        found: dict from name to card.
    """
    heads = ["", *(f"{step}" for step in STEPS), f"mass, {LATER}", f"count, {LATER}"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    runs = {name: card["metrics"]["free_run"].get(data) for name, card in found.items()}
    runs = {name: run for name, run in runs.items() if run}
    for name, run in runs.items():
        shipped = str(found[name]["metrics"]["seed"])
        lines.append(f"| `{name}` | {_rolled(run['by_seed'][shipped])} |")
    for name, rows in next(iter(runs.values()))["baselines"].items():
        lines.append(f"| {NAMES[name]} | {_rolled(rows)} |")
    return "\n".join(lines)


def _rolled(rows):
    by_step = {row["step"]: row for row in rows}
    errors = [by_step[step]["centre_error"] for step in STEPS]
    cells = ["lost" if error is None else f"{error:.2f}" for error in errors]
    later = by_step[LATER]
    cells += [f"{later[key]:.0%}" if key in later else "" for key in ("mass_drift", "count_right")]
    return " | ".join(cells)


def section(data, found):
    """The part of the page about so many balls."""
    own = {name: card for name, card in found.items() if card["data"]["name"] == data}
    return f"""## {TITLES[data]}

{next_frame(data, own)}

By itself, after ten given frames:

{free_run(data, found)}"""


def page():
    """The page as text."""
    found = packaged("balls*")
    sections = "\n\n".join(section(data, found) for data in TITLES)
    commands = "\n".join(card["command"] for card in found.values())
    return f"""# Results of the frame predictors

Rendered by `python docs/render_balls.py` from the cards, which the commands at the end of this page
write. Trained {made_with(found.values())}.

- **Next frame**: squared error, summed over the pixels of a frame, averaged over all frames but the
  first; mean and standard deviation of the seeds. The shipped model is the one of the first, fixed
  beforehand. How [TH]'s figures compare, and which differences 5 seeds can show:
  [experiments/balls](experiments/balls/index.md).
- **By itself**: median over the 200 test sequences of the distance of matched balls from the true
  ones, pixels, after 1 to 50 steps of the shipped model; a ball has a radius of 2. *Lost*: in half
  of the sequences a ball is not found. Then after {LATER} steps the median change of what is lit,
  and how often there are as many balls as there should be.

{sections}

<!-- skip: next "trains for two hours" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
