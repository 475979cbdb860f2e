"""Mutual TLS with institutions: real handshakes on loopback, certificates made for the test."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from rongdun.adapters.banks.post import NoAnswer, Post


class Authority(NamedTuple):
    """Who signs certificates: its own one as a file, and what it signs with."""

    name: str
    key: EllipticCurvePrivateKey
    file: Path

    def issue(self, folder: Path, name: str) -> Path:
        """Write a certificate for 127.0.0.1 with its key to one PEM file."""
        key = generate_private_key(SECP256R1())
        made = _built(name, key, self.name).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        return _written(folder / f"{name}.pem", made.sign(self.key, hashes.SHA256()), key)


def authority(folder: Path, name: str) -> Authority:
    key = generate_private_key(SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
    made = _built(name, key, name).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    signed = made.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    return Authority(name, key, _written(folder / f"{name}.pem", signed, key))


def _built(name: str, key: EllipticCurvePrivateKey, by: str) -> x509.CertificateBuilder:
    today = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
    )


def _written(file: Path, certificate: x509.Certificate, key: EllipticCurvePrivateKey) -> Path:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return file


class Bank(NamedTuple):
    """An institution that takes certificates of its authority only; ``seen`` are those who spoke to it."""

    url: str
    seen: list[str]


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return authority(tmp_path, "demo-authority")


@pytest.fixture
def bank(tmp_path: Path, ours: Authority) -> Iterator[Bank]:
    seen: list[str] = []

    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            assert isinstance(self.connection, ssl.SSLSocket)
            certificate = self.connection.getpeercert(binary_form=True)
            assert certificate is not None
            seen.append(x509.load_der_x509_certificate(certificate).subject.rfc4514_string())
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """A handshake that is broken off is what some of the tests are about."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ours.issue(tmp_path, "demo-bank"))
    context.load_verify_locations(ours.file)
    context.verify_mode = ssl.CERT_REQUIRED
    server = Quiet(("127.0.0.1", 0), Taking)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Bank(f"https://127.0.0.1:{server.server_port}/messages", seen)
    server.shutdown()
    thread.join()
    server.server_close()


def sent(post: Post, bank: Bank) -> bytes:
    try:
        return post.send(bank.url, b"order", {}).body
    finally:
        post.close()


def test_the_centre_shows_its_certificate_and_is_answered(
    bank: Bank, ours: Authority, tmp_path: Path
) -> None:
    post = Post(certificate=ours.issue(tmp_path, "demo-centre"), authority=ours.file)
    assert sent(post, bank) == b"order"
    assert bank.seen == ["CN=demo-centre"]


def test_without_a_certificate_it_is_not_let_in(bank: Bank, ours: Authority) -> None:
    with pytest.raises(NoAnswer):
        sent(Post(authority=ours.file), bank)
    assert bank.seen == []


def test_with_a_certificate_of_another_authority_it_is_not_let_in(
    bank: Bank, ours: Authority, tmp_path: Path
) -> None:
    other = authority(tmp_path, "other-authority")
    with pytest.raises(NoAnswer):
        sent(Post(certificate=other.issue(tmp_path, "other-centre"), authority=ours.file), bank)
    assert bank.seen == []


def test_an_institution_that_another_authority_vouches_for_gets_nothing(
    bank: Bank, ours: Authority, tmp_path: Path
) -> None:
    post = Post(
        certificate=ours.issue(tmp_path, "demo-centre"),
        authority=authority(tmp_path, "other-authority").file,
    )
    with pytest.raises(NoAnswer):
        sent(post, bank)
    assert bank.seen == []
