"""Generation after a prompt: characters are drawn in blocks, one call of the backend per block."""

import numpy as np
from keras import ops

from rnnzoo.text import sampling

# Characters per block: enough that the call is cheap, few enough to be printed as they come.
BLOCK = 32


def generated_ids(model, ids, length, temperature, top_k, top_p, seed, streams):
    """Draws the characters after a prompt.

    Args:
        model: `TextGenerator`.
        ids: int array (time,), the prompt.
        length: int, steps.
        temperature, top_k, top_p: see `rnnzoo.text.sampling.sample`.
        seed: int or None.
        streams: int.

    Yields:
        int array (streams,), the ids of a time step.
    """
    # One generator per stream, so that a stream does not depend on how many there are.
    entropy = np.random.SeedSequence(seed).entropy
    random = [np.random.default_rng([entropy, stream]) for stream in range(streams)]
    prompts = np.tile(ids, (streams, 1))
    logits, states = model.compiled_advance(prompts, model.initial_states(streams))
    logits = logits[:, -1]
    settings = {"greedy": temperature == 0, "temperature": np.float64(temperature or 1)}
    # As arrays: another value does not trace another graph.
    settings["top_k"] = None if top_k is None else np.int32(min(top_k, len(model.vocabulary)))
    settings["top_p"] = None if top_p is None else np.float64(top_p)
    for start in range(0, length, BLOCK):
        uniforms = np.stack([generator.random(BLOCK) for generator in random], axis=1)
        drawn, logits, states = model.generate_block(uniforms, logits, states, **settings)
        yield from ops.convert_to_numpy(drawn)[: length - start]


def block(step, uniforms, logits, states, greedy, temperature, top_k, top_p):
    """Draws a character and reads it, `BLOCK` times in a loop of the backend.

    Args:
        step: function from ids (streams,) and states to logits (streams, characters) and states.
        uniforms: tensor (BLOCK, streams).
        logits: tensor (streams, characters), of the first character to draw.
        states: the states before it.
        greedy: bool, whether to take the likeliest regardless of the temperature.
        temperature, top_k, top_p: see `rnnzoo.text.sampling.sample`.

    Returns:
        ids (BLOCK, streams), logits and states after them.
    """
    temperature = 0 if greedy else temperature
    uniforms = ops.convert_to_tensor(uniforms)
    indices = ops.arange(BLOCK)[:, None]

    def draw_and_read(index, drawn, logits, states):
        ids = sampling.sample(logits, uniforms[index], temperature, top_k, top_p)
        # Not `ops.scan`: on TensorFlow its outputs must have the shape of its carry.
        drawn = ops.where(indices == index, ids, drawn)
        return (index + 1, drawn, *step(ids, states))

    start = (0, ops.zeros_like(uniforms, dtype="int32"), logits, states)
    return ops.while_loop(lambda index, *_: index < BLOCK, draw_and_read, start)[1:]


def decoded_until_stops(model, steps, stops):
    """Decodes ids step by step; a stream ends with the first stop string that it completes.

    Args:
        model: `TextGenerator`.
        steps: iterable of int arrays (streams,).
        stops: tuple of str.

    Yields:
        tuple of str, a character per stream, "" for a stream that has ended; until all have.
    """
    longest = max(map(len, stops), default=0)
    tails = None
    for ids in steps:
        characters = model.vocabulary.decode(ids)
        if not stops:
            yield tuple(characters)
            continue
        tails = [""] * len(characters) if tails is None else tails
        current = tuple(
            "" if tail is None else character
            for character, tail in zip(characters, tails, strict=True)
        )
        yield current
        for stream, character in enumerate(current):
            if tails[stream] is not None:
                tail = (tails[stream] + character)[-longest:]
                tails[stream] = None if tail.endswith(stops) else tail
        if not any(tail is not None for tail in tails):
            return
