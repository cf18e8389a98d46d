"""What `make demo` runs: trains, saves and loads a model, and generates text with it.

Models and cache are in a temporary folder, which is removed at the end.
"""

import os
import tempfile
import time

from rnnzoo.memory import keep_freed_memory

SMALL, PRETRAINED = "sonnets-lstm", "shakespeare-lstm"
PROMPT = "ROMEO:\n"


def main():
    """Prints the four steps as they happen."""
    began = time.monotonic()
    keep_freed_memory()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RNNZOO_MODELS_DIR"] = f"{folder}/models"
        os.environ["RNNZOO_CACHE_DIR"] = f"{folder}/cache"
        import rnnzoo
        from rnnzoo.cards import headline
        from rnnzoo.native_stderr import import_keras

        import_keras()
        from rnnzoo.pipelines.pipeline import Pipeline

        print(f"1. Training {SMALL} on the embedded sonnets", flush=True)
        path, card = Pipeline(SMALL, os.environ["RNNZOO_MODELS_DIR"]).run()
        print(f"   {headline(card)}")
        print(f"2. Saved as {card['name']}/{card['version']}, {card['content_digest'][:23]}...")
        print("3. Verified, loaded again, and writing:\n")
        rnnzoo.verify(SMALL)
        print(rnnzoo.load(SMALL).generate("Shall I ", 200, temperature=0.7, seed=1))
        print(f"\n4. A page by the pretrained {PRETRAINED}:\n")
        print(PROMPT, end="")
        for character in rnnzoo.load(PRETRAINED).stream(PROMPT, 1500, temperature=0.8, seed=7):
            print(character, end="", flush=True)
        print(f"\n\nDone in {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
