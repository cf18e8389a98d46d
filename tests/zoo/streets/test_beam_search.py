import keras
import numpy as np
import pytest

from rnnzoo.streets.beam_search import links_to, routes
from rnnzoo.streets.path_predictor import PathPredictor


@pytest.fixture(scope="module")
def model(city):
    keras.utils.set_random_seed(1)
    model = PathPredictor(city[0], [keras.layers.GRU(5)], embedding=3)
    for weight in model.weights:
        weight.assign(keras.random.normal(weight.shape, 0.0, 0.7, seed=1))
    return model


def exhaustive(model, origin, destination, most):
    """The most probable path of at most so many links that ends at the destination."""
    best = (-np.inf, None)
    paths = [[origin]]
    for _ in range(most):
        longer = []
        for path in paths:
            ids = [model.graph.ids[link] for link in path]
            if path[-1] == destination:
                goal = model.graph.ids[destination]
                best = max(best, (model.log_likelihood(ids, destination=goal), path))
            longer += [[*path, c] for c in model.candidates[path[-1], :-1].tolist() if c >= 0]
        paths = longer
    return best


def test_links_to_are_counted_along_the_shortest_path(city):
    graph, _ = city
    successors = graph.successors()
    for destination, left in zip((0, 7), links_to(successors, [0, 7]), strict=True):
        assert left[destination] == 0 and (left >= 0).all()
        for link in range(len(graph)):
            if link != destination:
                after = [left[c] for c in successors[link] if c >= 0]
                assert left[link] == 1 + min(after)


def test_many_beams_are_the_exhaustive_search(model):
    origin, destination = 0, int(model.candidates[0, 0])
    score, path = exhaustive(model, origin, destination, 5)
    (route,) = routes(model, [[origin]], np.array([destination]), beams=200)
    ids = [model.graph.ids[link] for link in route]
    goal = model.graph.ids[destination]
    assert model.log_likelihood(ids, destination=goal) >= score - 1e-5
    if len(route) <= 5:
        assert route == path


def test_every_destination_is_reached_by_steps_of_the_graph(model, city):
    graph, _ = city
    size = len(graph)
    origins, goals = (pair.ravel() for pair in np.meshgrid(np.arange(size), np.arange(0, size, 5)))
    ways = routes(model, origins[:, None].tolist(), goals, 2)
    for origin, goal, route in zip(origins, goals, ways, strict=True):
        assert (route[0], route[-1]) == (origin, goal)
        for link, following in zip(route, route[1:], strict=False):
            assert graph.ends[link] == graph.starts[following]


def test_a_route_does_not_depend_on_others_of_its_batch(model):
    prefixes, goals = [[0], [5], [9]], np.array([30, 2, 9])
    together = routes(model, prefixes, goals, 4)
    alone = [routes(model, [prefixes[i]], goals[[i]], 4)[0] for i in range(3)]
    assert together == alone
    assert together[2] == [9]


def test_a_route_continues_its_prefix(model):
    after = int(model.candidates[0, 1])
    (route,) = routes(model, [[0, after]], np.array([40]), 4)
    assert route[:2] == [0, after] and route[-1] == 40
