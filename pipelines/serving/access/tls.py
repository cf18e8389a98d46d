"""TLS: the files of a server's certificate, checked before anything else is done."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of


@dataclass(frozen=True)
class Tls:
    """The files of a server's certificate.

    Args:
        certificate: Path, PEM, of the certificate and of those between it and its authority.
        key: Path, PEM, of its private key, without a passphrase.
        client_ca: Path, PEM, of the authorities one of which a client's certificate has to be of;
            None if clients need no certificate.

    Raises:
        InputError: a file cannot be read, or is not what it should be.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def __post_init__(self):
        for path in filter(None, (self.certificate, self.key, self.client_ca)):
            try:
                path.read_bytes()
            except OSError as problem:
                raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key, password=self._refuse_passphrase)
        except ssl.SSLError as problem:
            if problem.reason == "KEY_VALUES_MISMATCH":
                raise InputError(
                    f"{self.key} is not the key of {self.certificate}: give its own"
                ) from None
            raise InputError(
                f"{self.certificate} and {self.key} are no certificate and key: give PEM files"
            ) from None
        if self.client_ca:
            try:
                context.load_verify_locations(self.client_ca)
            except ssl.SSLError:
                raise InputError(
                    f"{self.client_ca} has no certificate: give a PEM file of authorities"
                ) from None

    def _refuse_passphrase(self):
        raise InputError(
            f"{self.key} has a passphrase: give a key without, that only its owner can read"
        )

    def options(self):
        """dict of the options of `uvicorn.Config`."""
        options = {"ssl_certfile": str(self.certificate), "ssl_keyfile": str(self.key)}
        if self.client_ca:
            options |= {"ssl_ca_certs": str(self.client_ca), "ssl_cert_reqs": ssl.CERT_REQUIRED}
        return options
