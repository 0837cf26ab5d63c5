"""Reads the command line, sets Django up for the command and turns what stops it into a sentence."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from types import ModuleType
from typing import NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from tongban.cli import environment
from tongban.cli.commands import COMMANDS
from tongban.cli.words import Trouble, complain, language, words
from tongban.core.refusals import Refused


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments; status 2."""
        complain(
            words(
                "命令写得不对：{message}。`{prog} --help` 有说明。",
                "{message}. `{prog} --help` explains what can be given.",
                message=message,
                prog=self.prog,
            )
        )
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    whole = Parser(
        prog="tongban",
        description="Tongban (通办): one desk for a county.",
        epilog="The folder TONGBAN_DATA (default ./data) holds database, keys and messages; DATABASE_URL names a "
        "PostgreSQL to be used instead of the SQLite file in that folder.",
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"tongban {version('tongban')}")
    chosen = whole.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    for command in COMMANDS:
        command.add(chosen).set_defaults(command=command)
    return whole


def _set_up() -> None:
    """Read the settings and load all rooms; a setting that cannot be used is named, in the settings' own words."""
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError, OSError) as error:
        raise Trouble(
            "设置用不了：{error}。请改正环境变量，再试一次。",
            "The settings cannot be used: {error}. Correct the environment's variables and try again.",
            error=error,
        ) from None


def run(argv: list[str]) -> int:
    """Run one command; gives the exit status."""
    try:
        args = parser().parse_args(argv)
        command: ModuleType = args.command
        environment.check()
        if prepare := getattr(command, "prepare", None):
            prepare(args)
        _set_up()
        return int(command.run(args))
    except Refused as refusal:
        complain(refusal.sentence(language()))
    except Trouble as trouble:
        complain(trouble.sentence(language()))
        return trouble.status
    except OperationalError as error:
        complain(
            words(
                "数据库打不开或忙：{error}",
                "the database cannot be used: {error}",
                error=str(error).strip().split("\n")[0],
            )
        )
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left: nothing more to say
    return 1
