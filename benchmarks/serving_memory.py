"""Seconds until the server listens, and its memory, by models.

python benchmarks/serving_memory.py

The peak is that of the process after 256 connections have sent requests to `shakespeare-lstm` for
some seconds. No request waits for a model: all are named, and so loaded before the server listens.
"""

import csv
import datetime
import os
import sys
import time
from pathlib import Path

from serving import PREDICT, measured, started

import rnnzoo

TARGET = Path(__file__).with_suffix(".csv")
COLUMNS = ["date", "cores", "load", "models", "listens_s", "cpu_s", "resident_mb", "peak_mb"]
SECONDS, CONNECTIONS = 4.0, 256
SHAKESPEARE = rnnzoo.list_models("shakespeare-*", pretrained=True)
ALL = rnnzoo.list_models(pretrained=True)
MODELS = {
    "`shakespeare-lstm`": ["shakespeare-lstm"],
    f"`shakespeare-*`, {len(SHAKESPEARE)} models": SHAKESPEARE,
    f"all {len(ALL)}": ALL,
}


def memory_of(process):
    """dict of the lines of a process's status that have kilobytes, in MB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return {
        line.split(":")[0]: round(int(line.split()[1]) / 1024)
        for line in lines
        if line.endswith("kB")
    }


def processor_seconds(process):
    """Seconds that a process has used of all processors, which other programs do not change."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row_of(title, models):
    """The figures of a server, a dict."""
    about = (
        datetime.date.today().isoformat(),
        len(os.sched_getaffinity(0)),
        round(os.getloadavg()[0], 1),
    )
    begin = time.perf_counter()
    command = [sys.executable, "-m", "rnnzoo", "serve", *models, "--port", "0", "--json"]
    process, port = started(command)
    seconds = time.perf_counter() - begin
    try:
        first = round(seconds, 1), round(processor_seconds(process), 1), memory_of(process)["VmRSS"]
        model, suffix, body = PREDICT["predict"]
        measured(port, f"/v1/models/{model}{suffix}", body, CONNECTIONS, SECONDS, False)
        figures = *first, memory_of(process)["VmHWM"]
    finally:
        process.kill()
        process.wait()
    return dict(zip(COLUMNS, (*about, title, *figures), strict=True))


def main():
    """Measures, and writes the CSV."""
    rows = [row_of(title, models) for title, models in MODELS.items()]
    with open(TARGET, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
