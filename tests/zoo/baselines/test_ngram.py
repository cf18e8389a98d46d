"""The vectorised n-grams against the formulas written out with dictionaries."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from rnnzoo.baselines.ngram import NGram

pytestmark = pytest.mark.core

TEXT = "the cat sat on the mat. the dog ate the cat, the rat and the hat on the mat at that. " * 2
TEXT += "a man had a plan, a canal, and that was that; the end of the tale then."


def by_hand(train, size, order):
    """p(w, h) of modified Kneser-Ney, one n-gram at a time."""

    def counts(k, top):
        grams = [tuple(train[i : i + k]) for i in range(len(train) - k + 1)]
        if top:
            return Counter(grams)
        longer = {tuple(train[i : i + k + 1]) for i in range(len(train) - k)}
        return Counter(gram[1:] for gram in longer)

    def discounts(table):
        n = [sum(count == i for count in table.values()) for i in range(5)]
        if not n[1] or not n[2]:
            return [0.5] * 3
        y = n[1] / (n[1] + 2 * n[2])
        d = [i - (i + 1) * y * n[i + 1] / n[i] if n[i] else i / 2 for i in (1, 2, 3)]
        return [min(max(value, 0.01), i - 0.01) for i, value in zip((1, 2, 3), d, strict=True)]

    tables = [counts(k, k == order) for k in range(1, order + 1)]
    followers = []
    for table in tables:
        after = defaultdict(dict)
        for gram, count in table.items():
            after[gram[:-1]][gram[-1]] = count
        followers.append(after)
    all_discounts = [discounts(table) for table in tables]

    def p(w, h):
        k = len(h) + 1
        lower = 1 / size if k == 1 else p(w, h[1:])
        after, d = followers[k - 1][h], all_discounts[k - 1]
        total = sum(after.values())
        if not total:
            return lower
        count = after.get(w, 0)
        discounted = count - d[min(count, 3) - 1] if count else 0
        gamma = sum(d[min(c, 3) - 1] for c in after.values()) / total
        return discounted / total + gamma * lower

    return p


@pytest.fixture(scope="module")
def ids():
    alphabet = sorted(set(TEXT))
    return np.array([alphabet.index(c) for c in TEXT]), len(alphabet)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 6])
def test_it_is_the_formula(ids, order):
    ids, size = ids
    train, test = ids[:180], ids[180:]
    p = by_hand(train.tolist(), size, order)
    expected = [
        p(test[t], tuple(test[max(0, t - order + 1) : t].tolist())) for t in range(1, len(test))
    ]
    np.testing.assert_allclose(
        NGram(train, size, order).probabilities(test)[-1], expected, rtol=1e-12
    )


def test_one_fit_gives_every_lower_order(ids):
    ids, size = ids
    rows = NGram(ids[:180], size, 5).probabilities(ids[180:])
    for order in (1, 2, 3, 4):
        np.testing.assert_allclose(
            rows[order - 1], NGram(ids[:180], size, order).probabilities(ids[180:])[-1]
        )


def test_probabilities_sum_to_one_after_any_context(ids):
    ids, size = ids
    model = NGram(ids[:180], size, 5)
    for context in (ids[200:206], ids[3:9], np.array([5]), np.array([0, 0, 0, 0])):
        total = sum(model.probabilities(np.append(context, w))[:, -1] for w in range(size))
        np.testing.assert_allclose(total, 1)


def test_nats_are_the_mean_of_minus_log_p(ids):
    ids, size = ids
    model = NGram(ids[:180], size, 3)
    np.testing.assert_allclose(
        model.nats_per_character(ids[180:]), -np.log(model.probabilities(ids[180:])).mean(axis=1)
    )
    assert (model.nats_per_character(ids[180:]) < np.log(size)).all()
