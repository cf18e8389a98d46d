import itertools

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.streets.graph import Link, street_graph
from rnnzoo.streets.path_predictor import PathPredictor

# A triangle a b c with a street back from b to a, and a dead end d.
LINKS = [
    Link("ab", "a", "b", 1.0, "First Street"),
    Link("ba", "b", "a", 1.0),
    Link("bc", "b", "c", 1.0),
    Link("ca", "c", "a", 1.0),
    Link("cd", "c", "d", 1.0),
]


def predictor(layer=None, **settings):
    keras.utils.set_random_seed(3)
    layers = [layer or keras.layers.GRU(6)]
    model = PathPredictor(street_graph("t", LINKS), layers, embedding=4, **settings)
    for weight in model.weights:  # far from uniform
        weight.assign(keras.random.normal(weight.shape, seed=len(weight.shape)))
    return model


@pytest.fixture(scope="module")
def model():
    return predictor()


def test_it_is_the_equation():
    model = predictor(keras.layers.SimpleRNN(3))
    links, goal = [0, 2, 3], 4
    e, d = model.link_embedding.get_weights()[0], model.destination_embedding.get_weights()[0]
    kernel, recurrent, bias = model.recurrent[0].get_weights()
    v, b = model.readout.get_weights()
    h, logits = np.zeros(3), []
    for link in links:
        x = np.append(e[link] + d[goal + 1], float(link == goal))
        h = np.tanh(x @ kernel + h @ recurrent + bias)
        logits.append(
            [
                v[c] @ h + b[link, k] if c >= 0 else -1e9
                for k, c in enumerate(model.candidates[link])
            ]
        )
    inputs = np.array([[[link, goal] for link in links]], "int32")
    np.testing.assert_allclose(model(inputs)[0], logits, rtol=1e-5, atol=1e-5)


def test_what_cannot_follow_has_no_probability(model):
    inputs = np.array([[[0, -1], [2, -1], [4, -1]]], "int32")
    p = keras.ops.convert_to_numpy(keras.ops.softmax(model(inputs)))[0]
    possible = model.candidates[[0, 2, 4]] >= 0
    assert (p[~possible] == 0).all() and (p[possible] > 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-6)
    assert p[2].tolist()[-1] == 1.0  # nothing follows the dead end but the end of the path


def test_next_is_sorted_and_complete(model):
    following = model.next("ab")
    assert {link.link for link in following} == {"ba", "bc", None}
    assert sum(link.probability for link in following) == pytest.approx(1)
    assert [link.probability for link in following] == sorted(
        (link.probability for link in following), reverse=True
    )
    assert model.next(["ca", "ab"], top=1) == model.next(["ca", "ab"])[:1]
    assert {link.name for link in model.next("ca")} == {"First Street", ""}


def test_a_known_destination_matters_and_an_unknown_one_is_the_default(model):
    assert model.next("ab", destination="cd") != model.next("ab")


def test_the_greedy_path_follows_the_most_probable(model):
    path = model.predict_path("ca", steps=4)
    for step in range(1, len(path)):
        assert model.next(path[:step], top=1)[0].link == path[step]
    if len(path) < 5:
        assert model.next(path, top=1)[0].link is None


def test_samples_have_the_probabilities_of_next(model):
    drawn = model.sample("ab", 4000, steps=1, seed=1)
    assert drawn == model.sample("ab", 4000, steps=1, seed=1)
    for link in model.next("ab"):
        path = ["ab"] if link.link is None else ["ab", link.link]
        share = drawn.count(path) / 4000
        assert abs(share - link.probability) < 4 * np.sqrt(0.25 / 4000)


def test_a_low_temperature_is_the_greedy_path(model):
    greedy = model.predict_path("ca", steps=5)
    assert model.sample("ca", 3, steps=5, temperature=1e-3, seed=2) == [greedy] * 3


@pytest.mark.parametrize("temperature", [1e-300, 1e-40, 1e9, 1e300])
def test_any_temperature_draws_steps_of_the_graph(model, temperature):
    for path in model.sample("ab", 50, steps=20, temperature=temperature, seed=1):
        model.log_likelihood(path)  # refuses steps that the graph does not have
    if temperature < 1:
        assert path == model.predict_path("ab", 20)


def test_log_likelihoods_of_all_paths_of_two_links_and_one_sum_to_one(model):
    paths = [["ab"], *(["ab", second] for second in ("ba", "bc"))]
    p = np.exp([model.log_likelihood(path) for path in paths])
    longer = sum(
        np.exp(model.log_likelihood(["ab", b, c], end=False))
        for b, c in itertools.product(("ba", "bc"), ("ab", "ca", "cd"))
        if (b == "ba") == (c == "ab")
    )
    assert p.sum() + longer == pytest.approx(1, abs=1e-5)
    assert model.log_likelihood(["ab"], end=False) == 0


def test_streaming_is_the_whole_path(model):
    inputs = np.array([[[0, 4], [2, 4], [3, 4], [0, 4]]], "int32")
    states = model.initial_states(1)
    for t in range(4):
        logits, states = model.step(inputs[:, t], states)
        np.testing.assert_allclose(logits, model(inputs)[:, t], atol=1e-5)


def test_padding_leaves_the_states_as_they_are(model):
    short = np.array([[[0, -1], [2, -1]]], "int32")
    longer = np.pad(short, ((0, 0), (0, 3), (0, 0)), constant_values=-1)
    expected = model.advance(short, model.initial_states(1))[1]
    after = model.advance(longer, model.initial_states(1))[1]
    for a, b in zip(keras.tree.flatten(after), keras.tree.flatten(expected), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_it_is_saved_with_its_graph(model, tmp_path):
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert loaded.graph.to_dict() == model.graph.to_dict()
    assert loaded.next(["ab", "bc"], destination="cd") == model.next(["ab", "bc"], destination="cd")


def test_fit_lowers_the_loss(city):
    graph, trips = city
    keras.utils.set_random_seed(1)
    model = PathPredictor(graph, [keras.layers.GRU(16)], embedding=8).compile_default()
    batches = model.windows(trips, batch_size=16)
    before = model.evaluate(model.windows(trips, shuffle=False), verbose=0)
    model.optimizer.learning_rate = 0.02
    model.fit(batches, epochs=3, verbose=0)
    assert model.evaluate(model.windows(trips, shuffle=False), verbose=0) < 0.9 * before


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.next("zz"), "the link 'zz' in the path: give an id of the graph's 5 links"),
        (lambda m: m.next(["ab", "cd"]), "the step from 'ab' to 'cd' in the path"),
        (lambda m: m.next([]), "the path without a link: give one link or more"),
        (lambda m: m.next(7), "the path is 7: give a list of str, ids of links"),
        (lambda m: m.next([1]), r"the path is \[1\]: give a list of str"),
        (lambda m: m.next("ab", top=0), "top is 0: give a whole number of at least 1"),
        (lambda m: m.next("ab", destination="q"), "the link 'q' in the destination"),
        (lambda m: m.next("ab", destination=["cd"]), r"the destination is \['cd'\]: give the id"),
        (lambda m: m.route("ab", None), "the destination is None: give the id of a link"),
        (lambda m: m.sample("ab", temperature="a"), "temperature='a': give a number above 0"),
        (lambda m: m.sample("ab", 10**9), "n is 1000000000: give 100000 at most"),
        (lambda m: m.route("ab", "bc", beams=10**9), "beams is 1000000000: give 4096 at most"),
        (lambda m: m.with_graph("x"), "the graph is 'x': give a StreetGraph"),
        (lambda m: m.predict_path("ab", 0), "steps is 0: give a whole number of at least 1"),
        (lambda m: m.sample("ab", 0), "n is 0: give a whole number of at least 1"),
        (lambda m: m.sample("ab", temperature=0.0), "temperature=0.0: give a number above 0"),
        (lambda m: m.sample("ab", seed=-1), "seed is -1: give a whole number of at least 0"),
        (lambda m: m.route("cd", "ab"), "there is no way from 'cd' to 'ab'"),
        (lambda m: m.route("ab", "ab", beams=0), "beams is 0"),
    ],
)
def test_bad_input_is_one_line(model, call, message):
    with pytest.raises(InputError, match=message):
        call(model)


def test_a_graph_without_successors_is_refused():
    with pytest.raises(InputError, match="no link of the graph begins where another ends"):
        PathPredictor(street_graph("t", LINKS[4:]), [keras.layers.GRU(2)])
