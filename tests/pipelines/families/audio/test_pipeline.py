"""From a folder of music to a pushed imputer, and to one that is fine-tuned."""

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import rnnzoo
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.training_logs import run_folder

pytestmark = pytest.mark.slow


def test_the_artifact_is_complete_and_its_card_names_the_music(pushed):
    _, folder, card = pushed
    report = rnnzoo.verify("tunes-short")
    assert report["golden_difference"] < 1e-5 and report["served_difference"] < 1e-4
    assert card["task"] == "SpectrogramImputer"
    assert card["architecture"]["layers"] == ["LSTM(6)"]
    assert card["spectrogram"] == {"rate": 22_050, "n_fft": 256, "hop": 64}
    assert sorted(map(len, card["data"]["pieces"].values())) == [1, 1, 4]
    assert card["data"]["minutes"]["train"] == pytest.approx(8 / 60, abs=0.05)
    assert card["metrics"]["test"] < card["baselines"]["means"]["test"]["mean"] * 1.1
    assert set(card["metrics"]["by_available"]["1"]["test"]) == {"0", "2", "4", "16", "mean"}
    assert 0 < card["metrics"]["adapted"]["test"]["mean"] < 1.5
    assert card["warnings"] == ["train has 8 s of music: 600 or more are better"]
    assert (folder / "golden.npz").stat().st_size < 100_000


def test_it_restores_after_loading(pushed):
    model = rnnzoo.load("tunes-short")
    n = np.arange(22_050)
    tone = 0.3 * np.sin(0.1 * n) * np.exp(-(n % 4410) / 3000)
    restored = model.impute(tone, 22_050, gaps=[(0.5, 0.52)], adapt=False)
    outside = np.r_[: int(0.5 * 22_050), int(0.52 * 22_050) + 1 : len(n)]
    np.testing.assert_array_equal(restored[outside], tone[outside])
    assert model.evaluate(model.windows([tone], 48, 4), verbose=0) > 0


def test_a_second_run_does_nothing(pushed, music_folder):
    models, folder, _ = pushed
    again = Pipeline("music-short", models, music_folder, "tunes-short").run()
    assert again[0] == folder


def events_of(name):
    """The events of the only run of a model."""
    (run,) = run_folder(name, "").iterdir()
    return EventAccumulator(str(run), size_guidance={"tensors": 0}).Reload()


def test_tensorboard_has_restorations_as_pictures_and_sounds(pushed):
    events = events_of("tunes-short")
    tags = events.Tags()["tensors"]
    assert {"true, given, restored", "true", "restored", "val_loss"} <= set(tags)
    sound = events.Tensors("restored")[0].tensor_proto.string_val[0]
    assert sound.startswith(b"RIFF"), "a WAV"
    picture = events.Tensors("true, given, restored")[0].tensor_proto.string_val[2]
    assert picture.startswith(b"\x89PNG")


def test_it_is_fine_tuned(pushed, music_folder):
    models, _, card = pushed
    folder, tuned = finetune("tunes-short", music_folder, "tunes-tuned", models, epochs=1)
    assert tuned["base"]["name"] == "tunes-short"
    assert tuned["data"] == {**card["data"], "name": tuned["data"]["name"]}
    assert tuned["metrics"]["before"]["test"] == pytest.approx(card["metrics"]["test"], rel=1e-3)
    assert "adapted" not in tuned["metrics"]
    for name, rows in card["baselines"].items():
        row = tuned["baselines"][name]["validation"]
        assert row["mean"] == pytest.approx(rows["validation"]["mean"], rel=1e-2), "float16"
    assert rnnzoo.verify("tunes-tuned")["golden_difference"] < 1e-5
    assert (folder / "model.json").is_file()
    tags = events_of("tunes-tuned").Tags()["tensors"]
    assert {"true, given, restored", "true", "restored", "val_loss"} <= set(tags)


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(pushed, music_folder, digest_by_tfx):
    assert digest_by_tfx("music-short", music_folder, "tunes-short") == pushed[2]["content_digest"]


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(pushed, music_folder, checked_spec):
    checked_spec("music-short", music_folder, "tunes-short")
