"""``tongban audit``: seal the ledger, carry a seal away, and prove that nothing was changed behind its back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tongban.cli.serve import require_tables
from tongban.cli.words import ERR, OUT, Trouble, language, tell, words

if TYPE_CHECKING:
    from tongban.core.ledger import audit
    from tongban.core.ledger.seals import Exported

# So many faults are named; whoever changed more than this is not found by reading on.
NAMED = 500


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    parser = subparsers.add_parser(
        "audit",
        help="verify the ledger, seal it, export a seal",
        description="Verify that rows, entries and seals agree; seal the entries; copy a seal out of the database.",
    )
    chosen = parser.add_subparsers(title="what to do", metavar="WHAT", required=True, dest="what")
    verify = chosen.add_parser(
        "verify",
        help="recompute every chain, seal and row; status 1 if anything is not as it should be",
        description="Recompute every chain of entries, every seal, and every row from its entries; compare with the "
        "last seal exported outside the database. Status 1 if anything is at fault.",
    )
    verify.add_argument(
        "--seal",
        type=Path,
        metavar="FILE",
        help="the exported seal to trust (default: the newest in TONGBAN_DATA/seals)",
    )
    chosen.add_parser("seal", help="seal what is older than a minute, now; a day has one seal")
    export = chosen.add_parser("export-seal", help="write the last seal to a file, to be kept elsewhere")
    export.add_argument("file", type=Path, metavar="FILE")
    return parser


def run(args: argparse.Namespace) -> int:
    """Do it; 1 if the audit found anything."""
    require_tables()
    if args.what == "seal":
        return _seal()
    if args.what == "export-seal":
        return _export(args.file)
    return _verify(args.seal)


def _seal() -> int:
    from django.utils import timezone

    from tongban.core.ledger import seals

    made = seals.make_seal(at=timezone.now())
    path = seals.export(made)
    tell(
        "{day} 的封存：{entries} 条记录，到第 {last} 条；写在 {path}。请把它抄到别处保存。",
        "The seal of {day} covers {entries} entries, up to entry {last}; it stands in {path}. Keep a copy elsewhere.",
        day=made.day, entries=made.entries, last=made.last_entry, path=path,
    )  # fmt: skip
    return 0


def _export(path: Path) -> int:
    from tongban.core.ledger import seals
    from tongban.core.refusals import Refused

    seal = seals.last_seal()
    if seal is None:
        raise Refused("seal.none")
    try:
        seals.export(seal, path)
    except OSError as error:
        raise Trouble(
            "写不到 {path}：{error}。请给一个可以写的文件名。",
            "{path} cannot be written: {error}. Please name a file that can.",
            path=path,
            error=error.strerror or error,
        ) from None
    tell("{day} 的封存写在 {path}。", "The seal of {day} stands in {path}.", day=seal.day, path=path)
    return 0


def _verify(file: Path | None) -> int:
    from tongban.core.ledger import seals
    from tongban.core.ledger.audit import Audit

    path = file or seals.newest_file()
    exported = seals.read(path) if path else None
    with _bar() as progress:
        audit = Audit(exported=exported, progress=progress)
        found = 0
        for one in audit.faults():
            found += 1
            if found <= NAMED:
                OUT.print(one.sentence(language()), markup=False)
    if found > NAMED:
        tell("还有 {more} 处没有列出。", "{more} more are not listed.", more=found - NAMED)
    _conclude(audit, exported, found)
    return 1 if found else 0


def _conclude(audit: audit.Audit, exported: Exported | None, found: int) -> None:
    tell(
        "核对了 {entries} 条记录、{objects} 件、{rows} 行、{seals} 份封存。",
        "Verified: entries {entries}, objects {objects}, rows {rows}, seals {seals}.",
        entries=audit.entries, objects=audit.objects, rows=audit.rows, seals=audit.seals,
    )  # fmt: skip
    if exported is None:
        tell(
            "库外没有封存可对照。用 tongban audit seal 做一份。",
            "There is no seal outside the database to compare with. `tongban audit seal` makes one.",
        )
    else:
        tell("对照的是库外 {day} 的封存。", "Compared with the seal of {day} kept outside.", day=exported.day)
    if audit.unprotected:
        tell(
            "未受保护：{count} 条记录不在库外的封存里，能写数据库的人可以连同指纹一起改。",
            "Unprotected: entries that no seal outside covers: {count}. Whoever can write to the database could rewrite"
            " them, hashes and all.",
            count=audit.unprotected,
        )
    tell(*(("发现 {n} 处不符。", "{n} faults.") if found else ("没有发现不符。", "No fault.")), n=found)


@contextmanager
def _bar() -> Iterator[audit.Progress]:
    stages = {
        "seals": words("封存", "Seals"),
        "rows": words("记录与数据", "Entries and rows"),
    }
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as bar:
        tasks = {stage: bar.add_task(text, total=None) for stage, text in stages.items()}

        def progress(stage: str, done: int, total: int) -> None:
            bar.update(tasks[stage], completed=done, total=max(total, 1))

        yield progress
