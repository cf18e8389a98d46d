"""The family of imputers, on music whose content is known."""

import keras
import numpy as np
import pytest

from rnnzoo.audio.imputer import WINDOW, SpectrogramImputer
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.audio.writer import write_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.music.folder import music_pieces, split_pieces
from rnnzoo.families import families
from rnnzoo.pipelines.core.examples import read_split
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.families.audio.family import AUDIO
from rnnzoo.pipelines.families.audio.music import PART, Music
from rnnzoo.pipelines.stages.example_validator import read_warnings
from rnnzoo.pipelines.stages.schema_gen import feature_of, read_schema
from rnnzoo.pipelines.stages.statistics_gen import read_statistics
from rnnzoo.registry import recipe

RATE = 22_050
NOISE = 0.1 * np.random.default_rng(0).normal(size=PART + RATE)


def write_piece(path, samples):
    """Writes a file whose content is like that of no other, since equal ones are one recording."""
    write_audio(path, samples, RATE, "PCM_16")
    with open(path, "ab") as file:
        file.write(b"note" + (2).to_bytes(4, "little") + path.stem.encode().ljust(2))


@pytest.fixture
def stages_of(data_stages, tmp_path):
    """A function from the samples of three files to the folders of the stages up to Transform."""

    def run(samples, last="transformed"):
        folder = tmp_path / "tunes"
        folder.mkdir()
        for name, piece in zip("abc", samples, strict=True):
            write_piece(folder / f"{name}.wav", piece)
        return data_stages("SpectrogramImputer", *AUDIO.user_data(folder, {}), last=last)

    return run


def whole_pieces(folder):
    """dict from split to the samples of its piece."""
    parts = {split: read_split(folder, split, AUDIO.features) for split in SPLITS}
    return {split: np.concatenate([part["samples"] for part in parts[split]]) for split in SPLITS}


def test_examples_are_parts_of_16_bit_samples_and_the_dataset_their_spectrograms(stages_of):
    folders = stages_of([NOISE, NOISE[:9000], NOISE[9000:20_000]])
    pieces = whole_pieces(folders["examples"])
    exact = np.round(NOISE * 2**15)
    longest = max(pieces.values(), key=len)
    np.testing.assert_allclose(longest * 32_767, exact * 32_767 / 2**15, atol=0.51)
    np.testing.assert_array_equal(longest, np.round(longest * 32_767).astype("float32") / 32_767)

    music = AUDIO.dataset(Transformed(folders["transformed"]))
    assert music.name.startswith("music-") and music.name[6:] == music.sha256[:16]
    (split,) = (split for split in SPLITS if len(pieces[split]) == len(NOISE))
    examples = list(read_split(folders["examples"], split, AUDIO.features))
    assert [(part["part"], len(part["samples"])) for part in examples] == [(0, PART), (1, RATE)]
    for split, samples in pieces.items():
        ((name, magnitudes),) = music.pieces[split].items()
        assert name in ("a.wav", "b.wav", "c.wav")
        np.testing.assert_array_equal(magnitudes, np.abs(analyse(samples)).T.astype("float16"))
    np.testing.assert_array_equal(music.preview, pieces["validation"][:PART])


def test_columns_domains_and_warnings(stages_of):
    loud = np.where(np.arange(9000) % 10 == 0, -1.0, 0.1)
    folders = stages_of([loud, loud, loud], "anomalies")
    statistics = read_statistics(folders["statistics"])
    for split, columns in statistics.items():
        means = {name: column.num_stats.mean for name, column in columns.items()}
        assert means["seconds"] == pytest.approx(9000 / RATE)
        assert means["loudness"] == pytest.approx(np.sqrt(np.mean(loud**2)), rel=1e-3)
        assert (means["peak"], means["rate"], means["silent"]) == (1, RATE, 0)
        assert means["clipped"] == pytest.approx(0.1)
        assert means["repeated"] == float(split != "train")
    schema = read_schema(folders["schema"])
    domain = feature_of(schema, "rate").int_domain
    assert (domain.min, domain.max) == (RATE, RATE)
    assert read_warnings(folders["anomalies"]) == [
        "10.0% of the samples of test are at full scale",
        "10.0% of the samples of train are at full scale",
        "10.0% of the samples of validation are at full scale",
        "train has 0.408 s of music: 600 or more are better",
        "100% of the parts of test are in train too: its figures mean little",
        "100% of the parts of validation are in train too: its figures mean little",
    ]


def test_a_part_that_is_silent_is_a_warning(stages_of):
    quiet = np.concatenate([NOISE[:PART], np.full(9000, 1e-4)])
    folders = stages_of([quiet, NOISE[:9000], NOISE[9000:18_000]], "anomalies")
    (warning,) = (text for text in read_warnings(folders["anomalies"]) if "silent" in text)
    assert warning.startswith("50% of the parts of ")


def test_silent_music_ends_the_pipeline(stages_of):
    with pytest.raises(InputError, match="^train is silent: give music"):
        stages_of([1e-4 * np.ones(9000)] * 3)


def test_files_that_cannot_be_read_are_left_out_or_refused(data_stages, tmp_path, capsys):
    folder = tmp_path / "tunes"
    folder.mkdir()
    with pytest.raises(InputError, match="has 0 files of music"):
        AUDIO.user_data(folder, {})
    for name in "abcd":
        write_piece(folder / f"{name}.wav", NOISE[:9000])
    trained = [piece.path for piece in split_pieces(music_pieces(folder))["train"]]

    def examples():
        folders = data_stages("SpectrogramImputer", *AUDIO.user_data(folder, {}), last="examples")
        return list(read_split(folders["examples"], "train", AUDIO.features))

    trained[0].write_bytes(b"no music")
    assert [example["piece"] for example in examples()] == [path.name for path in trained[1:]]
    assert f"skipped: {trained[0]} is no audio that can be read" in capsys.readouterr().err
    for path in trained:
        path.write_bytes(b"no music")
    with pytest.raises(InputError, match="^no piece of train can be read"):
        examples()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate": 44_100}, "rate of tune from 44100 to 44100: the schema allows 22050 to 22050"),
        ({"samples": np.array([0.5, -1.5], "float32")}, "samples of tune from -1.5 to 0.5"),
        ({"samples": np.array([0.5, np.nan], "float32")}, "samples of tune from nan to nan"),
    ],
)
def test_transform_refuses_what_the_schema_does_not_allow(stages_of, change, message):
    schema = read_schema(stages_of([NOISE[:9000]] * 3, "schema")["schema"])
    example = {"piece": "tune", "part": 0, "rate": RATE, "samples": np.ones(2, "float32")}
    about, arrays = AUDIO.transform(lambda split: iter([{**example, **change}]), schema)
    with pytest.raises(InputError, match=message):
        list(arrays)
    assert about == {"rate": RATE}


def test_the_recipe_names_its_music():
    source = AUDIO.source(recipe("music-lstm"))
    assert "CC BY-SA 3.0 (Max McCracken)" in source["licence"]
    assert source["url"].count("_all.deb") == 2
    with pytest.raises(InputError, match="^unknown music 'birds': choose one of debian-music"):
        AUDIO.own_data({"data": "birds"})


@pytest.mark.parametrize("name", ["music-rnn", "music-lstm", "music-bilstm"])
def test_recipes_build_what_they_name(name):
    settings = families()["SpectrogramImputer"].complete(recipe(name))
    model = AUDIO.build(name, settings, None).finished()
    assert model.bidirectional == (name == "music-bilstm")
    layer = keras.layers.SimpleRNN if name == "music-rnn" else keras.layers.LSTM
    assert type(model.recurrent[0]) is layer and model.recurrent[0].units == settings["units"]
    expected = f"{layer.__name__}({settings['units']})" + ", both ways" * model.bidirectional
    assert AUDIO.layers(model) == [expected]


def test_a_model_may_be_one_percent_worse_than_the_last():
    assert AUDIO.limit(0.5) == pytest.approx(0.505)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_windows_of_fine_tuning_are_long_in_two_directions_but_no_longer_than_pieces(bidirectional):
    random = np.random.default_rng(0)
    pieces = {
        split: {"tune": random.gamma(1.0, size=(columns, 129)).astype("float32")}
        for split, columns in (("train", 700), ("validation", 500), ("test", 400))
    }
    music = Music("tunes", "0" * 64, RATE, pieces)
    model = SpectrogramImputer([keras.layers.LSTM(3)], bidirectional=bidirectional)
    train, validation = AUDIO.finetune_batches(model, music, 1)
    length = 700 if bidirectional else WINDOW
    assert (train.length, train.batch_size) == (length, 1)
    assert validation.length == (500 if bidirectional else length)
    np.testing.assert_array_equal(validation[0][1], validation[0][1])
    assert AUDIO.golden_inputs(model, music).shape == (1, 32, 129)
