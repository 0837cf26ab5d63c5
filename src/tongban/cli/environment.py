"""What the environment says of this county's mode and proxies: a word that is not known stops every command."""

from __future__ import annotations

import os

from tongban.cli.words import Trouble
from tongban.core.files import scanning

MODES = ("production", "demo", "test")


def check() -> None:
    """Refuse a misspelt mode, which would mean the looser of two, and a number of proxies that is none."""
    mode = os.environ.get("TONGBAN_MODE", MODES[0])
    if mode not in MODES:
        raise Trouble(
            "TONGBAN_MODE 是“{mode}”，只能是 production（默认）、demo 或 test。请改正，或去掉这个变量。",
            "TONGBAN_MODE is “{mode}”; it can only be production (the default), demo or test. Correct it, or unset it.",
            mode=mode,
        )
    try:
        scanning.named(os.environ.get("TONGBAN_SCANNER", ""))
    except ValueError:
        raise Trouble(
            "TONGBAN_SCANNER 要么不写，要么写 clamd:/套接字的路径，或 clamd:主机:端口。",
            "TONGBAN_SCANNER is left out, or is clamd:/path/of/socket or clamd:HOST:PORT.",
        ) from None
    proxies = os.environ.get("TONGBAN_PROXIES", "0")
    if proxies not in tuple("0123456789"):
        raise Trouble(
            "TONGBAN_PROXIES 是“{proxies}”，要写前面有几层代理：0 到 9。",
            "TONGBAN_PROXIES is “{proxies}”; it says how many proxies stand before the pages: 0 to 9.",
            proxies=proxies,
        )
