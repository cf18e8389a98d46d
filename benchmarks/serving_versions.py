"""Requests while versions are pushed, removed and damaged, and labels change: is one lost or wrong?

python benchmarks/serving_versions.py [--requests 100000] [--seed 1] [--out FILE]

`rnnzoo serve` is started twice, with the name of a model and with `--config FILE`, and gets half of
the requests each: predictions by REST, by the Open Inference Protocol and, with the extra `grpc`,
by gRPC, and steps of sequences by HTTP and by WebSocket, on 48 connections. Meanwhile the folder of
versions changes about twice a second.

Versions are of models with other weights, so that an answer shows the version that it is of. It has
to be one that was served at some time while the request ran: the newest that was whole, and with
`--config` also those that it had before it read the folder again. A sequence has to stay with the
version that it began with. Lost is a request without an answer, or with a status of 5xx; wrong is
any other status than 200, other values, and values of another version. If there are any, the
exit status is 1.
"""

import argparse
import asyncio
import collections
import csv
import json
import math
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from serving_load import (
    NAME,
    TEXTS,
    TOLERANCE,
    VARIANTS,
    Answers,
    Connection,
    GrpcClient,
    Lost,
    Maker,
    Server,
    about,
    grpc_calls,
)

from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.pipelines.removal import remove

TARGET = Path(__file__).with_suffix(".csv")
COLUMNS = ["date", "versions", "cores", "server", "requests", "connections", "sent", "lost"]
COLUMNS += ["wrong", "p50 ms", "p99 ms", "longest ms", "changes", "seconds"]
CONNECTIONS = {"REST": 20, "v2": 8, "gRPC": 4, "sequence_id": 8, "WebSocket": 8}
LATEST = f"{NAME}-latest"  # of the configuration: the newest version alone
POLL_SECONDS = 0.5
# How long a server of a configuration may serve what it had: until it polls, and has loaded what is
# new on cores that it shares with the clients.
STALE = 5.0
KEPT = 2  # the first versions, which are never removed
MOST_VERSIONS = 7
PER_CONNECTION = 100  # requests, after which a client opens a new one


@dataclass(eq=False)
class Entry:
    """A version that was in the folder.

    Args:
        number: int.
        variant: int, the model; None if it is damaged from the start and must never be served.
        since: (float, float), when its push began and ended.
        until: (float, float), when its removal began and ended.
        is_whole: bool, whether all requests after it have to be served by it or a newer one.
    """

    number: int
    variant: int | None
    since: tuple
    until: tuple = (math.inf, math.inf)
    is_whole: bool = True


class Ledger:
    """Which versions were in the folder, and when, and what labels meant.

    Args:
        stale: float, seconds for which a server may serve what it had.
    """

    def __init__(self, stale=0.0):
        self._stale, self.entries, self._labels = stale, [], {}

    def allowed(self, start, stop):
        """list of the `Entry` that may have answered a request without a version.

        Args:
            start, stop: float, when it was sent, and answered.
        """
        start -= self._stale
        possible = [
            entry
            for entry in self.entries
            if entry.variant is not None and entry.since[0] <= stop and entry.until[1] >= start
        ]
        # Those that were there, whole, for all of the time: nothing older can be the newest.
        certain = [
            entry.number
            for entry in possible
            if entry.is_whole and entry.since[1] <= start and entry.until[0] >= stop
        ]
        return [entry for entry in possible if entry.number >= max(certain, default=0)]

    def of_number(self, number):
        """list of the `Entry` of a version that is never removed."""
        return [entry for entry in self.entries if entry.number == number]

    def set_label(self, label, number, since):
        """Records that a label means a version from some time on."""
        self._labels.setdefault(label, []).append((since, number))

    def labelled(self, label, start, stop):
        """list of the `Entry` that may have answered a request for a label, as `allowed`."""
        changes = self._labels[label]
        ends = [since for since, _ in changes[1:]] + [math.inf]
        numbers = {
            number
            for (since, number), end in zip(changes, ends, strict=True)
            if since <= stop and end >= start - self._stale
        }
        return [entry for number in numbers for entry in self.of_number(number)]

    def newest(self):
        """The `Entry` of the newest version that is there now."""
        return max(self.present(), key=lambda entry: entry.number)

    def present(self):
        """list of the `Entry` that are there now."""
        return [entry for entry in self.entries if entry.until[1] == math.inf]


class Changes:
    """Changes a folder of versions again and again.

    Args:
        folder: Path, with a `Maker`'s models in `made`; versions are in `models/letters`.
        maker: `Maker`.
        ledger: `Ledger`.
        options: of the command line.
        configuration: Path of the file of `--config`; None without.
    """

    def __init__(self, folder, maker, ledger, options, configuration=None):
        self._made = [folder / "made" / str(variant) / NAME / "1" for variant in range(VARIANTS)]
        self._base, self._maker, self._ledger = folder / "models" / NAME, maker, ledger
        self._random, self._configuration = random.Random(options.seed), configuration
        self._variant, self._ended, self._pause = 0, threading.Event(), options.pause
        self.counts = collections.Counter()
        for _ in range(KEPT):
            self.push()
        self.counts.clear()
        if configuration is not None:
            self._write_configuration(1, 2)

    def end(self):
        """Ends `run`."""
        self._ended.set()

    def run(self):
        """Changes the folder until `end` is called, in a thread."""
        actions = [self.push, self.push, self.remove, self.replace, self.damage_newest]
        actions += [self.push_damaged, self.push_unreadable, self.push_half, self.save]
        if self._configuration is not None:
            actions += [self.relabel, self.relabel, self.damage_configuration]
        waiting = []
        while not self._ended.wait(self._pause):
            if not waiting:  # each of them, in another order
                waiting = self._random.sample(actions, len(actions))
            action = waiting.pop()
            action()
            self.counts[action.__name__] += 1
            while len(self._ledger.present()) > MOST_VERSIONS:
                self._remove(self._ledger.newest())

    def push(self):
        """A new version: a whole folder, renamed."""
        variant = self._next_variant()
        number, partial = self._copy(variant)
        write_manifest(partial)
        return self._rename(partial, number, variant)

    def save(self):
        """A new version by `rnnzoo.save`."""
        entry = Entry(self._next_number(), self._next_variant(), (time.monotonic(), math.inf))
        self._ledger.entries.append(entry)
        number = self._maker.save(entry.variant)
        assert number == entry.number
        entry.since = entry.since[0], time.monotonic()

    def remove(self):
        """A rollback: the newest version is removed, by the function of `rnnzoo remove`."""
        newest = self._ledger.newest()
        if newest.number > KEPT:
            self._remove(newest)

    def replace(self):
        """The newest version is removed once it is served, and another one gets its number."""
        self.push()
        self._ended.wait(0.1 if self._configuration is None else 4 * POLL_SECONDS)
        self._remove(self._ledger.newest())
        self.push()
        if self._configuration is not None:
            # Nothing else may be served once it is not stale any more.
            self._ended.wait(1.2 * STALE)

    def damage_newest(self):
        """Flips bytes of a version that may have been loaded."""
        newest = self._ledger.newest()
        if newest.number > KEPT:
            newest.is_whole = False
            self._flip(self._base / str(newest.number))

    def push_damaged(self):
        """A new version that is not what its hashes say."""
        number, partial = self._copy(self._next_variant())
        write_manifest(partial)
        self._flip(partial)
        self._rename(partial, number, None)

    def push_unreadable(self):
        """A new version that has right hashes, and cannot be loaded."""
        number, partial = self._copy(self._next_variant())
        path = self._random.choice(self._large_files(partial))
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        write_manifest(partial)
        self._rename(partial, number, None)

    def push_half(self):
        """A new version that is copied file by file into its place, hashes first, and completed."""
        variant = self._next_variant()
        number, partial = self._copy(variant)
        write_manifest(partial)
        now = time.monotonic()
        self._ledger.entries.append(Entry(number, variant, (now, now), is_whole=False))
        folder = self._base / str(number)
        folder.mkdir()
        names = [path.relative_to(partial) for path in partial.rglob("*") if path.is_file()]
        for name in sorted(names, key=lambda name: name.name != "SHA256SUMS"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(partial / name, folder / name)
            time.sleep(0.05)
        shutil.rmtree(partial)

    def relabel(self):
        """Labels get other versions."""
        self._write_configuration(*self._random.sample((1, 2), 2))

    def damage_configuration(self):
        """A file that is no TOML for a while: the configuration stays as it is."""
        content = self._configuration.read_text()
        self._configuration.write_text("[[models")
        self._ended.wait(2 * POLL_SECONDS)
        self._configuration.write_text(content)

    def _write_configuration(self, stable, canary):
        lines = [f"poll_seconds = {POLL_SECONDS}"]
        for name, versions in ((NAME, "all"), (LATEST, "latest")):
            lines += ["[[models]]", f'name = "{name}"', f'base_path = "{self._base}"']
            lines.append(f'versions = "{versions}"')
            if name == NAME:
                lines.append(f"labels = {{ stable = {stable}, canary = {canary} }}")
        new = self._configuration.with_suffix(".new")
        new.write_text("\n".join(lines))
        now = time.monotonic()
        self._ledger.set_label("stable", stable, now)
        self._ledger.set_label("canary", canary, now)
        os.replace(new, self._configuration)

    def _next_variant(self):
        self._variant = (self._variant + 1) % VARIANTS
        return self._variant

    def _next_number(self):
        return max((entry.number for entry in self._ledger.present()), default=0) + 1

    def _copy(self, variant):
        number, partial = self._next_number(), self._base / ".partial-copy"
        shutil.copytree(self._made[variant], partial)
        card = json.loads((partial / "card.json").read_text())
        (partial / "card.json").write_text(json.dumps({**card, "version": number}))
        return number, partial

    def _rename(self, partial, number, variant):
        entry = Entry(number, variant, (time.monotonic(), math.inf))
        self._ledger.entries.append(entry)
        partial.rename(self._base / str(number))
        entry.since = entry.since[0], time.monotonic()

    def _remove(self, entry):
        entry.until = time.monotonic(), math.inf
        remove(f"{NAME}/{entry.number}")
        entry.until = entry.until[0], time.monotonic()

    def _large_files(self, folder):
        return [folder / "saved_model.pb", *folder.glob("variables/variables.data-*")]

    def _flip(self, folder):
        path = self._random.choice(self._large_files(folder))
        content = bytearray(path.read_bytes())
        for _ in range(20):
            content[self._random.randrange(len(content))] ^= 0xFF
        with open(path, "r+b") as file:  # in its place, as a failing disk does
            file.write(content)


class Load:
    """Clients that send so many requests, and compare the answers.

    Args:
        server: `Server`.
        ledger: `Ledger`.
        answers: `Answers`.
        most: int, requests.
        seed: int.
        is_configured: bool, whether the server has labels.
    """

    def __init__(self, server, ledger, answers, most, seed, is_configured):
        self._server, self._ledger, self._answers = server, ledger, answers
        self._left, self._seed, self._is_configured = most, seed, is_configured
        self.latencies = {protocol: [] for protocol in CONNECTIONS}
        self.lost, self.wrong = collections.Counter(), collections.Counter()
        self.problems = []

    async def run(self):
        """Sends all requests."""
        clients = {
            "REST": self._rest,
            "v2": self._v2,
            "gRPC": self._grpc,
            "sequence_id": self._sequences,
            "WebSocket": self._streams,
        }
        if self._server.grpc_address is None:
            del clients["gRPC"]
        await asyncio.gather(
            *(
                client(random.Random(f"{self._seed} {protocol} {i}"), i)
                for protocol, client in clients.items()
                for i in range(CONNECTIONS[protocol])
            )
        )

    async def _rest(self, chance, _):
        connection = Connection(self._server.port)
        while self._take():
            path, allowed = self._target(chance)
            text = chance.choice(TEXTS)
            await self._request("REST", connection, path, text, allowed)
            if not chance.randrange(PER_CONNECTION):
                connection.close()
        connection.close()

    async def _request(self, protocol, connection, path, text, allowed):
        async def answer():
            status, body = await connection.post(f"{path}:predict", {"instances": [text]})
            _check_status(status, body)
            return None, json.loads(body)["predictions"][0]

        await self._compared(protocol, answer, text, len(text), allowed, connection)

    async def _v2(self, chance, _):
        connection = Connection(self._server.port)
        while self._take():
            text = chance.choice(TEXTS)

            async def answer(text=text):
                tensor = {"name": "text", "datatype": "BYTES", "shape": [1], "data": [text]}
                path = f"/v2/models/{NAME}/infer"
                status, body = await connection.post(path, {"inputs": [tensor]})
                _check_status(status, body)
                content = json.loads(body)
                return int(content["model_version"]), content["outputs"][0]["data"]

            allowed = self._ledger.allowed
            await self._compared("v2", answer, text, len(text), allowed, connection)
            if not chance.randrange(PER_CONNECTION):
                connection.close()
        connection.close()

    async def _grpc(self, chance, _):
        client = GrpcClient(self._server.grpc_address)
        while self._take():
            text = chance.choice(TEXTS)

            async def answer(text=text, client=client):
                number, logits = await client.predict(text)
                if number is None:
                    raise ValueError(logits)
                return number, logits

            await self._compared("gRPC", answer, text, len(text), self._ledger.allowed)
            if not chance.randrange(PER_CONNECTION):
                await client.close()
                client = GrpcClient(self._server.grpc_address)
        await client.close()

    async def _sequences(self, chance, client):
        """Sequences of HTTP, whose steps are on other connections now and then."""
        connection, count = Connection(self._server.port), 0
        while True:
            count += 1
            path, allowed = self._target(chance)
            identity, text, variants = f"{client}-{count}", chance.choice(TEXTS), None
            # A label is of the start alone: its version may be another one afterwards.
            for length in range(1, len(text) + 1):
                if not self._take():
                    connection.close()
                    return
                fields = {"sequence_id": identity, "inputs": [text[length - 1]]}
                if length == 1:
                    fields["sequence_start"] = True
                if length == len(text):
                    fields["sequence_end"] = True

                async def answer(path=path, fields=fields, length=length):
                    status, body = await connection.post(f"{path}:predict", fields)
                    _check_status(status, body)
                    content = json.loads(body)
                    if content["steps"] != length:
                        raise ValueError(f"{content['steps']} steps, not {length}")
                    return None, content["outputs"]

                arguments = "sequence_id", answer, text, length
                variants = await self._compared(*arguments, variants or allowed, connection)
                if variants is None:
                    break
                if not chance.randrange(PER_CONNECTION):
                    connection.close()

    async def _streams(self, chance, _):
        while True:
            connection = Connection(self._server.port)
            path, allowed = self._target(chance)
            text, variants = chance.choice(TEXTS), None
            for length in range(1, len(text) + 1):
                if not self._take():
                    connection.close()
                    return

                async def answer(path=path, length=length, connection=connection, text=text):
                    if length == 1:
                        await connection.open_stream(f"{path}:stream")
                    content = await connection.exchange({"inputs": [text[length - 1]]})
                    _check_status(content.get("status", 200), content)
                    return None, content["outputs"]

                arguments = "WebSocket", answer, text, length
                variants = await self._compared(*arguments, variants or allowed, connection)
                if variants is None:
                    break
            connection.close()

    def _target(self, chance):
        """(path, function from two times to the `Entry` that may answer), of some request."""
        choices = [
            (NAME, self._ledger.allowed),
            (NAME, self._ledger.allowed),
            (f"{NAME}/versions/1", lambda start, stop: self._ledger.of_number(1)),
        ]
        if self._is_configured:
            choices.append((LATEST, self._ledger.allowed))
            for label in ("stable", "canary"):
                choices.append(
                    (
                        f"{NAME}/labels/{label}",
                        lambda *times, label=label: self._ledger.labelled(label, *times),
                    )
                )
        path, allowed = chance.choice(choices)
        return f"/v1/models/{path}", allowed

    def _take(self):
        self._left -= 1
        return self._left >= 0

    async def _compared(self, protocol, answer, text, length, allowed, connection=None):
        """The set of variants that an answer is of; None of one that is lost or wrong.

        Args:
            protocol: str.
            answer: coroutine function that returns (version or None, logits).
            text: str.
            length: int, characters after which the logits are.
            allowed: see `_target`; or the set of variants that the sequence may be of.
            connection: `Connection`, closed if the answer is lost.
        """
        start = time.monotonic()
        try:
            number, logits = await answer()
            variants = self._answers.variants(text, length, logits)
            if isinstance(allowed, set):
                right = variants & allowed
            else:
                entries = allowed(start, time.monotonic())
                right = variants & {e.variant for e in entries if number in (None, e.number)}
            if not right:
                served = [(e.number, e.variant) for e in entries] if callable(allowed) else allowed
                raise ValueError(
                    f"version {number} answers as models {variants}, not as one of {served}"
                )
        except Lost as problem:
            right, self.lost[protocol] = None, self.lost[protocol] + 1
            self._note(f"lost, {protocol}: {problem}")
            if connection is not None:
                connection.close()
        except (ValueError, LookupError, TypeError) as problem:
            right, self.wrong[protocol] = None, self.wrong[protocol] + 1
            self._note(f"wrong, {protocol}: {problem}")
        self.latencies[protocol].append(1000 * (time.monotonic() - start))
        return right

    def _note(self, problem):
        if len(self.problems) < 20:
            self.problems.append(problem)


def _check_status(status, body):
    """Raises unless a status is 200: `Lost` for those of 5xx."""
    if status >= 500:
        raise Lost(f"{status} {body}")
    if status != 200:
        raise ValueError(f"{status} {body}")


async def loaded(load, changes):
    """Sends the requests of a `Load` while a thread makes `Changes`."""
    changing = asyncio.create_task(asyncio.to_thread(changes.run))
    try:
        sending = asyncio.create_task(load.run())
        await asyncio.wait([sending, changing], return_when=asyncio.FIRST_COMPLETED)
        if changing.done():
            await changing  # it raises what ended it
        await sending
    finally:
        changes.end()
        await changing


def rows_of(kind, folder, maker, options):
    """Yields a row per protocol, of a server that is started and stopped.

    Args:
        kind: str, `"named"` or `"--config"`.
        folder: Path, of `maker`; what a server before has left is removed.
        maker: `Maker`.
        options: of the command line.
    """
    is_configured = kind == "--config"
    shutil.rmtree(folder / "models", ignore_errors=True)
    (folder / "models" / NAME).mkdir(parents=True)
    ledger = Ledger(STALE if is_configured else 0.0)
    path = folder / "models.toml" if is_configured else None
    changes = Changes(folder, maker, ledger, options, path)
    server = Server(folder / "models", *(["--config", str(path)] if path else [NAME]))
    answers = Answers(folder / "answers.npz", options.tolerance)
    load = Load(server, ledger, answers, options.requests // 2, options.seed, is_configured)
    try:
        server.wait_until_ready()
        start = time.monotonic()
        asyncio.run(loaded(load, changes))
        seconds = time.monotonic() - start
    finally:
        server.stop()
    for problem in load.problems:
        print(problem, file=sys.stderr)
    if load.problems:
        print(server.log()[-8_000:], file=sys.stderr)
    for protocol, latencies in load.latencies.items():
        latencies = sorted(latencies)
        if latencies:
            yield {
                **about(),
                "server": kind,
                "requests": protocol,
                "connections": CONNECTIONS[protocol],
                "sent": len(latencies),
                "lost": load.lost[protocol],
                "wrong": load.wrong[protocol],
                "p50 ms": round(latencies[len(latencies) // 2], 1),
                "p99 ms": round(latencies[int(0.99 * len(latencies))], 1),
                "longest ms": round(latencies[-1], 1),
                "changes": ", ".join(f"{c} {n}" for n, c in sorted(changes.counts.items())),
                "seconds": round(seconds, 1),
            }


def main():
    """Sends the requests, writes the CSV, and returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=100_000, help="in total (100000)")
    parser.add_argument("--seed", type=int, default=1, help="of requests and changes (1)")
    parser.add_argument("--pause", type=float, default=0.4, help="seconds between changes (0.4)")
    parser.add_argument("--out", type=Path, default=TARGET, help=f"the CSV ({TARGET.name})")
    parser.add_argument(
        "--tolerance", type=float, default=TOLERANCE, help="of answers (1e-5); -1 makes all wrong"
    )
    options = parser.parse_args()
    if grpc_calls() is None:
        print("no gRPC: the extra is not installed", file=sys.stderr)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["RNNZOO_MODELS_DIR"] = str(folder / "models")
        os.environ["RNNZOO_CACHE_DIR"] = str(folder / "cache")
        maker = Maker(folder)
        try:
            for kind in ("named", "--config"):
                for row in rows_of(kind, folder, maker, options):
                    print(*(row[column] for column in COLUMNS[3:]), flush=True)
                    rows.append(row)
        finally:
            maker.end()
    with open(options.out, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    lost, wrong = (sum(row[column] for row in rows) for column in ("lost", "wrong"))
    print(f"{sum(row['sent'] for row in rows)} requests: {lost} lost, {wrong} wrong")
    return 1 if lost or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
