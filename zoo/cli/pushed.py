"""What a command that pushed a model says of it."""

import json

from rnnzoo.artifacts import roots
from rnnzoo.cards import best_ngram


def report(folder, card, as_json):
    """Prints the folder and the figures of a new artifact."""
    if as_json:
        print(json.dumps({"path": str(folder), **card}, indent=2, ensure_ascii=False))
        return
    metrics = card["metrics"]
    ngram = best_ngram(card)
    before = f" (before: {metrics['before']['test']:.3f})" if "before" in metrics else ""
    root = folder.parent.parent
    searched = root in [place.resolve() for place in roots()]
    where = "" if searched else f" (to find it by name: RNNZOO_MODELS_DIR={root})"
    print(
        f"{card['name']}/{card['version']} is in {folder}{where}\n"
        f"test: {metrics['test']:.3f} nats a character{before}; "
        f"{ngram['order']}-grams {ngram['test']:.3f}"
    )
