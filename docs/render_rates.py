"""Writes docs/rates_results.md from the cards of the pretrained forecasters.

python docs/render_rates.py
"""

from pathlib import Path

from rnnzoo.cards import made_with, packaged, spread

PAGE = Path(__file__).with_name("rates_results.md")

TITLES = {
    "test": "March 2011 to August 2017, [NB]'s test years",
    "count_test": "All but the first 8,000 rates, [NB]'s other split",
    "validation": "March 2008 to February 2011, which the choices were made on",
}

# How baselines are called on the page.
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
RIVALS = ("rolling_volatility", "garch", "garch_t")


def table(split, cards):
    """Markdown: a line a model, mean and standard deviation of its seeds, then the baselines."""
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
            *(_p(tests[f"dm_p_{rival}"]) for rival in RIVALS),
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
    """Markdown: what intervals of several days covered, of the shipped model."""
    days = list(next(iter(cards.values()))["metrics"]["coverage_ahead"])
    lines = [f"| | {' | '.join(f'{day} days' for day in days)} |", "|---|" + "---:|" * len(days)]
    for name, card in cards.items():
        covered = card["metrics"]["coverage_ahead"]
        lines.append(f"| `{name}` | {' | '.join(f'{covered[day]:.1%}' for day in days)} |")
    return "\n".join(lines)


def page():
    """The page as text."""
    found = packaged("usdinr-*")
    first = next(iter(found.values()))
    sections = "\n\n".join(f"## {title}\n\n{table(key, found)}" for key, title in TITLES.items())
    commands = "\n".join(card["command"] for card in found.values())
    seeds = len(first["metrics"]["by_seed"])
    forecasts = first["data"]["splits"]["test"]["rates"] // 10
    return f"""# Results of the forecasters

Rendered by `python docs/render_rates.py` from the cards, which the commands at the end of this page
write. Trained {made_with(found.values())}.

One-day forecasts of rupees a dollar (FRED's DEXINUS), walking forward; rates from 1980 to February
2008 were learned from. Models: mean and standard deviation of {seeds} seeds; the shipped model is
the one of the first, fixed beforehand.

- **MSE to no change**: below 1 is better than saying that tomorrow's rate is today's. *p* of the
  Diebold-Mariano test against it, here and below of the shipped model.
- **Correlation** of the forecast change with the one that came.
- **Pinball loss**, rupees: mean over the quantiles of 5%, 10%, ... 95%; lower is better. The last
  three columns are *p* of the same test of these losses, against the volatility of the last days
  and GARCH(1,1), normal or Student's t, estimated on the rates before the split.
- **90% intervals cover**: how often the rate fell between the quantiles of 5% and 95%.

{sections}

## Several days ahead

How often the rate fell within the 90% interval of simulated paths, in the test years, a forecast
every ten days, shipped models. Of {forecasts} forecasts a share near 90% has a standard error of
2.4%, for 5 days ahead; for 20 days, which overlap, it is larger:

{ahead(found)}

<!-- skip: next "trains for minutes" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
