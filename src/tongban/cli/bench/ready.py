"""How long the full demo takes, from an empty folder to the first page that answers."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

from tongban.cli.bench import shown
from tongban.cli.bench.goals import rounded

# Built with fewer, the county is the tiny one: it shows that all works, and is no measurement.
WHOLE = 7_796
_PATIENCE = 900.0  # seconds


def demo_full_ready(args: argparse.Namespace) -> float | str:
    """Seconds from starting ``tongban demo --size full`` on an empty folder until its first page answers.

    The command runs in a process of its own, as ``make demo SIZE=full`` starts it after ``make setup``.
    """
    whole = args.cases >= WHOLE
    with shown.progress() as bar:
        bar.add_task("the full demo, from an empty folder" if whole else "a tiny demo", total=None)
        seconds = _ready("full" if whole else "tiny")
    return rounded(seconds) if whole else f"this run has {args.cases:,} cases, not the year's {WHOLE:,}"


def _ready(size: str) -> float:
    folder, port = Path(tempfile.mkdtemp(prefix="tongban-bench-demo-")), _free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TONGBAN_", "DATABASE_", "DJANGO_"))}
    command = [sys.executable, "-m", "tongban.config.main", "demo", "--size", size, "--port", str(port)]
    try:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            begun = time.perf_counter()
            child = subprocess.Popen(  # noqa: S603 - our own program
                command, env={**kept, "TONGBAN_DATA": str(folder)}, stdout=subprocess.DEVNULL, stderr=said,
                start_new_session=True,
            )  # fmt: skip
            try:
                _wait(child, f"http://127.0.0.1:{port}/", said)
                return time.perf_counter() - begun
            finally:
                child.terminate()  # it ends its pages and its worker by itself
                child.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(child: subprocess.Popen[bytes], url: str, said: IO[str]) -> None:
    """Until the page answers with what was asked for."""
    until = time.perf_counter() + _PATIENCE
    while time.perf_counter() < until:
        if child.poll() is not None:
            said.seek(0)
            raise RuntimeError(f"the demo ended with status {child.returncode}: {said.read()[-500:]}")
        try:
            with urllib.request.urlopen(url, timeout=30):  # noqa: S310 - our own address, http
                return
        except urllib.error.HTTPError as wrong:
            raise RuntimeError(f"the demo's first page answered {wrong.code}") from wrong
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the demo did not answer within {_PATIENCE:.0f} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
