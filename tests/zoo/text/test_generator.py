import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.text.decoding import BLOCK
from rnnzoo.text.generator import TextGenerator

pytestmark = pytest.mark.core


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def numpy_lstm_logits(model, ids):
    """The LSTM equations in Keras's gate order i, f, c, o, on one-hot characters."""
    kernel, recurrent, bias, w, b = (np.asarray(v, dtype=np.float64) for v in model.weights)
    units = recurrent.shape[0]
    h, c, logits = np.zeros(units), np.zeros(units), []
    for t in ids:
        i, f, g, o = np.split(kernel[t] + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        logits.append(h @ w + b)
    return np.array(logits)


@pytest.fixture
def lstm():
    keras.utils.set_random_seed(1)
    return TextGenerator("abcde", [keras.layers.LSTM(6)])


def test_it_is_the_lstm_of_its_equations(lstm):
    ids = np.array([0, 3, 1, 4, 4, 2])
    np.testing.assert_allclose(lstm(ids[None])[0], numpy_lstm_logits(lstm, ids), atol=1e-6)


def test_generating_step_by_step_is_reading_the_whole_text(tiny):
    """At temperature 0 each character is the likeliest after everything before it."""
    written = tiny.generate("abc", 20, temperature=0)
    logits = np.asarray(tiny(tiny.vocabulary.encode(written)[None]))[0]
    likeliest = tiny.vocabulary.decode(logits.argmax(axis=-1))
    assert written[3:] == likeliest[2:-1]


def test_the_prompt_is_read_once_and_the_state_is_carried(tiny):
    read, inner = [], tiny.compiled_advance
    tiny.compiled_advance = lambda ids, states: read.append(ids.shape) or inner(ids, states)
    text = tiny.generate("abcd", BLOCK + 10, temperature=0)
    assert read == [(1, 4)]
    assert text == tiny.generate(text[: BLOCK + 7], 7, temperature=0)


def test_a_seed_gives_one_text(tiny):
    text = tiny.generate("a", 200, seed=5)
    assert text == tiny.generate("a", 200, seed=5)
    assert text != tiny.generate("a", 200, seed=6)
    assert tiny.generate("a", 200) != tiny.generate("a", 200)
    assert text.startswith("a")
    assert len(text) == 201


def test_a_stream_does_not_depend_on_how_many_there_are(tiny):
    three = tiny.generate("a", 50, seed=5, streams=3)
    assert isinstance(three, list)
    assert len(set(three)) == 3
    assert three[0] == tiny.generate("a", 50, seed=5)
    assert three[:2] == tiny.generate("a", 50, seed=5, streams=2)


def test_prompts_of_several_lengths_are_continued_as_each_is_alone(tiny):
    prompts = ["ab", "d", "cab", "dd"]
    alone = [tiny.generate(prompt, BLOCK + 8, seed=3) for prompt in prompts]
    assert tiny.generate(prompts, BLOCK + 8, seed=3) == alone
    streams = [tiny.generate(prompt, 9, seed=3, streams=2) for prompt in prompts]
    assert tiny.generate(tuple(prompts), 9, seed=3, streams=2) == streams
    steps = list(tiny.stream(["ab", "d"], 9, seed=3))
    assert ["".join(characters) for characters in zip(*steps, strict=True)] == [
        text[len(prompt) : len(prompt) + 9]
        for prompt, text in zip(prompts[:2], alone[:2], strict=True)
    ]
    assert tiny.generate(["ab"], 5, seed=3) == [tiny.generate("ab", 5, seed=3)]


def test_a_byte_order_mark_is_no_character_of_a_text(tiny):
    assert tiny.generate("\ufeffab", 5, seed=3) == tiny.generate("ab", 5, seed=3)
    assert tiny.nats_per_character("\ufeffabba") == tiny.nats_per_character("abba")
    assert tiny.with_vocabulary_of("\ufeffab") is tiny


def test_more_characters_than_are_drawn_at_once(tiny):
    whole = tiny.generate("a", 3 * BLOCK, seed=5)
    assert tiny.generate("a", 2 * BLOCK + 1, seed=5) == whole[: 2 * BLOCK + 2]


def test_what_leaves_one_character_in_the_draw_takes_the_likeliest(tiny):
    likeliest = tiny.generate("abc", 40, temperature=0)
    for settings in ({"top_k": 1, "top_p": 1.0}, {"top_k": 5, "top_p": 1e-9}):
        assert tiny.generate("abc", 40, seed=3, **settings) == likeliest


def test_a_text_ends_with_the_first_stop_string_it_writes(tiny):
    whole = tiny.generate("ab", 200, seed=5, streams=3)
    for stop in (whole[0][20:23], [whole[0][50:53], whole[0][30:33]]):
        stops = [stop] if isinstance(stop, str) else stop
        stopped = tiny.generate("ab", 200, seed=5, streams=3, stop=stop)
        for text, full in zip(stopped, whole, strict=True):
            ends = [full.index(string, 2) + len(string) for string in stops if string in full[2:]]
            assert text == full[: min(ends, default=len(full))]
    # The prompt is not searched for stop strings.
    assert len(tiny.generate(stop[0], 1, seed=5, stop=stop)) == 4


def test_streams_that_have_ended_are_empty(tiny):
    whole = tiny.generate("ab", 100, seed=5, streams=3)
    steps = list(tiny.stream("ab", 100, seed=5, streams=3, stop=whole[1][12:15]))
    assert set(map(len, steps)) == {3}
    assert all(pieces[1] == "" for pieces in steps[13:])
    assert all(any(pieces) for pieces in steps), "it ends with the last of them"


def test_no_streams_is_no_number_of_them(tiny):
    with pytest.raises(InputError, match="streams=0"):
        tiny.generate("a", 5, streams=0)


def test_stream_yields_what_generate_joins(tiny):
    assert "".join(tiny.stream("ab", 30, seed=2)) == tiny.generate("ab", 30, seed=2)[2:]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"prompt": ""}, "the prompt is empty"),
        ({"prompt": "xya"}, "does not know 'x', 'y'"),
        ({"length": 0}, "length=0"),
        ({"streams": -1}, "streams=-1"),
        ({"seed": -2}, "seed=-2"),
        ({"temperature": -0.1}, "temperature=-0.1"),
        ({"top_k": 0}, "top_k=0"),
        ({"top_p": 1.5}, "top_p=1.5"),
        ({"stop": ["a", ""]}, "stop=''"),
    ],
)
def test_a_wrong_argument_is_named_at_once(tiny, arguments, message):
    with pytest.raises(InputError, match=message):
        tiny.stream(**{"prompt": "a", "length": 1, **arguments})


def test_nats_are_of_every_character_after_all_before_it(lstm, monkeypatch):
    text = "abcdeedcbaabcabc"
    ids = lstm.vocabulary.encode(text)
    logits = numpy_lstm_logits(lstm, ids)[:-1]
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    expected = -log_p[np.arange(len(ids) - 1), ids[1:]].mean()
    assert lstm.nats_per_character(text) == pytest.approx(expected, abs=1e-6)
    monkeypatch.setattr("rnnzoo.text.likelihood.SEGMENT", 4)  # the state crosses the cut
    assert lstm.nats_per_character(text) == pytest.approx(expected, abs=1e-6)
    with pytest.raises(InputError, match="nothing to predict"):
        lstm.nats_per_character("a")


def test_fit_learns_and_evaluate_is_nats(lstm):
    text = "abcde" * 200
    before = lstm.compile_default().nats_per_character(text)
    lstm.optimizer.learning_rate = 0.02
    lstm.fit(lstm.windows(text, length=20, batch_size=8), epochs=30, verbose=0)
    after = lstm.nats_per_character(text)
    assert after < before / 2
    loss = lstm.evaluate(lstm.windows(text, length=20, shuffle=False), verbose=0)
    assert loss == pytest.approx(after, abs=0.1)  # windows begin from the initial states
    assert lstm.generate("abc", 2, temperature=0) == "abcde"


@pytest.mark.slow
def test_fine_tuned_weights_are_the_ones_that_write(lstm):
    """The compiled step uses the weights that `fit` changed."""
    lstm.generate("abc", 2, temperature=0)
    lstm.compile(keras.optimizers.Adam(0.05), keras.losses.SparseCategoricalCrossentropy(True))
    lstm.fit(lstm.windows("abcde" * 100, length=20, batch_size=64), epochs=40, verbose=0)
    assert lstm.generate("abc", 7, temperature=0) == "abcdeabcde"


def test_it_survives_keras_saving_in_safe_mode(tiny, tmp_path):
    tiny.compile_default()
    tiny.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
    assert type(again) is TextGenerator
    assert again.vocabulary == tiny.vocabulary
    ids = np.array([[0, 1, 2]])
    np.testing.assert_array_equal(again(ids), tiny(ids))
    assert again.generate("ab", 30, seed=1) == tiny.generate("ab", 30, seed=1)
    assert again.optimizer is not None


def test_windows_of_a_text_the_model_cannot_read(tiny):
    with pytest.raises(InputError, match="does not know 'z'"):
        tiny.windows("abcz" * 100)
    with pytest.raises(InputError, match="shorter than a window"):
        tiny.windows("abc")
