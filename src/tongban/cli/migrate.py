"""``tongban migrate``: an empty county with its keys, tables and reference data."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime

from tongban.cli.words import tell


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    return subparsers.add_parser(
        "migrate",
        help="make the county's keys, tables and reference data, or bring them up to date",
        description="Make the county's keys, tables and reference data (areas, bodies, calendar, sample limits), or "
        "bring them up to date. What is there already is left alone.",
    )


def run(args: argparse.Namespace) -> int:
    """Do it, one line for each step."""
    from django.conf import settings

    before = _rows()
    steps(tell)
    added = {name: count - before.get(name, 0) for name, count in _rows().items()}
    tell(
        "区划 +{areas}，单位 +{bodies}，时限 +{limits}，示例去向 +{routes}。",
        "Areas +{areas}, units +{bodies}, limits +{limits}, sample routes +{routes}.",
        **added,
    )
    tell("好了，数据在 {folder}。", "Done; the county is in {folder}.", folder=settings.TONGBAN_DATA)
    return 0


def steps(say: Callable[[str, str], None], at: datetime | None = None) -> None:
    """Make or renew everything that a county needs before anybody is let in; ``say`` is told each step.

    ``at`` is when the county begins; now, unless a demo gives it a past.
    """
    from django.core.management import call_command
    from django.utils import timezone

    from tongban.cli.serve import require_keys
    from tongban.core.calendar import seed as calendar
    from tongban.core.ledger.actor import COMMAND
    from tongban.core.registry import seed as registry
    from tongban.engines.cases import seed as cases

    at = at or timezone.now()
    for zh, en, do in (
        ("数据表……", "Tables…", lambda: call_command("migrate", verbosity=0, interactive=False)),
        ("密钥……", "Keys…", require_keys),
        ("区划和单位……", "Areas and bodies…", lambda: registry.seed(by=COMMAND, at=at)),
        ("工作日历……", "Working calendar…", lambda: calendar.seed(by=COMMAND, at=at)),
        ("示例时限和去向……", "Sample limits and routes…", lambda: cases.seed(by=COMMAND, at=at)),
        ("网页文件……", "Static files…", lambda: call_command("collectstatic", verbosity=0, interactive=False)),
    ):
        say(zh, en)
        do()


STEPS = 6


def _rows() -> dict[str, int]:
    """How many rows of reference data there are; all 0 before the tables exist."""
    from django.db import connection

    from tongban.core.registry.models import Area, Organisation
    from tongban.engines.cases.models import Limit, Route

    tables = set(connection.introspection.table_names())
    models = {"areas": Area, "bodies": Organisation, "limits": Limit, "routes": Route}
    return {n: m._default_manager.count() if m._meta.db_table in tables else 0 for n, m in models.items()}
