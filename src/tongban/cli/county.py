"""Builds the demo county: reference data, officers and askers, eight weeks in which they met, and perhaps a past year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from tongban.cli import migrate
from tongban.cli.words import OUT, tell, words

if TYPE_CHECKING:
    from tongban.engines.cases.demo import DemoCounty

WEEKS = 8
# A county with a past has its people before the year of which it tells, and seals it as soon as it is over.
FOUNDED = datetime(2019, 12, 2, 1, 0, tzinfo=UTC)
SEALED = datetime(2020, 12, 31, 16, 30, tzinfo=UTC)

Step = Callable[[str, str], Callable[[float], None]]


def build(*, size: float, seed: int, past: bool = False) -> dict[str, Any]:
    """Make it in the configured data folder; gives what the banner shows later. ``past``: with the year 2020."""
    from django.utils import timezone

    from tongban.core.registry import reference
    from tongban.engines.cases.demo import DemoCounty
    from tongban.engines.programme.scan import demo_of, programmes

    at = timezone.now()
    begin = at - timedelta(weeks=WEEKS, days=3)
    with _bar() as step:
        ready = step("建库、区划、日历", "Tables, areas, calendar")
        told = count()
        migrate.steps(lambda *_: ready(next(told) / migrate.STEPS), FOUNDED if past else begin)
        ready(1)
        county = DemoCounty(seed=seed, begin=begin, at=at, size=size)
        county.since = FOUNDED if past else begin
        with reference.hold():
            county.show_offices()  # first of all, for the accounts that are told of are the first that show their codes
        if past:
            _tell_past(county, step)
        hired = step("人员和账号", "People and accounts")
        with reference.hold():
            for code in programmes():
                demo_of(code).build(county, seed, at, hired)
        hired(1)
        lived = step("八周里的诉求", "Eight weeks of requests")
        county.timeline.run(begin, at, lived)
        lived(1)
    return {"built": timezone.localdate(at).isoformat(), "accounts": [asdict(one) for one in county.shown]}


def _tell_past(county: DemoCounty, step: Step) -> None:
    """The year 2020 of the programmes that tell it."""
    from tongban.core.database import analyse
    from tongban.core.ledger.seals import make_seal
    from tongban.core.registry import reference
    from tongban.engines.programme.scan import demo_of, programmes

    written = step("2020 年的诉求", "Requests of 2020")
    with reference.hold():
        for code in programmes():
            tell_past = getattr(demo_of(code), "past", None)
            if tell_past is not None:
                tell_past(county, written)
    county.since = county.begin
    make_seal(at=SEALED)
    analyse()
    written(1)


class _bar:  # noqa: N801 - reads as a noun: `with _bar() as step`
    """A progress bar on a terminal, one line for each stage elsewhere."""

    def __enter__(self) -> Step:
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=36), TaskProgressColumn(), TimeElapsedColumn(),
            console=OUT, disable=not OUT.is_terminal,
        )  # fmt: skip
        self._bar.start()
        return self._step

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _step(self, zh: str, en: str) -> Callable[[float], None]:
        if not OUT.is_terminal:
            tell(f"{zh}……", f"{en}…")
        task = self._bar.add_task(words(zh, en), total=1.0)
        return lambda share: self._bar.update(task, completed=min(share, 1.0))
