"""Generation after a prompt: characters are drawn in blocks, one call of the backend per block."""

import keras
import numpy as np
from keras import ops

from rnnzoo.text import sampling

# Characters per block: enough that the call is cheap, few enough to be printed as they come.
BLOCK = 32


def generated_ids(model, prompts, length, temperature, top_k, top_p, seed, streams):
    """Draws the characters after prompts, of all of them at once.

    Args:
        model: `TextGenerator`.
        prompts: list of int arrays (time,), which may differ in length.
        length: int, steps.
        temperature, top_k, top_p: see `rnnzoo.text.sampling.sample`.
        seed: int or None.
        streams: int, continuations of each prompt.

    Yields:
        int array (prompts * streams,), the ids of a time step: all streams of a prompt, then those
        of the next one.
    """
    # One generator per stream, so that a stream does not depend on how many there are, nor on other
    # prompts.
    entropy = np.random.SeedSequence(seed).entropy
    random = [np.random.default_rng([entropy, stream]) for stream in range(streams)]
    logits, states = _read(model, [ids for ids in prompts for _ in range(streams)])
    settings = {"greedy": temperature == 0, "temperature": np.float64(temperature or 1)}
    # As arrays: another value does not trace another graph.
    settings["top_k"] = None if top_k is None else np.int32(min(top_k, len(model.vocabulary)))
    settings["top_p"] = None if top_p is None else np.float64(top_p)
    for start in range(0, length, BLOCK):
        uniforms = np.stack([generator.random(BLOCK) for generator in random], axis=1)
        uniforms = np.tile(uniforms, (1, len(prompts)))
        drawn, logits, states = model.generate_block(uniforms, logits, states, **settings)
        yield from ops.convert_to_numpy(drawn)[: length - start]


def _read(model, rows):
    """(logits (rows, characters) of the next character, states) after rows of ids (time,)."""
    by_length = {}
    for index, ids in enumerate(rows):
        by_length.setdefault(len(ids), []).append(index)
    outputs = []
    for indices in by_length.values():
        ids = np.stack([rows[index] for index in indices])
        logits, states = model.compiled_advance(ids, model.initial_states(len(ids)))
        outputs.append((logits[:, -1], states))
    if len(outputs) == 1:
        return outputs[0]
    order = np.argsort(np.concatenate(list(by_length.values())))
    return keras.tree.map_structure(
        lambda *parts: ops.take(ops.concatenate(parts), order, axis=0), *outputs
    )


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
