"""A test's port is nobody else's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.ports import free_port

_ASK = "from tests.ports import free_port; print(free_port(), free_port())"


def test_no_port_is_given_twice_whichever_process_asks() -> None:
    mine = {free_port(), free_port()}
    top = Path(__file__).parent.parent
    # Nobody listens on any of them yet: that is when a second process would be given the same.
    others = subprocess.run(
        [sys.executable, "-c", _ASK], cwd=top, capture_output=True, text=True, check=True, timeout=60
    )
    assert len(mine | set(map(int, others.stdout.split()))) == 4
