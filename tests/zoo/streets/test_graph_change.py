import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.streets.graph import Link, street_graph
from rnnzoo.streets.path_predictor import PathPredictor

LINKS = [
    Link("ab", "a", "b", 1.0),
    Link("ba", "b", "a", 1.0),
    Link("bc", "b", "c", 1.0),
    Link("cb", "c", "b", 1.0),
]
NEW = Link("bd", "b", "d", 1.0)


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(1)
    model = PathPredictor(street_graph("t", LINKS), [keras.layers.GRU(3)], embedding=2)
    for weight in model.weights:
        weight.assign(keras.random.normal(weight.shape, seed=2))
    return model


def test_the_same_graph_is_the_same_model(model):
    assert model.with_graph(street_graph("t", LINKS)) is model


def test_other_numbers_of_the_same_links_change_nothing(model):
    other = model.with_graph(street_graph("t", LINKS[::-1]))
    for destination in (None, "cb"):
        before = model.next(["ab", "bc"], destination=destination)
        after = other.next(["ab", "bc"], destination=destination)
        assert [link.link for link in before] == [link.link for link in after]
        np.testing.assert_allclose(
            [link.probability for link in before], [link.probability for link in after], rtol=1e-5
        )


def test_a_removed_link_leaves_the_odds_of_the_others(model):
    other = model.with_graph(street_graph("t", LINKS[:3]))
    odds = {link.link: link.probability for link in model.next("ab")}
    left = {link.link: link.probability for link in other.next("ab")}
    assert left.keys() == odds.keys()
    assert {link.link for link in other.next(["ab", "bc"])} == {None}
    assert left["ba"] / left["bc"] == pytest.approx(odds["ba"] / odds["bc"], rel=1e-4)


def test_a_new_link_begins_as_the_mean_of_its_neighbours(model, capsys):
    other = model.with_graph(street_graph("t", [*LINKS, NEW]))
    assert capsys.readouterr().err == "graph: 4 links keep their weights, 1 new, 0 gone\n"
    before = keras.ops.convert_to_numpy(model.link_embedding.embeddings)
    after = keras.ops.convert_to_numpy(other.link_embedding.embeddings)
    np.testing.assert_array_equal(after[:4], before)
    np.testing.assert_allclose(after[4], before[[0, 3]].mean(axis=0))  # ab and cb lead to it
    assert "bd" in {link.link for link in other.next("ab")}
    other.fit(other.windows(_trips([[0, 4]]), known=0.0), epochs=1, verbose=0)  # is compiled


def _trips(links):
    from rnnzoo.streets.batches import TripBatches

    return TripBatches.trips_of(links)


def test_another_city_is_refused(model):
    links = [Link("x", "p", "q", 1.0), Link("y", "q", "p", 1.0)]
    with pytest.raises(InputError, match="no link has an id of the model's graph, such as 'ab'"):
        model.with_graph(street_graph("t", links))
