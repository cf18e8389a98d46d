"""The likelihood of several texts at once."""

import numpy as np


def test_each_text_is_as_it_is_alone(tiny, monkeypatch):
    """Texts that have ended leave the batch at the next segment."""
    texts = ["abba", "ab", "cab dad cab", "\ufeffdad", "abc d abc d abc"]
    alone = [tiny.nats_per_character(text) for text in texts]
    np.testing.assert_allclose(tiny.nats_per_character(texts), alone, atol=1e-6)
    monkeypatch.setattr("rnnzoo.text.likelihood.SEGMENT", 3)
    np.testing.assert_allclose(tiny.nats_per_character(texts), alone, atol=1e-6)
