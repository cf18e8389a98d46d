"""The tables in the guides that have figures of docs/experiments beside those of a source.

python docs/render_experiments.py
"""

import re
from pathlib import Path

from rnnzoo.pipelines.experiments import registry
from rnnzoo.pipelines.experiments.harness.formatting import plus_minus
from rnnzoo.pipelines.experiments.harness.results import load_results
from rnnzoo.pipelines.experiments.studies import imputation, imputation_gaps
from rnnzoo.pipelines.experiments.studies.common import nem_noise_grid

HERE = Path(__file__).parent
END = "<!-- end -->"
KINDS = {"nem": "NEM", "blind": "blind"}
# Methods of imputation as the guide calls them.
METHODS = {"plca": "`plca`, on the intact part", "plca_oracle": "EM on the complete piece, as [TH]"}


def cells(experiment, measure):
    """dict from an arm to its figure, with that of the source in brackets, of the n-th measure."""
    found = load_results(registry.load(experiment), HERE / "experiments", quick=False)
    measures = found.experiment.measures
    return {one.arm: _cell(one) for one in found.figures[measures[measure].name]}


def _cell(figure):
    own = plus_minus(figure.summary.mean, figure.summary.sd).removesuffix(" ± 0")
    source = re.search(r"table [\d.]+: (-?[\d.]+)", figure.source)
    return f"{own} ({source[1]})" if source else own


def table(heads, rows):
    """Markdown."""
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def places(experiment, measure, protocol=""):
    """Networks and kinds of noise by the place of the noise; arms begin with the protocol."""
    found = cells(experiment, measure).items()
    found = {arm.removeprefix(protocol): cell for arm, cell in found if arm.startswith(protocol)}
    rows = []
    for case in nem_noise_grid.ARCHITECTURES:
        rows.append([f"{case.upper()}, no noise", found[f"{case} none"], "", ""])
        for mode in nem_noise_grid.MODES:
            for kind, shown in KINDS.items():
                of_places = [f"{case} {mode} {place} {kind}" for place in nem_noise_grid.POSITIONS]
                rows.append([f"{case.upper()}, {mode} {shown}", *(found[one] for one in of_places)])
    return table(["", *nem_noise_grid.POSITIONS], rows)


def lengths():
    """Lengths of gaps by methods."""
    found = cells("imputation-gaps", 0)
    methods = imputation_gaps.METHODS
    rows = [
        [f"{length} ms", *(found[imputation_gaps.arm(length, method)] for method in methods)]
        for length in imputation_gaps.LENGTHS
    ]
    return table(["gap", *(f"`{method}`" for method in methods)], rows)


def bins():
    """Methods by the bins that are left."""
    found = cells("imputation", 0)
    rows = [
        [
            METHODS.get(method, f"`{method}`"),
            *(found.get(imputation.arm(left, method), "") for left in imputation.AVAILABLE),
        ]
        for method in imputation.METHODS
    ]
    return table(["", *(f"{left} bins" for left in imputation.AVAILABLE)], rows)


PAGES = {
    "nem-actions.md": {
        "accuracy": lambda: places("nem-actions", 0),
        "speed-up": lambda: places("nem-actions", 2),
    },
    "music.md": {"gaps": lengths, "bins": bins},
    "nem-rates.md": {
        "error": lambda: places("nem-usdinr", 0, "paper "),
        "speed-up": lambda: places("nem-usdinr", 2, "paper "),
        "sound": lambda: places("nem-usdinr", 1, "sound "),
    },
}


def rendered(page):
    """A page with the tables of today's results."""
    text = (HERE / page).read_text(encoding="utf-8")
    for name, made in PAGES[page].items():
        begin = f"<!-- table {name} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{made()}\n\n{END}{rest.split(END, 1)[1]}"
    return text


if __name__ == "__main__":
    for name in PAGES:
        (HERE / name).write_text(rendered(name), encoding="utf-8")
