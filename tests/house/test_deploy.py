"""The files of deploy/ are valid, and name options, paths, ports and metrics that the server has.

Programs that are here check them too: systemd-analyze, nginx, caddy, promtool. The manifest, the
unit and the image are not started: that needs a cluster, systemd, an engine of containers.
"""

import contextlib
import csv
import io
import json
import re
import shlex
import shutil
import subprocess
import tomllib
import types
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from rnnzoo.cli import main
from rnnzoo.pipelines.serving.access import keys
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.limits import Limits
from rnnzoo.pipelines.serving.http.answers import OPEN
from rnnzoo.pipelines.serving.http.connections import HEAD_SECONDS, SPARE
from rnnzoo.pipelines.serving.models.configuration import parsed
from rnnzoo.pipelines.serving.server import GRACE, configured
from rnnzoo.pipelines.serving.statuses import KINDS, status_of

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT, IMAGE, MANIFEST = "rnnzoo.service", "Containerfile", "kubernetes.yaml"
HTTP, GRPC = 8501, 8500
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
# Of the proxies and of the tools that comments name, not of the server.
NOT_OURS = {
    *("--system", "--user-group", "--home-dir", "--shell", "--uid", "--now", "--from-file"),
    *("--init", "--read-only", "--tmpfs", "--stop-timeout", "--format", "--from"),
    *("--no-cache-dir", "--disable-pip-version-check"),
    *("--interval", "--timeout", "--start-period", "--retries"),
}


def read(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def help_text():
    """What `rnnzoo serve --help` prints."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), pytest.raises(SystemExit):
        main(["serve", "--help"])
    return output.getvalue()


class Loaded:
    """A version of a model."""

    load_seconds = 1.0


@pytest.fixture(scope="module")
def engine():
    """An engine with a loaded version, of which nothing is run."""
    version = Loaded()
    return Engine({"name": types.SimpleNamespace(all_loaded=lambda: {1: version})})


@pytest.fixture(scope="module")
def metrics(engine):
    """The samples of the server's metrics: dict from name to the set of their labels."""
    with engine.metrics.observed("rest") as record:
        record.model, record.signature, record.code = "name", "step", "200"
    engine.metrics.batch_counter("name", "step")(1)
    content, _ = engine.metrics.text()
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(content.decode())
        for sample in family.samples
    }


@pytest.fixture(scope="module")
def paths(engine):
    """The paths of the routes of the server."""
    return {route.path for route in create_app(engine).routes}


def unit():
    """The settings of the unit: dict from name to the list of its values."""
    settings = {}
    text = re.sub(r"^#.*\n", "", read(UNIT), flags=re.M).replace("\\\n", " ")
    for name, value in re.findall(r"^(\w+)=(.*)$", text, re.M):
        settings.setdefault(name, []).append(value)
    return settings


def manifest():
    """The objects of the manifest: dict from kind to object."""
    return {item["kind"]: item for item in yaml.safe_load_all(read(MANIFEST))}


def container():
    (only,) = manifest()["Deployment"]["spec"]["template"]["spec"]["containers"]
    return only


def entry_point():
    return json.loads(re.search(r"^ENTRYPOINT (\[.*\])$", read(IMAGE), re.M)[1])


def command_lines():
    """The arguments of each command that a file starts: dict from file to list."""
    (started,) = unit()["ExecStart"]
    return {
        UNIT: shlex.split(started)[1:],
        IMAGE: entry_point()[1:],
        MANIFEST: [*entry_point()[1:], *container()["args"]],
    }


def options_of(arguments):
    """dict from option to its value."""
    words = [word for argument in arguments[1:] for word in argument.split("=", 1)]
    return dict(zip(words[::2], words[1::2], strict=True))


def expressions():
    """The PromQL of alerts and dashboard, with its file and title."""
    for group in yaml.safe_load(read("alerts.yaml"))["groups"]:
        for rule in group["rules"]:
            yield "alerts", rule["alert"], rule["expr"]
    board = json.loads(read("grafana.json"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield "grafana", panel["title"], target["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield "grafana", variable["name"], variable["query"]["query"]


EXPRESSIONS = list(expressions())
TITLES = [f"{file}-{title}" for file, title, _ in EXPRESSIONS]


def test_every_file_is_read_by_these_tests():
    assert {path.name for path in DEPLOY.iterdir()} == {
        *(UNIT, IMAGE, MANIFEST, "nginx.conf", "Caddyfile", "models.toml", "prometheus.yaml"),
        *("alerts.yaml", "grafana.json"),
    }


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.iterdir()))
def test_every_option_is_of_the_server(name, help_text):
    served = set(OPTION.findall(help_text))
    assert {"--most-bytes", "--sequences"} <= served
    used = set(OPTION.findall(read(name))) - NOT_OURS
    assert used <= served, used - served


@pytest.mark.parametrize("name", command_lines())
def test_the_arguments_are_parsed_as_they_are_meant(name):
    arguments = command_lines()[name]
    assert arguments[0] == "serve"
    options = options_of(arguments)
    assert (options["--port"], options["--grpc-port"]) == (str(HTTP), str(GRPC))
    # A container is reached from outside; the unit is behind a proxy.
    assert options["--host"] == ("127.0.0.1" if name == UNIT else "0.0.0.0")


def test_the_models_are_a_configuration_that_can_be_loaded():
    for content in (read("models.toml"), manifest()["ConfigMap"]["data"]["models.toml"]):
        configuration = parsed(content.encode(), DEPLOY / "models.toml")
        for model in configuration.models:
            assert {int(path.name) for path in model.folder.glob("[0-9]*")} >= {
                *model.labels.values()
            }


def test_the_model_that_comments_describe_is_valid_too(tmp_path):
    (tmp_path / "my-sonnet").mkdir()
    commented = read("models.toml").split("A model of your own")[1].split("\n", 1)[1]
    text = re.sub("^# ", "", commented, flags=re.M)
    text = text.replace("/srv/rnnzoo/models", str(tmp_path))
    assert parsed(text.encode(), tmp_path / "models.toml").models[0].name == "my-sonnet"


def test_every_path_that_is_probed_is_a_route_without_a_key(paths):
    probes = [
        container()[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")
    ]
    probed = [probe["path"] for probe in probes]
    probed += re.findall(rf"http://127\.0\.0\.1:{HTTP}(/\w+)", read(IMAGE))
    assert len(probed) == 4
    assert set(probed) <= paths & set(OPEN)
    assert {probe["port"] for probe in probes} == {"http"}


def test_prometheus_scrapes_a_route(paths):
    (job,) = yaml.safe_load(read("prometheus.yaml"))["scrape_configs"]
    assert job["metrics_path"] in paths
    assert job["static_configs"][0]["targets"] == [f"127.0.0.1:{HTTP}"]
    assert f'up{{job="{job["job_name"]}"}}' in read("alerts.yaml")
    rules = yaml.safe_load(read("prometheus.yaml"))["rule_files"]
    assert all((DEPLOY / rule).exists() for rule in rules)


def test_the_key_of_prometheus_in_a_comment_is_valid():
    lines = re.findall(r"^#   (.*)$", read("prometheus.yaml"), re.M)
    text = "\n".join(lines).replace("...", "0" * 64)
    (key,) = keys.parsed(text, DEPLOY)
    assert key.models == ("-",)


@pytest.mark.parametrize(("file", "title", "expression"), EXPRESSIONS, ids=TITLES)
def test_every_metric_and_label_is_one_of_the_server(file, title, expression, metrics):
    names = set(re.findall(r"rnnzoo_\w+", expression))
    assert names or expression == 'up{job="rnnzoo"} == 0'
    assert names <= metrics.keys(), names - metrics.keys()
    # Prometheus adds `instance`; `le` is a label of buckets.
    known = {"instance"}.union(*(metrics[name] for name in names))
    for name, selectors in re.findall(r"(rnnzoo_\w+)\{(.*?)\}", expression):
        assert set(re.findall(r'(\w+)[!=]=?~?"', selectors)) <= metrics[name] | {"instance"}
    for labels in re.findall(r"by \((.*?)\)", expression):
        assert set(labels.split(", ")) <= known


@pytest.mark.parametrize(("file", "title", "expression"), EXPRESSIONS, ids=TITLES)
def test_every_code_is_an_answer_of_the_server(file, title, expression):
    defect = status_of(type("Defect", (Exception,), {})())
    codes = {defect.code, str(defect.http)}.union(
        *({str(http), code} for http, code, _ in KINDS.values())
    )
    for pattern in re.findall(r'code=~"(.*?)"', expression):
        for part in pattern.split("|"):
            assert any(re.fullmatch(part, code) for code in codes), part


def test_legends_and_summaries_use_labels_that_are_left(metrics):
    for group in yaml.safe_load(read("alerts.yaml"))["groups"]:
        for rule in group["rules"]:
            used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
            assert used <= labels_left(rule["expr"], metrics), rule["alert"]
            assert set(rule["labels"]) == {"severity"}
    for panel in json.loads(read("grafana.json"))["panels"]:
        for target in panel["targets"]:
            used = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
            assert used <= labels_left(target["expr"], metrics), panel["title"]


def labels_left(expression, metrics):
    """The labels of the result of an expression."""
    if aggregated := re.findall(r"by \((.*?)\)", expression):
        return set(aggregated[0].split(", ")) - {"le"}
    names = re.findall(r"rnnzoo_\w+", expression)
    return {"instance"}.union(*(metrics[name] for name in names))


def test_the_dashboard_has_every_metric_and_its_own_variables(metrics):
    board = read("grafana.json")
    used = {name for _, _, text in EXPRESSIONS for name in re.findall(r"rnnzoo_\w+", text)}
    families = {re.sub("_(total|created|bucket|sum|count)$", "", name) for name in metrics}
    assert families == {re.sub("_(total|created|bucket|sum|count)$", "", name) for name in used}
    variables = {item["name"] for item in json.loads(board)["templating"]["list"]}
    mentioned = set(re.findall(r"\$\{?(\w+)", board)) - {"__rate_interval", "__all"}
    assert mentioned == variables
    panels = json.loads(board)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for grid in (panel["gridPos"] for panel in panels)
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def test_thresholds_are_those_of_the_server():
    alerts = read("alerts.yaml")
    assert f"rnnzoo_waiting_rows > {Limits().most_waiting // 2}\n" in alerts
    assert f"rnnzoo_sequence_bytes > 0.9 * {Limits.sequence_bytes}\n" in alerts
    affinity = manifest()["Service"]["spec"]["sessionAffinityConfig"]["clientIP"]
    assert affinity["timeoutSeconds"] == Limits.sequence_seconds


def test_the_proxies_have_the_limits_of_the_server():
    nginx = read("nginx.conf")
    megabytes = re.search(r"client_max_body_size (\d+)m;", nginx)[1]
    most = options_of(command_lines()[UNIT])["--most-bytes"]
    assert int(megabytes) * 2**20 == int(most) == Limits().most_bytes
    assert f"client_header_timeout {HEAD_SECONDS:g}s" in nginx
    seconds = float(options_of(command_lines()[UNIT])["--seconds"])
    assert seconds < float(re.search(r"proxy_read_timeout (\d+)s", nginx)[1])
    assert seconds < float(re.search(r"response_header_timeout (\d+)s", read("Caddyfile"))[1])
    # A connection that the server is about to close must not be used again.
    idle = configured(None, Limits()).timeout_keep_alive
    assert float(re.search(r"keepalive_timeout (\d+)s", nginx)[1]) < idle
    assert float(re.search(r"keepalive (\d+)s", read("Caddyfile"))[1]) < idle
    # The server's pings keep a WebSocket open.
    assert configured(None, Limits()).ws_ping_interval < 60


def test_the_proxies_hide_metrics_and_send_grpc_to_its_port(paths):
    nginx, caddy = read("nginx.conf"), read("Caddyfile")
    (hidden, grpc) = re.findall(r"location ~ (\S+) \{", nginx)
    scraped = {path for path in paths if "metrics" in path}
    assert len(scraped) == 2
    for path in paths | {path + "/" for path in scraped}:
        assert bool(re.search(hidden, path)) == (path.rstrip("/") in scraped), path
        assert not re.search(grpc, path)
    services = ["tensorflow.serving.PredictionService", "inference.GRPCInferenceService"]
    for service in [*services, "tensorflow.serving.ModelService", "grpc.health.v1.Health"]:
        assert re.search(grpc, f"/{service}/Method")
        assert any(
            f"/{service}/Method".startswith(pattern.rstrip("*"))
            for pattern in re.search(r"@grpc path (.*)", caddy)[1].split()
        )
    for text in (nginx, caddy):
        assert set(re.findall(r"127\.0\.0\.1:(\d+)", text)) == {str(HTTP), str(GRPC)}
    # A location that sets a header has none of those that the server block sets.
    locations = re.findall(r"location [^{]*\{(.*?)\n    \}", nginx, re.S)
    assert len(locations) == 3
    assert not any("proxy_set_header" in location for location in locations)


def test_the_unit_ends_the_server_after_its_grace():
    settings = unit()
    assert settings["KillSignal"] == ["SIGTERM"]
    assert int(settings["TimeoutStopSec"][0]) > GRACE
    assert settings["Restart"] == ["on-failure"]
    assert settings["ProtectSystem"] == ["strict"]
    assert settings["NoNewPrivileges"] == ["yes"]
    limits = Limits()
    descriptors = 2 * limits.most_connections + SPARE
    assert int(settings["LimitNOFILE"][0]) > descriptors
    options = options_of(command_lines()[UNIT])
    # What is written is in the folders that systemd makes.
    assert options["--sequences"].startswith(f"/var/lib/{settings['StateDirectory'][0]}/")
    assert options["--access-log"].startswith(f"/var/log/{settings['LogsDirectory'][0]}/")


def test_the_pod_ends_the_server_after_its_grace():
    pod = manifest()["Deployment"]["spec"]["template"]["spec"]
    (command, seconds) = container()["lifecycle"]["preStop"]["exec"]["command"]
    assert command == "sleep"
    assert pod["terminationGracePeriodSeconds"] > int(seconds) + GRACE
    assert "STOPSIGNAL SIGTERM" in read(IMAGE)


def test_the_manifest_fits_together():
    objects, pod = manifest(), manifest()["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    assert objects["Service"]["spec"]["selector"] == labels
    assert objects["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    ports = {port["name"]: port["containerPort"] for port in container()["ports"]}
    assert ports == {"http": HTTP, "grpc": GRPC}
    for port in objects["Service"]["spec"]["ports"]:
        assert ports[port["targetPort"]] == port["port"]
    volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
    mounts = {mount["mountPath"]: mount["name"] for mount in container()["volumeMounts"]}
    assert set(mounts.values()) == set(volumes)
    assert volumes["models"]["configMap"]["name"] == objects["ConfigMap"]["metadata"]["name"]
    options = options_of(command_lines()[MANIFEST])
    files = {"--config": "models.toml", "--keys": "keys.toml", "--sequences": "sequences.npz"}
    for option, name in files.items():
        folder, _, file = options[option].rpartition("/")
        assert folder in mounts
        assert file == name
    assert "models.toml" in objects["ConfigMap"]["data"]


def test_pod_and_image_have_the_same_user_who_is_not_root():
    context = manifest()["Deployment"]["spec"]["template"]["spec"]["securityContext"]
    user = re.search(r"^USER (\d+):(\d+)$", read(IMAGE), re.M)
    assert [context["runAsUser"], context["runAsGroup"]] == [int(user[1]), int(user[2])]
    assert int(user[1]) > 0
    assert f"--uid {user[1]} " in read(IMAGE)
    assert context["runAsNonRoot"]
    assert container()["securityContext"]["readOnlyRootFilesystem"]


def test_the_image_has_what_the_installation_needs():
    image = read(IMAGE)
    sources = [line.split()[:-1] for line in re.findall(r"^COPY (?!--)(.*)$", image, re.M)]
    copied = {source for line in sources for source in line}
    assert all((ROOT / source).exists() for source in copied)
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    folders = re.search(r"FOLDERS = \{(.*?)\}", setup, re.S)[1]
    assert set(re.findall(r': "(\w+)"', folders)) <= copied
    for file in re.findall(r'"(\w+(?:\.\w+)?)"\)?\.read_text|license_files=\["(\w+)"', setup):
        assert {"".join(file)} <= copied | {"zoo/__init__.py"}
    assert "pyproject.toml" in copied
    extras = re.search(r"\.\[([\w,]+)\]", image)[1].split(",")
    assert set(extras) == {"serve", "grpc", "sign"}
    assert all(f'    "{extra}": [' in setup for extra in extras)
    assert extras == re.search(r"\.\[([\w,]+)\]", read(UNIT))[1].split(",")
    assert set(re.search(r"^EXPOSE (.*)$", image, re.M)[1].split()) == {str(HTTP), str(GRPC)}
    required = re.search(r'python_requires=">=([\d.]+)"', setup)[1]
    assert set(re.findall(r"^FROM python:([\d.]+)-slim", image, re.M)) == {required}


def test_the_memory_is_above_the_measured_one():
    with open(ROOT / "benchmarks/serving_memory.csv", newline="") as file:
        peaks = {row["models"]: int(row["peak_mb"]) for row in csv.DictReader(file)}
    resources = container()["resources"]
    # Sequences, and inputs that wait, have at most so much.
    more = (Limits.sequence_bytes + 64 * Limits().most_bytes) / 2**20
    needed = peaks["`shakespeare-lstm`"] + more
    assert needed < int(resources["requests"]["memory"].removesuffix("Mi"))
    assert needed < 1024 * int(resources["limits"]["memory"].removesuffix("Gi"))
    assert needed < 1024 * int(unit()["MemoryMax"][0].removesuffix("G"))


def checked(command, **options):
    """Runs a program that checks a file; skips where it is not installed."""
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"{command[0]} is not here")
    done = subprocess.run(
        [program, *map(str, command[1:])], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_systemd_accepts_the_unit(tmp_path):
    program = shutil.which("true")
    text = read(UNIT).replace("/opt/rnnzoo/bin/rnnzoo serve", f"{program} serve")
    (tmp_path / UNIT).write_text(text)
    said = checked(["systemd-analyze", "verify", "--man=no", tmp_path / UNIT])
    assert UNIT not in said, said


def test_nginx_accepts_its_file(tmp_path):
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not here")
    pair = ["-keyout", tmp_path / "server-key.pem", "-out", tmp_path / "server.pem"]
    checked(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a", *pair])
    text = read("nginx.conf").replace("/etc/ssl/rnnzoo", str(tmp_path))
    text = re.sub(r"listen .*443", "listen 127.0.0.1:18443", text, count=1)
    (tmp_path / "rnnzoo.conf").write_text(re.sub(r"listen \[.*\n", "", text))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {folders} include {tmp_path}/rnnzoo.conf; }}\n"
    )
    checked(["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"])


def test_caddy_accepts_its_file():
    file = DEPLOY / "Caddyfile"
    checked(["caddy", "validate", "--adapter", "caddyfile", "--config", file])


def test_promtool_accepts_the_alerts():
    checked(["promtool", "check", "rules", DEPLOY / "alerts.yaml"])


# Samples of a metric, one per minute: an alert, what fires it after 20 minutes, and what does not.
REQUESTS = 'rnnzoo_requests_total{instance="a", protocol="rest", model="m", code="%s"}'
CASES = {
    "RnnzooErrors": (
        {REQUESTS % "200": "0+98x30", REQUESTS % "503": "0+2x30"},
        {REQUESTS % "200": "0+998x30", REQUESTS % "503": "0+2x30", REQUESTS % "400": "0+98x30"},
    ),
    "RnnzooDefect": (
        {REQUESTS % "500": "_x15 1x15"},
        {REQUESTS % "500": "1x30", REQUESTS % "503": "_x15 1x15"},
    ),
    "RnnzooSlow": (
        {
            'rnnzoo_request_seconds_bucket{instance="a", model="m", le="1"}': "0+97x30",
            'rnnzoo_request_seconds_bucket{instance="a", model="m", le="2.5"}': "0+100x30",
            'rnnzoo_request_seconds_bucket{instance="a", model="m", le="+Inf"}': "0+100x30",
        },
        {
            'rnnzoo_request_seconds_bucket{instance="a", model="m", le="1"}': "0+100x30",
            'rnnzoo_request_seconds_bucket{instance="a", model="m", le="+Inf"}': "0+100x30",
        },
    ),
    "RnnzooWaiting": (
        {'rnnzoo_waiting_rows{instance="a", model="m"}': "3000x30"},
        {'rnnzoo_waiting_rows{instance="a", model="m"}': "1000x30"},
    ),
    "RnnzooOverload": (
        {REQUESTS % "UNAVAILABLE": "0+1x30"},
        {REQUESTS.replace('"m"', '""') % "503": "0+1x30", REQUESTS % "429": "0+9x30"},
    ),
    "RnnzooRefusals": ({REQUESTS % "401": "0+90x30"}, {REQUESTS % "401": "0+30x30"}),
    "RnnzooSequenceMemory": (
        {'rnnzoo_sequence_bytes{instance="a"}': "250000000x30"},
        {'rnnzoo_sequence_bytes{instance="a"}': "200000000x30"},
    ),
    "RnnzooSequencesLost": ({REQUESTS % "410": "0+10x30"}, {REQUESTS % "410": "0+1x30"}),
    "RnnzooDown": (
        {'up{job="rnnzoo", instance="a"}': "1x10 0x20"},
        {'up{job="rnnzoo", instance="a"}': "1x30", 'up{job="b", instance="a"}': "0x30"},
    ),
}


def test_every_alert_has_a_case():
    assert CASES.keys() == {title for file, title, _ in EXPRESSIONS if file == "alerts"}


@pytest.mark.parametrize("alert", CASES)
def test_an_alert_fires_when_it_should(alert, tmp_path):
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not here")
    (rule,) = [
        rule
        for group in yaml.safe_load(read("alerts.yaml"))["groups"]
        for rule in group["rules"]
        if rule["alert"] == alert
    ]
    # Without its labels and text, so that only whether it fires is compared.
    rule = {"alert": alert, "expr": f"count({rule['expr']}) > 0", "for": rule.get("for", "0s")}
    rules = {"groups": [{"name": "rules", "rules": [rule]}]}
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules))
    tests = [
        {
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in case.items()],
            "alert_rule_test": [
                {"eval_time": "20m", "alertname": alert, "exp_alerts": [{}] if fires else []}
            ],
        }
        for case, fires in zip(CASES[alert], (True, False), strict=True)
    ]
    content = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": tests}
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(content))
    checked(["promtool", "test", "rules", tmp_path / "tests.yaml"])


def test_toml_and_yaml_have_no_repeated_keys():
    tomllib.loads(read("models.toml"))  # refuses them itself
    for name in (MANIFEST, "prometheus.yaml", "alerts.yaml"):
        list(yaml.load_all(read(name), UniqueKeys))


class UniqueKeys(yaml.SafeLoader):
    """A loader that refuses a key that a mapping has twice."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), node.start_mark
        return super().construct_mapping(node, deep)
