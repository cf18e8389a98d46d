"""TFDS builder for bouncing balls: simulated when it is prepared, the same frames each time."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.bouncing_balls.sutskever import sutskever_balls
from rnnzoo.datasets.common.arguments import frame_size
from rnnzoo.datasets.common.splits import SPLITS

FOLDER = Path(__file__).parent
SIMULATORS = {"exact": bouncing_balls, "sutskever": sutskever_balls}
CHUNK = 100  # sequences simulated at a time; another number would change a seed's data


@dataclass(eq=False)
class BouncingBallsConfig(tfds.core.BuilderConfig):
    """Configuration of a simulation.

    Args:
        simulator: str, `"exact"` or `"sutskever"`.
        balls: int.
        size: int, or pair (height, width), pixels.
        settings: dict, the simulator's other keyword arguments.
        sequences: dict from split to int, the number of sequences.
        steps: int, frames of a sequence.
        seed: int.
    """

    simulator: str = "exact"
    balls: int = 3
    size: int | tuple = 18
    settings: dict = field(default_factory=dict)
    # The numbers of the literature, and as many for choices as to test on.
    sequences: dict = field(default_factory=lambda: {"train": 4000, "validation": 200, "test": 200})
    steps: int = 100
    seed: int = 0

    @classmethod
    def of(cls, **arguments):
        """A configuration of one's own, named by the digest of its arguments.

        Args:
            **arguments: arguments of this class, except the name.
        """
        asked = json.dumps(arguments, sort_keys=True, default=lambda array: array.tolist())
        digest = hashlib.sha256(asked.encode()).hexdigest()
        return cls(name=f"own-{digest[:16]}", description="Balls of one's own.", **arguments)

    def simulated(self, count, seed):
        """`BouncingBalls` of `count` sequences."""
        simulate = SIMULATORS[self.simulator]
        return simulate(count, self.steps, seed, balls=self.balls, size=self.size, **self.settings)


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is one sequence of frames with the positions and velocities of its balls."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [
        BouncingBallsConfig(name="balls2", description="Two balls, 18 x 18, binary.", balls=2),
        BouncingBallsConfig(name="balls3", description="Three balls, 18 x 18, binary."),
        BouncingBallsConfig(
            name="sutskever",
            description="Three balls, 30 x 30, grey, by the rules of the literature.",
            simulator="sutskever",
            size=30,
        ),
    ]

    def _info(self):
        config = self.builder_config
        exact = config.simulator == "exact"
        grey = not exact or config.settings.get("rendering", "binary") != "binary"
        # As bytes, for otherwise TFDS writes float64 as float32.
        exactly = {"dtype": np.float64, "encoding": "bytes"}
        track = tfds.features.Tensor(shape=(config.steps, config.balls, 2), **exactly)
        each = tfds.features.Tensor(shape=(config.balls,), **exactly)
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "frames": tfds.features.Tensor(
                        shape=(config.steps, *frame_size(config.size)),
                        dtype=np.float32 if grey else np.uint8,
                        encoding="zlib",  # most pixels are 0
                    ),
                    "positions": track,
                    "velocities": track,
                    "radii": each,
                    "masses": each,
                }
            ),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # nothing is downloaded
        return {split: self._generate_examples(split) for split in SPLITS}

    def _generate_examples(self, split):
        count = self.builder_config.sequences[split]
        for first in range(0, count, CHUNK):
            seed = [self.builder_config.seed, SPLITS.index(split), first]
            data = self.builder_config.simulated(min(CHUNK, count - first), seed)
            for i in range(len(data.frames)):
                yield (
                    first + i,
                    {
                        "frames": data.frames[i],
                        "positions": data.positions[i],
                        "velocities": data.velocities[i],
                        "radii": data.radii,
                        "masses": data.masses,
                    },
                )
