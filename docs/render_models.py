"""Writes the table of models in README.md from the cards of the pretrained models.

    python docs/render_models.py

Each row is the model of its group with the lowest figure on the validation split.
"""

import re
from pathlib import Path

from rnnzoo.cards import headline, packaged

PAGE = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- begin of the table of models -->\n", "<!-- end of the table of models -->\n"

# Pattern of the models, what they are for, guide and results. A model is in the last group that it
# matches: figures of different data do not compare.
GROUPS = [
    ("shakespeare-*", "generate English drama, character by character", "text", "results"),
    ("artusi-*", "generate Italian recipes, character by character", "text", "results"),
    ("usdinr-*", "predict the distribution of the next exchange rates", "rates", "rates_results"),
    ("action3d-*", "classify twenty actions from skeletons", "videos", "actions_results"),
    ("ucf11-*", "classify nine sports from videos", "videos", "ucf11_results"),
    ("shanghai-*", "predict the next street of taxi trips", "streets", "streets_results"),
    ("bologna-*", "predict the next street of modelled routes", "streets", "streets_results"),
    ("nycbike-*", "predict bikes per zone and hour", "fields", "fields_results"),
    ("power-*", "predict the weather of a place, 1 to 14 days ahead", "weather", "weather_results"),
    ("air-grid-*", "predict the air temperature on a grid", "weather", "air_results"),
    ("music-*", "impute gaps in music", "music", "music_results"),
    ("balls2-*", "predict the next frames of two bouncing balls", "balls", "balls_results"),
    ("balls3-*", "predict the next frames of three bouncing balls", "balls", "balls_results"),
    ("*-sutskever", "the same for the balls of the literature", "balls", "balls_results"),
]


def table():
    """Returns the table as Markdown."""
    lines = [
        "| models | for | the strongest, beside a baseline | guide, results |",
        "|---|---|---|---|",
    ]
    group = {name: pattern for pattern, *_ in GROUPS for name in packaged(pattern)}
    for pattern, purpose, guide, results in GROUPS:
        cards = {name: card for name, card in packaged(pattern).items() if group[name] == pattern}
        name = min(cards, key=lambda name: cards[name]["metrics"]["validation"])
        lines.append(
            f"| `{pattern}` ({len(cards)}) | {purpose} "
            f"| `{name}`, {headline(cards[name]).replace('test: ', '')} "
            f"| [{guide}.md](docs/{guide}.md), [{results}.md](docs/{results}.md) |"
        )
    return "\n".join(lines) + "\n"


def page():
    """Returns README.md with the table of the cards."""
    text = PAGE.read_text(encoding="utf-8")
    pattern = re.escape(BEGIN) + ".*?" + re.escape(END)
    return re.sub(pattern, lambda _: f"{BEGIN}\n{table()}\n{END}", text, count=1, flags=re.S)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
