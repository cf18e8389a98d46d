"""Daily weather at four places: least squares, gradients, and a place never seen."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure

# The recipe of power-gru, without epochs.
BASE = {
    "architecture": "gru", "layers": 1, "units": 32, "linear": True, "dropout": 0.3,
    "ridge": 0.01, "batch_size": 1, "epochs": 0, "learning_rate": 1e-4, "clip_norm": 1.0,
    "noise_std": 0.0, "interval_weight": 0.0, "rms_weight": 0.0, "without": "",
}  # fmt: skip
EPOCHS, QUICK_EPOCHS = 6, 1
BASELINES = ("climatology", "persistence", "damped persistence")
PLACES = ("bangalore", "champion", "swift_current", "cordoba")
AT_A_POINT = {"T2M": "temperature", "RH2M": "humidity", "PS": "pressure"}
SHARED = {"T2M": "mean temperature", "T2M_MAX": "maximum temperature", "PRECTOTCORR": "rain"}
LATEST = 1461  # days of training that errors are estimated on
QUICK_DAYS = 400  # of the held-out days that are read


def load(phase):
    """Returns (training, held out), each a dict from place to `FieldSeries` or (it, first day).

    Args:
        phase: `"test"`: held out are the days from 2013 on; `"validation"`: 2009 to 2012.
    """
    import numpy as np

    from rnnzoo.datasets.weather_places.load import first_test_day, load_place, load_split

    train = load_split("train")
    splits = "train+validation" + ("+test" if phase == "test" else "")
    held_out = {}
    for place, series in load_split(splits).items():
        first = len(train[place])
        if phase == "test":
            first = int(np.searchsorted(series.times, np.datetime64(first_test_day())))
        held_out[place] = (series, first)
    if phase == "test":
        series = load_place("cordoba")
        first = int(np.searchsorted(series.times, np.datetime64(first_test_day())))
        held_out["cordoba"] = (series, first)
    return train, held_out


def run(settings, seed, train, held_out, quick):
    """Figures of one model, or of a baseline, at each place."""
    from rnnzoo.weather.evaluation import baseline_rows, model_rows, relative_error
    from rnnzoo.weather.place_test import PlaceTest

    tests = {}
    for place, (series, first) in held_out.items():
        values = series.values[: first + QUICK_DAYS if quick else None, 0, 0]
        fitted = len(train[place]) if place in train else first
        tests[place] = PlaceTest(place, values, first, fitted)
    model = None if "baseline" in settings else _trained(settings, seed, train, quick)
    results = {}
    for place, test in tests.items():
        baselines = baseline_rows(test, _scales())
        damped = baselines["damped persistence"]
        table = model_rows(model, test) if model else baselines[settings["baseline"]]
        results[f"{place} relative"] = relative_error(table)
        for parameter in {*AT_A_POINT, *SHARED} & table.keys():
            skill = _skill(table[parameter], damped[parameter])
            results |= {f"{place} {parameter} {day + 1}": skill[day] for day in range(len(skill))}
        if model:
            results[f"{place} coverage"] = _mean(row["coverage"][0] for row in table.values())
    return {"error": _mean(results[f"{place} relative"] for place in tests), **results}


def _mean(values):
    values = list(values)
    return float(sum(values) / len(values))


def _skill(row, damped):
    """Skill above damped persistence 1 to 3 days ahead: 1 minus the ratio of squared errors."""
    pairs = zip(row["rmse"][:3], damped["rmse"][:3], strict=True)
    return [1 - (ours / theirs) ** 2 for ours, theirs in pairs]


def _scales():
    from rnnzoo.datasets.weather.parameters import PARAMETERS

    return {name: about.scale for name, about in PARAMETERS.items()}


def _trained(settings, seed, train, quick):
    """The `WeatherForecaster` of an arm, its errors estimated on the last years of training."""
    from rnnzoo.pipelines.experiments.studies.common.trained_model import trained
    from rnnzoo.pipelines.families.weather.family import WEATHER
    from rnnzoo.pipelines.families.weather.weather_data import WeatherData

    without = settings["without"].split()
    places = {place: series for place, series in train.items() if place not in without}
    if quick:
        settings = {**settings, "epochs": min(settings["epochs"], QUICK_EPOCHS)}
    ends = {place: {"train": len(series)} for place, series in places.items()}
    data = WeatherData("weather", "", places, ends)
    model = trained(WEATHER, "weather", settings, data, seed)
    model.calibrate(list(places.values()), [len(series) - LATEST for series in places.values()])
    return model


def _arms():
    control = "least squares"
    yield Arm(control, (BASE,))
    for baseline in BASELINES:
        yield Arm(baseline, ({"baseline": baseline},), control)
    yield Arm("least squares and gradients", ({**BASE, "epochs": EPOCHS},), control)
    for name, without in (
        ("Bangalore alone", "champion swift_current"),
        ("without Champion", "champion"),
        ("without Swift Current", "swift_current"),
    ):
        yield Arm(name, ({**BASE, "without": without},), control)


def _value(key):
    """The function of a `Measure`; NaN for an arm that has no such result."""
    return lambda cell, _: cell.get(key, float("nan"))


def _measures():
    for place in PLACES:
        title = place.replace("_", " ").title()
        yield Measure(f"relative RMSE, {title}", "", "lower", _value(f"{place} relative"))
    for parameter, name in AT_A_POINT.items():
        for day in (1, 2, 3):
            key = f"bangalore {parameter} {day}"
            yield Measure(f"skill, {name}, day {day}, Bangalore", "", "higher", _value(key))
    for parameter, name in SHARED.items():
        for place in PLACES[1:]:
            title = place.replace("_", " ").title()
            key = f"{place} {parameter} 1"
            yield Measure(f"skill, {name}, day 1, {title}", "", "higher", _value(key))
    for place in PLACES:
        title = place.replace("_", " ").title()
        yield Measure(f"coverage of 90%, {title}", "", "higher", _value(f"{place} coverage"))


EXPERIMENT = Experiment(
    name="weather",
    title="Daily weather at four places",
    question="Is a recurrent network on deviations from the season of a place better than damped "
    "persistence 1 to 3 days ahead, does training by gradients add to least squares, and does "
    "a model forecast a place that it has never seen?",
    source="[TH] chapter 9 proposes the data of NASA POWER as future work, and has no figures. "
    "Trained on the days up to 2008, tested on those from 2013 on; Cordoba is in no training. "
    "`relative RMSE` is the mean over parameters and 1 to 3 days ahead of the error over that of "
    "the climatology; `skill` is above damped persistence, 1 minus the ratio of squared errors.",
    arms=tuple(_arms()),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(1,),
    criterion="error",
    measures=tuple(_measures()),
    load=load,
    run=run,
    version=2,
)
