"""HTTPS: certificates of the server and of clients, and files that are none."""

import datetime
import ipaddress
import json
import subprocess
import sys

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.access.tls import Tls
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.limits import Limits
from rnnzoo.pipelines.serving.server import configured

PEM = serialization.Encoding.PEM


def key_bytes(key, passphrase=None):
    """PEM of a private key: bytes."""
    encryption = (
        serialization.BestAvailableEncryption(passphrase)
        if passphrase
        else serialization.NoEncryption()
    )
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, encryption)


class Authority:
    """A self-signed authority.

    Args:
        folder: Path, where its files are written: `<name>.pem` and `<name>-key.pem`.
        name: str.
    """

    def __init__(self, folder, name):
        self._folder, self._name = folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate, _ = self._write(name, self._key, is_authority=True)

    def sign(self, name):
        """(Path of a certificate for 127.0.0.1, Path of its key)."""
        return self._write(name, ec.generate_private_key(ec.SECP256R1()), is_authority=False)

    def _write(self, name, key, is_authority):
        now = datetime.datetime.now(datetime.UTC)
        day = datetime.timedelta(days=1)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(self._name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        path, key_path = self._folder / f"{name}.pem", self._folder / f"{name}-key.pem"
        path.write_bytes(certificate.public_bytes(PEM))
        key_path.write_bytes(key_bytes(key))
        return path, key_path


def _named(name):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(scope="module")
def files(authority):
    """(certificate, key) of the server."""
    return authority.sign("server")


def get(url, authority, cert=None):
    cert = cert and tuple(map(str, cert))
    return requests.get(url, verify=str(authority.certificate), cert=cert, timeout=60)


def test_requests_over_https(authority, files, servables, listening):
    with listening(configured(create_app(Engine(servables)), Limits(), Tls(*files))) as address:
        response = get(f"https://{address}/v1/models", authority)
        assert response.status_code == 200 and response.json()["models"]
        with pytest.raises(requests.exceptions.SSLError):  # an authority it does not trust
            requests.get(f"https://{address}/v1/models", timeout=60)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://{address}/v1/models", timeout=60)


def test_clients_need_a_certificate_of_the_authority(
    authority, files, servables, listening, tmp_path
):
    stranger = Authority(tmp_path, "other").sign("stranger")
    with listening(
        configured(create_app(Engine(servables)), Limits(), Tls(*files, authority.certificate))
    ) as address:
        url = f"https://{address}/v1/models"
        assert get(url, authority, authority.sign("client")).status_code == 200
        for cert in (None, stranger):
            # TLS 1.3 refuses a client after the handshake, while it reads.
            with pytest.raises(requests.ConnectionError):
                get(url, authority, cert)


@pytest.mark.slow
def test_the_command_announces_https(authority, files):
    command = [sys.executable, "-m", "rnnzoo", "serve", "--port", "0", "--json"]
    command += ["--tls-cert", files[0], "--tls-key", files[1]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = json.loads(process.stdout.readline())["address"]
        assert address.startswith("https://127.0.0.1:")
        assert get(f"{address}/v1/models", authority).status_code == 200
    finally:
        process.kill()
        process.communicate()


def test_files_that_do_not_fit_are_refused(authority, files, tmp_path):
    certificate, key = files
    other = Authority(tmp_path, "other")
    secret = tmp_path / "secret-key.pem"
    secret.write_bytes(key_bytes(ec.generate_private_key(ec.SECP256R1()), b"phrase"))
    text = tmp_path / "text.pem"
    text.write_text("no certificate")
    missing = tmp_path / "missing.pem"
    for arguments, message in (
        ((certificate, other.sign("b")[1]), "is not the key of"),
        ((certificate, secret), "has a passphrase: give a key without"),
        ((certificate, text), "are no certificate and key: give PEM files"),
        ((text, key), "are no certificate and key"),
        ((missing, key), "missing.pem cannot be read: No such file"),
        ((certificate, tmp_path), "cannot be read: Is a directory"),
        ((certificate, key, text), "text.pem has no certificate: give a PEM file of authorities"),
    ):
        with pytest.raises(InputError, match=message):
            Tls(*arguments)
    assert Tls(certificate, key).options().keys() == {"ssl_certfile", "ssl_keyfile"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--tls-cert", "a.pem"], "give both --tls-cert and --tls-key"),
        (["--tls-key", "a.pem"], "give both --tls-cert and --tls-key"),
        (["--client-ca", "a.pem"], "--client-ca is for HTTPS"),
        (["--tls-cert", "/a.pem", "--tls-key", "/b.pem"], "/a.pem cannot be read"),
    ],
)
def test_options_that_do_not_fit_are_one_line(options, message, capsys):
    assert main(["serve", "nope-before-models-are-loaded", *options]) == 2
    err = capsys.readouterr().err
    assert message in err and err.count("\n") == 1
