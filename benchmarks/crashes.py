"""Kills `rnnzoo train` at random moments, starts it again, and checks what is left.

python benchmarks/crashes.py [--kills 100] [--seconds 1500] [--model sonnets-lstm] [--seed 1]

The model is trained for a few epochs. A run without kills gives the durations of the stages and the
content digest. Then each start gets SIGKILL, with its whole process group:

- a command at a random moment of that duration, after the caches from a random stage on, or all,
  were removed; or
- a process forked from one that has imported TensorFlow and has not used it, at a random moment of
  a chosen stage, whose cache was removed. Most are, since the imports take most of a short run.

After each kill `crash_checks.half_written` looks at all artifacts, versions and checkpoints. A last
run ends undisturbed: its content digest has to be the first one's, and nothing may be left over.
"""

import argparse
import collections
import csv
import datetime
import importlib.metadata
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crash_checks import half_written, left_over

from rnnzoo.artifacts.digest import content_digest
from rnnzoo.cli import main as rnnzoo
from rnnzoo.native_stderr import import_keras
from rnnzoo.pipelines.core.run_folders import checkpoint_folders, stages_folder
from rnnzoo.pipelines.stages import STAGES
from rnnzoo.registry import recipe, recipes

NAMES = [stage.name for stage in STAGES]
ORDER = ["start", *NAMES, "pushed", "end"]
# Stages to be killed in, and how often; None: a command, at any moment.
AIMS = {"start": 6, **dict.fromkeys(NAMES, 8), "model": 18, "pushed": 18, None: 10}
BEYOND = 1.2  # of a stage's duration: its end is a moment too
# Of any text model: enough to be better than the frequencies of characters.
SHORT = {"epochs": 8, "must_beat": 1}
COMMAND_LINE = f"""
import sys
from rnnzoo.cli import entry
from rnnzoo.registry import recipes
recipes()[sys.argv[2]].update({SHORT})
entry()
"""
TARGET = Path(__file__).with_suffix(".csv")
COLUMNS = ["date", "versions", "cores", "model", "seed", "stage", "kills"]
COLUMNS += ["starts", "finished", "half_written", "left_over", "same_digest", "seconds"]


class Start:
    """A process group that trains, and what it has reported.

    Args:
        arguments: list of str, of the command.
        log: Path of a new file for its output.
        forked: bool, whether it is a fork of this process instead of a command.
    """

    def __init__(self, arguments, log, forked):
        self._log, self._began = log, time.monotonic()
        self._seen, self._times = (None, "start"), {"start": 0.0}
        with open(log, "wb") as output:
            if not forked:
                command = [sys.executable, "-c", COMMAND_LINE, *arguments]
                pipes = {"stdout": output, "stderr": output}
                self._child = subprocess.Popen(command, start_new_session=True, **pipes).pid
            else:
                self._child = os.fork()
                if not self._child:
                    os.setsid()
                    os.dup2(output.fileno(), 1)
                    os.dup2(output.fileno(), 2)
                    in_process(arguments)
        self.status = None

    def stage(self):
        """The stage that it is in, `start` before the first one, `end` after the last one."""
        size, stage = self._log.stat().st_size, self._seen[1]
        if size != self._seen[0]:
            done = [line.split(":")[0] for line in self.output().splitlines()]
            done = [name for name in done if name in (*NAMES, "pushed")]
            stage = ORDER[ORDER.index(done[-1]) + 1] if done else "start"
        if stage == "start" and self._begun():
            stage = NAMES[0]
        self._seen = size, stage
        self._times.setdefault(stage, self.age())
        return stage

    def _begun(self):
        """Whether the first stage has, of which no line says so."""
        return any(stages_folder(ARGUMENTS.model).glob(f"{NAMES[0]}/.partial-*"))

    def wait(self, until):
        """Whether a function returned True before the process ended."""
        while self.status is None:
            child, status = os.waitpid(self._child, os.WNOHANG)
            if child:
                self.status = os.waitstatus_to_exitcode(status)
                self.stage()
            elif until():
                return True
            time.sleep(0.004)
        return False

    def kill(self):
        """Kills the group and waits until no process of it is left."""
        os.killpg(self._child, signal.SIGKILL)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        for _ in range(500):
            try:
                os.killpg(self._child, 0)
            except ProcessLookupError:
                return
            time.sleep(0.01)
        raise SystemExit(f"process group {self._child} lives on after SIGKILL")

    def output(self):
        """What it has written, a str."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def durations(self):
        """dict from stage to seconds, once it has ended."""
        moments = [*self._times.items()]
        return {
            stage: following - moment
            for (stage, moment), (_, following) in zip(moments, moments[1:], strict=False)
        }

    def age(self):
        """Seconds since the start."""
        return time.monotonic() - self._began


def in_process(arguments):
    """Runs the command in this process, and ends it."""
    status = 1
    try:
        status = rnnzoo(arguments)
    finally:
        sys.stdout.flush()
        os._exit(status)


def use(folder):
    """Sets cache, models and temporary files to new folders: (cache, models)."""
    folders = {}
    names = {"RNNZOO_CACHE_DIR": "cache", "RNNZOO_MODELS_DIR": "models", "TMPDIR": "tmp"}
    for variable, name in names.items():
        folders[name] = folder / name
        folders[name].mkdir(parents=True)
        os.environ[variable] = str(folders[name])
    tempfile.tempdir = None  # forks read TMPDIR again
    return folders["cache"], folders["models"]


def expose(aim, cache, models, draw):
    """Removes caches, so that the stage to be killed in runs again."""
    name, stages = ARGUMENTS.model, ["examples"] if aim == "start" else [aim]
    if aim is None:
        stages = NAMES if draw.random() < 0.3 else NAMES[draw.randrange(len(NAMES)) :]
    for stage in stages:
        shutil.rmtree(stages_folder(name) / stage, ignore_errors=True)
    if "examples" in stages and draw.random() < 0.5:
        shutil.rmtree(cache / "tfds", ignore_errors=True)
    if "model" in stages and draw.random() < 0.6:
        for folder in checkpoint_folders(name):
            shutil.rmtree(folder)
    # Else the next version is compared with this one.
    if draw.random() < 0.6:
        for version in (models / name).glob("[0-9]*"):
            shutil.rmtree(version)


def killed(number, aim, durations, folder, draw):
    """A start that was killed, or that ended before: (Start, stage)."""
    start = Start(COMMAND, folder / f"{number}.log", forked=aim is not None)
    if aim is None:
        moment = draw.uniform(0, sum(durations.values()))
        in_time = start.wait(lambda: start.age() > moment)
    else:
        moment = draw.uniform(0, BEYOND * durations.get(aim, 1))
        in_time = start.wait(lambda: ORDER.index(start.stage()) >= ORDER.index(aim))
        moment += start.age()
        in_time = in_time and start.wait(lambda: start.age() > moment)
    if not in_time:
        return start, None
    start.kill()
    return start, start.stage()


def undisturbed(folder, name):
    """Runs the command to its end: (Start, content digest of the newest version)."""
    start = Start(COMMAND, folder / f"{name}.log", forked=False)
    start.wait(lambda: start.stage() not in ORDER)
    return start, pushed_digest(start)


def pushed_digest(start):
    """The content digest of what a run pushed; ends this script if it failed."""
    if start.status:
        raise SystemExit(f"exit status {start.status}:\n{start.output()}")
    versions = (Path(os.environ["RNNZOO_MODELS_DIR"]) / ARGUMENTS.model).glob("[0-9]*")
    return content_digest(max(versions, key=lambda path: int(path.name)))


def measure(folder, draw):
    """Kills and restarts: dict of figures, with a Counter of the stages as `kills`."""
    began = time.monotonic()
    use(folder / "undisturbed")
    first, digest = undisturbed(folder, "undisturbed")
    durations = first.durations()
    print({stage: round(seconds, 2) for stage, seconds in durations.items()}, file=sys.stderr)
    durations["start"], command_start = 0.2, durations["start"]  # a fork needs no imports
    cache, models = use(folder / "killed")
    kills, starts, finished, damaged, same = collections.Counter(), 0, 0, [], True
    task, last = recipe(ARGUMENTS.model)["task"], 1.5 * first.age()
    while kills.total() < ARGUMENTS.kills and time.monotonic() - began + last < ARGUMENTS.seconds:
        (aim,) = draw.choices(list(AIMS), AIMS.values())
        expose(aim, cache, models, draw)
        expected = {**durations, "start": command_start} if aim is None else durations
        start, stage = killed(starts, aim, expected, folder, draw)
        starts += 1
        if stage is None:
            finished += 1
            same = same and pushed_digest(start) == digest
        else:
            kills[stage] += 1
        damaged += half_written(ARGUMENTS.model, models, task)
        seconds = time.monotonic() - began
        line = f"{seconds:.0f} s, {kills.total()} kills: {aim or 'any'}, {stage or 'finished'}"
        print(line, *damaged, file=sys.stderr, sep="\n")
    same = undisturbed(folder, "last")[1] == digest and same
    left = left_over(ARGUMENTS.model, cache, models)
    temporary = len(list((folder / "killed/tmp").iterdir()))
    print(*damaged, *left, f"{temporary} left in TMPDIR", sep="\n")
    return {
        "kills": kills, "starts": starts + 1, "finished": finished + 1,
        "half_written": len(damaged), "left_over": len(left),
        "same_digest": "yes" if same else "no", "seconds": f"{time.monotonic() - began:.0f}",
    }  # fmt: skip


def main():
    """Measures in a temporary folder and writes the CSV."""
    draw = random.Random(ARGUMENTS.seed)
    recipes()[ARGUMENTS.model].update(SHORT)
    import_keras()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), draw)
    versions = ("tensorflow", "keras", "numpy")
    row = {
        "date": datetime.date.today().isoformat(),
        "versions": " ".join(f"{name} {importlib.metadata.version(name)}" for name in versions),
        "cores": len(os.sched_getaffinity(0)),
        "model": ARGUMENTS.model,
        "seed": ARGUMENTS.seed,
    }
    kills = figures.pop("kills")
    with open(ARGUMENTS.out, "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for stage in ORDER:
            table.writerow({**row, "stage": stage, "kills": kills[stage]})
        table.writerow({**row, "stage": "all", "kills": kills.total(), **figures})
    print(Path(ARGUMENTS.out).read_text(), end="")
    whole = figures["half_written"] == figures["left_over"] == 0
    return 0 if whole and figures["same_digest"] == "yes" else 1


def arguments():
    """The arguments of this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=1500)
    parser.add_argument(
        "--model", default="sonnets-lstm", help="a text model that trains in seconds"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default=TARGET, help="the CSV to write")
    return parser.parse_args()


if __name__ == "__main__":
    ARGUMENTS = arguments()
    COMMAND = ["train", ARGUMENTS.model]
    sys.exit(main())
