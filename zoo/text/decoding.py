"""Writes on from a prompt: characters are drawn in blocks, each in one call of the backend."""

import numpy as np
from keras import ops

from rnnzoo.text import sampling

# Characters drawn in one call: many enough that calling costs little, few enough to be
# shown as they come.
BLOCK = 32


def written(model, ids, length, temperature, top_k, top_p, seed, streams):
    """Draws the characters that follow a prompt.

    Args:
        model: `TextGenerator`.
        ids: int array (time,), the prompt.
        length: int, steps.
        temperature, top_k, top_p: see `rnnzoo.text.sampling.sample`.
        seed: int or None.
        streams: int.

    Yields:
        int array (streams,), ids of one step.
    """
    # One generator a stream, so that a stream does not depend on how many there are.
    entropy = np.random.SeedSequence(seed).entropy
    random = [np.random.default_rng([entropy, stream]) for stream in range(streams)]
    prompts = np.tile(ids, (streams, 1))
    logits, states = model.compiled_advance(prompts, model.initial_states(streams))
    logits = logits[:, -1]
    settings = {"greedy": temperature == 0, "temperature": np.float64(temperature or 1)}
    # As arrays: another value is no other graph.
    settings["top_k"] = None if top_k is None else np.int32(min(top_k, len(model.vocabulary)))
    settings["top_p"] = None if top_p is None else np.float64(top_p)
    for start in range(0, length, BLOCK):
        uniforms = np.stack([generator.random(BLOCK) for generator in random], axis=1)
        drawn, logits, states = model.generate_block(uniforms, logits, states, **settings)
        yield from ops.convert_to_numpy(drawn)[: length - start]


def block(step, uniforms, logits, states, greedy, temperature, top_k, top_p):
    """Draws a character and reads it, `BLOCK` times.

    Args:
        step: function from ids (streams,) and states to logits (streams, characters) and states.
        uniforms: tensor (BLOCK, streams).
        logits: tensor (streams, characters), of the first character to draw.
        states: the states before it.
        greedy: bool, whether to take the likeliest whatever the temperature.
        temperature, top_k, top_p: see `rnnzoo.text.sampling.sample`.

    Returns:
        ids (BLOCK, streams), logits and states after them.
    """
    temperature = 0 if greedy else temperature
    uniforms = ops.convert_to_tensor(uniforms)
    places = ops.arange(BLOCK)[:, None]

    def advance(place, drawn, logits, states):
        ids = sampling.sample(logits, uniforms[place], temperature, top_k, top_p)
        # Not `ops.scan`: on TensorFlow what it collects has to have the shape of what it carries.
        drawn = ops.where(places == place, ids, drawn)
        return (place + 1, drawn, *step(ids, states))

    nothing = ops.zeros_like(uniforms, dtype="int32")
    found = ops.while_loop(lambda place, *_: place < BLOCK, advance, (0, nothing, logits, states))
    return found[1:]


def texts(model, steps, stops):
    """Characters of steps of ids; a stream ends with the first stop string that it completes.

    Args:
        model: `TextGenerator`.
        steps: iterable of int arrays (streams,).
        stops: tuple of str.

    Yields:
        tuple of str, a character a stream, "" for a stream that has ended; until all have.
    """
    longest = max(map(len, stops), default=0)
    tails = None
    for ids in steps:
        characters = model.vocabulary.decode(ids)
        if not stops:
            yield tuple(characters)
            continue
        tails = [""] * len(characters) if tails is None else tails
        now = tuple(
            "" if tail is None else character
            for character, tail in zip(characters, tails, strict=True)
        )
        yield now
        for stream, character in enumerate(now):
            if tails[stream] is not None:
                tail = (tails[stream] + character)[-longest:]
                tails[stream] = None if tail.endswith(stops) else tail
        if not any(tail is not None for tail in tails):
            return
