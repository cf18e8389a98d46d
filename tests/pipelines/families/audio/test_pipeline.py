"""From a folder of music to a pushed imputer, and on from there."""

import numpy as np
import pytest

import rnnzoo
from rnnzoo.datasets.audio.writer import write_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.finetune import finetune
from rnnzoo.pipelines.core.pipeline import Pipeline
from rnnzoo.pipelines.families.audio.family import source


def test_it_is_whole_and_its_card_says_what_it_learned_from(pushed):
    _, folder, card = pushed
    report = rnnzoo.verify("tunes-short")
    assert report["golden_difference"] < 1e-5 and report["served_difference"] < 1e-4
    assert card["task"] == "SpectrogramImputer"
    assert sorted(map(len, card["data"]["pieces"].values())) == [1, 1, 4]
    assert card["data"]["minutes"]["train"] == pytest.approx(8 / 60, abs=0.05)
    assert card["metrics"]["test"] < card["baselines"]["means"]["test"]["mean"] * 1.1
    assert set(card["metrics"]["by_available"]["1"]["test"]) == {"0", "2", "4", "16", "mean"}
    assert 0 < card["metrics"]["adapted"]["test"]["mean"] < 1.5
    assert card["warnings"], "eight seconds are little"
    assert (folder / "golden.npz").stat().st_size < 100_000


def test_it_restores_after_loading(pushed):
    model = rnnzoo.load("tunes-short")
    n = np.arange(22_050)
    tone = 0.3 * np.sin(0.1 * n) * np.exp(-(n % 4410) / 3000)
    restored = model.impute(tone, 22_050, gaps=[(0.5, 0.52)], adapt=False)
    outside = np.r_[: int(0.5 * 22_050), int(0.52 * 22_050) + 1 : len(n)]
    np.testing.assert_array_equal(restored[outside], tone[outside])
    assert model.evaluate(model.windows([tone], 48, 4), verbose=0) > 0


def test_a_second_run_does_nothing(pushed, music_folder, monkeypatch, capsys):
    models, folder, _ = pushed
    again = Pipeline("music-short", models, music_folder, "tunes-short").run()
    assert again[0] == folder


def test_training_is_seen_and_heard_in_tensorboard(pushed):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    from rnnzoo.datasets.common.folders import cache_dir

    (where,) = {path.parent for path in (cache_dir() / "tensorboard").rglob("*seed-1/*tfevents*")}
    events = EventAccumulator(str(where), size_guidance={"tensors": 0}).Reload()
    tags = events.Tags()["tensors"]
    assert {"true, given, restored", "true", "restored"} <= set(tags)
    first = events.Tensors("restored")[0].tensor_proto.string_val[0]
    assert first.startswith(b"RIFF"), "a WAV to be listened to"
    picture = events.Tensors("true, given, restored")[0].tensor_proto.string_val[2]
    assert picture.startswith(b"\x89PNG")


def test_it_goes_on_learning_on_other_music(pushed, music_folder):
    models, _, card = pushed
    folder, tuned = finetune("tunes-short", music_folder, "tunes-tuned", models, epochs=1)
    assert tuned["base"]["name"] == "tunes-short"
    assert tuned["metrics"]["before"]["test"] == pytest.approx(card["metrics"]["test"], rel=1e-3)
    assert rnnzoo.verify("tunes-tuned")["golden_difference"] < 1e-5
    assert (folder / "model.json").is_file()


def test_music_that_is_none_is_left_out_or_refused(tmp_path, short_recipe, monkeypatch, capsys):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "mine"
    folder.mkdir()
    with pytest.raises(InputError, match="has 0 files of music"):
        Pipeline("music-lstm", tmp_path / "models", folder)
    for name in "abc":
        write_audio(folder / f"{name}.wav", 1e-4 * np.ones(9000), 22_050, "PCM_16")
    with pytest.raises(InputError, match="is silent"):
        Pipeline("music-lstm", tmp_path / "models", folder).run()
    for name in "abc":
        (folder / f"{name}.wav").write_bytes(b"no music")
    with pytest.raises(InputError, match="^no piece of train can be read"):
        Pipeline("music-lstm", tmp_path / "models", folder).run()
    assert "no audio that can be read" in capsys.readouterr().err
    assert not list((tmp_path / "models").iterdir())


def test_whose_the_recipes_own_music_is():

    said = source({})
    assert "CC BY-SA 3.0 (Max McCracken)" in said["licence"]
    assert said["url"].count("_all.deb") == 2
