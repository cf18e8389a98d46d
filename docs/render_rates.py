"""Writes docs/rates_results.md from the cards of the pretrained forecasters.

python docs/render_rates.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("rates_results.md")

TITLES = {
    "test": "March 2011 to August 2017, [NB]'s test years",
    "count_test": "All but the first 8,000 rates, [NB]'s other split",
    "validation": "March 2008 to February 2011, the validation years",
}

# Names of baselines on the page.
NAMES = {
    "persistence": "no change",
    "drift": "drift",
    "arima": "ARIMA",
    "ets": "ETS",
    "rolling_volatility": "rolling volatility",
    "garch": "GARCH(1,1)",
    "garch_t": "GARCH(1,1), Student's t",
}

HEADS = ["", "MSE to no change", "p", "correlation", "pinball loss", "90% intervals cover"]
HEADS += ["p, volatility", "p, GARCH", "p, GARCH t"]
VOLATILITY_BASELINES = ("rolling_volatility", "garch", "garch_t")


def table(split, cards):
    """Returns Markdown: a row per model, mean and deviation over seeds, then the baselines."""
    lines = [f"| {' | '.join(HEADS)} |", "|---|" + "---:|" * (len(HEADS) - 1)]
    for name, card in cards.items():
        metrics = card["metrics"]
        over, shipped = metrics["tables"][split]["over_seeds"], str(metrics["seed"])
        tests = metrics["tables"][split]["by_seed"][shipped]
        cells = [
            spread(over["relative_mse"], "{:.4f}"),
            f"{tests['dm_p']:.2f}",
            spread(over["correlation"], "{:.3f}"),
            spread(over["pinball"], "{:.5f}"),
            spread(over["coverage"], "{:.1%}"),
            *(_p(tests[f"dm_p_{name}"]) for name in VOLATILITY_BASELINES),
        ]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    for name, row in next(iter(cards.values()))["baselines"][split].items():
        keys = ("relative_mse", "dm_p", "correlation", "pinball", "coverage")
        forms = ("{:.4f}", "{:.2f}", "{:.3f}", "{:.5f}", "{:.1%}")
        cells = [
            "" if row[key] is None else form.format(row[key])
            for key, form in zip(keys, forms, strict=True)
        ]
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} | | | |")
    return "\n".join(lines)


def _p(value):
    return f"{value:.3f}" if value >= 0.001 else f"{value:.0e}"


def ahead(cards):
    """Returns Markdown: coverage of intervals several days ahead, of the shipped models."""
    days = list(next(iter(cards.values()))["metrics"]["coverage_ahead"])
    lines = [f"| | {' | '.join(f'{day} days' for day in days)} |", "|---|" + "---:|" * len(days)]
    for name, card in cards.items():
        coverage = card["metrics"]["coverage_ahead"]
        lines.append(f"| `{name}` | {' | '.join(f'{coverage[day]:.1%}' for day in days)} |")
    return "\n".join(lines)


def page():
    """Returns the page as text."""
    cards = packaged("usdinr-*")
    first = next(iter(cards.values()))
    sections = "\n\n".join(f"## {title}\n\n{table(key, cards)}" for key, title in TITLES.items())
    commands = "\n".join(card["command"] for card in cards.values())
    seeds = len(first["metrics"]["by_seed"])
    forecasts = first["data"]["splits"]["test"]["rates"] // 10
    return f"""# Results of the forecasters

Rendered by `python docs/render_rates.py` from the cards, which the commands at the end of this page
write. Trained {made_with(cards.values())}.

One-day walk-forward forecasts of rupees per dollar (FRED's DEXINUS); models are trained on 1980 to
February 2008. Models: mean and standard deviation over {seeds} seeds; the shipped model is that of
the first seed, fixed beforehand.

- **MSE to no change**: relative to persistence; below 1 is better. *p* of the Diebold-Mariano test
  against persistence, here and below of the shipped model.
- **Correlation** of the predicted and the actual change.
- **Pinball loss**, rupees: mean over the quantiles of 5%, 10%, ... 95%; lower is better. The last
  three columns are *p* of the same test of these losses, against rolling volatility and
  GARCH(1,1), normal or Student's t, estimated on the rates before the split.
- **90% intervals cover**: coverage of the interval between the quantiles of 5% and 95%.

{sections}

## Several days ahead

Coverage of the 90% interval of simulated paths in the test years, one forecast every ten days,
shipped models. With {forecasts} forecasts, a coverage near 90% has a standard error of 2.4% for 5
days ahead; for 20 days, which overlap, it is larger:

{ahead(cards)}

<!-- skip: next "trains for minutes" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
