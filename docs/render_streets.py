"""Writes docs/streets_results.md from the cards of the pretrained path predictors.

python docs/render_streets.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("streets_results.md")

# Published precision and recall of routes to known destinations, in other cities.
PUBLISHED = "NeuroMLR reports 79.2 and 70.9% in Porto, 77.9 and 76.5% in Beijing"
CITIES = {
    "shanghai": "Shanghai, taxi trips",
    "bologna": "Bologna, modelled routes",
}


def steps(cards):
    """Returns Markdown: nats per link and accuracy of models and baselines."""
    heads = [
        "",
        "parameters",
        "test, nats per link",
        "shipped",
        "test accuracy",
        "validation, nats",
    ]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for name, card in cards.items():
        metrics = card["metrics"]
        cells = [
            f"{card['architecture']['parameters']:,}",
            spread(metrics["over_seeds"]["test"], "{:.4f}"),
            f"{metrics['test']:.4f}",
            spread(metrics["tables"]["accuracy"]["over_seeds"]["test"], "{:.2%}"),
            spread(metrics["over_seeds"]["validation"], "{:.4f}"),
        ]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    for row in next(iter(cards.values()))["baselines"]:
        if row["baseline"].startswith("shortest"):
            continue
        nats = row.get("nats", {})
        test, validation = (f"{nats[s]:.4f}" if nats else "" for s in ("test", "validation"))
        accuracy = f"{row['accuracy']['test']:.2%}"
        lines.append(f"| {row['baseline']} | | {test} | | {accuracy} | {validation} |")
    return "\n".join(lines)


def routes(cards):
    """Returns Markdown: models and shortest routes where the destination is known."""
    heads = ["", "nats per link", "accuracy", "precision of routes", "recall", "identical"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for name, card in cards.items():
        tables = card["metrics"]["tables"]
        known, of_routes = (tables[key]["over_seeds"] for key in ("known_destination", "routes"))
        cells = [spread(known["nats"], "{:.4f}"), spread(known["accuracy"], "{:.2%}")]
        cells += [spread(of_routes[k], "{:.1%}") for k in ("precision", "recall", "identical")]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    (row,) = (r for r in next(iter(cards.values()))["baselines"] if "routes" in r)
    cells = [f"{row['routes'][k]:.1%}" for k in ("precision", "recall", "identical")]
    lines.append(f"| shortest route | | {row['accuracy']['test']:.2%} | {' | '.join(cells)} |")
    return "\n".join(lines)


def section(city, title):
    """Returns Markdown: the section of a city."""
    cards = packaged(f"{city}-*")
    first = next(iter(cards.values()))
    sizes = first["data"]["trips"]
    trips = ", ".join(f"{count:,} of {split}" for split, count in sizes.items())
    warnings = "; ".join(first["warnings"])
    return f"""## {title}

{first["links"]} links, {first["crossings"]} crossings; trips: {trips}. {warnings}.

Where the destination is not known, the end of the path included:

{steps(cards)}

Where it is known; routes are searched with eight beams from the first link of a trip to
its last:

{routes(cards)}"""


def page():
    """Returns the page as text."""
    every = {name: card for city in CITIES for name, card in packaged(f"{city}-*").items()}
    sections = "\n\n".join(section(city, title) for city, title in CITIES.items())
    commands = "\n".join(card["command"] for card in every.values())
    seeds = len(next(iter(every.values()))["metrics"]["by_seed"])
    return f"""# Results of the path predictors

Rendered by `python docs/render_streets.py` from the cards, which the commands at the end of this
page write. Trained {made_with(every.values())}.

Trips are split by trip, so that trips of the test split are in the training split too; the
experiment `street-paths` has a split of distinct trips beside it. Models: mean and standard
deviation over {seeds} seeds; the shipped model is that of the first seed, fixed beforehand. A chain
predicts from the last links alone; for one that knows the start, the beginning of a trip is a
context too. Precision and recall of routes are over the links that route and trip have in common.
Published, in other cities and so no comparison: {PUBLISHED}.

{sections}

<!-- skip: next "trains for minutes, on data that is not everywhere" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
