import keras
import numpy as np
import pytest

from rnnzoo.audio import adaptation, imputer
from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.audio.spectrogram import analyse
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers import NEMLSTM

RATE = 8000


def build_model(bidirectional, units=5, spread=0.1):
    keras.utils.set_random_seed(1)
    model = SpectrogramImputer([NEMLSTM(units, noise="none")], bidirectional=bidirectional)
    random = np.random.default_rng(0)
    readout = model.get_layer("readout")
    readout.set_weights(
        [random.normal(0, spread, weight.shape) for weight in readout.get_weights()]
    )
    return model


def tune(seconds=1.0):
    n = np.arange(int(seconds * RATE))
    return 0.4 * np.sin(0.2 * n) * (1 + np.sin(0.002 * n)) + 0.1 * np.cos(0.71 * n)


def cells(columns=150):
    magnitudes = np.random.default_rng(2).gamma(1.0, size=(2, columns, 129)).astype("float32")
    magnitudes[0, 50:60], magnitudes[1, 70:90, 4:] = -1, -1
    return magnitudes


BOTH = pytest.mark.parametrize("bidirectional", [False, True])
# Two directions are traced for twice as long.
SLOWER = pytest.mark.parametrize(
    "bidirectional", [False, pytest.param(True, marks=pytest.mark.slow)]
)


@BOTH
def test_known_cells_stay_and_missing_ones_are_filled(bidirectional):
    inputs = cells()
    outputs = np.asarray(build_model(bidirectional)(inputs))
    known = inputs >= 0
    np.testing.assert_array_equal(outputs[known], inputs[known])
    assert np.all(outputs >= 0) and outputs[~known].std() > 0


@SLOWER
def test_music_twice_as_loud_is_filled_twice_as_loud(bidirectional):
    inputs, model = cells(), build_model(bidirectional)
    louder = np.where(inputs < 0, -1, 2 * inputs)
    np.testing.assert_allclose(model(louder), 2 * np.asarray(model(inputs)), rtol=1e-3, atol=1e-4)


def test_what_comes_later_does_not_count_in_one_direction_and_does_in_two():
    inputs = cells()
    other = inputs.copy()
    other[:, 100:] *= 3
    for bidirectional in (False, True):
        model = build_model(bidirectional)
        same = np.allclose(model(inputs)[:, :100], model(other)[:, :100], atol=1e-6)
        assert same is not bidirectional


@SLOWER
def test_it_learns_what_fit_shows_it(bidirectional):
    model = build_model(bidirectional, spread=0.5).compile_default()
    settings = {"length": 64, "batch_size": 4, "windows": 16}
    evaluation = model.windows([tune()], **settings, shuffle=False)
    before = model.evaluate(evaluation, verbose=0)
    model.optimizer.learning_rate = 0.005
    model.fit(model.windows([tune()], **settings), epochs=5, verbose=0)
    assert model.evaluate(evaluation, verbose=0) < 0.8 * before


@SLOWER
def test_it_comes_back_from_a_file_as_it_was(bidirectional, tmp_path):
    model, inputs = build_model(bidirectional), cells()
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(again(inputs), model(inputs), atol=1e-6)
    stripped = model.finished()
    np.testing.assert_allclose(stripped(inputs), model(inputs), atol=1e-5)
    assert type(stripped.recurrent[0]) is keras.layers.LSTM


@BOTH
def test_what_is_outside_the_gaps_comes_back_bit_by_bit(bidirectional):
    true, model = tune(), build_model(bidirectional)
    damaged = true.copy()
    damaged[3200:3360] = 7  # the samples of a gap are ignored
    restored = model.impute(damaged, RATE, gaps=[(0.4, 0.42)], adapt=False)
    outside = np.r_[:3200, 3360:RATE]
    np.testing.assert_array_equal(restored[outside], true[outside])
    assert np.abs(restored[3200:3360]).max() < 2
    other = np.where(damaged == 7, 0, true)
    np.testing.assert_array_equal(restored, model.impute(other, RATE, [(0.4, 0.42)], adapt=False))
    stereo = model.impute(np.stack([damaged, damaged]), RATE, gaps=[(0.4, 0.42)], adapt=False)
    np.testing.assert_array_equal(stereo, np.stack([restored, restored]))


def test_the_path_of_a_file_and_gaps_as_the_command_takes_them(tmp_path):
    import soundfile

    model, tones = build_model(False), np.stack([tune(), tune()[::-1]])
    for name, samples in (("stereo.wav", tones), ("mono.wav", tones[0])):
        soundfile.write(tmp_path / name, samples.T, RATE, "DOUBLE")
        restored = model.impute(tmp_path / name, gaps=["0.4:0.42"], adapt=False)
        expected = model.impute(samples, RATE, gaps=[(0.4, 0.42)], adapt=False)
        np.testing.assert_array_equal(restored, expected)
    with pytest.raises(InputError, match="sr is 8000: leave it out"):
        model.impute(str(tmp_path / "mono.wav"), RATE, gaps=["0.4:0.42"])


def test_a_mask_and_available_bins():
    true, model = tune(), build_model(True)
    mask = np.zeros(analyse(true).shape, bool)
    mask[20:, 40:44] = True
    restored = model.impute(true, RATE, mask=mask, adapt=False)
    indices = np.flatnonzero(restored != true)
    assert (41 * 64 - 256) <= indices.min() and indices.max() < 44 * 64
    some = model.impute(true, RATE, gaps=[(0.4, 0.45)], available=16, adapt=False)
    assert np.linalg.norm(some - true) < 0.5 * np.linalg.norm(true[3200:3600])


def test_it_adapts_to_what_is_intact_the_same_every_time_and_stays_as_it_was(monkeypatch):
    monkeypatch.setattr(adaptation, "STEPS", 60)
    monkeypatch.setattr(adaptation, "IN_TWO_DIRECTIONS", 1e-2)
    true, model = tune(3.0), build_model(True)
    before = model.get_weights()
    mask = np.zeros(analyse(true).shape, bool)
    for start in (40, 130, 210, 300):
        mask[:, start : start + 10] = True
    magnitudes = np.abs(analyse(true))
    plain, first, second = (
        model.filled(magnitudes, mask, adapt=adapt, seed=3) for adapt in (False, True, True)
    )
    np.testing.assert_array_equal(first, second)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    error = [np.linalg.norm((filled - magnitudes)[mask]) for filled in (plain, first)]
    assert error[1] < 0.8 * error[0]


def test_both_channels_are_adapted_to_once_and_what_it_takes_is_reported(monkeypatch):
    monkeypatch.setattr(adaptation, "COPIES", 2)
    model, reported = build_model(True), []
    mask = np.zeros(analyse(tune()).shape, bool)
    mask[:, 40:50] = True
    magnitudes = np.abs(analyse(np.stack([tune(), tune()[::-1]])))

    def progress(items, label, unit):
        reported.append((len(items), label, unit))
        return items

    filled = model.filled(magnitudes, mask, progress=progress)
    # A step for every 22 columns.
    assert reported == [(2 + -(-mask.shape[1] // 22), "adapting to the intact part", "step")]
    assert filled.shape == magnitudes.shape
    np.testing.assert_array_equal(filled[:, ~mask], magnitudes[:, ~mask])
    apart = [model.filled(channel, mask, adapt=False) for channel in magnitudes]
    np.testing.assert_allclose(model.filled(magnitudes, mask, adapt=False), apart, rtol=1e-6)


def test_a_model_is_traced_once_for_all_lengths(monkeypatch):
    model = build_model(False)
    traced, graph = [], model._parts.estimates
    monkeypatch.setattr(type(model._parts), "estimates", lambda *x: traced.append(1) or graph(x[1]))
    again = SpectrogramImputer.from_config(model.get_config())
    traced.clear()
    for seconds in (0.5, 0.6, 0.8):
        again.impute(tune(seconds), RATE, gaps=[(0.2, 0.22)], adapt=False)
    assert len(traced) == (1 if keras.backend.backend() == "tensorflow" else 3)


def test_with_too_little_intact_it_does_not_adapt():
    model, magnitudes = build_model(True), np.abs(analyse(tune(0.2)))
    mask = np.zeros(magnitudes.shape, bool)
    mask[:, ::20] = True
    np.testing.assert_array_equal(
        model.filled(magnitudes, mask), model.filled(magnitudes, mask, adapt=False)
    )


@SLOWER
def test_a_long_file_is_filled_in_chunks_that_do_not_show(bidirectional, monkeypatch):
    model, magnitudes = build_model(bidirectional), np.abs(analyse(tune(6.0)))
    mask = np.zeros(magnitudes.shape, bool)
    for start in range(100, 700, 60):
        mask[4:, start : start + 20] = True
    whole = model.filled(magnitudes, mask, adapt=False)
    monkeypatch.setattr(imputer, "MOST", 64)
    chunks = model.filled(magnitudes, mask, adapt=False)
    scale = np.abs(whole[mask]).mean()
    # What an LSTM remembers of more than 512 columns before, and the filters do not reach.
    np.testing.assert_allclose(chunks, whole, atol=0.02 * scale)


def test_chunks_join_gaps_that_see_each_other(monkeypatch):
    monkeypatch.setattr(imputer, "AROUND", 10)
    monkeypatch.setattr(imputer, "MOST", 30)
    flags = np.zeros(200, bool)
    for first, end in [(5, 8), (12, 20), (40, 41), (100, 170)]:
        flags[first:end] = True
    assert imputer.gap_chunks(flags) == [(5, 20), (40, 41), (100, 130), (130, 160), (160, 170)]


def test_audio_that_is_too_long_for_both_directions_is_refused(monkeypatch):
    monkeypatch.setattr(imputer, "MOST_BOTH", 20)
    mask = np.zeros((129, 30), bool)
    mask[:, 10:12] = True
    with pytest.raises(InputError, match="^30 columns of 64 samples are too many for both"):
        build_model(True).filled(np.ones((129, 30)), mask, adapt=False)
    assert build_model(False).filled(np.ones((129, 30)), mask, adapt=False).shape == (129, 30)


def test_nothing_missing_and_nothing_left():
    model, magnitudes = build_model(True), np.abs(analyse(tune(0.2)))
    nothing = np.zeros(magnitudes.shape, bool)
    np.testing.assert_array_equal(model.filled(magnitudes, nothing), magnitudes)
    with pytest.raises(InputError, match="^every cell is missing"):
        model.filled(magnitudes, ~nothing)
    with pytest.raises(InputError, match="is of shape"):
        model.filled(magnitudes, nothing[:, 1:])
    with pytest.raises(InputError, match="^seed is -1"):
        model.filled(magnitudes, nothing, seed=-1)


def test_errors():
    model = build_model(True)
    with pytest.raises(InputError, match="^recurrent is empty"):
        SpectrogramImputer([])
    for arguments, message in [
        ({}, "give gaps, or a mask"),
        ({"gaps": [(0.1, 0.2)], "mask": np.ones((129, 3), bool)}, "give gaps, or a mask"),
        ({"gaps": [(0.1, 2.0)]}, "outside the audio"),
        ({"mask": np.zeros((129, 3), bool)}, "is of shape"),
        ({"mask": np.zeros((129, 3), bool), "available": 2}, "available=2 is for gaps"),
    ]:
        with pytest.raises(InputError, match=message):
            model.impute(tune(), RATE, **arguments)
    with pytest.raises(InputError, match="the rate is 0"):
        model.impute(tune(), 0, gaps=[(0.1, 0.2)])
    with pytest.raises(InputError, match="is silent"):
        model.impute(np.zeros(RATE), RATE, gaps=[(0.1, 0.2)])
