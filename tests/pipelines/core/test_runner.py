"""The runner on stages of a few bytes."""

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.runner import Runner, Stage, folder_digest, stage

CALLS = []


@stage(version=1)
def first(out, *, word):
    CALLS.append("first")
    (out / "word.txt").write_text(word)


@stage(version=1)
def second(out, *, first, times):
    CALLS.append("second")
    (out / "words.txt").write_text((first / "word.txt").read_text() * times)


@stage(version=1)
def third(out, *, second, first):
    CALLS.append("third")
    (out / "length.txt").write_text(str(len((second / "words.txt").read_text())))


STAGES = [first, second, third]
PARAMETERS = {"word": "abc", "times": 2}


@pytest.fixture
def run(tmp_path):
    """Returns a function that runs the stages and returns (what ran, what was made)."""

    def call(stages=STAGES, **parameters):
        CALLS.clear()
        artifacts = Runner(tmp_path, lambda line: None).run(stages, {**PARAMETERS, **parameters})
        return list(CALLS), artifacts

    return call


def test_a_second_run_does_no_work(run, tmp_path):
    ran, artifacts = run()
    assert ran == ["first", "second", "third"]
    assert (artifacts["third"].path / "length.txt").read_text() == "6"
    assert Runner(tmp_path).cached(STAGES, PARAMETERS) == artifacts
    assert run() == ([], artifacts)


def test_a_changed_parameter_runs_only_what_depends_on_it(run, tmp_path):
    run()
    assert Runner(tmp_path).cached(STAGES, {**PARAMETERS, "times": 3}) is None
    assert run(times=3)[0] == ["second", "third"]
    assert run(word="xyz")[0] == ["first", "second", "third"]
    assert run()[0] == [], "what was made before is still there"


def test_an_artifact_is_read_by_its_digest_while_it_is_there(run, tmp_path):
    _, artifacts = run()
    expected, runner = artifacts["second"], Runner(tmp_path)
    assert runner.artifact("second", expected.digest) == expected
    assert runner.artifact("first", expected.digest) is None
    (expected.path / "words.txt").write_text("altered")
    assert runner.artifact("second", expected.digest) is None


def test_an_input_that_another_run_wrote_is_tracked_by_its_digest(run, tmp_path):
    _, artifacts = run()
    runner = Runner(tmp_path, lambda line: None)
    fourth = Stage(third.function, version=2)
    earlier = {name: artifacts[name] for name in ("first", "second")}
    done = runner.run([fourth], {}, others=earlier)
    assert done.keys() == {"third"}
    assert done["third"].inputs == {name: earlier[name].digest for name in earlier}
    assert runner.cached([fourth], {}, others=earlier) == done
    changed = {**earlier, "first": earlier["second"]}
    assert runner.cached([fourth], {}, others=changed) is None


def test_the_same_result_ends_the_chain(run):
    """Another word, but a stage whose output stays the same stops there."""
    run(word="")
    assert run(word="", times=5)[0] == ["second"]


def test_a_changed_stage_runs_only_what_depends_on_it(run):
    run()
    newer = Stage(second.function, version=2)
    assert run([first, newer, third])[0] == ["second"], "its output is the same as before"


@pytest.mark.parametrize("change", ["altered", "deleted", "added"])
def test_an_artifact_that_is_not_what_was_made_is_made_again(run, change):
    _, artifacts = run()
    file = artifacts["second"].path / "words.txt"
    if change == "altered":
        file.write_text("other")
    elif change == "deleted":
        file.unlink()
    else:
        (file.parent / "more.txt").write_text("")
    ran, again = run()
    assert ran == ["second"]
    assert again == artifacts


@pytest.mark.parametrize("problem", [KeyboardInterrupt, ValueError("no")])
def test_a_stage_that_does_not_end_leaves_nothing(run, tmp_path, problem):
    def second(out, *, first, times):
        (out / "half.txt").write_text("")
        raise problem

    with pytest.raises((KeyboardInterrupt, ValueError)):
        run([first, Stage(second, 1), third])
    assert not any((tmp_path / "second").iterdir())
    assert run()[0] == ["second", "third"]


def test_what_a_killed_start_left_is_cleared(run, tmp_path):
    _, artifacts = run()
    partial = artifacts["second"].path.with_name(".partial-1-" + artifacts["second"].path.name)
    artifacts["second"].path.rename(partial)
    (partial / "half.txt").write_text("")
    assert run()[0] == ["second"]
    assert not partial.exists()


def test_lineage_is_code_parameters_and_inputs(run):
    _, artifacts = run()
    assert artifacts["second"].record() == {
        "stage": "second",
        "version": 1,
        "parameters": {"times": 2},
        "inputs": {"first": artifacts["first"].digest},
        "digest": folder_digest(artifacts["second"].path),
    }


def test_a_damaged_database_is_named(run, tmp_path):
    (tmp_path / "lineage.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(InputError, match=r"lineage\.sqlite cannot be used .*: remove it"):
        run()


def test_what_became_of_each_stage(tmp_path):
    from rnnzoo.pipelines.core.lineage_store import made_stages

    @stage(version=1)
    def broken(out, *, first):
        raise InputError("no\nmore")

    runner = Runner(tmp_path, lambda line: None)
    runner.run([first], PARAMETERS)
    with pytest.raises(InputError):
        runner.run([first, second, broken, third], PARAMETERS)
    outcomes = [(run.stage, run.outcome, run.reason) for run in runner.runs]
    assert outcomes == [
        ("first", "cached", ""),
        ("second", "made", ""),
        ("broken", "failed", "no more"),
    ]
    assert runner.runs[1].path.is_dir() and runner.runs[2].path is runner.runs[2].digest is None
    made = made_stages(tmp_path)
    assert [(row["stage"], row["digest"]) for row in made] == [
        (run.stage, run.digest) for run in runner.runs[:2]
    ]
    assert made[0]["path"] == runner.runs[0].path
    assert made_stages(tmp_path / "none") == []
