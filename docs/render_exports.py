"""Writes the table of artifacts.md: which model converts to ONNX and LiteRT, and how exactly.

python docs/render_exports.py --measure [NAME ...]  # converts the models that exports.csv lacks
python docs/render_exports.py                       # writes the table

A result is appended as soon as it is measured; all of them take a quarter of an hour of one core.
"""

import csv
import importlib.metadata
import sys
import tempfile
from datetime import date
from pathlib import Path

import rnnzoo
from rnnzoo.datasets.common.errors import InputError

HERE = Path(__file__).parent
RESULTS, PAGE = HERE / "exports.csv", HERE / "artifacts.md"
BEGIN, END = "<!-- exports -->\n", "<!-- end -->"
PACKAGES = ("tensorflow", "keras", "tf2onnx", "onnxruntime", "ai-edge-litert")
COLUMNS = {
    "ONNX": ("onnx", "serving_default"),
    "ONNX, `step`": ("onnx", "step"),
    "LiteRT": ("litert", "serving_default"),
    "LiteRT, `step`": ("litert", "step"),
}
FIELDS = ("model", "version", "format", "signature", "inputs", "difference", "refused")
FIELDS += ("date", "versions")
NO_STEP = "bidirectional"


def results():
    """The measured rows, a list of dict of str."""
    if not RESULTS.exists():
        return []
    with open(RESULTS, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def measure(names):
    """Converts the models of these names, or all, and appends a row for each new result."""
    from rnnzoo.native_stderr import import_keras

    import_keras()
    known = {(row["model"], row["version"], row["format"], row["signature"]) for row in results()}
    versions = "; ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    for name in names or rnnzoo.list_models(pretrained=True):
        version = str(rnnzoo.info(name)["version"])
        for kind in COLUMNS.values():
            if (name, version, *kind) in known:
                continue
            row = dict(zip(FIELDS, (name, version, *kind), strict=False))
            row |= {
                "date": date.today().isoformat(),
                "versions": versions,
                **converted(name, *kind),
            }
            header = not RESULTS.exists()
            with open(RESULTS, "a", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
                if header:
                    writer.writeheader()
                writer.writerow(row)


def converted(name, file_format, signature):
    """The result of a conversion: dict of `inputs` and `difference`, or `refused`."""
    from rnnzoo.native_stderr import native_silence
    from rnnzoo.pipelines.export.formats import export

    with tempfile.TemporaryDirectory() as folder:
        try:
            with native_silence():
                report = export(name, file_format, Path(folder) / "model", signature)
        except InputError as problem:
            message = str(problem)
            no_step = message.startswith("unknown signature")
            reason = message.partition(" cannot be written: ")[2] or message
            return {"refused": NO_STEP if no_step else reason}
    inputs = [name for name in report["inputs"] if not name.startswith("state_")]
    return {"inputs": " ".join(inputs), "difference": f"{report['difference']:.0e}"}


def rendered(rows):
    """The table, Markdown: a row per model."""
    cells, reasons = {}, []
    for row in rows:
        line = cells.setdefault(row["model"], {})
        if row["difference"]:
            line.setdefault("inputs", f"`{row['inputs']}`")
            line[row["format"], row["signature"]] = row["difference"]
        elif row["refused"] == NO_STEP:
            line[row["format"], row["signature"]] = "none"
        else:
            if row["refused"] not in reasons:
                reasons.append(row["refused"])
            line[row["format"], row["signature"]] = f"no ({reasons.index(row['refused']) + 1})"
    lines = [f"| model | input | {' | '.join(COLUMNS)} |", "|---|---|---:|---:|---:|---:|"]
    for model, line in sorted(cells.items()):
        values = " | ".join(line.get(kind, "") for kind in COLUMNS.values())
        lines.append(f"| `{model}` | {line.get('inputs', '')} | {values} |")
    notes = [f"({number}) {reason}" for number, reason in enumerate(reasons, 1)]
    days = sorted({row["date"] for row in rows})
    measured = f"Measured on {days[-1]} with {rows[-1]['versions']}."
    return "\n".join([*lines, "", *(["; ".join(notes) + ".", ""] if notes else []), measured])


def page():
    """The page with today's table."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return before + BEGIN + "\n" + rendered(results()) + "\n\n" + rest[rest.index(END) :]


def main():
    """Measures if asked to, and writes the table into the page."""
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2:])
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
