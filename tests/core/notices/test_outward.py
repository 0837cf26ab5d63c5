"""Calls to somebody else's machine: only where it is allowed, never longer than allowed, whatever it answers."""

from __future__ import annotations

import socket
import threading
import time
from ipaddress import ip_address, ip_network

import pytest

from tests.core.notices.servers import endless, hangs, machine, says, trickles
from tongban.core.notices import outward
from tongban.core.notices.outward import CallFailed, UnsafeAddress, checked, may_call, post

LOOPBACK = (ip_network("127.0.0.0/8"),)


def why(url: str, **more: object) -> str:
    with pytest.raises(CallFailed) as failed:
        post(url, b"{}", {}, seconds=1.0, **more)  # type: ignore[arg-type]
    return failed.value.code


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001::1",
    ],
)  # fmt: skip
def test_no_private_address_may_be_called(address: str) -> None:
    assert not may_call(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "2400:3200::1"])
def test_a_public_address_may_be_called(address: str) -> None:
    assert may_call(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://localhost/",
        "https://0/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[fe80::1]/",
        "http://127.0.0.1:5432/", "https://127.0.0.1:443/", "https://LOCALHOST/",
    ],
)  # fmt: skip
def test_however_it_is_spelt_the_own_machine_is_not_called(url: str) -> None:
    with pytest.raises(UnsafeAddress) as unsafe:
        checked(url)
    assert unsafe.value.code == "private"


@pytest.mark.parametrize(
    "url",
    [
        "", "https://", "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/", "//example.org/", "example.org",
        "https://user@93.184.215.14/", "https://user:pass@93.184.215.14/", "https://93.184.215.14/#x",
        "https://93.184.215.14:99999/", "https://93.184.215.14:x/", "https://93.184.215.14\t/", "https://93.184.215.14/ x",
        "https://93.184.215.14/\r\nX: 1", "https://例子.测试/", "https://a_b.example/", "https://[::1%25lo]/",
        "https://exam\u200bple.org/", "https://93.184.215.14\\@127.0.0.1/",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(CallFailed) as failed:
        checked(url)
    assert failed.value.code in ("shape", "name")


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://93.184.215.14/", "scheme"), ("https://93.184.215.14:22/", "port"), ("https://93.184.215.14:80/", "port")],
)
def test_on_the_public_network_scheme_and_port_are_bound(url: str, code: str) -> None:
    with pytest.raises(UnsafeAddress) as unsafe:
        checked(url)
    assert unsafe.value.code == code
    assert checked("https://93.184.215.14:8443/a?b=1").path == "/a?b=1"


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server of the test's own: each look-up gets the next answer, the last one for ever."""
    asked: list[str] = []
    waiting = list(answers)

    def lookup(host: str, port: int, **more: object) -> list[object]:
        asked.append(host)
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


def test_a_name_that_answers_differently_a_moment_later_reaches_only_what_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allowed = (ip_network("127.0.0.2/32"),)
    with machine(says(204), host="127.0.0.2") as good, machine(says(204), port=good.port) as inside:
        asked = names(monkeypatch, ["127.0.0.2"], ["127.0.0.1"])
        assert post(f"http://rebinding.example:{good.port}/", b"{}", {}, seconds=5, networks=allowed).status == 204
        assert (len(asked), len(good.received), len(inside.received)) == (1, 1, 0)
        assert good.received[0].headers["host"] == f"rebinding.example:{good.port}"
        # The next call looks anew, and finds that the name now leads inside.
        assert why(f"http://rebinding.example:{good.port}/", networks=allowed) == "private"
        assert not inside.received


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    assert why("https://mixed.example/") == "private"


def test_a_name_server_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: (ends.wait(60), [])[1])
    assert why("https://slow.example/") == "name"
    ends.set()


def test_a_machine_that_hangs_is_cut_off() -> None:
    ends = threading.Event()
    with machine(hangs(ends)) as slow:
        assert why(slow.url, networks=LOOPBACK) == "slow"
        ends.set()


def test_a_machine_that_trickles_is_cut_off_too() -> None:
    ends = threading.Event()
    begun = time.monotonic()
    with machine(trickles(ends)) as slow:
        assert why(slow.url, networks=LOOPBACK) == "slow"
        ends.set()
    # No read ever timed out by itself: without the one deadline this would still be going on.
    assert time.monotonic() - begun < 30


def test_a_handshake_that_never_comes_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert why(f"https://127.0.0.1:{mute.getsockname()[1]}/", networks=LOOPBACK) == "slow"


def test_a_redirect_is_not_followed() -> None:
    with machine(says(204)) as inside, machine(says(302, Location=inside.url)) as first:
        assert post(first.url, b"{}", {}, seconds=5, networks=LOOPBACK).status == 302
        assert not inside.received


def test_of_an_endless_body_little_is_read() -> None:
    with machine(endless) as big:
        assert len(post(big.url, b"{}", {}, seconds=20, networks=LOOPBACK, read=1000).body) == 1000
        assert post(big.url, b"{}", {}, seconds=20, networks=LOOPBACK).body == b""


def test_what_speaks_no_http_is_a_failed_call() -> None:
    def nonsense(handler, got) -> None:  # type: ignore[no-untyped-def]
        handler.wfile.write(b"\x00\x01\x02 nonsense\r\n\r\n")

    with machine(nonsense) as strange:
        assert why(strange.url, networks=LOOPBACK) == "connection"
    assert why(strange.url, networks=LOOPBACK) == "connection", "and so is nobody at all"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import ssl
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    pem += key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (tmp_path / "own.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            link, _ = listening.accept()
            try:
                context.wrap_socket(link, server_side=True).close()
            except (ssl.SSLError, OSError):
                link.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert why(f"https://127.0.0.1:{listening.getsockname()[1]}/", networks=LOOPBACK) == "certificate"
        thread.join(10)


def test_who_is_named_by_the_county_itself_may_be_anywhere() -> None:
    assert checked("http://127.0.0.1:9/", networks=outward.EVERYWHERE).where == ("127.0.0.1", 9)
