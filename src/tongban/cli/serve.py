"""``tongban serve``: the pages, in one or two processes."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import socket

from tongban.cli.words import Trouble

DEMO_MARK = "demo.json"  # what a finished demo leaves in its folder


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    parser = subparsers.add_parser(
        "serve",
        help="serve the pages",
        description="Serve the pages until told to stop (Ctrl-C). In production a proxy in front of it speaks TLS.",
    )
    address(parser)
    parser.add_argument("--workers", type=int, default=2, choices=(1, 2, 3, 4), help="processes (default: 2)")
    return parser


def address(parser: argparse.ArgumentParser) -> None:
    """The two arguments that say where to serve."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default: 8000)")


def port(text: str) -> int:
    """A number that a port may have."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    if settings.TEST:
        raise Trouble(
            "TONGBAN_MODE 是 test：测试时不锁账号，密码也只简单加密，不能开放网页。请去掉这个变量。",
            "TONGBAN_MODE is test, in which no account locks and passwords are hardly protected: no pages are served. "
            "Unset it.",
        )
    if settings.DEMO and not is_loopback(args.host):
        raise off_loopback(args.host)
    require_own_county()
    require_port(args.host, args.port)
    require_tables()
    require_static()
    Granian(
        "tongban.config.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=4,
        backpressure=64,
        websockets=False,
        log_access=False,  # addresses of tracking and rating pages are secrets
        log_level="error",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    ).serve()
    return 0


def require_own_county() -> None:
    """Refuse to serve a demo's folder as a county: its passwords are public, and its keys have been on many machines."""
    from django.conf import settings

    if not settings.DEMO and any((settings.TONGBAN_DATA / mark).exists() for mark in (DEMO_MARK, f".{DEMO_MARK}")):
        raise Trouble(
            "{folder} 里是演示县，密码是公开的，不能正式开放。请用 TONGBAN_DATA 指定本县自己的文件夹。",
            "{folder} holds a demo county, whose passwords are public: it is not served as a county. Name the county's "
            "own folder in TONGBAN_DATA.",
            folder=settings.TONGBAN_DATA,
        )


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches ``host``.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def off_loopback(host: str) -> Trouble:
    """Why the demo is not served to others."""
    return Trouble(
        "演示县只在本机开放，不能用 {host}：演示账号的密码和验证码是公开的。请去掉 --host。",
        "the demo is for this machine only and is not served at {host}: its passwords and codes are public. "
        "Leave --host out.",
        host=host,
    )


def require_port(host: str, number: int) -> None:
    """Refuse a port that somebody else holds, before anything is built."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Trouble(
                    "不能在 {host}:{port} 上开放：{why}。",
                    "cannot listen on {host}:{port}: {why}.",
                    host=host,
                    port=number,
                    why=error.strerror,
                ) from None
            raise Trouble(
                "端口 {port} 已被别的程序占用。请换一个，例如 --port {other}（make demo PORT={other}）。",
                "port {port} is taken by another program. Choose another, such as --port {other} "
                "(make demo PORT={other}).",
                port=number,
                other=number + 1 if number < 65535 else 8001,
            ) from None


def require_tables() -> None:
    """Refuse a county whose tables are missing or older than this program, or whose key is not here."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Trouble(
            "县里的数据表还没有建好或不是最新。请先运行 `tongban migrate`。",
            "the county's tables are missing or out of date. Run `tongban migrate` first.",
        )
    require_keys()


def require_keys() -> None:
    """Refuse to work on a county without the master key under which it was written: a new one would split its data."""
    from tongban.core import vault
    from tongban.core.registry.queries import some_subject_key

    wrapped = some_subject_key()
    if not vault.has_keys():
        if wrapped is None:
            return vault.ensure_keys()
        raise Trouble(
            "数据文件夹里没有这个县的主密钥（{path}）。请从备份放回原处；换一把新的，个人数据就再也打不开了。",
            "the county's master key is missing ({path}). Put it back from the backup: a new one would never open the "
            "personal data that are there.",
            path=str(vault.key_folder() / "master-1.key"),
        )
    if wrapped is not None and not vault.opens(wrapped):
        raise Trouble(
            "主密钥（{path}）不是写这个县数据的那一把。请从备份放回原来的密钥。",
            "the master key ({path}) is not the one under which this county was written. Put the right one back from "
            "the backup.",
            path=str(vault.key_folder() / "master-1.key"),
        )
    return None


def require_static() -> None:
    """Collect the static files where they have never been."""
    from django.conf import settings
    from django.core.management import call_command

    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
