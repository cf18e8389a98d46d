import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.streets.next_links import next_columns
from rnnzoo.streets.batches import TripBatches


@pytest.fixture(scope="module")
def data(city):
    graph, trips = city
    return graph.successors(), trips


def rows_of(batches):
    """(links, destination, labels) of every trip of an epoch."""
    rows = []
    for index in range(len(batches)):
        for x, y in zip(*batches[index], strict=True):
            mask = x[:, 0] >= 0
            assert (mask == (y >= 0)).all() and len(set(x[:, 1])) == 1
            rows.append((tuple(x[mask, 0]), int(x[0, 1]), tuple(y[mask])))
    return rows


@pytest.mark.parametrize("shuffle", [True, False])
def test_an_epoch_has_every_trip_once_with_what_follows(data, shuffle):
    successors, trips = data
    columns = next_columns(successors, trips)
    parts = np.split(columns, trips.offsets[1:-1])
    expected = [(tuple(t), tuple(c)) for t, c in zip(trips, parts, strict=True)]
    drawn = [(links, labels) for links, _, labels in rows_of(TripBatches(*data, 16, 1, shuffle))]
    assert sorted(drawn) == sorted(expected)


def test_the_first_two_batches_differ_in_width(data):
    """Keras would take the width for fixed, and refuse the first batch of another one."""
    for seed in range(20):
        batches = TripBatches(*data, 16, seed)
        assert batches[0][1].shape[1] != batches[1][1].shape[1]


@pytest.mark.parametrize("known", [0.0, 1.0])
def test_destinations_are_the_last_links_or_unknown(data, known):
    for links, destination, _ in rows_of(TripBatches(*data, 16, known=known)):
        assert destination == (links[-1] if known else -1)


def test_a_share_of_destinations_is_known_and_drawn_anew(data):
    batches = TripBatches(*data, 16, seed=2, known=0.25)
    told = []
    for _ in range(8):
        told.append({(links, goal) for links, goal, _ in rows_of(batches) if goal >= 0})
        batches.on_epoch_end()
    share = np.mean([len(part) for part in told]) / len(data[1])
    assert abs(share - 0.25) < 0.05 and told[0] != told[1]


def test_an_epoch_depends_on_seed_and_number_alone(data):
    first, second = TripBatches(*data, 16, seed=3), TripBatches(*data, 16, seed=3, first_epoch=2)
    for _ in range(2):
        first.on_epoch_end()
    assert rows_of(first) == rows_of(second)
    assert rows_of(first) != rows_of(TripBatches(*data, 16, seed=4, first_epoch=2))


def test_trips_of_a_batch_are_of_similar_length(data):
    def padding(size):
        batches = TripBatches(*data, size)
        return sum((y < 0).sum() for _, y in (batches[i] for i in range(len(batches))))

    longest = data[1].lengths.max()
    assert padding(8) < 0.2 * (longest * len(data[1]) - data[1].lengths.sum())


@pytest.mark.parametrize("known", [-0.1, 1.5, float("nan"), "a", None])
def test_a_share_outside_0_to_1_is_refused(data, known):
    with pytest.raises(InputError, match="give a share from 0 to 1"):
        TripBatches(*data, known=known)


@pytest.mark.parametrize(
    ("trip", "message"),
    [
        ([0, 0], "trip 1 has the step from link 0 to 0, which the graph does not have"),
        ([999], "trip 1 has the link 999: give indices from 0 to 47"),
        ([-1], "trip 1 has the link -1"),
    ],
)
def test_trips_through_another_graph_are_refused(data, trip, message):
    with pytest.raises(InputError, match=message):
        TripBatches(data[0], TripBatches.trips_of([[1], trip]))


def test_no_trip_is_refused(data):
    with pytest.raises(InputError, match="there is no trip"):
        TripBatches(data[0], data[1].select([]))
