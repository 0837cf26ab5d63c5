"""Runs several programs side by side: all of them, or none."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from tongban.cli.words import Trouble

_PATIENCE = 60.0  # seconds until the pages must answer
_GRACE = 10.0  # seconds in which a program may end by itself


class _Stop(Exception):
    """Somebody asked us to end."""


def run(commands: Sequence[list[str]], *, url: str, announce: Callable[[], None]) -> int:
    """Start ``commands``, ``announce`` once the pages at ``url`` answer, wait for a signal, then end all of them."""
    children: list[subprocess.Popen[bytes]] = []
    with _signals():
        try:
            for command in commands:
                # A group of its own: Ctrl-C reaches us alone, and we end whatever a child has started too.
                children.append(subprocess.Popen(command, start_new_session=True))  # noqa: S603 - our own program
            _wait_until_it_answers(url, children)
            announce()
            while True:
                _require_alive(children)
                time.sleep(0.5)
        except _Stop:
            return 0
        finally:
            with contextlib.suppress(_Stop):
                _end(children)


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Turn the signals that ask a program to end into :class:`_Stop`."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stop

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _require_alive(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is not None:
            raise Trouble(
                "{what} 意外停了（状态 {number}），其余的也一起结束。",
                "{what} has stopped unexpectedly (status {number}); the rest is ended too.",
                what=" ".join(map(str, child.args[3:5])) if isinstance(child.args, list) else "?",
                number=child.returncode,
            )


def _wait_until_it_answers(url: str, children: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        _require_alive(children)
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address, http
            return
        except urllib.error.HTTPError:
            return  # it speaks, whatever it says
        except OSError:
            time.sleep(0.2)
    raise Trouble("网页 {n} 秒内没有响应。", "the pages did not answer within {n} seconds.", n=int(_PATIENCE))


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each to end, wait a little, then end its whole group."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _GRACE
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
