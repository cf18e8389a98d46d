"""Texts that the server generates: those of `TextGenerator.generate`, whoever else is served."""

import concurrent.futures
import json
import time

import pytest
import requests

from rnnzoo.pipelines.serving.core.engine import Engine


@pytest.fixture
def address(addresses):
    return f"{addresses[0]}/v1/models/text:generate"


def events(address, **fields):
    """list of the JSON values of the events of a request."""
    with requests.post(address, json=fields, stream=True, timeout=60) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in response.iter_lines(decode_unicode=True) if line]
    assert all(line.startswith("data: ") for line in lines)
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def text_of(address, **fields):
    *characters, last = events(address, **fields)
    assert last == {"done": True, "length": len(characters)}
    assert all(len(event["text"]) == 1 for event in characters)
    return "".join(event["text"] for event in characters)


def metrics(address):
    return requests.get(f"{address}/metrics", timeout=60).text


SETTINGS = [
    {},
    {"temperature": 0},
    {"temperature": 0.5},
    {"top_k": 2},
    {"top_p": 0.7, "temperature": 1.5},
    {"top_k": 3, "top_p": 0.9},
]


@pytest.fixture(scope="module")
def generator(servables):
    """The `TextGenerator` that is served."""
    servables["text"].get(1)
    return servables["text"].model


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_text_is_that_of_the_model(address, generator, settings):
    for prompt, seed in (("h", 1), ("hello", 2)):
        expected = generator.generate(prompt, 40, seed=seed, **settings)
        assert (
            prompt + text_of(address, prompt=prompt, length=40, seed=seed, **settings) == expected
        )
        whole = {"prompt": prompt, "length": 40, "seed": seed, "stream": False, **settings}
        answer = requests.post(address, json=whole, timeout=60).json()
        assert prompt + answer["text"] == expected


def test_texts_of_many_clients_are_as_each_alone(address, generator):
    """Of other lengths and settings, so that texts join and leave at every step."""

    def ask(number):
        settings = SETTINGS[number % len(SETTINGS)]
        length, prompt = 5 + 7 * number % 50, "hel"[: 1 + number % 3]
        text = text_of(address, prompt=prompt, length=length, seed=number, **settings)
        return prompt + text == generator.generate(prompt, length, seed=number, **settings)

    with concurrent.futures.ThreadPoolExecutor(16) as clients:
        assert all(clients.map(ask, range(64)))


def test_a_stop_string_ends_a_text(address, generator):
    text = generator.generate("h", 60, seed=3)[1:]
    stop = text[9:11]
    expected = generator.generate("h", 60, seed=3, stop=["zz", stop])[1:]
    assert text_of(address, prompt="h", length=60, seed=3, stop=["zz", stop]) == expected
    assert expected.endswith(stop) and len(expected) <= 11


def test_texts_without_a_seed_differ(address):
    texts = {text_of(address, prompt="h", length=60) for _ in range(3)}
    assert len(texts) == 3


def test_a_client_that_leaves_ends_its_text(address, addresses):
    for _ in range(3):
        with requests.post(
            address, json={"prompt": "h", "length": 10_000}, stream=True, timeout=60
        ) as response:
            assert next(response.iter_lines()).startswith(b"data: ")
    assert len(text_of(address, prompt="h", length=20, seed=1)) == 20
    deadline = time.monotonic() + 30
    while 'rnnzoo_running_texts{model="text"} 0.0' not in metrics(addresses[0]):
        assert time.monotonic() < deadline, "texts of clients that have left are still generated"
        time.sleep(0.05)


def test_a_text_ends_with_its_reason_when_the_server_stops(servables, serving_both):
    servables["text"].get(1)
    with serving_both(Engine(servables)) as (address, _):
        url = f"{address}/v1/models/text:generate"
        request = {"prompt": "h", "length": 10_000}
        response = requests.post(url, json=request, stream=True, timeout=60)
        lines = response.iter_lines(decode_unicode=True)
        assert next(lines).startswith("data: ")
    last = [line for line in lines if line][-1]
    assert json.loads(last.removeprefix("data: ")) == {
        "error": "the server is stopping: try again in a second", "status": 503,
    }  # fmt: skip


REFUSED = {
    "body": ([], "body has to be an object with a prompt"),
    "field": ({"promt": "h"}, "unknown field 'promt': fields are prompt, length"),
    "prompt": ({"prompt": 3}, "prompt=3: give a text"),
    "empty": ({}, "the prompt is empty"),
    "unknown": ({"prompt": "hello?"}, "the model does not know '?'"),
    "length": ({"prompt": "h", "length": 0}, "length=0: give 1 to 10000"),
    "long": ({"prompt": "h", "length": 10_001}, "length=10001: give 1 to 10000"),
    "bool": ({"prompt": "h", "length": True}, "length=True: give 1 to 10000"),
    "temperature": ({"prompt": "h", "temperature": -1}, "temperature=-1: give a number from 0"),
    "top_k": ({"prompt": "h", "top_k": 0}, "top_k=0: give 1 or more"),
    "top_p": ({"prompt": "h", "top_p": 1.5}, "top_p=1.5: give a number above 0, at most 1"),
    "seed": ({"prompt": "h", "seed": -1}, "seed=-1: give 0 or more"),
    "stop": ({"prompt": "h", "stop": [""]}, "stop=['']: give a text"),
    "stream": ({"prompt": "h", "stream": "no"}, "stream='no': give true or false"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_requests_that_are_refused_say_why(address, case):
    body, message = REFUSED[case]
    response = requests.post(address, json=body, timeout=60)
    assert response.status_code == 400
    assert message in response.json()["error"]


def test_a_model_of_something_else_generates_no_text(addresses):
    url = f"{addresses[0]}/v1/models/rates:generate"
    response = requests.post(url, json={"prompt": "h"}, timeout=60)
    assert response.status_code == 400
    assert "the model generates no text" in response.json()["error"]
