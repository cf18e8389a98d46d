"""Renders the tables of the guides that compare results of docs/experiments with a source.

python docs/render_experiments.py
"""

import re
from pathlib import Path

from rnnzoo.pipelines.experiments import registry
from rnnzoo.pipelines.experiments.harness.formatting import plus_minus
from rnnzoo.pipelines.experiments.harness.results import load_results
from rnnzoo.pipelines.experiments.studies import crowd, imputation, imputation_gaps, street_paths
from rnnzoo.pipelines.experiments.studies.common import nem_noise_grid

HERE = Path(__file__).parent
END = "<!-- end -->"
KINDS = {"nem": "NEM", "blind": "blind"}
# Names of imputation methods in the guide.
METHODS = {"plca": "`plca`, on the intact part", "plca_oracle": "EM on the complete piece, as [TH]"}


def cells(experiment, measure):
    """Returns a dict from arm to its value of the n-th measure, the source's in brackets."""
    results = load_results(registry.load(experiment), HERE / "experiments", quick=False)
    name = results.experiment.measures[measure].name
    return {figure.arm: _cell(figure) for figure in results.figures[name]}


def _cell(figure):
    own = plus_minus(figure.summary.mean, figure.summary.sd).removesuffix(" ± 0")
    source = re.search(r"table [\d.]+: (-?[\d.]+)", figure.source)
    return f"{own} ({source[1]})" if source else own


def table(heads, rows):
    """Returns a table as Markdown."""
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def noise_grid(experiment, measure, protocol=""):
    """A row per network and noise, a column per position; arms begin with the protocol."""
    values = {
        arm.removeprefix(protocol): cell
        for arm, cell in cells(experiment, measure).items()
        if arm.startswith(protocol)
    }
    rows = []
    for case in nem_noise_grid.ARCHITECTURES:
        rows.append([f"{case.upper()}, no noise", values[f"{case} none"], "", ""])
        for mode in nem_noise_grid.MODES:
            for kind, title in KINDS.items():
                arms = [f"{case} {mode} {position} {kind}" for position in nem_noise_grid.POSITIONS]
                rows.append([f"{case.upper()}, {mode} {title}", *(values[arm] for arm in arms)])
    return table(["", *nem_noise_grid.POSITIONS], rows)


def gap_lengths():
    """A row per gap length, a column per method."""
    values = cells("imputation-gaps", 0)
    methods = imputation_gaps.METHODS
    rows = [
        [f"{length} ms", *(values[imputation_gaps.arm(length, method)] for method in methods)]
        for length in imputation_gaps.LENGTHS
    ]
    return table(["gap", *(f"`{method}`" for method in methods)], rows)


def available_bins():
    """A row per method, a column per number of available bins."""
    values = cells("imputation", 0)
    rows = [
        [
            METHODS.get(method, f"`{method}`"),
            *(values.get(imputation.arm(bins, method), "") for bins in imputation.AVAILABLE),
        ]
        for method in imputation.METHODS
    ]
    return table(["", *(f"{bins} bins" for bins in imputation.AVAILABLE)], rows)


def protocols():
    """A row per classifier of skeletons, a column per protocol."""
    measures = [cells("action3d-protocols", number) for number in range(3)]
    rows = [[arm, *(measure[arm] for measure in measures)] for arm in measures[0]]
    return table(["", "odd / even", "mean of AS1 to AS3", "1 to 5 / 6 to 10"], rows)


def arms(experiment, heads):
    """A row per arm, a column per measure; `heads` is a dict from measure to head."""
    names = [measure.name for measure in registry.load(experiment).measures]
    columns = [cells(experiment, names.index(name)) for name in heads]
    rows = [[arm, *(column[arm] for column in columns)] for arm in columns[0]]
    return table(["", *heads.values()], rows)


def bikes(season):
    """A row per arm of crowd, in autumn 2019 or spring 2020; errors in bikes."""
    errors = {f"mean absolute error, {cell}, {season}": cell for cell in crowd.CELLS}
    return arms("crowd", {f"RMSE, {season}": "RMSE", f"SNR, {season}": "SNR, dB", **errors})


def paths(*names):
    """A row per arm of street-paths, a column per measure and split; `trip` and `distinct`."""
    measures = [measure.name for measure in street_paths.MEASURES]
    values = {name: cells("street-paths", measures.index(name)) for name in names}
    arms = dict.fromkeys(arm.split(": ")[1] for arm in values[names[0]])
    heads = [f"{name}, by {split}" for name in names for split in street_paths.SPLITS]
    rows = []
    for arm in arms:
        row = [values[name][f"{split}: {arm}"] for name in names for split in street_paths.SPLITS]
        if set(row) != {"no value"}:
            rows.append([arm, *("" if cell == "no value" else cell for cell in row)])
    return table(["", *heads], rows)


def seed_links(title):
    """A row per arm of street-paths, split by trip, a column per number of seed links."""
    measures = [measure.name for measure in street_paths.MEASURES]
    columns = [
        cells("street-paths", measures.index(f"free run after {seeds} links, {title}"))
        for seeds in street_paths.SEEDS
    ]
    arms = [arm for arm in columns[0] if arm.startswith("trip: ") and columns[0][arm] != "no value"]
    rows = [[arm.removeprefix("trip: "), *(column[arm] for column in columns)] for arm in arms]
    return table(["", *(f"{seeds} links" for seeds in street_paths.SEEDS)], rows)


def places():
    """A row per arm of weather, a column per place."""
    names = ["Bangalore", "Champion", "Swift Current", "Cordoba"]
    heads = {f"relative RMSE, {name}": name for name in names}
    return arms("weather", {**heads, "relative RMSE, Cordoba": "Cordoba, never seen"})


PAGES = {
    "fields.md": {
        "autumn": lambda: bikes("autumn 2019"),
        "spring": lambda: bikes("spring 2020"),
    },
    "streets.md": {
        "steps": lambda: paths("loss", "accuracy"),
        "destination": lambda: paths(
            "accuracy, destination known", "routes, precision", "routes, recall"
        ),
        "same index": lambda: seed_links("same index"),
        "on the path": lambda: seed_links("on the path"),
        "recovered": lambda: seed_links("recovered"),
        "lengths": lambda: paths(
            "accuracy, short trips", "accuracy, middle trips", "accuracy, long trips"
        ),
    },
    "videos.md": {"protocols": protocols},
    "weather.md": {"places": places},
    "nem-actions.md": {
        "accuracy": lambda: noise_grid("nem-actions", 0),
        "speed-up": lambda: noise_grid("nem-actions", 2),
        "videos by group": lambda: noise_grid("nem-actions-ucf11", 0, "groups "),
        "videos by clip": lambda: noise_grid("nem-actions-ucf11", 0, "clips "),
        "videos, speed-up": lambda: noise_grid("nem-actions-ucf11", 2, "clips "),
    },
    "music.md": {"gaps": gap_lengths, "bins": available_bins},
    "nem-rates.md": {
        "error": lambda: noise_grid("nem-usdinr", 0, "paper "),
        "speed-up": lambda: noise_grid("nem-usdinr", 2, "paper "),
        "sound": lambda: noise_grid("nem-usdinr", 1, "sound "),
    },
}


def rendered(page):
    """Returns a page with the tables of the current results."""
    text = (HERE / page).read_text(encoding="utf-8")
    for name, render in PAGES[page].items():
        begin = f"<!-- table {name} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{render()}\n\n{END}{rest.split(END, 1)[1]}"
    return text


if __name__ == "__main__":
    for name in PAGES:
        (HERE / name).write_text(rendered(name), encoding="utf-8")
