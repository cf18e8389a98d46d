"""A family of a user in a single file: sine waves, from the ten stages to fine-tuning."""

import hashlib
import json

import keras
import numpy as np

import rnnzoo
from rnnzoo import families
from rnnzoo.architectures import recurrent_layers
from rnnzoo.artifacts import read_card
from rnnzoo.cli import main
from rnnzoo.epoch_batches import EpochBatches
from rnnzoo.evaluation import Evaluation
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family
from rnnzoo.pipelines.export.formats import export
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.serving.models.version import Version
from rnnzoo.task import RecurrentTask, cloned_layers

SIZES = {"train": 32, "validation": 8, "test": 8}


@keras.saving.register_keras_serializable("sines")
class SinePredictor(RecurrentTask):
    """Predicts the next value of a wave after each value: (batch, time, 1) -> (batch, time, 1)."""

    def __init__(self, recurrent, name=None):
        (layer,), readout = cloned_layers(recurrent), keras.layers.Dense(1, name="readout")
        inputs = keras.Input((None, 1), name="values")
        super().__init__(inputs, readout(layer(inputs)[0]), [layer], name)
        self.readout = readout

    def encode(self, inputs, states):
        return inputs, None

    def decode(self, hidden, context):
        return self.readout(hidden), []

    def loss_and_metrics(self):
        return "mse", []


class Waves(dict):
    """dict from split to float32 array (waves, time, 1)."""

    name, sha256 = "sines", hashlib.sha256(b"sines").hexdigest()


class Batches(EpochBatches):
    """Waves without their last value, and without their first."""

    def __init__(self, waves):
        super().__init__(len(waves), seed=0, shuffle=False, first_epoch=0)
        self.waves = waves

    def samples(self):
        return len(self.waves)

    def __getitem__(self, batch):
        return self.waves[:, :-1], self.waves[:, 1:]


class SineFamily(Family):
    kind, unit = "waves", "mean squared error"
    features = {"values": Feature("float32", (20,))}

    def own_data(self, recipe):
        return Waves.name, Waves.sha256

    def source(self, recipe):
        return {"url": "simulated", "licence": "Apache-2.0"}

    def examples(self, data, data_sha256, ingest):
        phases = iter(np.random.default_rng(0).uniform(0, 2 * np.pi, sum(SIZES.values())))
        return {
            split: [{"values": np.sin(next(phases) + 0.5 * np.arange(20))} for _ in range(size)]
            for split, size in SIZES.items()
        }

    def columns(self, read):
        waves = {split: [example["values"] for example in read(split)] for split in SIZES}
        return {s: {"examples": len(w), "values": np.concatenate(w)} for s, w in waves.items()}

    def checks(self, statistics, schema):
        if statistics["train"]["values"].num_stats.max > 0.99:
            yield Anomaly("high", "train", "train has values near 1")

    def transform(self, read, schema):
        return {}, [(split, np.stack([e["values"] for e in read(split)])) for split in SIZES]

    def dataset(self, transformed):
        return Waves({split: transformed.array(split)[..., None] for split in SIZES})

    def build(self, name, recipe, data):
        return SinePredictor(recurrent_layers(name, recipe), name="sines")

    def batches(self, recipe, data, seed, first_epoch):
        return Batches(data["train"])

    def figure(self, model, data, split):
        x, y = Batches(data[split])[0]
        return float(np.square(np.asarray(model(x)) - y).mean())

    def evaluate(self, models, data, recipe):
        zero = {split: float(np.square(data[split][:, 1:]).mean()) for split in SIZES}
        figures = {seed: self.figures(model, data) for seed, model in models().items()}
        checks = [("zero", zero["validation"], zero["validation"])] if recipe else []
        return Evaluation(figures, checks, {"zero": zero})

    def golden_inputs(self, model, data):
        return np.array(data["validation"][:2, :-1])

    def user_dataset(self, path, base):
        wave = np.loadtxt(path, dtype="float32")
        windows = np.lib.stride_tricks.sliding_window_view(wave, 20)[..., None]
        return Waves(dict.fromkeys(SIZES, windows))

    def finetune_batches(self, model, data, seed):
        return Batches(data["train"]), Batches(data["validation"])


def test_it_goes_from_data_to_a_served_model(models, tmp_path, monkeypatch, request):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    recipe = {
        "task": "SinePredictor", "title": "", "data": "sines", "paper": "", "limits": "",
        "architecture": "lstm", "units": 4, "epochs": 30, "learning_rate": 0.05, "clip_norm": 1.0,
        "seeds": [1, 2],
    }  # fmt: skip
    request.addfinalizer(lambda: families.unregister("SinePredictor"))
    families.register(
        families.FamilyEntry(
            "SinePredictor", SinePredictor, SineFamily(), str, recipes={"sines-lstm": recipe}
        )
    )
    folder, card = Pipeline("sines-lstm", models).run()
    assert len(card["lineage"]) == 9 and card["warnings"] == ["train has values near 1"]
    assert Pipeline("sines-lstm", models).unchanged() == (folder, read_card(folder))
    assert rnnzoo.verify("sines-lstm")["served_difference"] < 1e-5
    x = np.zeros((1, 5, 1), "float32")
    served = Version(folder).predict("serving_default", x.tolist())["predictions"]
    np.testing.assert_allclose(served, rnnzoo.load("sines-lstm")(x), atol=1e-6)
    np.save(tmp_path / "waves.npy", x)
    assert main(["predict", "sines-lstm", "--data", str(tmp_path / "waves.npy"),
                 "--out", str(tmp_path / "next.jsonl")]) == 0  # fmt: skip
    record = json.loads((tmp_path / "next.jsonl").read_text())
    np.testing.assert_allclose(record["outputs"], served[0], atol=1e-6)
    assert export("sines-lstm", "onnx", tmp_path / "sines.onnx")["difference"] < 1e-4
    np.savetxt(tmp_path / "mine.txt", np.sin(0.7 * np.arange(60)))
    _, tuned = finetune("sines-lstm", tmp_path / "mine.txt", "mine", models, epochs=5)
    assert tuned["metrics"]["test"] < tuned["metrics"]["before"]["test"]
