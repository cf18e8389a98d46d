"""Writes docs/results.md from the cards of the pretrained models.

python docs/render_results.py
"""

from pathlib import Path

from rnnzoo.artifacts import packaged_dir, read_card, versions

PAGE = Path(__file__).with_name("results.md")


def table(cards):
    """Markdown: test figures of text models, mean and deviation over seeds, and the n-grams.

    Args:
        cards: list of dict, cards of models trained on the same text.
    """
    lines = [
        "| model | parameters | validation | test | test over seeds |",
        "|---|---:|---:|---:|---:|",
    ]
    for card in cards:
        metrics = card["metrics"]
        over = metrics["over_seeds"]["test"]
        spread = f"{over['mean']:.3f} ± {over['standard_deviation']:.3f}"
        lines.append(
            f"| `{card['name']}` | {card['architecture']['parameters']:,} "
            f"| {metrics['validation']:.3f} | {metrics['test']:.3f} "
            f"| {spread} ({len(metrics['by_seed'])} seeds) |"
        )
    for row in cards[0]["baselines"]["ngram"]:
        lines.append(f"| {row['order']}-grams | | {row['validation']:.3f} | {row['test']:.3f} | |")
    return "\n".join(lines)


def page():
    """The page as text."""
    folders = sorted(packaged_dir().glob("shakespeare-*"))
    cards = [read_card(folder / str(versions(folder)[-1])) for folder in folders]
    dates = sorted({card["date"] for card in cards})
    software = ", ".join(f"{name} {number}" for name, number in cards[0]["versions"].items())
    commands = "\n".join(card["command"] for card in cards)
    network = min(card["metrics"]["test"] for card in cards)
    better = [str(r["order"]) for r in cards[0]["baselines"]["ngram"] if r["test"] < network]
    return f"""# Results

Rendered from the cards by `python docs/render_results.py`; the cards are written by the
commands below. Trained {" and ".join(dates)} on {cards[0]["cores"]} CPU cores with {software}.

## Shakespeare

Nats a character on the validation split (the 5% before the last 5% of the text) and the test
split (the last 5%); each character after the first is predicted from all those before it in the
split. The recipes were chosen on the validation split. The shipped model is the one of the first
seed, which was fixed beforehand; the last column has the mean and the sample standard deviation
over all seeds. N-grams are interpolated, modified Kneser-Ney, fitted on the training split.

{table(cards)}

The source (Bay 2017, section 6.1) trains 128 units on this text and prints a sample, but no
figure to compare with. Orders of n-grams that predict the test split better than any network
here: {", ".join(better) or "none"}. They store every distinct n-gram of the training text.

<!-- skip: next "trains for about half an hour" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
