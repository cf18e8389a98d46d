"""Writes docs/balls_results.md from the cards of the pretrained frame predictors.

python docs/render_balls.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("balls_results.md")

TITLES = {
    "balls2": "Two balls",
    "balls3": "Three balls",
    "sutskever": "Three balls, 30 x 30, with the dynamics of the literature",
}
# One-step errors on data of the same kind, also with 200 test sequences.
PUBLISHED = {
    "sutskever": {
        "RTRBM (Mittelman et al., 2014)": "3.88 ± 0.33",
        "structured RTRBM (Mittelman et al., 2014)": "3.31 ± 0.33",
        "deep temporal sigmoid belief network (Gan et al., 2015)": "2.79 ± 0.39",
    }
}
# Names of baselines on the page.
NAMES = {
    "copied": "copy of the last frame",
    "extrapolated": "linear extrapolation of the true centres",
}
STEPS = (1, 2, 5, 10, 20, 30, 50)
# The step whose mass and number of balls are in the table.
LATER = 10


def next_frame(data, own):
    """Returns Markdown: squared error of the next frame per model, baseline and publication.

    Args:
        data: str.
        own: dict from name to card, of models of this data set.
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


def free_run(data, cards):
    """Returns Markdown: autoregressive rollouts of models and baselines, a row each.

    Args:
        data: str, the data set of the initial frames.
        cards: dict from name to card.
    """
    heads = ["", *(f"{step}" for step in STEPS), f"mass, {LATER}", f"count, {LATER}"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    runs = {name: card["metrics"]["free_run"].get(data) for name, card in cards.items()}
    runs = {name: run for name, run in runs.items() if run}
    for name, run in runs.items():
        shipped = str(cards[name]["metrics"]["seed"])
        lines.append(f"| `{name}` | {_rollout_cells(run['by_seed'][shipped])} |")
    for name, rows in next(iter(runs.values()))["baselines"].items():
        lines.append(f"| {NAMES[name]} | {_rollout_cells(rows)} |")
    return "\n".join(lines)


def _rollout_cells(rows):
    by_step = {row["step"]: row for row in rows}
    errors = [by_step[step]["centre_error"] for step in STEPS]
    cells = ["lost" if error is None else f"{error:.2f}" for error in errors]
    later = by_step[LATER]
    cells += [f"{later[key]:.0%}" if key in later else "" for key in ("mass_drift", "count_right")]
    return " | ".join(cells)


def section(data, cards):
    """Returns the section about one data set."""
    own = {name: card for name, card in cards.items() if card["data"]["name"] == data}
    return f"""## {TITLES[data]}

{next_frame(data, own)}

Rollout after ten input frames:

{free_run(data, cards)}"""


def page():
    """Returns the page as text."""
    cards = packaged("balls*")
    sections = "\n\n".join(section(data, cards) for data in TITLES)
    commands = "\n".join(card["command"] for card in cards.values())
    return f"""# Results of the frame predictors

Rendered by `python docs/render_balls.py` from the cards, which the commands at the end of this page
write. Trained {made_with(cards.values())}.

- **Next frame**: squared error, summed over the pixels of a frame, averaged over all frames but the
  first; mean and standard deviation over seeds. The shipped model is that of the first seed, fixed
  beforehand. [TH]'s values and the significant differences:
  [experiments/balls](experiments/balls/index.md).
- **Rollout**: median over the 200 test sequences of the distance of matched balls from the true
  ones, in pixels, after 1 to 50 autoregressive steps of the shipped model; a ball has a radius of
  2. *Lost*: in half of the sequences a ball is not detected. Then, after {LATER} steps, the median
  change of the total intensity, and how often the number of balls is right.

{sections}

<!-- skip: next "trains for two hours" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
