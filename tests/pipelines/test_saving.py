"""From `fit` to a model of the zoo: a tiny one of each family is saved, and asked by its name."""

import asyncio
import json
import shutil

import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo.artifacts import read_card
from rnnzoo.artifacts.records import read_history
from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.streets.graph import Link, street_graph
from rnnzoo.families import families
from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.origin import Origin
from rnnzoo.pipelines.core.family import STEPS, Family
from rnnzoo.pipelines.export import artifact
from rnnzoo.pipelines.saving import rows_of
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.models.servables import Servable
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.streets.batches import TripBatches
from rnnzoo.streets.path_predictor import PathPredictor
from rnnzoo.text.generator import TextGenerator
from rnnzoo.weather.forecaster import WeatherForecaster

RANDOM = np.random.default_rng(0)
TEXT = "ab ba c" * 20


def text():
    model = TextGenerator("abc ", [keras.layers.LSTM(3)])
    return model, model.windows(TEXT, 10), lambda m: m.generate("ab", length=5, seed=1)


def rates():
    model = Forecaster([keras.layers.GRU(3)])
    series = 50 * np.exp(0.01 * RANDOM.normal(size=60).cumsum())
    return model, model.windows(series), lambda m: m.forecast(series, 1)


def sequences():
    model = SequenceClassifier(["a", "b"], [keras.layers.GRU(3)], {"kind": "skeletons", "steps": 4})
    joints = RANDOM.normal(size=(4, 6, 20, 3)).cumsum(axis=1)
    model.standardized.adapt([model.reader.read(sequence) for sequence in joints])
    batches = model.batches(list(joints), [0, 1, 0, 1])
    return model, batches, lambda m: dict(m.classify(joints[0]))["a"]


def frames():
    model = FramePredictor((6, 6), [keras.layers.LSTM(3)])
    clips = RANDOM.random((2, 5, 6, 6))
    return model, model.windows(clips), lambda m: m.rollout(clips, 1)


def audio():
    model = SpectrogramImputer([keras.layers.GRU(3)])
    samples = RANDOM.normal(size=4000)
    batches = model.windows([samples], length=16, windows=1)
    restored = {"adapt": False}
    return model, batches, lambda m: m.impute(samples, 8000, [(0.2, 0.21)], **restored)


def streets():
    links = [Link("ab", "a", "b", 1.0), Link("ba", "b", "a", 1.0), Link("bc", "b", "c", 1.0)]
    model = PathPredictor(street_graph("t", links), [keras.layers.GRU(3)], embedding=2)
    batches = model.windows(TripBatches.trips_of([[0, 1, 0, 2], [1, 0], [2]]))
    return model, batches, lambda m: m.next(["ab"], top=1)[0].probability


def fields():
    model = FieldForecaster((1, 3, 1), 86_400, [keras.layers.GRU(3)], rank=2)
    counts = RANDOM.poisson(9.0, (40, 1, 3, 1)).astype("float32")
    model.fit_fields(counts)
    return model, model.windows(counts), lambda m: m.forecast(counts, 1)


def weather():
    model = WeatherForecaster({"T2M": "none", "PRECTOTCORR": "rain"}, [keras.layers.GRU(3)])
    days = np.stack([RANDOM.normal(20, 3, 800), RANDOM.exponential(5, 800)], axis=-1)
    days = days[:, None, None].astype("float32")
    model.fit_fields(days)
    return model, model.windows(days), lambda m: m.forecast(days, 1)


FAMILIES = {
    "FieldForecaster": fields,
    "WeatherForecaster": weather,
    "PathPredictor": streets,
    "TextGenerator": text,
    "Forecaster": rates,
    "SequenceClassifier": sequences,
    "FramePredictor": frames,
    "SpectrogramImputer": audio,
}


def fitted(task):
    """(model after a step of `fit`, function from a model to its prediction)."""
    keras.utils.set_random_seed(0)
    model, batches, predict = FAMILIES[task]()
    model.compile_default()
    model.run_eagerly = True  # a step or two: not worth a graph
    model.fit(batches, epochs=2, verbose=0)
    return model, predict


@pytest.fixture(autouse=True)
def own(models):
    """The models of these tests are their own."""


def test_every_family_is_here():
    assert FAMILIES.keys() == families().keys()


@pytest.mark.slow
@pytest.mark.parametrize("task", FAMILIES)
def test_what_fit_made_is_found_by_its_name(task, models):
    model, predict = fitted(task)
    folder = rnnzoo.save(model, "mine")
    assert folder == models / "mine/1"
    report = rnnzoo.verify("mine")
    assert max(report["golden_difference"], report["served_difference"]) < 1e-4
    loaded, expected = rnnzoo.load("mine"), predict(model)
    assert loaded.compiled
    if isinstance(expected, str):
        assert predict(loaded) == expected
    else:
        np.testing.assert_allclose(predict(loaded), expected, atol=1e-5)
    card = rnnzoo.info("mine")
    assert (card["task"], card["title"]) == (task, f"{task}, trained by its user")
    assert card["provenance"] == "trained by its user with fit; not evaluated"
    assert card["data"] == {"name": "not recorded", "licence": "its owner's"}
    assert card["architecture"]["parameters"] == model.count_params()
    assert "base" not in card
    loss = model.history.history["loss"]
    assert card["last_fit"]["epochs"] == 2
    assert [row["loss"] for row in read_history(folder)] == loss
    assert card["last_fit"]["loss"] == loss[-1]


def test_a_base_is_remembered_and_names_count_up(tiny, models, tmp_path):
    rnnzoo.save(tiny, "mine")
    base = rnnzoo.info("mine")
    assert "last_fit" not in base and read_history(models / "mine/1") is None
    longer = rnnzoo.load("mine").with_vocabulary_of("abcde ")
    folder = rnnzoo.save(longer, "mine", tmp_path / "elsewhere", title="Knows e.", licence="CC0")
    card = read_card(folder)
    assert folder == tmp_path / "elsewhere/mine/2"
    assert card["base"] == {key: base[key] for key in ("name", "version", "content_digest")}
    assert (card["title"], card["licence"]) == ("Knows e.", "CC0")
    licence = f"of mine: {base['licence']} (its data: its owner's); of the text: its owner's"
    assert longer.origin.licence_with("text") == licence


def test_limits_and_the_licence_of_the_data_are_inherited():
    """A model whose data is for research stays one for research when it is trained further."""
    card = rnnzoo.info("action3d-lstm")
    origin = Origin.of(card)
    assert f"(its data: {card['data']['licence']})" in origin.licence_with("sequences")
    assert origin.inherited() == {"limits": f"of action3d-lstm: {card['limits']}"}
    assert "For research" in card["limits"]


def refused(model, name="mine"):
    with pytest.raises(InputError) as problem:
        rnnzoo.save(model, name)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_what_cannot_be_saved(tiny, models, monkeypatch):
    plain = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="plain")
    assert refused(plain) == (
        "'plain' is a Sequential: give a model of a task, one of FieldForecaster, Forecaster, "
        "FramePredictor, PathPredictor, SequenceClassifier, SpectrogramImputer, TextGenerator, "
        "WeatherForecaster; "
        "`model.save` saves other Keras models"
    )
    assert refused(None).startswith("None is a NoneType: give a model of a task")
    assert "'shakespeare-lstm' is a model of the zoo" in refused(tiny, "shakespeare-lstm")
    assert "'My Model' is no model name: use small letters" in refused(tiny, "My Model")
    with monkeypatch.context() as patch:
        patch.setattr(keras.backend, "backend", lambda: "jax")
        assert "with TensorFlow, the backend is jax: save a .keras file" in refused(tiny)
    with monkeypatch.context() as patch:
        patch.setattr(tiny, "built", False)
        assert "has no weights yet: call it or fit it first" in refused(tiny)
    half = TextGenerator("ab", [keras.layers.LSTM(2, dtype="mixed_float16")])
    assert "the layer recurrent_0 computes in float16, models are exported in" in refused(half)
    (models / "mine/1").mkdir(parents=True)
    (models / "mine/1/SHA256SUMS").write_text("")
    card = {"name": "mine", "version": 1, "task": "Forecaster", "title": "For tests"}
    (models / "mine/1/card.json").write_text(json.dumps(card))
    assert refused(tiny) == "mine is a Forecaster: give another name"
    shutil.rmtree(models)

    def fails(model, folder):
        raise ValueError("no such operation\nand more")

    with monkeypatch.context() as patch:
        patch.setattr(artifact, "export_saved_model", fails)
        assert refused(tiny) == f"{tiny.name} cannot be exported: no such operation"
    assert not list(models.iterdir())
    tiny.readout.bias.assign([0, np.nan, 0, 0, 0])
    assert refused(tiny).startswith("the weight readout/bias has values that are not finite")
    assert not list(models.iterdir())


def test_the_history_of_a_fit_has_only_what_every_epoch_has():
    class Fitted:
        class history:
            epoch = [3, 4]
            history = {"loss": [2.0, np.float32(1.5)], "odd": [1.0], "nan": [np.nan, 1], "s": "ab"}

    assert rows_of(Fitted) == [{"epoch": 4, "loss": 2.0}, {"epoch": 5, "loss": 1.5, "nan": 1.0}]
    assert rows_of(object()) is None


def test_inputs_of_a_family_of_ones_own_fit_the_model(tiny):
    class Model:
        inputs = [keras.KerasTensor((None, None, 3), "float32")]

    inputs = Family().golden_inputs(Model, None)
    assert (inputs.shape, inputs.dtype) == ((1, STEPS, 3), np.float32)
    np.testing.assert_array_equal(inputs, Family().random_inputs(Model))


def asked(name, body):
    """(status, JSON value) of the server's application for a request to `:predict`."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": json.dumps(body).encode()}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": f"/v1/models/{name}:predict", "headers": [],
        "query_string": b"",
    }  # fmt: skip
    asyncio.run(create_app(Engine({name: Servable(name)}))(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_the_commands_and_the_server_take_a_saved_model(tiny, tmp_path, capsys):
    rnnzoo.save(tiny, "mine")
    for command in (
        ["generate", "mine", "--prompt", "ab", "--length", "3"],
        ["verify", "mine"],
        ["info", "mine"],
        ["list", "mine"],
        ["lineage", "mine"],
        ["export", "mine", "--format", "keras", "--out", str(tmp_path / "mine.keras")],
    ):
        assert main(command) == 0, capsys.readouterr().err
    assert "TextGenerator, trained by its user" in capsys.readouterr().out
    assert rnnzoo.load(tmp_path / "mine.keras").vocabulary.characters == "abc d"
    status, content = asked("mine", {"instances": ["ab"]})
    logits = np.asarray(tiny(tiny.vocabulary.encode("ab")[None]))[0, -1]
    assert status == 200
    np.testing.assert_allclose(content["predictions"], [logits], atol=1e-5)
