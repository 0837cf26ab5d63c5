"""``tongban codes``: the one-time codes of the demo's accounts, as they are now."""

from __future__ import annotations

import argparse
import os

from rich.table import Table

from tongban.cli import demo
from tongban.cli.ports import PORTS
from tongban.cli.words import OUT, Trouble, language, tell, words


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    return subparsers.add_parser(
        "codes",
        help="show the one-time codes of the demo's accounts",
        description="Show the one-time codes that sign the demo's accounts in now. Only for a demo county.",
    )


def prepare(args: argparse.Namespace) -> None:
    """The demo's folder and mode, unless the environment says otherwise."""
    demo.refuse_production()
    os.environ["TONGBAN_MODE"] = "demo"
    os.environ.setdefault("TONGBAN_DATA", demo.FOLDER)
    os.environ.pop("DATABASE_URL", None)


def run(args: argparse.Namespace) -> int:
    """Print them."""
    demo.require_demo()
    found = PORTS.codes()
    if not found:
        raise Trouble(
            "现在没有验证码：请先在登录页输入手机号。", "there is no code now: give a phone on the sign-in page."
        )
    table = Table(box=None, pad_edge=False)
    for heading in (words("账号", "Account"), words("身份", "Who"), words("现在的验证码", "Code now")):
        table.add_column(heading)
    for account, who, code, _ in found:
        table.add_row(account, who.text(language()), code)
    OUT.print(table)
    tell("验证码每 30 秒换一次。", "The codes of staff change every 30 seconds.")
    return 0
