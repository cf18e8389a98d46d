"""Memory, threads and file descriptors of `rnnzoo serve` under a constant load: do they grow?

python benchmarks/serving_soak.py [--minutes 30] [--seed 1] [--out FILE]

The server has a small model and limits for sequences that are reached within seconds. Clients send
what a server gets in the long run: predictions by REST, by the Open Inference Protocol and, with
the extra `grpc`, by gRPC, on kept connections and on new ones; sequences that end and sequences
that are abandoned; WebSockets that are closed, and that are dropped in the middle of a step;
invalid requests, half a request, a request whose client has gone, cancelled calls, new versions,
and /metrics.

Memory is sampled every ten seconds. The line of least squares through the last two thirds of the
samples may rise by at most `MOST_SLOPE` MiB, or 2 %, per hour, and threads and descriptors may be
at most `SPARE` more at their end than at their beginning; the exit status is 1 otherwise, and where
an answer was wrong or missing.
"""

import argparse
import asyncio
import collections
import csv
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from serving_load import (
    NAME,
    TEXTS,
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
from rnnzoo.datasets.common.atomic_write import remove_folder

TARGET = Path(__file__).with_suffix(".csv")
COLUMNS = ["date", "versions", "cores", "minutes", "RSS MiB", "threads", "descriptors"]
COLUMNS += ["requests", "failed", "evicted", "sequences", "sequence bytes", "MiB per hour"]
SAMPLE_SECONDS = 10.0
MOST_SLOPE = 10.0  # MiB per hour
MOST_SHARE = 0.02  # of the memory per hour: versions come and go, of some MiB each
SPARE = 4  # threads or descriptors: connections open and close
# Abandoned sequences end by both: in every other half minute none begin, and the last are idle.
SEQUENCE_SECONDS, SEQUENCE_BYTES = 8, 2**17
ABANDONED_SECONDS, ABANDONING = 30.0, ("abandoned", "gone")
EVICTED = 200  # sequences later, one has ended for certain
PAUSE = 0.02  # seconds between requests of a client: what matters is how many kinds there are


class Soak:
    """Clients of every kind, until a time.

    Args:
        server: `Server`.
        answers: `Answers`.
        until: float, of `time.monotonic`.
        seed: int.
    """

    def __init__(self, server, answers, until, seed):
        self._server, self._answers, self._until, self._seed = server, answers, until, seed
        self.requests, self.failed = collections.Counter(), collections.Counter()
        self.problems, self.evicted = [], 0

    async def run(self):
        """Sends requests until the time has come."""
        kinds = [self.kept, self.new, self.sequences, self.abandoned, self.streams]
        kinds += [self.dropped, self.invalid, self.half, self.gone, self.v2]
        if self._server.grpc_address is not None:
            kinds += [self.grpc_kept, self.grpc_new, self.grpc_cancelled]
        await asyncio.gather(
            *(self._repeated(kind, client) for kind in kinds for client in range(2))
        )

    async def _repeated(self, kind, client):
        """Does a kind again and again, with what it keeps from time to time."""
        name, chance = kind.__name__, random.Random(f"{self._seed} {kind.__name__} {client}")
        connection, count = Connection(self._server.port), 0
        if name.startswith("grpc"):
            connection = GrpcClient(self._server.grpc_address)
        while (now := time.monotonic()) < self._until:
            if name in ABANDONING and now % (2 * ABANDONED_SECONDS) > ABANDONED_SECONDS:
                connection.close()  # the server closes one that is idle
                await asyncio.sleep(1.0)
                continue
            count += 1
            self.requests[name] += 1
            try:
                await kind(connection, chance, f"{name}-{client}-{count}")
            except Evicted:
                self.evicted += 1
            except (Lost, OSError, EOFError, ValueError, LookupError, TypeError) as problem:
                self.failed[name] += 1
                if len(self.problems) < 20:
                    self.problems.append(f"{name}: {type(problem).__name__}: {problem}")
                if not name.startswith("grpc"):
                    connection.close()
            await asyncio.sleep(PAUSE * chance.uniform(0.5, 1.5))
        await connection.close() if name.startswith("grpc") else connection.close()

    async def kept(self, connection, chance, _):
        """A prediction on a connection that is kept."""
        text = chance.choice(TEXTS)
        content = await self._posted(connection, f"{NAME}:predict", {"instances": [text]})
        self._check(text, len(text), content["predictions"][0])

    async def new(self, connection, chance, _):
        """A prediction on a connection of its own."""
        connection.close()
        await self.kept(connection, chance, _)
        connection.close()

    async def v2(self, connection, chance, _):
        """A prediction by the Open Inference Protocol."""
        text = chance.choice(TEXTS)
        tensor = {"name": "text", "datatype": "BYTES", "shape": [1], "data": [text]}
        status, body = await connection.post(f"/v2/models/{NAME}/infer", {"inputs": [tensor]})
        _check_status(status, 200, body)
        self._check(text, len(text), json.loads(body)["outputs"][0]["data"])

    async def sequences(self, connection, chance, identity):
        """A sequence that ends."""
        await self._steps(connection, chance.choice(TEXTS), identity, True)

    async def abandoned(self, connection, chance, identity):
        """A sequence that nobody ends, and a step of one that has been evicted."""
        text = chance.choice(TEXTS)
        await self._steps(connection, text[: chance.randint(1, len(text))], identity, False, text)
        prefix, count = identity.rsplit("-", 1)
        if int(count) > EVICTED:
            fields = {"sequence_id": f"{prefix}-{int(count) - EVICTED}", "inputs": ["a"]}
            status, body = await connection.post(f"/v1/models/{NAME}:predict", fields)
            _check_status(status, 410, body)

    async def streams(self, connection, chance, _):
        """A WebSocket, with an invalid message in the middle."""
        connection.close()
        text = chance.choice(TEXTS)
        await connection.open_stream(f"/v1/models/{NAME}:stream")
        for length, character in enumerate(text, 1):
            content = await connection.exchange({"inputs": [character]})
            _check_evicted(content.get("status"), content)
            self._check(text, length, content["outputs"])
            if length == 2:
                content = await connection.exchange({"inputs": ["?"]})
                _check_evicted(content["status"], content)
                _check_status(content["status"], 400, content)
        connection.close()

    async def dropped(self, connection, chance, _):
        """A WebSocket whose client has gone before the answer."""
        connection.close()
        await connection.open_stream(f"/v1/models/{NAME}:stream")
        await connection.exchange({"inputs": ["a"]})
        await connection.send_frame({"inputs": ["b"]})
        connection.abort()

    async def invalid(self, connection, chance, identity):
        """Errors of clients, on a connection that is kept."""
        path, fields, expected = chance.choice(
            [
                (NAME, {"instances": ["?"]}, 400),
                (NAME, {"inputs": [1]}, 400),
                (NAME, {"instances": ["a"], "signature_name": identity}, 400),
                (identity, {"instances": ["a"]}, 404),
                (f"{NAME}/versions/77", {"instances": ["a"]}, 404),
                (NAME, {"inputs": ["a"], "sequence_id": identity}, 410),
            ]
        )
        status, body = await connection.post(f"/v1/models/{path}:predict", fields)
        _check_status(status, expected, body)

    async def half(self, connection, chance, _):
        """Half a head, or half a body, and the end of the connection."""
        connection.close()
        head = f"POST /v1/models/{NAME}:predict HTTP/1.1\r\nHost: localhost\r\n"
        more = chance.choice(["", "Content-Length: 99\r\n\r\n{"])
        await connection.write(f"{head}{more}".encode())
        await asyncio.sleep(PAUSE)
        connection.abort()

    async def gone(self, connection, chance, identity):
        """A request, or a step of a sequence, whose client does not wait for the answer."""
        connection.close()
        step = {"sequence_id": identity, "sequence_start": True, "inputs": ["a"]}
        fields = chance.choice([{"instances": ["hello"]}, step])
        await connection.send(f"/v1/models/{NAME}:predict", fields)
        if chance.random() < 0.5:
            await asyncio.sleep(0.002)
        connection.abort()

    async def grpc_kept(self, client, chance, _):
        """A call on a channel that is kept."""
        text = chance.choice(TEXTS)
        _, logits = await client.predict(text)
        self._check(text, len(text), logits)

    async def grpc_new(self, client, chance, _):
        """A call on a channel of its own, and an invalid one."""
        client = GrpcClient(self._server.grpc_address)
        await self.grpc_kept(client, chance, _)
        number, status = await client.predict("?")
        if number is not None or not status.startswith("INVALID_ARGUMENT"):
            raise ValueError(status)
        await client.close()

    async def grpc_cancelled(self, client, chance, _):
        """A call that is cancelled, at once or in the middle."""
        call = client.begun_predict(chance.choice(TEXTS))
        await asyncio.sleep(chance.choice([0, 0.001, 0.003]))
        call.cancel()

    async def _steps(self, connection, text, identity, ends, whole=None):
        for length, character in enumerate(text, 1):
            fields = {"sequence_id": identity, "inputs": [character]}
            fields |= {"sequence_start": True} if length == 1 else {}
            fields |= {"sequence_end": True} if ends and length == len(text) else {}
            content = await self._posted(connection, f"{NAME}:predict", fields)
            self._check(whole or text, length, content["outputs"])

    async def _posted(self, connection, path, fields):
        status, body = await connection.post(f"/v1/models/{path}", fields)
        _check_evicted(status, body)
        _check_status(status, 200, body)
        return json.loads(body)

    def _check(self, text, length, logits):
        if not self._answers.variants(text, length, logits):
            raise ValueError(f"wrong logits after {text[:length]!r}")


class Evicted(Exception):
    """A sequence has ended by the server's limits before its client was done."""


def _check_evicted(status, body):
    # While a version is loaded nothing is answered, and sequences of others begin meanwhile.
    reasons = "its memory was needed", "it was idle"
    if status == 410 and any(reason in str(body) for reason in reasons):
        raise Evicted


def _check_status(status, expected, body):
    if status != expected:
        raise ValueError(f"status {status} instead of {expected}: {body}")


def usage(pid):
    """(RSS in MiB, threads, file descriptors) of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024
    threads = int(re.search(r"Threads:\s+(\d+)", status)[1])
    return round(memory, 2), threads, len(os.listdir(f"/proc/{pid}/fd"))


async def gauges(port):
    """(sequences, their bytes) of a server's metrics."""
    connection = Connection(port)
    _, body = await connection.get("/metrics")
    connection.close()
    names = ("rnnzoo_sequences", "rnnzoo_sequence_bytes")
    return [
        int(float(re.search(rf"^{name} (\S+)$", body.decode(), re.MULTILINE)[1])) for name in names
    ]


async def pushing(folder, until, seconds):
    """Pushes a version every few seconds, and removes the one before, until a time."""
    base = folder / "models" / NAME
    for count in range(2, 10**6):
        await asyncio.sleep(min(seconds, max(0, until - time.monotonic())))
        if time.monotonic() >= until:
            return
        await asyncio.to_thread(push, folder, base, count)
        await asyncio.to_thread(remove_folder, base / str(count - 1))


def push(folder, base, number):
    """A copy of a model as a version."""
    partial = base / ".partial-copy"
    shutil.copytree(folder / "made" / str(number % 2) / NAME / "1", partial)
    card = json.loads((partial / "card.json").read_text())
    (partial / "card.json").write_text(json.dumps({**card, "version": number}))
    write_manifest(partial)
    partial.rename(base / str(number))


async def sampled(server, soak, begin, until, rows):
    """Appends a row every `SAMPLE_SECONDS`, while the load runs."""
    while time.monotonic() < until and server.is_running():
        await asyncio.sleep(SAMPLE_SECONDS - (time.monotonic() - begin) % SAMPLE_SECONDS)
        if time.monotonic() >= until:
            return
        memory, threads, descriptors = usage(server.pid)
        sequences, nbytes = await gauges(server.port)
        rows.append(
            {
                **about(),
                "minutes": round((time.monotonic() - begin) / 60, 3),
                "RSS MiB": memory,
                "threads": threads,
                "descriptors": descriptors,
                "requests": sum(soak.requests.values()),
                "failed": sum(soak.failed.values()),
                "evicted": soak.evicted,
                "sequences": sequences,
                "sequence bytes": nbytes,
            }
        )
        print(*(rows[-1][column] for column in COLUMNS[3:-1]), flush=True)


async def soaked(server, folder, answers, options, rows):
    """The `Soak`, once it has ended."""
    begin = time.monotonic()
    until = begin + 60 * options.minutes
    soak = Soak(server, answers, until, options.seed)
    await asyncio.gather(
        soak.run(),
        sampled(server, soak, begin, until, rows),
        pushing(folder, until, options.push_seconds),
    )
    return soak


def growth(rows):
    """(MiB per hour, growth of threads, growth of descriptors) of the last two thirds of rows.

    Counts are means of the first and the last third of these rows.
    """
    rows = rows[len(rows) // 3 :]
    hours = [row["minutes"] / 60 for row in rows]
    slope = np.polyfit(hours, [row["RSS MiB"] for row in rows], 1)[0]
    third = max(1, len(rows) // 3)
    more = [
        np.mean([row[column] for row in rows[-third:]])
        - np.mean([row[column] for row in rows[:third]])
        for column in ("threads", "descriptors")
    ]
    return round(float(slope), 2), *(round(float(count), 1) for count in more)


def main():
    """Measures, writes the CSV, and returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="of the load (30)")
    parser.add_argument("--seed", type=int, default=1, help="of the requests (1)")
    parser.add_argument("--out", type=Path, default=TARGET, help=f"the CSV ({TARGET.name})")
    parser.add_argument(
        "--most-slope", type=float, default=MOST_SLOPE, help="MiB per hour that are no growth (10)"
    )
    parser.add_argument(
        "--push-seconds", type=float, default=60.0, help="from a new version to the next one (60)"
    )
    options = parser.parse_args()
    if grpc_calls() is None:
        print("no gRPC: the extra is not installed", file=sys.stderr)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        maker = Maker(folder)
        maker.end()
        (folder / "models" / NAME).mkdir(parents=True)
        push(folder, folder / "models" / NAME, 1)
        limits = ["--sequence-seconds", str(SEQUENCE_SECONDS)]
        limits += ["--sequence-bytes", str(SEQUENCE_BYTES)]
        server = Server(folder / "models", NAME, *limits)
        try:
            server.wait_until_ready()
            answers = Answers(folder / "answers.npz")
            soak = asyncio.run(soaked(server, folder, answers, options, rows))
        finally:
            server.stop()
    slope, threads, descriptors = growth(rows)
    for row in rows:
        row["MiB per hour"] = slope
    with open(options.out, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    print(", ".join(f"{count} {kind}" for kind, count in soak.requests.items()))
    failed, traceback = sum(soak.failed.values()), "Traceback" in server.log()
    print(
        f"{slope} MiB per hour, {threads:+} threads, {descriptors:+} descriptors, {failed} failed"
    )
    if soak.problems or traceback:
        print("\n".join([*soak.problems, server.log()[-8_000:]]), file=sys.stderr)
    most = max(options.most_slope, MOST_SHARE * rows[-1]["RSS MiB"])
    is_flat = slope <= most and threads <= SPARE and descriptors <= SPARE
    return 0 if is_flat and not failed and not traceback else 1


if __name__ == "__main__":
    sys.exit(main())
