from rnnzoo.cards import headline

CARD = {
    "task": "TextGenerator",
    "metrics": {"validation": 1.5, "test": 1.61},
    "baselines": {
        "ngram": [
            {"order": 4, "validation": 1.7, "test": 1.9},
            {"order": 5, "validation": 1.6, "test": 2.0},
        ]
    },
}


def test_the_headline_of_a_text_model():
    assert headline(CARD) == "test: 1.610 nats per character; 5-grams 2.000"
    metrics = {**CARD["metrics"], "before": {"test": 3.0}}
    assert headline({**CARD, "metrics": metrics}) == (
        "test: 1.610 nats per character (before: 3.000); 5-grams 2.000"
    )
