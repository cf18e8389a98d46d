"""Residents, commuters and events in numbers that can be worked out by hand."""

import numpy as np
import pytest

from rnnzoo.datasets.region_fields.commuting import COMMUTERS, RANGE, commuters
from rnnzoo.datasets.region_fields.events import CHANCE, venues, visitors
from rnnzoo.datasets.region_fields.footprints import Footprints
from rnnzoo.datasets.region_fields.people import people
from rnnzoo.datasets.region_fields.rhythms import (
    around,
    between,
    hour_of_day,
    slow_noise,
    weekday,
)
from rnnzoo.datasets.region_fields.towns import RURAL, Towns, next_larger, place_towns

pytestmark = pytest.mark.core

# From Monday, 2016-04-04.
TIMES = np.datetime64("2016-04-04", "s") + np.arange(8 * 7 * 24) * np.timedelta64(3600, "s")


def towns(people_of_each, centres):
    count = len(people_of_each)
    return Towns(np.array(centres, float), np.ones(count), people_of_each, np.arange(count))


def test_hours_and_weekdays():
    assert hour_of_day(TIMES[:26]).tolist() == [*range(24), 0, 1]
    assert weekday(TIMES[::24][:8]).tolist() == [0, 1, 2, 3, 4, 5, 6, 0]


def test_curves_of_a_day():
    assert between(12.0, 8, 18, 0.5) == pytest.approx(1, abs=1e-3)
    assert between(8.0, 8, 18, 0.5) == between(18.0, 8, 18, 0.5) == pytest.approx(0.5)
    assert around(21.0, 21, 2) == 1
    assert around(1.0, 23, 2) == around(21.0, 23, 2) == pytest.approx(np.exp(-0.5))


def test_slow_noise_has_variance_one_and_its_correlation_time():
    noise = slow_noise(np.random.default_rng(0), 20_000, 5, 10)
    assert noise.var() == pytest.approx(1, abs=0.05)
    assert noise[:100].var(axis=0).min() > 0.1
    assert (noise[10:] * noise[:-10]).mean() == pytest.approx(np.exp(-1), abs=0.05)
    shorter = slow_noise(np.random.default_rng(0), 100, 5, 10)
    np.testing.assert_array_equal(noise[:100], shorter)


def test_commuters_follow_the_gravity_model():
    apart = RANGE * 50
    flows = commuters(towns(np.array([100.0, 50.0]), [(0, 0), (0, apart)]), 50)
    near, far = 100 / (100 + 50 / np.e), 50 / np.e / (100 + 50 / np.e)
    np.testing.assert_allclose(flows[0], 100 * COMMUTERS * np.array([near, far]))
    np.testing.assert_allclose(flows.sum(axis=1), [100 * COMMUTERS, 50 * COMMUTERS])


def test_people_move_and_none_is_lost():
    quarters = towns(np.array([1000.0, 100.0, 50.0]), [(0, 0), (0, 9), (9, 0)])
    flows = commuters(quarters, 13)
    home, work, out, road = people(1, quarters, flows, TIMES)
    assert min(signal.min() for signal in (home, work, out, road)) >= 0
    total, away = home + work + out + road, flows.sum()
    # Within a day the region's people change slowly, while a third of them leaves home and returns.
    daily = total.sum(axis=1).reshape(-1, 24)
    assert (np.ptp(daily, axis=1) / daily.mean(axis=1)).max() < 0.1
    day, hour = weekday(TIMES), hour_of_day(TIMES)
    noon, night = hour == 12, hour == 3
    assert work[(day < 5) & noon].sum(axis=1).mean() == pytest.approx(away, rel=0.15)
    assert work[(day == 6) & noon].sum() < 0.25 * work[(day == 0) & noon].sum()
    assert work[night].max() < 1 and home[(day < 5) & noon].sum() < 0.7 * home[night].sum() * 5 / 7
    assert road[hour == 7].sum() > 5 * road[noon].sum()
    evening = hour == 21
    assert out[(day == 4) & evening].sum() > 1.5 * out[(day == 0) & evening].sum()


def test_every_place_has_its_own_course():
    quarters = towns(np.full(4, 100.0), [(0, 0), (0, 9), (9, 0), (9, 9)])
    home, *_ = people(1, quarters, commuters(quarters, 13), TIMES)
    assert np.linalg.matrix_rank(home / home.max(), tol=1e-2) == 4


def test_events_are_local_and_over_by_midnight():
    residents = np.array([1000.0, 10.0])
    seen = visitors(1, residents, TIMES)
    assert seen.shape == (len(TIMES), 2) and seen.min() >= 0
    by_day = seen.reshape(-1, 24, 2)
    assert by_day[:, :12].max() < 1e-3 and by_day[:, 0].max() < 1e-3
    assert seen[:, 0].max() > 30 * seen[:, 1].max()
    takes_place = by_day.max(axis=1) > 0
    assert 0 < takes_place[weekday(TIMES[::24]) < 3].mean() < takes_place.mean() < 0.4


def test_events_are_as_frequent_as_their_chances():
    times = TIMES[0] + np.arange(200 * 7 * 24) * np.timedelta64(3600, "s")
    seen = visitors(0, np.full(20, 100.0), times).reshape(200, 7, 24, 20)
    rate = (seen.max(axis=2) > 0).mean(axis=(0, 2))
    np.testing.assert_allclose(rate, CHANCE, atol=0.03)


def test_large_towns_have_quarters_and_people_follow_zipf():
    mask = np.ones((60, 80), bool)
    quarters = place_towns(np.random.default_rng(0), mask, 50, 1e6)
    assert quarters.people.sum() == pytest.approx((1 - RURAL) * 1e6)
    of_town = np.bincount(quarters.town, quarters.people)
    np.testing.assert_allclose(of_town[0] / of_town, np.arange(1, 51))
    assert (quarters.town == 0).sum() > 10 and (quarters.town == 49).sum() <= 2
    assert quarters.people.max() <= 0.004 * 1e6
    assert quarters.town[venues(quarters)].tolist() == list(range(20))


def test_places_are_inside():
    mask = np.zeros((30, 30), bool)
    mask[10:14, 20:25] = True
    quarters = place_towns(np.random.default_rng(0), mask, 5, 1000.0)
    row, column = np.rint(quarters.centres).astype(int).T
    assert mask[row, column].all()


def test_roads_lead_to_the_nearest_larger_town():
    quarters = towns(np.array([9.0, 5.0, 4.0, 1.0]), [(0, 0), (9, 0), (2, 0), (10, 0)])
    assert next_larger(quarters).tolist() == [0, 0, 0, 1]


def test_footprints_sum_to_one_inside():
    mask = np.ones((6, 8), bool)
    mask[0, 3:5] = False
    footprints = Footprints(np.random.default_rng(0), mask)
    footprints.add_town((0.0, 2.0), 1.0)
    footprints.add_road((0.0, 2.0), (0.0, 5.0))
    footprints.add_everywhere()
    matrix = footprints.matrix().toarray()
    np.testing.assert_allclose(matrix.sum(axis=0), 1, rtol=1e-6)
    cells = [np.zeros(mask.shape) for _ in range(3)]
    for cell, column in zip(cells, matrix.T, strict=True):
        cell[mask] = column
    assert cells[0][0, 2] > cells[0][3, 2] > cells[0][5, 7] == 0
    np.testing.assert_allclose(cells[1][0], [0, 0, 0.5, 0, 0, 0.5, 0, 0])
    assert matrix[:, 2].min() > 0
