"""Renders the speed tables of the guides from the CSVs in benchmarks/.

python docs/render_performance.py
"""

import csv
import statistics
from pathlib import Path

HERE = Path(__file__).parent
END = "<!-- end -->"


def layers(rows):
    """Returns two tables: the three shapes, and the growth with steps and units."""
    by_case = {(row["shape"], row["way"], row["backend"], row["pass"]): row for row in rows}
    ways = list(
        dict.fromkeys((row["way"], row["backend"]) for row in rows if "=" not in row["shape"])
    )
    lines = ["| training step, ms (ratio) | video | text | rates | first call, s | memory, MB |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for way, backend in ways:
        cells = [
            by_case.get((shape, way, backend, "training")) for shape in ("video", "text", "rates")
        ]
        times = [f"{row['ms']} ({row['ratio']})" if row else "" for row in cells]
        totals = [
            " / ".join(row[key] for row in cells if row) for key in ("first_call_s", "peak_mb")
        ]
        lines.append(f"| {way}; {backend} | {' | '.join([*times, *totals])} |")
    shapes = list(dict.fromkeys(row["shape"] for row in rows if "=" in row["shape"]))
    ways = list(dict.fromkeys((row["way"], row["backend"]) for row in rows if "=" in row["shape"]))
    lines += ["", f"| ms (ratio) | {' | '.join(shapes)} |", "|---|" + "---:|" * len(shapes)]
    for way, backend in ways:
        cells = [by_case.get((shape, way, backend, "training")) for shape in shapes]
        times = [f"{row['ms']} ({row['ratio']})" if row else "" for row in cells]
        lines.append(f"| {way}; {backend} | {' | '.join(times)} |")
    return "\n".join(lines)


def svd(rows):
    """Returns a table: ways by units."""
    units = list(dict.fromkeys(row["units"] for row in rows))
    times = {(row["way"], row["units"]): f"{row['ms']} ({row['ratio']})" for row in rows}
    lines = [f"| training step, ms (ratio) | {' | '.join(f'{count} units' for count in units)} |"]
    lines.append("|---|" + "---:|" * len(units))
    for way in dict.fromkeys(row["way"] for row in rows):
        lines.append(f"| {way} | {' | '.join(times.get((way, count), '') for count in units)} |")
    return "\n".join(lines)


def echo_states(rows):
    """Returns a table: ways by shapes."""
    lines = [
        "| sequences x steps x units | | s (range) | times as fast as the best baseline | MB |"
    ]
    lines.append("|---|---|---:|---:|---:|")
    for row in rows:
        shape = f"{row['sequences']} x {int(row['steps']):,} x {int(row['units']):,}"
        time = f"{row['s']} ({row['minimum_s']} to {row['maximum_s']})"
        lines.append(f"| {shape} | {row['way']} | {time} | {row['times_as_fast']} | {row['mb']} |")
    return "\n".join(lines)


def least_squares(rows):
    """Returns a table of ways, sorted by seeds that reach the error, then by time."""
    most = max(int(row["reached"]) for row in rows)
    lines = [f"| | seeds of {most} that reach it | epochs | ms per epoch | s in total |"]
    lines.append("|---|---:|---:|---:|---:|")
    for row in sorted(rows, key=lambda row: (-int(row["reached"]), float(row["s_to_error"]))):
        lines.append(f"| {' | '.join(row[key] for key in row)} |")
    return "\n".join(lines)


def memory(rows):
    """Returns a table: layers by whether freed memory is retained."""
    lines = ["| training step of 128 units | freed memory | wall, ms (ratio) | user | system |"]
    lines.append("|---|---|---:|---:|---:|")
    for row in rows:
        times = f"{row['wall_ms']} ({row['ratio']}) | {row['user_ms']} | {row['system_ms']}"
        lines.append(f"| {row['layer']} | {row['freed_memory']} | {times} |")
    return "\n".join(lines)


def music(rows):
    """Returns a table: imputed audio and its time."""
    lines = ["| | cores | s | times real time |", "|---|---:|---:|---:|"]
    return "\n".join([*lines, *(f"| {' | '.join(row.values())} |" for row in rows)])


def streets(rows):
    """Returns a table: cities and layers."""
    heads = ["links", "", "parameters", "file, MB", "load, s", "training step, ms"]
    heads += ["`step`, ms", "predictions per s", "memory, MB"]
    lines = [f"| {' | '.join(heads)} |", "|---:|---|" + "---:|" * (len(heads) - 2)]
    for row in rows:
        for key in ("links", "parameters", "predictions_per_s", "memory_mb"):
            row[key] = f"{int(row[key]):,}"
        lines.append(f"| {' | '.join(row.values())} |")
    return "\n".join(lines)


def field_svd(rows):
    """Returns a table: ways by singular values, with the SNR beside that of the first way."""
    lines = ["| singular values | | SNR, dB | CPU, s (ratio) | memory of a worker, MB |"]
    lines.append("|---|---|---:|---:|---:|")
    first = {}
    for row in rows:
        spectrum, snr = row["singular_values"], float(row["snr_db"])
        difference = snr - first.setdefault(spectrum, snr)
        cells = [spectrum, row["way"], f"{snr:.3f} ({difference:+.3f})"]
        cells += [f"{row['cpu_s']} ({row['ratio']})", row["worker_mb"]]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def fields(rows):
    """Returns a table: fields and ranks by ways."""
    lines = ["| steps x cells | rank | | CPU, s (ratio) | memory, MB | SNR, dB |"]
    lines.append("|---|---:|---|---:|---:|---:|")
    for row in rows:
        shape = f"{row['fields']}: {int(row['steps']):,} x {int(row['cells']):,}"
        time = f"{row['cpu_s']} ({row['ratio']})"
        figures = [row["rank"], row["way"], time, f"{int(row['memory_mb']):,}", row["snr_db"]]
        lines.append(f"| {shape} | {' | '.join(figures)} |")
    return "\n".join(lines)


def region_svd(rows):
    """Returns two tables: time, memory and SNR, and the errors in three cells."""
    heads = ["rank", "minutes", "CPU", "generation", "peak, GB", "SNR, dB", "of Poisson noise, dB"]
    lines = [f"| cells | {' | '.join(heads)} |", "|---|" + "---:|" * len(heads)]
    places = ("centre", "town", "suburb")
    errors = [f"| mean error (mean of people) | rank | {' | '.join(places)} |"]
    errors.append("|---|---:|" + "---:|" * len(places))
    for row in rows:
        fields = f"{row['fields']}, {int(row['cells']):,}"
        figures = [row[key] for key in ("rank", "wall_min", "cpu_min", "generation_min")]
        figures += [f"{float(row[key]):.2f}" for key in ("peak_gb", "snr_db", "poisson_db")]
        lines.append(f"| {fields} | {' | '.join(figures)} |")
        cells = [
            f"{float(row[f'{place}_error']):.2f} ({float(row[f'{place}_people']):.0f})"
            for place in places
        ]
        errors.append(f"| {fields} | {row['rank']} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *errors])


def field_learning(rows):
    """Returns two tables: updates by grid and way, and training by way."""
    updates = [row for row in rows if row["part"] == "updates"]
    ways = list(dict.fromkeys(row["way"] for row in updates))
    lines = [f"| update, ms | readout of | regressors | {' | '.join(ways)} |"]
    lines.append("|---|---|" + "---:|" * (1 + len(ways)))
    for first in updates[:: len(ways)]:
        case = [first[key] for key in ("case", "readout", "regressors")]
        times = [
            f"{1000 * float(row['wall_s']):.0f}"
            for row in updates
            if [row[key] for key in ("case", "readout", "regressors")] == case
        ]
        lines.append(f"| {' | '.join([*case, *times])} |")
    heads = ["readout of", "seeds that reach least squares", "CPU, s (ratio)", "RMSE"]
    lines += ["", f"| training | {' | '.join(heads)} |", "|---|---|" + "---:|" * 3]
    trainings = {}
    for row in rows:
        if row["part"] == "training":
            trainings.setdefault((row["readout"], row["way"]), []).append(row)
    first = {}
    for (readout, way), seeds in trainings.items():
        seconds, error = (
            statistics.median(float(row[key]) for row in seeds) for key in ("cpu_s", "rmse")
        )
        ratio = seconds / first.setdefault(readout, seconds)
        limits = [(row["rmse"], row["rmse_of_least_squares"]) for row in seeds]
        reached = [float(rmse) <= float(limit) for rmse, limit in limits if limit]
        share = f"{sum(reached)} of {len(reached)}" if reached else ""
        figures = [share, f"{seconds:.1f} ({ratio:.1f})", f"{error:.2f}"]
        lines.append(f"| {way} | {readout} | {' | '.join(figures)} |")
    return "\n".join(lines)


def air_grid(rows):
    """Returns a table of errors by trend, prior, rank and ridge."""
    heads = ["trend", "prior", "rank", "ridge", "RMSE, six hours", "a day"]
    lines = [f"| {' | '.join(heads)} |", "|---|---|" + "---:|" * 4]
    keys = ("trend", "prior", "rank", "ridge", "six_hours", "day")
    return "\n".join([*lines, *(f"| {' | '.join(row[key] for key in keys)} |" for row in rows)])


def crashes(rows):
    """Returns a table of one row: kills by the stage they fell in."""
    total = rows.pop()
    heads = [f"`{row['stage']}`" if row["stage"] != "start" else "start" for row in rows]
    heads[-1] = "end"
    lines = [f"| {' | '.join([*heads, 'all'])} |", "|" + "---:|" * (len(rows) + 1)]
    lines.append(f"| {' | '.join(row['kills'] for row in [*rows, total])} |")
    half_written, left_over = total["half_written"], total["left_over"]
    lines += [
        "",
        f"{total['date']}, `{total['model']}`, {total['versions']}: {total['starts']} starts, of "
        f"which {total['finished']} finished; half-written artifacts, checkpoints or versions: "
        f"{half_written}; left over at the end: {left_over}; same content digest as without a "
        f"kill: {total['same_digest']}.",
    ]
    return "\n".join(lines)


SERVERS = {
    "rnnzoo": "rnnzoo",
    "kserve": "KServe",
    "ray": "Ray Serve",
    "mlserver": "MLServer",
    "bentoml": "BentoML",
}


def serving(rows):
    """Returns a table: requests and connections by servers."""
    servers = [name for name in SERVERS if any(row["server"] == name for row in rows)]
    figures = {
        (row["server"], row["model"], row["requests"], row["connections"]): row for row in rows
    }
    heads = [SERVERS[server] for server in servers]
    lines = [f"| model | requests | connections | {' | '.join(heads)} |"]
    lines.append("|---|---|---:|" + "---:|" * len(servers))
    for case in dict.fromkeys(key[1:] for key in figures):
        cells = []
        for server in servers:
            row = figures.get((server, *case))
            cell = f"{float(row['per second']):,.0f}, {float(row['p99 ms']):,.0f} ms" if row else ""
            if row and int(row["errors"]):
                cell += f", {int(row['errors']):,} errors"
            cells.append(cell)
        lines.append(f"| `{case[0]}` | {case[1]} | {case[2]} | {' | '.join(cells)} |")
    measured = ", ".join(dict.fromkeys(row["date"] for row in rows))
    cores = ", ".join(dict.fromkeys(row["cores"] for row in rows))
    versions = "; ".join(dict.fromkeys(f"{row['server']}: {row['versions']}" for row in rows))
    return "\n".join([*lines, "", f"{measured}, {cores} cores that the clients share; {versions}."])


def serving_memory(rows):
    """Returns a table: models by seconds and memory."""
    lines = ["| models | s until it listens | of CPUs, s | memory, MB | peak, MB |"]
    lines.append("|---|---:|---:|---:|---:|")
    for row in rows:
        memory = " | ".join(f"{int(row[key]):,}" for key in ("resident_mb", "peak_mb"))
        seconds = " | ".join(f"{float(row[key]):.0f}" for key in ("listens_s", "cpu_s"))
        lines.append(f"| {row['models']} | {seconds} | {memory} |")
    loads = [float(row["load"]) for row in rows]
    about = (
        f"{rows[0]['date']}, {rows[0]['cores']} cores with a load of {min(loads)} to {max(loads)} "
        "before it, which lengthens the time more than the seconds of CPUs."
    )
    return "\n".join([*lines, "", about])


PAGES = {
    "operating.md": {
        "benchmarks/serving.csv": serving,
        "benchmarks/serving_memory.csv": serving_memory,
    },
    "pipeline.md": {"benchmarks/crashes.csv": crashes},
    "performance.md": {
        "benchmarks/layers.csv": layers,
        "benchmarks/memory.csv": memory,
        "benchmarks/fields.csv": fields,
        "benchmarks/region_svd.csv": region_svd,
        "benchmarks/field_learning.csv": field_learning,
    },
    "svd.md": {"benchmarks/svd.csv": svd},
    "echo-states.md": {"benchmarks/echo_states.csv": echo_states},
    "music.md": {"benchmarks/music.csv": music},
    "streets.md": {"benchmarks/streets.csv": streets},
    "fields.md": {"benchmarks/field_svd.csv": field_svd},
    "weather.md": {"benchmarks/air_grid.csv": air_grid},
    "least-squares.md": {"benchmarks/least_squares.csv": least_squares},
}


def rendered(page):
    """Returns a page with the tables of the current CSVs."""
    text = (HERE / page).read_text(encoding="utf-8")
    for source, tables in PAGES[page].items():
        with open(HERE.parent / source, newline="") as file:
            rows = list(csv.DictReader(file))
        begin = f"<!-- from {source} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{tables(rows)}\n\n{END}{rest.split(END, 1)[1]}"
    return text


if __name__ == "__main__":
    for name in PAGES:
        (HERE / name).write_text(rendered(name), encoding="utf-8")
