"""What exported weather forecasters answer."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.fields.basis import LEVELS
from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.pipelines.families.weather.signatures import AHEAD, MISSING
from rnnzoo.weather.gaps import LATEST
from rnnzoo.weather.season import LEAST

DAYS = 900


@pytest.fixture(scope="module")
def exported(fitted_weather, tmp_path_factory):
    """The loaded export of a forecaster by least squares."""
    folder = tmp_path_factory.mktemp("exported")
    export_saved_model(fitted_weather, folder)
    return tf.saved_model.load(folder)


@pytest.fixture(scope="module")
def days(small_weather):
    """float32 array (days, parameters), -999 of what the place does not have."""
    return np.nan_to_num(small_weather["here"].values[:DAYS, 0, 0], nan=MISSING)


@pytest.fixture(scope="module")
def served(exported, days):
    """The outputs of `serving_default` for `days`."""
    outputs = exported.signatures["serving_default"](days=tf.constant(days[None]))
    return {name: value.numpy() for name, value in outputs.items()}


def test_a_history_is_answered_like_the_model(served, fitted_weather, small_weather):
    history = small_weather["here"][:DAYS]
    assert AHEAD == 14 and served["mean"].shape == (1, 14, 20)
    np.testing.assert_allclose(served["levels"][0], LEVELS)
    means = fitted_weather.forecast(history, AHEAD)[:, 0, 0]
    quantiles = fitted_weather.forecast(history, AHEAD, quantiles=list(LEVELS))[:, 0, 0]
    for output, expected in ((served["mean"], means), (served["quantiles"], quantiles)):
        expected = np.nan_to_num(expected, nan=MISSING)
        np.testing.assert_allclose(output[0], expected, rtol=1e-3, atol=5e-3)


def test_nan_is_missing_like_the_mark(exported, served, days):
    nan = np.where(days == MISSING, np.nan, days).astype("float32")
    outputs = exported.signatures["serving_default"](days=tf.constant(nan[None]))
    np.testing.assert_array_equal(outputs["mean"], served["mean"])


@pytest.mark.parametrize("missing", [LATEST - 1, LATEST, 400])
def test_a_parameter_that_ended_is_missing_as_in_python(exported, fitted_weather, days, missing):
    ended = days.copy()
    ended[-missing:, 0] = MISSING
    mean = exported.signatures["serving_default"](days=tf.constant(ended[None]))["mean"].numpy()
    values = np.where(ended == MISSING, np.nan, ended)[:, None, None]
    means = fitted_weather.forecast(values, AHEAD)[:, 0, 0]
    np.testing.assert_array_equal(mean[0] == MISSING, np.isnan(means))
    assert np.isnan(means[:, 0]).all() == (missing >= LATEST)
    if missing >= LATEST:  # it is not read at all, so that the others are the same
        np.testing.assert_allclose(mean[0], np.nan_to_num(means, nan=MISSING), rtol=1e-3, atol=5e-3)


def test_each_sequence_of_a_batch_has_its_own_ended_parameters(exported, served, days):
    ended = days.copy()
    ended[-LATEST:, 0] = MISSING
    both = exported.signatures["serving_default"](days=tf.constant(np.stack([days, ended])))
    np.testing.assert_allclose(both["mean"][0], served["mean"][0], rtol=1e-4, atol=1e-3)
    assert (both["mean"].numpy()[1, :, 0] == MISSING).all()


def test_steps_one_after_the_other_are_the_whole_history(exported, days):
    step, count = exported.signatures["step"], LEAST + 2
    specs = step.structured_input_signature[1]
    states = {n: tf.zeros([1, *s.shape[1:]]) for n, s in specs.items() if n.startswith("state_")}
    for day in days[:count]:
        outputs = step(day=tf.constant(day[None]), **states)
        states = {name: outputs[name] for name in states}
    whole = exported.signatures["serving_default"](days=tf.constant(days[None, :count]))
    assert outputs["mean"].shape == (1, 1, 20) and (outputs["mean"] != MISSING).numpy().any()
    np.testing.assert_allclose(outputs["mean"][:, 0], whole["mean"][:, 0], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("PRECTOTCORR", -3.0),
        ("PRECTOTCORR", 1e30),
        ("T2M", np.inf),
        ("T2M", 1e10),
        ("T2M", -999.0001),
        ("RH2M", 500.0),
        ("WD10M", 400.0),
    ],
)
def test_what_python_refuses_is_refused_in_the_same_words(
    exported, refused_alike, fitted_weather, days, parameter, value
):
    wrong = days[:DAYS].copy()
    wrong[7, fitted_weather.parameters.index(parameter)] = value
    values = np.where(wrong == MISSING, np.nan, wrong)[:, None, None]
    refused_alike(
        lambda: fitted_weather.forecast(values, 1),
        exported.signatures["serving_default"],
        days=tf.constant(wrong[None]),
    )


def test_less_than_two_years_are_refused_in_the_same_words(
    exported, refused_alike, fitted_weather, days
):
    values = np.where(days == MISSING, np.nan, days)[: LEAST - 1, None, None]
    serve = exported.signatures["serving_default"]
    refused_alike(
        lambda: fitted_weather.forecast(values, 1), serve, days=tf.constant(days[None, : LEAST - 1])
    )
    assert (serve(days=tf.constant(days[None, :LEAST]))["mean"] != MISSING).numpy().any()
