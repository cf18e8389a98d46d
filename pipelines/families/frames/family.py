"""The family of frame predictors: an example is a sequence of frames, with its balls if known."""

import hashlib
import json

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.family import Anomaly, Family
from rnnzoo.pipelines.families.frames import frame_examples

# Frames of the validation split whose predictions are golden outputs. Few: a collision of followed
# discs magnifies earlier rounding errors.
GOLDEN = 6

SLACK = 1.01  # factor by which the error may exceed that of the version pushed before


class FrameFamily(Family):
    """See `Family`; the dataset is a `FrameData`."""

    kind = "frames"
    unit = "squared error per frame"  # summed over the pixels of a frame
    features = frame_examples.FEATURES
    evaluation_keys = ("also",)

    # Data

    def own_data(self, recipe):
        """(name, sha256 of the simulator's settings) of the recipe's balls."""
        from rnnzoo.datasets.bouncing_balls.bouncing_balls_dataset_builder import Builder
        from rnnzoo.datasets.bouncing_balls.load import configuration

        config = configuration(recipe["data"])
        keys = ("simulator", "balls", "size", "settings", "sequences", "steps", "seed")
        settings = {key: getattr(config, key) for key in keys}
        identity = json.dumps([settings, str(Builder.VERSION)], sort_keys=True)
        return recipe["data"], hashlib.sha256(identity.encode()).hexdigest()

    def user_data(self, path, recipe):
        """(name, sha256) of the frames in a file or folder."""
        from rnnzoo.datasets.frames.reader import read_frames
        from rnnzoo.pipelines.families.frames.frame_data import FrameData

        frames = read_frames(path)
        data = FrameData.of_user(frames)
        if not user_frames_path(data.sha256).is_file():
            with atomic_file(user_frames_path(data.sha256)) as partial:
                np.save(partial, frames)
        return data.name, data.sha256

    def source(self, recipe):
        """The simulator as the URL, and the licence of its frames."""
        return {"url": "simulated: rnnzoo.datasets.bouncing_balls", "licence": "Apache-2.0"}

    def examples(self, data, data_sha256, ingest):
        """The sequences; a user's have no balls."""
        from rnnzoo.datasets.bouncing_balls import load
        from rnnzoo.datasets.frames.splits import split_frames

        path = user_frames_path(data_sha256)
        if path.is_file():
            parts = split_frames(np.load(path, allow_pickle=False))
            return {split: frame_examples.without_balls(parts[split]) for split in SPLITS}
        return {
            split: frame_examples.with_balls(load.load_bouncing_balls(data, split))
            for split in SPLITS
        }

    def columns(self, read):
        """`frames`, the pixels; and per sequence `steps`, `height`, `width`, `moving`, the share
        of steps in which a pixel changes, and `repeated`, 0 or 1: whether it is in the training
        split too.
        """
        columns, trained = {}, set()
        for split in SPLITS:
            sequences = [frame_examples.compact(example["frames"]) for example in read(split)]
            hashes = [hash(frames.tobytes()) for frames in sequences]
            trained = trained or set(hashes)
            changes = [frames[1:] != frames[:-1] for frames in sequences]
            columns[split] = {
                "examples": len(sequences),
                "frames": np.concatenate([frames.ravel() for frames in sequences]),
                "steps": [len(frames) for frames in sequences],
                "height": [frames.shape[1] for frames in sequences],
                "width": [frames.shape[2] for frames in sequences],
                "moving": [float(change.any(axis=(1, 2)).mean()) for change in changes],
                "repeated": [float(key in trained) for key in hashes],
            }
        return columns

    def constrain(self, schema, statistics):
        """Pixels are from 0 to 1, and `height` and `width` those of the training split."""
        from tensorflow_metadata.proto.v0 import schema_pb2

        from rnnzoo.pipelines.stages.schema_gen import feature_of

        pixels = feature_of(schema, "frames").float_domain
        pixels.min, pixels.max, pixels.disallow_nan = 0.0, 1.0, True
        for side in ("height", "width"):
            domain = schema.feature.add(name=side, type=schema_pb2.FLOAT).float_domain
            domain.min = domain.max = statistics["train"][side].num_stats.max

    def checks(self, statistics, schema):
        """Frames of another size, pixels outside 0 to 1, frames without motion, repetitions."""
        from rnnzoo.pipelines.stages.schema_gen import feature_of

        def outside(columns, name):
            stats, domain = columns[name].num_stats, feature_of(schema, name).float_domain
            return not (domain.min <= stats.min and stats.max <= domain.max)

        size = [int(feature_of(schema, side).float_domain.max) for side in ("height", "width")]
        for split, columns in statistics.items():
            if outside(columns, "height") or outside(columns, "width"):
                description = f"{split} has frames of another size than {size[0]} x {size[1]}"
                yield Anomaly("size", split, description, error=True)
            if outside(columns, "frames"):
                pixels = columns["frames"].num_stats
                description = f"{split} has pixels from {pixels.min:g} to {pixels.max:g}"
                yield Anomaly("range", split, f"{description}: give 0 to 1", error=True)
            moving = columns["moving"].num_stats
            if moving.max == 0:
                description = f"in {split} nothing moves: there is nothing to learn"
                yield Anomaly("still", split, description, error=split == "train")
            elif moving.min == 0:
                yield Anomaly("still", split, f"{split} has a sequence in which nothing moves")
            repeated = columns["repeated"].num_stats.mean
            if split != "train" and repeated > 0:
                description = f"{repeated:.0%} of the sequences of {split} are in train too"
                yield Anomaly("repeated", split, f"{description}: its figures mean little")

    def transform(self, read, schema):
        """An array per split and feature, `train-frames` and so on."""
        from rnnzoo.pipelines.stages.schema_gen import in_domain

        return {}, frame_examples.stacked(lambda split: in_domain(read(split), schema, "frames"))

    def dataset(self, transformed):
        """The `FrameData`."""
        from rnnzoo.pipelines.families.frames.frame_data import FrameData

        about = transformed.about
        frames = {split: transformed.array(f"{split}-frames") for split in SPLITS}
        balls = frame_examples.balls_of(transformed, frames)
        return FrameData(about["name"], about["sha256"], frames, balls)

    # Training

    def build(self, name, recipe, data):
        """An untrained `FramePredictor` of the size of the frames."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.frames.predictor import FramePredictor

        if recipe["objects"] and recipe["architecture"].startswith(("nem", "svd")):
            raise InputError(
                f"{name}: objects are followed by a layer without noise or penalty, not by "
                f"{recipe['architecture']}"
            )
        keys = ("encoder", "decoder", "patch", "objects", "radius", "hidden", "loss")
        return FramePredictor(
            data.size,
            recurrent_layers(name, recipe),
            name=name.replace("-", "_"),
            **{key: recipe[key] for key in keys},
        )

    def batches(self, recipe, data, seed, first_epoch):
        """`FrameWindows` of the training split."""
        from rnnzoo.frames.batches import FrameWindows

        frames, length, batch = data.frames["train"], recipe["window"], recipe["batch_size"]
        return FrameWindows(frames, length, batch, seed, first_epoch=first_epoch)

    def validation_batches(self, model, data):
        """Whole sequences of the validation split."""
        return model.windows(data.frames["validation"], shuffle=False)

    def loss(self, recipe):
        """The recipe's."""
        return recipe["loss"]

    def callbacks(self, data, folder, every):
        """Pictures of rollouts on the validation split."""
        from rnnzoo.frames.rollout_log import RolloutLog

        return [RolloutLog(folder, data.frames["validation"], every)]

    def train(self, name, recipe, data, seed, work):
        """See `Family.train`. After `epochs` in which all frames of a window are inputs come
        `free_run_epochs` in which the last `free_run` are hidden, see `FramePredictor`.
        """

        first = self.fit(name, recipe, data, seed, work)
        if not recipe["free_run_epochs"]:
            return first.finished()

        def build():
            model = type(first).from_config(first.get_config() | {"free_run": recipe["free_run"]})
            model.set_weights(first.get_weights())
            return model

        second = recipe | {
            "epochs": recipe["free_run_epochs"],
            "learning_rate": recipe["free_run_learning_rate"],
        }
        trained = self.fit(name, second, data, seed, _second_folder(work), build)
        return trained.finished()

    def history(self, recipe, work, seed):
        """The epochs of both parts of the training, numbered consecutively."""
        rows = super().history(recipe, work, seed)
        if recipe["free_run_epochs"]:
            second = super().history(recipe, _second_folder(work), seed)
            rows += [{**row, "epoch": row["epoch"] + recipe["epochs"]} for row in second]
        return rows

    # Evaluation

    def figure(self, model, data, split):
        """Squared error per frame."""
        from rnnzoo.frames.evaluation import squared_error

        return squared_error(model, data.frames[split])

    def evaluation_rows(self, model, data):
        """Frames by their number, how much they change, and bounces; beside a copy."""
        from rnnzoo.frames.slices import rows

        return rows(model, data)

    def evaluate(self, models, data, recipe):
        """Models, a copy of the last frame and, with known balls, straight lines and rollouts."""
        from rnnzoo.frames.evaluation import evaluate

        return evaluate(models(), data, recipe)

    def baseline_figures(self, baselines):
        """Squared errors per frame."""
        titles = {"copied": "a copy of the last frame", "extrapolated": "straight lines"}
        return {title: baselines[name] for name, title in titles.items() if name in baselines}

    def limit(self, last):
        """1% above the last version's."""
        return last * SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """The first frames (1, time, height, width) of the validation split."""
        return data.frames["validation"][:1, :GOLDEN].astype("float32")

    def random_inputs(self, model, seed=0):
        """Balls (1, time, height, width), of a model of discs as many and as large as its own.

        Where these have no room in a frame, they are random pixels.
        """
        from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls

        balls, radius = model.discs.get("objects", 1), model.discs.get("radius", 2.0)
        try:
            simulated = bouncing_balls(1, GOLDEN, seed, balls=balls, size=model.size, radius=radius)
        except InputError:
            pixels = np.random.default_rng(seed).random((1, GOLDEN, *model.size))
            return pixels.astype("float32")
        return simulated.frames.astype("float32")

    def question(self, model, data):
        """The golden inputs; compared is the frame that follows the last of them."""
        inputs = self.golden_inputs(model, data)
        expected = np.asarray(model(inputs))[:, -1]
        return inputs.tolist(), lambda response: np.abs(response["next_frame"] - expected).max()

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.frames.signatures`."""
        from rnnzoo.pipelines.families.frames.signatures import endpoints

        return endpoints(model)

    def layers(self, model):
        """The convolutions and the recurrent layers."""
        from rnnzoo.pipelines.families.frames.layer_names import layer_names

        return layer_names(model)

    def describe(self, model, data):
        """Inputs, outputs, and the size of a frame."""
        height, width = model.size
        shape = f"(batch, time, {height}, {width}), 0 to 1"
        return {
            "input": f"float32 frames {shape}",
            "output": f"float32 predictions of the next frame {shape}",
            "size": [height, width],
        }

    def describe_data(self, data):
        """The number of sequences of each split, and of frames of a sequence."""
        return {
            "sequences": {split: len(frames) for split, frames in data.frames.items()},
            "steps": {split: frames.shape[1] for split, frames in data.frames.items()},
        }

    def predictor(self, card, options):
        """The errors of each sequence, and the frame after it."""
        from rnnzoo.pipelines.families.frames.predictor import FrameSequencePredictor

        return FrameSequencePredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base):
        """The frames of a file or folder, of the size that the model has."""
        from rnnzoo.datasets.frames.reader import read_frames
        from rnnzoo.pipelines.families.frames.frame_data import FrameData

        return FrameData.of_user(read_frames(path, tuple(base["size"])))

    def finetune_batches(self, model, data, seed):
        """Windows of 50 frames; of the validation split whole sequences."""
        train = model.windows(data.frames["train"], seed=seed)
        return train, self.validation_batches(model, data)


def user_frames_path(sha256):
    """The path of a user's frames in the cache, by the sha256 of `FrameData`."""
    return cache_dir() / "frames" / f"{sha256}.npy"


def _second_folder(work):
    """Path of the folder of checkpoints of a training's second part."""
    return work.with_name(f"{work.name}-free-run")


FRAMES = FrameFamily()
