"""The scanner's port against a server that speaks clamd's protocol over a real socket."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clamd import EICAR, Daemon
from tongban.core.files.scanning import Clamd, ScannerDown, Verdict, scanner
from tongban.core.ledger.worker import LEASE


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with Daemon() as running:
        yield running


def test_a_clean_file_and_one_with_a_virus(daemon: Daemon) -> None:
    look = Clamd(("127.0.0.1", daemon.port))
    assert look.scan([b"words ", b"", b"and more"]) == Verdict()
    assert daemon.seen == [b"words and more"]
    assert look.scan([EICAR[:30], EICAR[30:]]) == Verdict("Eicar-Test-Signature")


def test_a_socket_on_this_machine_serves_too(tmp_path: Path) -> None:
    with Daemon(tmp_path / "clamd.ctl"):
        assert not Clamd(str(tmp_path / "clamd.ctl")).scan([EICAR]).clean


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: nonsense\0", b"UNKNOWN COMMAND\0"]
)
def test_anything_but_a_verdict_is_no_verdict(daemon: Daemon, answer: bytes) -> None:
    daemon.answer = answer
    with pytest.raises(ScannerDown):
        Clamd(("127.0.0.1", daemon.port)).scan([b"words"])


def test_nobody_there_is_no_verdict(tmp_path: Path) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as gone:
        port = gone.server_address[1]
    for nowhere in (Clamd(("127.0.0.1", port)), Clamd(str(tmp_path / "none.ctl"))):
        with pytest.raises(ScannerDown):
            nowhere.scan([b"words"])


def test_one_that_hangs_up_in_the_middle_is_no_verdict(daemon: Daemon) -> None:
    daemon.hangs_up = True
    with pytest.raises(ScannerDown):
        Clamd(("127.0.0.1", daemon.port)).scan(bytes(65536) for _ in range(400))


@pytest.mark.parametrize("how", ["hangs", "trickles"])
def test_one_that_gives_no_answer_or_a_sign_now_and_then_is_left_when_the_time_is_over(
    daemon: Daemon, how: str
) -> None:
    setattr(daemon, how, True)
    begun = time.monotonic()
    with pytest.raises(ScannerDown, match="TimeoutError"):
        Clamd(("127.0.0.1", daemon.port), seconds=0.5).scan([b"words"])
    assert 0.4 < time.monotonic() - begun < 5


def test_one_that_takes_a_little_now_and_then_is_left_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ends = threading.Event()

        def sips() -> None:
            line, _ = listening.accept()
            with line, suppress(OSError):
                while not ends.wait(0.05) and line.recv(1000):
                    pass

        threading.Thread(target=sips, daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(ScannerDown, match="TimeoutError"):
            Clamd(listening.getsockname(), seconds=0.5).scan(bytes(65536) for _ in range(4000))
        ends.set()
    assert time.monotonic() - begun < 5


def test_a_look_ends_well_before_the_lease_of_its_row() -> None:
    assert Clamd("/x").seconds < LEASE.total_seconds() / 2


def test_a_file_that_cannot_be_read_is_not_the_scanners_fault(daemon: Daemon, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Clamd(("127.0.0.1", daemon.port)).scan(path.read_bytes() for path in [tmp_path / "gone"])


@pytest.mark.parametrize(
    ("named", "found"),
    [("", None), ("clamd:/run/clamd.ctl", Clamd("/run/clamd.ctl")), ("clamd:10.0.0.8:3310", Clamd(("10.0.0.8", 3310)))],
)
def test_the_setting_names_it(settings, named: str, found: Clamd | None) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_SCANNER = named
    assert scanner() == found


@pytest.mark.parametrize("named", ["clamd", "clamd:", "other:/x", "clamd:host", "clamd:host:x"])
def test_a_setting_that_names_nothing_is_said_at_once(settings, named: str) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_SCANNER = named
    with pytest.raises(ValueError, match="must be empty"):
        scanner()


def test_a_thread_for_each_scan_does_not_mix_their_verdicts(daemon: Daemon) -> None:
    found: dict[int, bool] = {}

    def look(n: int) -> None:
        found[n] = Clamd(("127.0.0.1", daemon.port)).scan([EICAR if n % 2 else b"words"]).clean

    threads = [threading.Thread(target=look, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: n % 2 == 0 for n in range(8)}
