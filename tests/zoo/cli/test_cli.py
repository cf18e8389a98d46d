"""The command line as its user meets it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rnnzoo.cli
from rnnzoo.cli import command_names, main
from rnnzoo.cli.generate import RULE
from rnnzoo.registry import list_models

RNNZOO = [sys.executable, "-m", "rnnzoo"]


def run(capsys, *arguments):
    """Runs a command in this process; returns (status, standard output, standard error)."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as stop:
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err


def refused(capsys, *arguments):
    """Returns the line that a command ends with on bad input."""
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert err.startswith("rnnzoo: error: ")
    assert err.count("\n") == 1, err
    return err


@pytest.mark.core
def test_list(capsys):
    status, out, _ = run(capsys, "list", "--json")
    assert status == 0
    (entry,) = [entry for entry in json.loads(out) if entry["name"] == "shakespeare-lstm"]
    assert entry["pretrained"] is True
    assert entry["content_digest"].startswith("sha256:")
    lines = [line.split(maxsplit=1) for line in run(capsys, "list")[1].splitlines()]
    assert dict(lines)["shakespeare-lstm"].startswith("LSTM that")
    assert run(capsys, "list", "nothing*") == (
        0,
        "",
        "no model matches: `rnnzoo list` shows them all\n",
    )


@pytest.mark.core
def test_info(capsys):
    _, text, _ = run(capsys, "info", "shakespeare-lstm")
    _, data, _ = run(capsys, "info", "shakespeare-lstm", "--json")
    card = json.loads(data)
    assert f"content_digest: {card['content_digest']}" in text
    assert "figures: test: 1.646 nats per character; 7-grams" in text
    assert card["command"] in text
    _, full, _ = run(capsys, "info", "shakespeare-lstm", "--full")
    assert "order 5" in full
    for name in list_models():
        status, text, _ = run(capsys, "info", name)
        assert status == 0
        assert 8 <= text.count("\n") <= 24, text
        assert text.endswith(f"\nall fields: rnnzoo info {name} --full\n")


@pytest.mark.slow
@pytest.mark.core
def test_generate_twice_is_the_same_text(capsys):
    command = ["generate", "shakespeare-lstm", "--prompt", "ROMEO:", "--length", 400, "--seed", 7]
    _, first, _ = run(capsys, *command)
    assert first.startswith("ROMEO:")
    assert len(first) == len("ROMEO:") + 400 + 1
    assert run(capsys, *command)[1] == first
    done = subprocess.run(RNNZOO + list(map(str, command)), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, first, "")
    _, streams, _ = run(capsys, *command, "--streams", 2, "--json")
    texts = json.loads(streams)["texts"]
    assert texts[0] + "\n" == first
    command += ["--streams", 2, "--stop", "zzz", "--stop", "e"]
    ends = [text[: text.index("e") + 1] for text in texts]
    assert run(capsys, *command)[1] == RULE.join(ends) + "\n"


@pytest.mark.core
def test_verify_and_one_changed_byte(capsys, models, small_model):
    shutil.copytree(small_model[0], models / "sonnets-lstm/1")
    status, out, _ = run(capsys, "verify", "sonnets-lstm")
    assert status == 0
    assert out.startswith("sonnets-lstm/1 is whole: 7 files, sha256:")
    weights = models / "sonnets-lstm/1/variables/variables.data-00000-of-00001"
    raw = bytearray(weights.read_bytes())
    raw[5000] ^= 1
    weights.write_bytes(raw)
    assert f"{weights} is not the file that was published" in refused(
        capsys, "verify", "sonnets-lstm"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generate", "nope"], "unknown model 'nope': choose one of"),
        (["generate", "../../etc"], "unknown model '../../etc'"),
        (["generate", "shakespeare-lstm/7"], "no version '7': choose one of 1"),
        (["generate", "shakespeare-lstm", "--prompt", "日本"], "does not know '日', '本'"),
        (["generate", "shakespeare-lstm", "--prompt", ""], "the prompt is empty"),
        (["generate", "shakespeare-lstm", "--length", "0"], "length=0"),
        (["generate", "shakespeare-lstm", "--length", "x"], "invalid int value: 'x'"),
        (["generate", "shakespeare-lstm", "--temperature", "-1"], "temperature=-1.0"),
        (["generate", "shakespeare-lstm", "--top-p", "0"], "top_p=0.0"),
        (["generate", "shakespeare-lstm", "--stop", ""], "stop=''"),
        (["train", "nope"], "unknown model with a recipe 'nope'"),
        (["info", "nope"], "unknown model 'nope'"),
        (["finetune", "nope", "--data", "x", "--name", "y"], "unknown model 'nope'"),
        (["finetune", "shakespeare-lstm"], "--data, --name"),
        (["reproduce"], "name an experiment: action3d-protocols, balls, "),
        (
            ["reproduce", "nem-action"],
            "unknown experiment 'nem-action': choose one of nem-actions, nem-action3d",
        ),
        (["reproduce", "nem-action3d", "--against", "no.csv"], "no.csv does not exist"),
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        ([], "COMMAND"),
    ],
)
def test_bad_input_is_one_line_and_status_2(capsys, arguments, message):
    assert message in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "is empty"),
        (b"\x89PNG\0\0", "is binary or UTF-16"),
        ("è" .encode("latin-1") * 500, "is not UTF-8"),
        (b"too short\n" * 9, "need at least 113"),
        (None, "does not exist"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_writes_nothing(capsys, models, tmp_path, raw, message):
    data = tmp_path / "my.txt"
    if raw is not None:
        data.write_bytes(raw)
    line = refused(capsys, "finetune", "shakespeare-lstm", "--data", data, "--name", "mine")
    assert str(data) in line
    assert message in line
    assert not models.exists()


def test_names_that_a_model_of_ones_own_cannot_have(capsys, models):
    for name, message in (("shakespeare-lstm", "is a model of the zoo"), ("../m", "no model name")):
        line = refused(capsys, "finetune", "shakespeare-lstm", "--data", __file__, "--name", name)
        assert message in line
    assert not models.exists()


def closed_folder(tmp_path):
    """Returns a folder without write permission, and a command that root's rights do not help."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    if os.geteuid() != 0:
        return folder, RNNZOO
    if not shutil.which("setpriv"):
        pytest.skip("root can write everywhere and setpriv is not installed")
    return folder, ["setpriv", "--bounding-set", "-dac_override", "--", *RNNZOO]


@pytest.mark.slow
def test_a_folder_for_models_without_write_permission(tmp_path):
    folder, command = closed_folder(tmp_path)
    command = [*command, "finetune", "shakespeare-lstm", "--data", __file__, "--name", "mine"]
    done = subprocess.run([*command, "--out", folder / "models"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"rnnzoo: error: cannot write to {folder}/models (Permission denied): "
        "name a folder that can be written to\n"
    )
    assert not any(folder.iterdir())


def test_a_cache_without_write_permission(tmp_path):
    folder, command = closed_folder(tmp_path)
    done = subprocess.run(
        [*command, "train", "sonnets-lstm", "--out", tmp_path / "models"],
        env={**os.environ, "RNNZOO_CACHE_DIR": str(folder / "cache")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert str(folder) in done.stderr
    assert "Permission denied" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not any((tmp_path / "models").iterdir())


@pytest.mark.slow
def test_finetune_end_to_end(capsys, small_model, tmp_path, monkeypatch):
    from rnnzoo.datasets.char_text.char_text_dataset_builder import FOLDER

    data = tmp_path / "my.txt"
    data.write_text((FOLDER / "sonnets.txt").read_text(encoding="utf-8")[:4000], encoding="utf-8")
    status, out, err = run(
        capsys, "finetune", "sonnets-lstm", "--data", data, "--name", "mine",
        "--out", tmp_path / "models", "--epochs", 1, "--json",
    )  # fmt: skip
    assert status == 0
    assert json.loads(out)["path"] == str(tmp_path / "models/mine/1")
    assert err.startswith("mine from sonnets-lstm: epoch 1/1 loss")
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(tmp_path / "models"))
    assert run(capsys, "generate", "mine", "--length", 20, "--seed", 1)[0] == 0


@pytest.mark.slow
def test_a_reader_that_has_seen_enough(small_model):
    pipe = f"{sys.executable} -m rnnzoo generate sonnets-lstm --length 3000 | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", pipe], capture_output=True)
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 10, b"")


@pytest.mark.core
def test_lineage(capsys):
    _, text, _ = run(capsys, "lineage", "shakespeare-lstm")
    assert "model (version " in text
    assert "  epochs = 50" in text
    assert "sha256_of_text: 86c4e6aa9db7" in text
    _, data, _ = run(capsys, "lineage", "shakespeare-lstm", "--json")
    assert [node["stage"] for node in json.loads(data)["lineage"]][-1] == "infra"
    assert "unknown model 'nope'" in refused(capsys, "lineage", "nope")


TOY = '''"""An experiment for tests."""

import os
import random
import signal

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure


def run(settings, seed, training, held_out, quick):
    if os.environ.get("TOY_INTERRUPTED") == str(seed):
        signal.raise_signal(signal.SIGINT)
    return {"loss": settings["level"] + random.random() * seed}


EXPERIMENT = Experiment(
    name="toy",
    title="A toy",
    question="",
    source="",
    arms=(Arm("high", ({"level": 2},)), Arm("low", ({"level": 1}, {"level": 3}), "high")),
    seeds=(1, 2, 3),
    choice_seeds=(9,),
    criterion="loss",
    measures=(Measure("loss", "", "lower", lambda cell, control: cell["loss"] * 1.0),),
    load=lambda phase: (None, None),
    run=run,
    version=1,
    set_seed=random.seed,
)
'''


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Registers the experiment `toy` in this process; returns an environment that imports it."""
    from rnnzoo.pipelines.experiments import registry

    (tmp_path / "toy_experiment.py").write_text(TOY)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(registry.EXPERIMENTS, "toy", "toy_experiment")
    monkeypatch.chdir(tmp_path)
    yield {**os.environ, "PYTHONPATH": str(tmp_path)}
    sys.modules.pop("toy_experiment", None)


@pytest.mark.core
def test_reproduce(capsys, toy, tmp_path):
    status, out, err = run(capsys, "reproduce", "toy")
    assert status == 0
    assert out.startswith("## loss (lower is better)\n\n| arm | seeds |")
    assert "- low against high: the difference is -1 in each of 3 seeds" in out
    assert out.endswith("\nthe page is experiments/toy/index.md\n")
    assert err.splitlines()[0].startswith("cell 1 of 8, low on validation, seed 9: 0.0 s")

    status, data, err = run(
        capsys, "reproduce", "toy", "--json", "--out", "again",
        "--against", "experiments/toy/results.csv",
    )  # fmt: skip
    assert status == 0
    report = json.loads(data)
    assert report["page"] == "again/toy/index.md"
    assert report["settings"] == {"high": {"level": 2}, "low": {"level": 1}}
    assert report["figures"]["loss"][1]["comparison"]["difference"]["p"] is None
    assert report["against"]["common"] == 6
    assert report["against"]["largest"] == 0
    assert not (tmp_path / "again/toy/curve.png").exists()

    status, out, err = run(
        capsys, "reproduce", "toy", "--quick", "--against", "experiments/toy/results.csv"
    )
    assert "experiments/toy/results.csv: none of 4 cells is in it\n" in out
    assert out.endswith("the page is experiments/toy-quick/index.md\n")
    message = refused(capsys, "reproduce", "toy", "--against", "experiments/toy/results.csv")
    assert "is what this run writes: give another --out" in message


@pytest.mark.core
def test_reproduce_lists_experiments(capsys, toy):
    status, out, err = run(capsys, "reproduce", "--list")
    assert (status, err) == (0, "")
    assert ["toy", "An experiment for tests."] in [line.split(None, 1) for line in out.splitlines()]
    assert "nem-action3d " in out
    assert "toy_experiment" not in sys.modules, "it is not imported for that"
    _, data, _ = run(capsys, "reproduce", "--list", "--json")
    assert {"name": "toy", "title": "An experiment for tests."} in json.loads(data)


@pytest.mark.slow
@pytest.mark.core
def test_reproduce_interrupted_and_started_again(toy, tmp_path):
    code = (
        "import sys; from rnnzoo.pipelines.experiments import registry; "
        "registry.EXPERIMENTS['toy'] = 'toy_experiment'; "
        "sys.argv = ['rnnzoo', 'reproduce', 'toy']; from rnnzoo.cli import entry; entry()"
    )

    def start(**environment):
        return subprocess.run(
            [sys.executable, "-c", code], env={**toy, **environment}, capture_output=True, text=True
        )

    stopped = start(TOY_INTERRUPTED="2")
    assert (stopped.returncode, stopped.stdout) == (130, "")
    assert stopped.stderr.endswith("\nrnnzoo: interrupted\n")
    assert "Traceback" not in stopped.stderr
    written = (tmp_path / "experiments/toy/results.csv").read_bytes()
    assert written.count(b"\n") == 1 + 2
    whole = start()
    assert whole.returncode == 0
    assert whole.stderr.startswith("cell 3 of 6, high, seed 2")
    assert (tmp_path / "experiments/toy/results.csv").read_bytes().startswith(written)
    again = start(TOY_INTERRUPTED="2")
    assert (again.returncode, again.stdout) == (0, whole.stdout)
    assert again.stderr.startswith("nothing left to do: ")


@pytest.mark.core
@pytest.mark.parametrize("command", command_names())
def test_every_command_explains_itself(capsys, command):
    status, out, _ = run(capsys, command, "--help")
    assert status == 0
    assert "--json" in out


@pytest.mark.core
def test_commands_are_the_public_modules_and_help_lists_them(capsys):
    assert {"list", "generate", "compare-noise", "impute"} <= set(command_names())
    assert not [name for name in command_names() if "pushed" in name]
    status, out, _ = run(capsys, "--help")
    assert status == 0
    text = " ".join(out.split())
    for name in command_names():
        source = Path(rnnzoo.cli.__path__[0], f"{name.replace('-', '_')}.py").read_text()
        assert f"{name} {source.splitlines()[0].strip(chr(34))}" in text


@pytest.mark.core
def test_a_command_is_a_file(tmp_path):
    """A module in the package's path is a command, without an edit elsewhere."""
    (tmp_path / "say_hello.py").write_text(
        '"""Say hello."""\n\n\ndef add_arguments(command):\n    command.add_argument("name")\n\n\n'
        "def run(options):\n    print('hello', options.name)\n"
    )
    code = (
        "import sys, rnnzoo.cli\n"
        f"rnnzoo.cli.__path__.insert(0, {str(tmp_path)!r})\n"
        "status = rnnzoo.cli.main(['say-hello', 'you'])\n"
        "commands = sorted(m for m in sys.modules if m.startswith('rnnzoo.cli.'))\n"
        "print(status, commands, 'tensorflow' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "hello you\n0 ['rnnzoo.cli.say_hello'] False\n", done.stderr


@pytest.mark.core
@pytest.mark.parametrize("command", ["list", "generate", "serve", "reproduce"])
def test_a_command_imports_its_own_module_only_and_no_tensorflow_to_parse(command):
    code = (
        "import sys, rnnzoo.cli\n"
        f"rnnzoo.cli.parser({command!r})\n"
        f"{'rnnzoo.cli.main([sys.argv[1]])' if command == 'list' else ''}\n"
        "print(sorted(m for m in sys.modules if m.startswith('rnnzoo.cli.') and '._' not in m))\n"
        "print('keras' in sys.modules, 'tensorflow' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "list"], capture_output=True, text=True)
    assert done.stdout.splitlines()[-2:] == [f"['rnnzoo.cli.{command}']", "False False"], (
        done.stderr
    )


@pytest.mark.core
@pytest.mark.parametrize("name", ["generat", "Generate", "compare_noise", "_pushed", "__init__"])
def test_a_near_miss_is_one_line_and_status_2(capsys, name):
    message = refused(capsys, name)
    assert f"invalid choice: '{name}' (choose from" in message
