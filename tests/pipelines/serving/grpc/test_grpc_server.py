"""`rnnzoo serve --grpc-port` in its own process: its start, and its end."""

import concurrent.futures
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import grpc
import pytest

COMMAND = [sys.executable, "-m", "rnnzoo", "serve", "sonnets-lstm", "--port", "0", "--json"]


@pytest.fixture(scope="module")
def environment(small_model, tmp_path_factory):
    models = tmp_path_factory.mktemp("served")
    shutil.copytree(small_model[0], models / "sonnets-lstm/1")
    return {**os.environ, "RNNZOO_MODELS_DIR": str(models)}


@pytest.fixture
def process(environment):
    process = subprocess.Popen(
        [*COMMAND, "--grpc-port", "0"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signal_number", "expected_status"), [(signal.SIGINT, 0), (signal.SIGTERM, -15)]
)
def test_a_call_that_runs_is_answered_after_a_signal(
    process, grpc_client_at, signal_number, expected_status
):
    announced = json.loads(process.stdout.readline())
    with grpc_client_at(announced["grpc_address"]) as client:
        client.predict("sonnets-lstm", text=["a"])
        with concurrent.futures.ThreadPoolExecutor(1) as clients:
            long = clients.submit(client.predict, "sonnets-lstm", text=["a" * 20_000])
            with pytest.raises(concurrent.futures.TimeoutError):
                long.result(timeout=0.2)
            process.send_signal(signal_number)
            response, _ = long.result()
            assert response.model_spec.version.value == 1
        assert process.wait(timeout=30) == expected_status
    assert "Traceback" not in process.stderr.read()


@pytest.mark.slow
def test_calls_that_do_not_end_are_not_waited_for(process, grpc_client_at):
    announced = json.loads(process.stdout.readline())
    with grpc_client_at(announced["grpc_address"]) as client:
        client.predict("sonnets-lstm", text=["a"])
        with concurrent.futures.ThreadPoolExecutor(8) as clients:
            calls = [
                clients.submit(client.predict, "sonnets-lstm", text=["a" * 262_000])
                for _ in range(8)
            ]
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
        assert any(isinstance(call.exception(), grpc.RpcError) for call in calls)


@pytest.mark.slow
def test_a_port_that_cannot_be_taken_is_one_line(environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*COMMAND, "--grpc-port", str(port)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        2,
        f"rnnzoo: error: cannot listen at 127.0.0.1:{port} (Address already in use): "
        "name another --host or --grpc-port\n",
    )
    command = [*COMMAND, "--grpc-port", "99999"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        2,
        "rnnzoo: error: --grpc-port=99999: give 0 to 65535\n",
    )


@pytest.mark.slow
def test_without_the_extra_it_is_one_line(environment, tmp_path):
    (tmp_path / "tensorflow_serving").mkdir()
    (tmp_path / "tensorflow_serving/__init__.py").write_text(
        "raise ModuleNotFoundError('no module', name='tensorflow_serving')"
    )
    environment = {**environment, "PYTHONPATH": str(tmp_path)}
    command = [*COMMAND, "--grpc-port", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        "rnnzoo: error: --grpc-port needs tensorflow_serving: pip install 'rnnzoo[grpc]'\n"
    )
