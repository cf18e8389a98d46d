"""Texts that are generated for many clients: a character of each of them is a batch.

A text joins the others with its first character, and leaves them with its last one, so that no
client waits for another. The text of a seed is that of `TextGenerator.generate`.
"""

import asyncio
import math
import weakref
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.core.steps import STEP
from rnnzoo.pipelines.serving.statuses import Overloaded
from rnnzoo.text import sampling

BLOCK = 32  # uniform numbers that are drawn at once
LOGITS = "logits"
STOPPING = "the server is stopping: try again in a second"


@dataclass(frozen=True)
class Settings:
    """What is to be generated, see `rnnzoo.text.generator.TextGenerator.generate`.

    Args:
        prompt: str.
        length: int, characters at most.
        temperature: float; 0 always takes the likeliest character.
        top_k: int, or None.
        top_p: float, or None.
        stop: tuple of str.
        seed: int; None for another text each time.
    """

    prompt: str
    length: int
    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None


class Generation:
    """The texts of a server that are being generated; for its event loop alone.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
    """

    def __init__(self, engine):
        self._engine = engine
        self._is_stopping = False
        self._batches = weakref.WeakKeyDictionary()  # from a version to its `_Texts`

    def stop(self):
        """Ends all texts, and refuses others: the server is stopping."""
        self._is_stopping = True
        for texts in self._batches.values():
            texts.end(Overloaded(STOPPING))

    def running(self, version):
        """int, the texts of a version that are being generated."""
        texts = self._batches.get(version)
        return 0 if texts is None else len(texts)

    async def characters(self, version, settings):
        """Yields the characters of a text, str each.

        Args:
            version: `Version`.
            settings: `Settings`.

        Raises:
            InputError: the model generates no text, or refuses the prompt.
            Overloaded: too many texts are being generated.
        """
        if version.vocabulary is None or STEP not in version.signature_names():
            raise InputError("the model generates no text: it has no characters")
        if self._is_stopping:
            raise Overloaded(STOPPING)
        texts = self._batches.setdefault(version, _Texts(self._engine, version))
        texts.check_room()
        specs = version.specs(STEP)
        zeros = {
            name: np.zeros((1, *spec.shape[1:]), spec.dtype.as_numpy_dtype)
            for name, spec in specs.items()
            if name != "text"
        }
        read = {"text": np.array([settings.prompt.encode()], object)}
        outputs = await self._engine.run(version, STEP, read, zeros)
        text = _Text(settings, outputs)
        texts.add(text)
        try:
            for _ in range(settings.length):
                character = await text.characters.get()
                if isinstance(character, Exception):
                    raise character
                yield character
                if text.is_last(character):
                    return
        finally:
            text.is_over = True


class _Text:
    """A text that is being generated.

    Args:
        settings: `Settings`.
        outputs: dict of arrays (1, ...), of the step that read the prompt.
    """

    def __init__(self, settings, outputs):
        self.settings, self.outputs = settings, outputs
        self.characters, self.is_over, self.left = asyncio.Queue(), False, settings.length
        # As the first stream of `rnnzoo.text.decoding.generated_ids`.
        entropy = np.random.SeedSequence(settings.seed).entropy
        self._random, self._uniforms = np.random.default_rng([entropy, 0]), []
        self._tail, self._longest = "", max(map(len, settings.stop), default=0)

    def uniform(self):
        """float in [0, 1), the next."""
        if not self._uniforms:
            self._uniforms = self._random.random(BLOCK).tolist()[::-1]
        return self._uniforms.pop()

    def is_last(self, character):
        """Whether a stop string ends with the character that is next."""
        if not self._longest:
            return False
        self._tail = (self._tail + character)[-self._longest :]
        return self._tail.endswith(self.settings.stop)


class _Texts:
    """The texts of a version, a row of the same arrays each.

    Args:
        engine: `Engine`.
        version: `Version`.
    """

    def __init__(self, engine, version):
        self._engine, self._version = engine, weakref.ref(version)
        self._new, self._texts, self._outputs, self._task = [], [], None, None
        self._count = engine.batch_counter(version, STEP)

    def __len__(self):
        return len(self._new) + len(self._texts)

    def check_room(self):
        """Raises Overloaded if no text can join."""
        if len(self) >= self._engine.limits.most_waiting:
            raise Overloaded(f"{len(self)} texts are being generated: try again in a second")

    def add(self, text):
        """A text joins."""
        self._new.append(text)
        if self._task is None or self._task.done():
            # A strong reference, to the version too, while there are texts.
            self._task = asyncio.create_task(self._generate(self._version()))

    async def _generate(self, version):
        try:
            while self._join():
                texts, outputs = self._texts, self._outputs
                uniforms = [text.uniform() for text in texts]
                self._count(len(texts))
                characters, self._outputs = await self._engine.in_thread(
                    _advanced, version, [text.settings for text in texts], outputs, uniforms
                )
                for text, character in zip(texts, characters, strict=True):
                    text.characters.put_nowait(character)
                    text.left -= 1
        except Exception as problem:
            self.end(problem)

    def end(self, problem):
        """Ends all texts, for a reason that their clients are told."""
        for text in self._texts + self._new:
            text.characters.put_nowait(problem)
            text.is_over = True

    def _join(self):
        """Removes the texts that are over, and adds new ones; returns whether there are any."""
        kept = [i for i, text in enumerate(self._texts) if text.left and not text.is_over]
        joined = [text for text in self._new if not text.is_over]
        self._new = []
        if joined or len(kept) < len(self._texts):
            parts = [text.outputs for text in joined]
            if kept:
                parts.insert(0, {name: array[kept] for name, array in self._outputs.items()})
            self._texts = [self._texts[i] for i in kept] + joined
            self._outputs = _concatenated(parts) if parts else None
        return bool(self._texts)


def _concatenated(parts):
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _advanced(version, settings, outputs, uniforms):
    """(list of the next characters, outputs of the step that reads them).

    Args:
        version: `Version`.
        settings: list of `Settings`, of each row.
        outputs: dict of arrays (rows, ...), of the step before.
        uniforms: list of float.
    """
    ids = _sampled(outputs[LOGITS], np.array(uniforms), settings)
    characters = [version.vocabulary[i] for i in ids]
    inputs = {name: array for name, array in outputs.items() if name != LOGITS}
    inputs["text"] = np.array([character.encode() for character in characters], object)
    return characters, version.run(STEP, inputs)


def _sampled(logits, uniforms, settings):
    """int array (rows,); rows with the same kind of settings are sampled at once."""
    kinds = {}
    for row, setting in enumerate(settings):
        is_cut = setting.top_k is not None or setting.top_p is not None
        kinds.setdefault((setting.temperature == 0, is_cut), []).append(row)
    ids = np.empty(len(settings), int)
    for (is_greedy, is_cut), rows in kinds.items():
        if is_greedy:
            ids[rows] = sampling.sample(logits[rows], uniforms[rows], 0)
            continue
        temperature = _column(settings[row].temperature for row in rows)
        cut = {}
        if is_cut:
            most = logits.shape[-1]
            cut["top_k"] = _column(
                most if settings[row].top_k is None else min(settings[row].top_k, most)
                for row in rows
            ).astype("int32")
            cut["top_p"] = _column(
                math.inf if settings[row].top_p is None else settings[row].top_p for row in rows
            )
        ids[rows] = sampling.sample(logits[rows], uniforms[rows], temperature, **cut)
    return ids


def _column(values):
    return np.array(list(values), float)[:, None]
