"""``tongban demo``: a county with a believable past, built once and served on this machine."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import sys
from pathlib import Path
from typing import IO, Any

from tongban.cli import together
from tongban.cli.serve import DEMO_MARK as MARK
from tongban.cli.serve import address, is_loopback, off_loopback, require_port
from tongban.cli.words import OUT, Trouble, language, program, tell, words

FOLDER = "./demo-data"
SIZES = {"tiny": 0.1, "small": 1.0, "full": 1.0}
WITH_PAST = "full"
SEED = 365


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    parser = subparsers.add_parser(
        "demo",
        help="build the demo county and serve it on this machine",
        description="Build the demo county in TONGBAN_DATA (default ./demo-data) if it is not there yet, and serve it "
        "with its worker until told to stop (Ctrl-C). Everybody in it is invented. It always uses the SQLite file "
        "of that folder.",
    )
    parser.add_argument(
        "--size",
        default="small",
        choices=tuple(SIZES),
        help="how much past the county has (default: small; full: with the year 2020)",
    )
    parser.add_argument("--seed", type=int, default=SEED, help="number from which the past is drawn (default: 365)")
    parser.add_argument("--fresh", action="store_true", help="build it anew, as of today")
    parser.add_argument("--build-only", action="store_true", help="build it and do not serve it")
    address(parser)
    return parser


def prepare(args: argparse.Namespace) -> None:
    """Refuse what the demo is not for, then choose its folder, mode and address."""
    refuse_production()
    if not is_loopback(args.host):
        raise off_loopback(args.host)
    if not args.build_only:
        require_port(args.host, args.port)
    host = f"[{args.host}]" if ":" in args.host else args.host
    os.environ["TONGBAN_MODE"] = "demo"
    os.environ["TONGBAN_ADDRESS"] = f"http://{host}:{args.port}"
    os.environ["TONGBAN_HOSTS"] = f"127.0.0.1,localhost,{host}"
    os.environ.setdefault("TONGBAN_DATA", FOLDER)
    os.environ.pop("DATABASE_URL", None)


def refuse_production() -> None:
    """The demo's passwords are public, so it never runs where the environment says production."""
    if os.environ.get("TONGBAN_MODE") == "production":
        raise Trouble(
            "TONGBAN_MODE 是 production：演示县的密码是公开的，不能在正式环境启动。请去掉这个变量。",
            "TONGBAN_MODE is production, where a demo with public passwords never starts. Unset it.",
        )


def require_demo() -> None:
    """Refuse a county that is not the demo's."""
    from django.conf import settings

    if not (settings.DEMO and (settings.TONGBAN_DATA / MARK).exists()):
        raise Trouble(
            "{folder} 里没有演示县。请先运行 `{program} demo`。",
            "there is no demo county in {folder}. Run `{program} demo` first.",
            folder=settings.TONGBAN_DATA,
            program=program(),
        )


def run(args: argparse.Namespace) -> int:
    """Build it if need be, then serve it."""
    from django.conf import settings
    from django.core.management import call_command

    mark = settings.TONGBAN_DATA / MARK
    lock = _alone(settings.TONGBAN_DATA)  # noqa: F841 - held until this process ends
    known = _known(mark)
    smaller = known is not None and args.size == WITH_PAST != known.get("size")
    if smaller:
        tell(
            "{folder} 里是没有 2020 年的演示县，现在换成完整的。",
            "{folder} holds a demo county without the year 2020; the full one takes its place.",
            folder=settings.TONGBAN_DATA,
        )
    if args.fresh or smaller or known is None:
        _clear(settings.TONGBAN_DATA, known)
        known = _build(mark, args)
    else:
        tell("演示县已在 {folder}，直接打开。", "The demo county is in {folder} already.", folder=settings.TONGBAN_DATA)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
    if args.build_only:
        return 0
    serve = ["serve", "--host", args.host, "--port", str(args.port), "--workers", "2"]
    commands = [[sys.executable, "-m", "tongban.config.main", *rest] for rest in (serve, ["worker"])]
    url = os.environ["TONGBAN_ADDRESS"]
    return together.run(commands, url=url, announce=lambda: _banner(known, url))


def _alone(folder: Path) -> IO[bytes]:
    """Refuse a second demo in one folder: it might build anew what the first one serves."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / ".lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Trouble(
            "{folder} 里的演示县已在运行。请先结束它，或用 TONGBAN_DATA 指定别的文件夹。",
            "the demo county in {folder} is running already. End it first, or name another folder in TONGBAN_DATA.",
            folder=folder,
        ) from None
    return lock


def _known(mark: Path) -> dict[str, Any] | None:
    """What the mark of a finished demo says; None where there is none."""
    try:
        found: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found


def _clear(folder: Path, known: dict[str, Any] | None) -> None:
    """Remove an older or half-built demo; a county that is not a demo is never touched."""
    begun = folder / f".{MARK}"
    database = folder / "county.sqlite3"
    if database.exists() and known is None and not begun.exists():
        raise Trouble(
            "{folder} 里已有一个不是演示的县，不会动它。请用 TONGBAN_DATA 指定别的文件夹。",
            "{folder} holds a county that is not a demo, and it is left alone. Name another folder in TONGBAN_DATA.",
            folder=folder,
        )
    folder.mkdir(parents=True, exist_ok=True)
    begun.touch()
    (folder / MARK).unlink(missing_ok=True)
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    for part in ("messages", "seals", "files"):
        shutil.rmtree(folder / part, ignore_errors=True)


def _build(mark: Path, args: argparse.Namespace) -> dict[str, Any]:
    """Build the county and leave the mark that it is whole."""
    from tongban.cli import county

    said = county.build(size=SIZES[args.size], seed=args.seed, past=args.size == WITH_PAST)
    said |= {"size": args.size, "seed": args.seed}
    mark.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    (mark.parent / f".{MARK}").unlink(missing_ok=True)
    return said


def _banner(known: dict[str, Any], url: str) -> None:
    """Where it is, who may sign in, and where the codes are."""
    from rich.table import Table

    OUT.print()
    OUT.print(words("演示县已打开：", "The demo county is open: ") + f"[bold]{url}/[/bold]")
    tell(
        "人名、企业都是编的。数据建于 {built}；`{program} demo --fresh` 按今天重建。",
        "Everybody in it is invented. Built {built}; `{program} demo --fresh` builds it anew as of today.",
        built=known["built"],
        program=program(),
    )
    if known.get("size") == WITH_PAST:
        tell(
            "2020 年的诉求也是编的，只有总数照着报上的数字：看板选 2020 年、企业诉求（{url}）。",
            "The requests of 2020 are invented too, to totals that a newspaper printed: the board of 2020 ({url}).",
            url=f"{url}/desk/board/?period=2020&programme=enterprise",
        )
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in (words("身份", "Who"), words("账号", "Account"), words("密码", "Password")):
        table.add_column(heading)
    for row in known["accounts"]:
        table.add_row(row["who"][language()], row["account"], row["password"] or words("手机验证码", "one-time code"))
    OUT.print(table)
    tell(
        "现在的验证码：运行 `{program} codes`，或打开 {url} （最近的短信也在那里）",
        "Their codes now: `{program} codes`, or {url} (with the newest messages)",
        url=f"{url}/demo/codes/",
        program=program(),
    )
    tell("按 Ctrl-C 结束。", "Ctrl-C ends it.")
