"""Mail over TLS: asked for with STARTTLS or from the start, with a certificate that is checked; else no letter goes."""

import datetime as dt
import ipaddress
import socket
import ssl
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.workers.processes import MailSink, running_sink
from tests.workers.test_channels import LETTER
from workers.channels.letter import ChannelUnreachable
from workers.channels.mail import SmtpServer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(params=["smtp+starttls", "smtps"])
def server(request, certificate):
    sink, context = MailSink(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    if request.param == "smtps":
        running = Controller(sink, hostname="127.0.0.1", port=port, ssl_context=context)
    else:
        running = Controller(sink, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    running.start()
    yield sink, f"{request.param}://127.0.0.1:{port}"
    running.stop()


def test_a_letter_goes_over_tls(server, certificate):
    assert SmtpServer(server[1], 5.0, certificate).send(LETTER) == "250 kept"
    assert [mail["Message-ID"] for _to, mail in server[0].mails] == [LETTER.message_id]


def test_a_certificate_that_nobody_vouches_for_gets_no_letter(server):
    with pytest.raises(ChannelUnreachable):
        SmtpServer(server[1], 5.0).send(LETTER)
    assert server[0].mails == []


def test_a_server_without_the_tls_that_was_asked_for_gets_no_letter():
    with running_sink() as (sink, url):
        with pytest.raises(ChannelUnreachable):
            SmtpServer(url.replace("smtp://", "smtp+starttls://"), 5.0).send(LETTER)
        assert sink.mails == []
