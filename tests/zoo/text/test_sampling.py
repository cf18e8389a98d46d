import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.text.sampling import check, sample

pytestmark = pytest.mark.core

LOGITS = np.log(np.array([[0.1, 0.2, 0.3, 0.4]], dtype=np.float32))


def frequencies(**settings):
    uniforms = (np.arange(10_000) + 0.5) / 10_000
    drawn = np.asarray(sample(np.repeat(LOGITS, 10_000, axis=0), uniforms, **settings))
    return np.bincount(drawn, minlength=4) / 10_000


def test_it_draws_from_the_softmax():
    np.testing.assert_allclose(frequencies(), [0.1, 0.2, 0.3, 0.4], atol=2e-4)


def test_temperature_sharpens_and_flattens():
    squared = np.array([0.01, 0.04, 0.09, 0.16])
    np.testing.assert_allclose(frequencies(temperature=0.5), squared / squared.sum(), atol=2e-4)
    np.testing.assert_allclose(frequencies(temperature=1e6), [0.25] * 4, atol=2e-4)
    np.testing.assert_allclose(frequencies(temperature=0), [0, 0, 0, 1])
    np.testing.assert_allclose(frequencies(temperature=1e-6), [0, 0, 0, 1])


def test_top_k_leaves_the_likeliest():
    np.testing.assert_allclose(frequencies(top_k=2), [0, 0, 3 / 7, 4 / 7], atol=2e-4)
    np.testing.assert_allclose(frequencies(top_k=1), [0, 0, 0, 1])
    np.testing.assert_allclose(frequencies(top_k=9), frequencies())


def test_ties_do_not_widen_the_draw():
    drawn = sample(np.zeros((1000, 5)), np.linspace(0, 0.999, 1000), top_k=2)
    assert len(set(np.asarray(drawn))) == 2


def test_top_p_leaves_the_fewest_that_reach_it():
    np.testing.assert_allclose(frequencies(top_p=0.7), [0, 0, 3 / 7, 4 / 7], atol=2e-4)
    np.testing.assert_allclose(frequencies(top_p=0.71), [0, 2 / 9, 3 / 9, 4 / 9], atol=2e-4)
    np.testing.assert_allclose(frequencies(top_p=0.01), [0, 0, 0, 1])
    np.testing.assert_allclose(frequencies(top_p=1.0), frequencies(), atol=2e-4)
    # Of what top_k and the temperature leave: 0.09 : 0.16 here.
    np.testing.assert_allclose(frequencies(top_k=2, top_p=0.6, temperature=0.5), [0, 0, 0, 1])
    np.testing.assert_allclose(frequencies(top_k=2, top_p=0.6), [0, 0, 3 / 7, 4 / 7], atol=2e-4)


def test_a_minute_temperature_takes_the_likeliest():
    assert sample(LOGITS, np.array([0.5]), temperature=1e-308)[0] == 3


@pytest.mark.parametrize("u", [0.0, np.nextafter(1.0, 0)])
def test_the_ends_of_the_unit_interval_stay_in_the_draw(u):
    logits = np.array([[-np.inf, 0.0, 0.0, -np.inf]])
    assert sample(logits, np.array([u]))[0] in (1, 2)
    assert sample(LOGITS, np.array([u]), top_k=2)[0] in (2, 3)


@pytest.mark.parametrize(
    "settings",
    [(-1,), (float("nan"),), (float("inf"),), (1, 0), (1, None, 0), (1, None, 1.01)],
)
def test_settings_that_no_distribution_has(settings):
    with pytest.raises(InputError):
        check(*settings)
