"""Builds the demo county: reference data, officers and askers, and eight weeks in which they met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from itertools import count
from typing import Any

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from tongban.cli import migrate
from tongban.cli.words import OUT, tell, words

WEEKS = 8


def build(*, size: float, seed: int) -> dict[str, Any]:
    """Make it in the configured data folder; gives what the banner shows later."""
    from django.utils import timezone

    from tongban.core.registry import reference
    from tongban.engines.cases.demo import DemoCounty
    from tongban.engines.programme.scan import demo_of, programmes

    at = timezone.now()
    begin = at - timedelta(weeks=WEEKS, days=3)
    with _bar() as step:
        ready = step("建库、区划、日历", "Tables, areas, calendar")
        told = count()
        migrate.steps(lambda *_: ready(next(told) / migrate.STEPS), begin)
        ready(1)
        county = DemoCounty(seed=seed, begin=begin, at=at, size=size)
        hired = step("人员和账号", "People and accounts")
        with reference.hold():
            county.show_offices()
            for code in programmes():
                demo_of(code).build(county, seed, at, hired)
        hired(1)
        lived = step("八周里的诉求", "Eight weeks of requests")
        county.timeline.run(begin, at, lived)
        lived(1)
    return {"built": timezone.localdate(at).isoformat(), "accounts": [asdict(one) for one in county.shown]}


class _bar:  # noqa: N801 - reads as a noun: `with _bar() as step`
    """A progress bar on a terminal, one line for each stage elsewhere."""

    def __enter__(self) -> Callable[[str, str], Callable[[float], None]]:
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
