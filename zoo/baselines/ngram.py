"""Character n-grams with interpolated, modified Kneser-Ney smoothing.

Chen & Goodman, "An empirical study of smoothing techniques for language
modeling" (1999), section 3. With `c` the count of an n-gram at the highest
order, and at lower orders the number of distinct characters that precede it:

    p(w | h) = max(c(hw) - D(c(hw)), 0) / C(h) + gamma(h) p(w | h')
    C(h)     = sum_w c(hw)
    gamma(h) = (D(1) N1(h) + D(2) N2(h) + D(3) N3+(h)) / C(h)
    D(i)     = i - (i + 1) Y n_(i+1) / n_i,    Y = n_1 / (n_1 + 2 n_2)

where h' is h without its first character, n_i the number of n-grams with count
i, N_i(h) the number of characters that follow h with count i. Order 0 is the
uniform distribution.
"""

import numpy as np


class _Level:
    """The k-grams of one length: their ids, and smoothed counts over them."""

    def __init__(self, prefixes, characters, vocabulary_size):
        self.vocabulary_size = vocabulary_size
        self.keys, self.ids, self.counts = np.unique(
            self._key(prefixes, characters), return_inverse=True, return_counts=True
        )
        self.prefixes = self.keys // vocabulary_size

    def _key(self, prefixes, characters):
        return prefixes.astype(np.int64) * self.vocabulary_size + characters

    def find(self, prefixes, characters):
        """Ids of k-grams, -1 for those not in the training text; an unknown prefix is -1 too."""
        keys = self._key(prefixes, characters)
        index = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where((self.keys[index] == keys) & (prefixes >= 0), index, -1)


class _Smoothed:
    """Discounted counts of one level."""

    def __init__(self, level, counts, contexts):
        self.level, self.counts = level, counts
        self.discount = _discounts(counts)[np.minimum(counts, 3)]
        self.total = np.bincount(level.prefixes, weights=counts, minlength=contexts)
        self.held_back = np.bincount(level.prefixes, weights=self.discount, minlength=contexts)

    def probability(self, gram, context, lower):
        """p(w | h) of grams `gram` = hw after `context` = h, from p(w | h') = `lower`."""
        total = np.where(context >= 0, self.total[context], 0)
        known = total > 0
        total = np.where(known, total, 1)
        discounted = np.where(gram >= 0, (self.counts - self.discount)[gram], 0)
        gamma = np.where(known, self.held_back[context] / total, 1)
        return np.where(known, discounted / total, 0) + gamma * lower


def _discounts(counts):
    """D(0), D(1), D(2), D(3+); clipped to between 0 and the count."""
    n1, n2, n3, n4 = (np.count_nonzero(counts == i) for i in (1, 2, 3, 4))
    if not (n1 and n2):
        return np.array([0, 0.5, 0.5, 0.5])
    y = n1 / (n1 + 2 * n2)
    d = [
        i - (i + 1) * y * after / n if n else i / 2
        for i, n, after in ((1, n1, n2), (2, n2, n3), (3, n3, n4))
    ]
    return np.array([0, *np.clip(d, [0.01] * 3, [0.99, 1.99, 2.99])])


class NGram:
    """Interpolated Kneser-Ney n-grams of every order up to `order`, fitted once.

    Args:
        ids: int array (length,), the training text.
        vocabulary_size: number of distinct characters.
        order: longest n-gram; 1 or more.
    """

    def __init__(self, ids, vocabulary_size, order):
        self.vocabulary_size = vocabulary_size
        self.order = order
        ids = np.asarray(ids)
        self._raw, self._continued, levels = [], [], []
        prefix, contexts = np.zeros(len(ids), dtype=np.int64), 1
        for k in range(1, order + 1):
            level = _Level(prefix, ids[k - 1 :], vocabulary_size)
            levels.append(level)
            self._raw.append(_Smoothed(level, level.counts, contexts))
            # The next level's prefix ends one character before its own last one.
            prefix, contexts = level.ids[:-1], len(level.keys)
        for k in range(1, order):
            longer, level = levels[k], levels[k - 1]
            # Any occurrence of a k+1-gram names its suffix, the k-gram without its first character.
            suffix = np.empty(len(longer.keys), dtype=np.int64)
            suffix[longer.ids] = level.ids[1:]
            counts = np.bincount(suffix, minlength=len(level.keys))
            self._continued.append(_Smoothed(level, counts, len(self._raw[k - 1].total)))

    def probabilities(self, ids):
        """p of each character of `ids` after the first, given those before it.

        Args:
            ids: int array (length,), length 2 or more.

        Returns:
            float array (order, length - 1): one row per order from 1 on.
        """
        ids = np.asarray(ids)
        rows = []
        lower = np.full(len(ids), 1 / self.vocabulary_size)
        context = np.zeros(len(ids), dtype=np.int64)
        for k in range(self.order):
            gram = self._raw[k].level.find(context, ids)
            rows.append(self._raw[k].probability(gram, context, lower)[1:])
            if k < self.order - 1:
                lower = self._continued[k].probability(gram, context, lower)
            # A position whose context would start before the text has none of that length.
            context = np.concatenate([[-1], gram[:-1]])
        return np.stack(rows)

    def nats_per_character(self, ids):
        """Mean negative log-likelihood of `ids` after the first: one float per order, from 1 on."""
        return -np.log(self.probabilities(ids)).mean(axis=1)
