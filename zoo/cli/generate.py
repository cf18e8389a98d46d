"""Generate text after a prompt."""

import json
import time

from rnnzoo.datasets.common.utf8 import BOM
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for

# Between two texts.
RULE = "\n" + "-" * 40 + "\n"


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a text model, NAME or NAME/VERSION")
    command.add_argument("--prompt", default="\n", help="what it reads first (default: a new line)")
    command.add_argument("--length", type=int, default=400, help="characters to write (400)")
    command.add_argument(
        "--temperature",
        type=float,
        default=1.0,
        help="0: the likeliest (1.0)",
    )
    command.add_argument("--top-k", type=int, help="sample from this many likeliest characters")
    command.add_argument("--top-p", type=float, help="sample from the likeliest with this sum")
    command.add_argument(
        "--stop", action="append", metavar="TEXT", help="end with this text; may be repeated"
    )
    command.add_argument("--seed", type=int, help="the same seed writes the same text")
    command.add_argument("--streams", type=int, default=1, help="continuations at once (1)")


def run(options):
    """Prints the first text as it is written, and after it the others."""
    card_for(options.name, "TextGenerator", "generate is for text models")
    import_keras()
    import rnnzoo

    model, prompt = rnnzoo.load(options.name), options.prompt.removeprefix(BOM)
    drawn = model.stream(
        prompt,
        options.length,
        temperature=options.temperature,
        top_k=options.top_k,
        top_p=options.top_p,
        stop=options.stop,
        seed=options.seed,
        streams=options.streams,
    )
    began = time.monotonic()
    if not options.json:
        print(prompt, end="", flush=True)
    steps = []
    for characters in drawn:
        steps.append(characters)
        if not options.json:
            print(characters[0], end="", flush=True)
    seconds = time.monotonic() - began
    texts = [prompt + "".join(characters) for characters in zip(*steps, strict=True)]
    if options.json:
        report = {"name": options.name, "seed": options.seed, "texts": texts, "seconds": seconds}
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print("".join(RULE + text for text in texts[1:]))
