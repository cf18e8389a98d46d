"""What forecasters of air temperature are built with, by their errors on the validation split.

GRUs by least squares alone, with the random weights of one seed, six hours and a day ahead.

python benchmarks/air_grid.py
"""

import csv
from pathlib import Path

import numpy as np

TARGET = Path(__file__).with_suffix(".csv")
UNITS, SEED = 32, 1
BEST = {"trend": "days", "prior": "own", "rank": 200, "ridge": 0.03}
CASES = [
    {**BEST, "trend": "weeks", "prior": "zero", "rank": 48, "ridge": 0.01},
    {**BEST, "trend": "weeks"},
    *({**BEST, "prior": "zero", "ridge": ridge} for ridge in (0.001, 0.01, 0.1)),
    *({**BEST, "prior": "zero", "rank": 48, "ridge": ridge} for ridge in (0.001, 0.01, 0.1)),
    *({**BEST, "rank": rank} for rank in (24, 48, 96, 144, 300)),
    *({**BEST, "ridge": ridge} for ridge in (0.01, 0.03, 0.1)),
]


def errors(train, series, trend, prior, rank, ridge):
    """Root mean square errors of a model on the steps after training, in degrees Celsius."""
    import keras

    from rnnzoo.fields.forecaster import FieldForecaster
    from rnnzoo.fields.lead_times import ahead, leads_of

    keras.utils.set_random_seed(SEED)
    size = series.values.shape[1:]
    layers = [keras.layers.GRU(UNITS)]
    model = FieldForecaster(size, series.step, layers, rank=rank, scale="none", trend=trend)
    model.fit_fields(train, prior=prior, ridge=ridge)
    truth = series.values[len(train) :].reshape(len(series) - len(train), -1)
    return [
        float(np.sqrt(np.square(ahead(model, series.values, len(train), lead) - truth).mean()))
        for lead in leads_of(series.step).values()
    ]


def main():
    """Writes a row per case."""
    from rnnzoo.datasets.ncep_air.load import load_ncep_air

    train, series = load_ncep_air("train"), load_ncep_air("train+validation")
    rows = []
    for case in CASES:
        step, day = errors(train, series, **case)
        rows.append({**case, "six_hours": f"{step:.3f}", "day": f"{day:.3f}"})
        print(rows[-1], flush=True)
    with open(TARGET, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
