"""Bikes of New York an hour ahead: backpropagation, least squares, and updates on line."""

import time

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure

# [TH] 7.2: a simple RNN of 128 units on the coefficients, whose readout reads the units alone.
SOURCE = {
    "architecture": "rnn", "layers": 1, "units": 128, "rank": 48, "scale": "sqrt",
    "linear": False, "dropout": 0.0, "batch_size": 1, "learning_rate": 0.003, "clip_norm": 1.0,
    "noise_std": 0.0, "interval_weight": 0.0, "rms_weight": 0.0,
    "initialization": "random", "ridge": 0.001, "iterations": 10, "epochs": 0,
}  # fmt: skip
EPOCHS, FURTHER = 50, 10  # of backpropagation from scratch, and after least squares
FORGETTING = (1.0, 0.9995, 0.999, 0.998)
CELLS = ("busiest cell", "cell at 90%", "median cell")
SPLITS = ("test", "broken")
QUICK_EPOCHS, QUICK_STEPS = 1, 48


def load(phase):
    """Returns (training, held out), each a `FieldSeries`.

    Args:
        phase: `"test"`: held out is everything up to May 2020; `"validation"`: up to February, so
            that forgetting is selected on the winter between the tests.
    """
    from rnnzoo.datasets.nyc_bike.load import load_nyc_bike

    splits = {"validation": "train+validation+test+between"}
    splits["test"] = f"{splits['validation']}+broken"
    return load_nyc_bike("train"), load_nyc_bike(splits[phase])


def run(settings, seed, train, held_out, quick):
    """Figures of one model on autumn 2019 and spring 2020, or on the winter between."""
    import numpy as np

    from rnnzoo.fields.evaluation import crowded_cells

    inside = ~np.isnan(held_out.values).any(axis=0).ravel()
    cells = crowded_cells(train.values.reshape(len(train), -1)[:, inside].astype("float64"))
    spans = _spans(held_out.times, quick)
    began = time.perf_counter()
    model = None if "replication" in settings else _trained(settings, seed, train, quick)
    results = {"training": time.perf_counter() - began} if model else {}
    weights = model and model.get_weights()
    for split, span in spans.items():
        if model:
            model.set_weights(weights)
        predicted = _predictions(settings, model, held_out, span, results)
        truth = held_out.values[span].reshape(len(predicted), -1)[:, inside].astype("float64")
        results |= _figures(split, truth, predicted.reshape(len(truth), -1)[:, inside], cells)
    last = list(spans)[-1]
    return {"error": results[f"{last} rmse"], **results}


def _spans(times, quick):
    """dict from split to the slice of its steps; of what goes up to February, `between` alone."""
    from rnnzoo.datasets.nyc_bike.splits import split_steps

    steps = split_steps(times)
    names = SPLITS if steps["broken"].stop > steps["broken"].start else ("between",)
    spans = {name: steps[name] for name in names}
    if quick:
        spans = {k: slice(s.start, min(s.stop, s.start + QUICK_STEPS)) for k, s in spans.items()}
    return spans


def _trained(settings, seed, train, quick):
    """The `FieldForecaster` of an arm, with its errors estimated on the training steps."""
    from rnnzoo.pipelines.experiments.studies.common.trained_model import trained
    from rnnzoo.pipelines.families.fields.family import FIELDS
    from rnnzoo.pipelines.families.fields.field_data import FieldData

    if quick:
        settings = {**settings, "epochs": min(settings["epochs"], QUICK_EPOCHS)}
    data = FieldData("crowd", "", train, {"train": len(train)})
    model = trained(FIELDS, "crowd", settings, data, seed)
    history = 2 * model.reach
    model.calibrate(train, history if len(train) > history + 100 else len(train) // 2)
    return model


def _predictions(settings, model, series, span, results):
    """Predictions (steps, height, width, channels) of the steps of a span."""
    import numpy as np

    if model is None:
        return series.values[span.start - 1 : span.stop - 1]
    if "forgetting" not in settings:
        return model.walk_forward(series[: span.stop], span.start)
    model.read(series[: span.start], forgetting=settings["forgetting"], ridge=settings["ridge"])
    rows, seconds = [], 0.0
    for frame in series.values[span]:
        rows.append(model.ahead(1)[0])
        began = time.perf_counter()
        model.update(frame)
        seconds += time.perf_counter() - began
    results["update"] = 1000 * seconds / len(rows)
    return np.stack(rows)


def _figures(split, truth, predicted, cells):
    from rnnzoo.fields.evaluation import row

    figures = row(truth, predicted, cells)
    return {f"{split} {name}": value for name, value in figures.items()}


def _arms():
    control = "INIT"
    yield Arm(control, ({**SOURCE, "initialization": "least_squares"},))

    def arm(name, **changes):
        base = {**SOURCE, "initialization": "least_squares"}
        return Arm(name, ({**base, **changes},), control)

    def updated(name, **changes):
        base = {**SOURCE, "initialization": "least_squares", **changes}
        return Arm(name, tuple({**base, "forgetting": f} for f in FORGETTING), control)

    yield Arm("replication", ({"replication": True},), control)
    yield arm("BPTT", initialization="random", epochs=EPOCHS)
    yield arm("INIT + BPTT", epochs=FURTHER, learning_rate=0.0002)
    yield updated("INIT + UPDATE")
    yield arm("INIT, linear", linear=True)
    yield arm("INIT + BPTT, linear", linear=True, epochs=FURTHER, learning_rate=0.0002)
    yield updated("INIT + UPDATE, linear", linear=True)


def _value(key):
    """The function of a `Measure`; NaN for an arm that has no such result."""
    return lambda cell, _: cell.get(key, float("nan"))


# Of Piedmont's phones: tables 7.3 and 7.4.
_SNR = {
    "replication": "[TH] table 7.3: 27.93 dB", "BPTT": "[TH] table 7.3: 30.34 dB",
    "INIT": "[TH] table 7.3: 32.28 dB", "INIT + UPDATE": "[TH] table 7.3: 32.34 dB",
}  # fmt: skip
_BUSIEST = {
    "replication": "[TH] table 7.4: 13.59", "BPTT": "[TH] table 7.4: 10.30",
    "INIT": "[TH] table 7.4: 6.70", "INIT + UPDATE": "[TH] table 7.4: 6.22",
}  # fmt: skip


def _measures():
    for split, title in zip(SPLITS, ("autumn 2019", "spring 2020"), strict=True):
        calm = split == "test"
        yield Measure(f"RMSE, {title}", "", "lower", _value(f"{split} rmse"))
        source = _SNR if calm else {}
        yield Measure(f"SNR, {title}", "dB", "higher", _value(f"{split} snr"), source)
        for index, cell in enumerate(CELLS):
            source = _BUSIEST if calm and not index else {}
            name = f"mean absolute error, {cell}, {title}"
            yield Measure(name, "", "lower", _value(f"{split} mae_{index}"), source)
    yield Measure("training", "s", "lower", _value("training"))
    yield Measure("update", "ms", "lower", _value("update"))


EXPERIMENT = Experiment(
    name="crowd",
    title="Bikes of New York, an hour ahead",
    question="Is a simple RNN on the coefficients of an SVD better initialised by least squares "
    "than trained by backpropagation, and does updating it on line help, in a calm autumn and when "
    "a pandemic begins?",
    source="[TH] section 7.2, tables 7.3 and 7.4: on the phones of Piedmont, whose data cannot be "
    "had, INIT is better than BPTT, and INIT + UPDATE slightly better still. Here updates "
    "begin with all steps before each test, of which the others have learnt up to July 2019; how "
    "fast they forget was selected on the winter between the tests.",
    arms=tuple(_arms()),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(1,),
    criterion="error",
    measures=tuple(_measures()),
    load=load,
    run=run,
    version=1,
)
