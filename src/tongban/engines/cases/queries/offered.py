"""Every list that a page offers, each with every narrowing that its page has: what a load test must try.

A new list of cases (a query that gives a :class:`Page`) has its place here; ``tests/engines/cases/test_offered.py`` finds
the one that has not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any

from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.registry.queries import directory
from tongban.engines.cases.logic.periods import around
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.behind import FIGURES, cases_behind
from tongban.engines.cases.queries.callbacks import TRIED, Wanted, calls_page, may_call_back
from tongban.engines.cases.queries.cohorts import Slice
from tongban.engines.cases.queries.desk import Waiting, due_counts, waiting
from tongban.engines.cases.queries.firms import firm_cases
from tongban.engines.cases.queries.flagged import SLIPS, Flags
from tongban.engines.cases.queries.lists import newest_page, own_cases, queue_page, views_of
from tongban.engines.cases.queries.search import search_page
from tongban.engines.cases.types import types


@dataclass(frozen=True, slots=True)
class Offered:
    """One list as its page asks for it: ``ask(after=…)``, "" for the first page."""

    name: str
    ask: Callable[..., object]


def offered(viewer: Viewer, at: datetime, searches: Sequence[str]) -> Iterator[Offered]:
    """All lists of one viewer. ``searches`` are what is typed into the search."""
    if viewer.own_holders():
        yield Offered("own", partial(own_cases, viewer, limit=20))
    if not viewer.working_holders():
        return
    yield from _queues(viewer, at)
    yield from _newest(viewer, at)
    yield from _calls(viewer, at)
    yield from _firms(viewer)
    for typed in searches:
        yield Offered(f"search {typed}", partial(search_page, viewer, typed))
    yield from _behind(viewer, at)


def _queues(viewer: Viewer, at: datetime) -> Iterator[Offered]:
    programmes, towns = _programmes(), [t.id for t in directory().towns()][:1]
    narrowed: list[dict[str, Any]] = [{}, {"programme": programmes[0]}, *({"town": t} for t in towns)]
    for view in (v.code for v in views_of(viewer)):
        for more in narrowed:
            yield Offered(f"counts of {view}{_told(more)}", partial(_counts, viewer, at, view, **more))
        due = [{"due": d.code} for d in due_counts(viewer, at, view=view)] if view == "work" else []
        for more in [*narrowed, *due]:
            yield Offered(
                f"queue {view}{_told(more)}",
                partial(queue_page, viewer, at, view=view, **more),
            )


def _counts(viewer: Viewer, at: datetime, view: str, after: str = "", **more: Any) -> Waiting:
    """What stands beside a queue; it has one page."""
    return waiting(viewer, at, view, **more)


def _newest(viewer: Viewer, at: datetime) -> Iterator[Offered]:
    known = directory()
    states = sorted({s for kind in types().values() for s in kind.lifecycle.states})
    town = known.towns()[0]
    unit = next(b for b in known.bodies.values() if b.kind == "bureau")
    places: list[dict[str, Any]] = [{}, {"town": town.id}, {"unit": unit.id}, {"town": town.id, "unit": unit.id}]
    for place, state, programme in product(places, ["", *states], ["", _programmes()[0]]):
        more = {**place, **({"state": state} if state else {}), **({"programme": programme} if programme else {})}
        if len(more) > 2:
            continue  # three narrowings at once: each pair of them is here
        yield Offered(f"cases{_told(more)}", partial(newest_page, viewer, **more))
    slips = [Flags(slip=code, at=at) for code in SLIPS]
    for flags in (
        Flags("monthly"),
        Flags("joint"),
        Flags("", "pause"),
        Flags("", "hold"),
        Flags("", "", "not_done"),
        *slips,
    ):
        for place in places[:2]:
            told = "".join(f", {v}" for v in (flags.agenda, flags.stopped, flags.outcome, flags.slip) if v)
            yield Offered(f"cases{told}{_told(place)}", partial(newest_page, viewer, flags=flags, **place))


def _calls(viewer: Viewer, at: datetime) -> Iterator[Offered]:
    if not may_call_back(viewer):
        return
    narrowed: list[dict[str, Any]] = [
        *({"tried": tried} for tried in TRIED), {"whole": True}, {"town": directory().towns()[0].id},
        {"programme": _programmes()[0]}, {"outcome": "not_done"},
    ]  # fmt: skip
    for more in narrowed:
        yield Offered(f"calls{_told(more)}", partial(calls_page, viewer, at, wanted=Wanted(**more)))


def _firms(viewer: Viewer) -> Iterator[Offered]:
    """The file of the firm that has asked last."""
    firm = Case.objects.exclude(firm=None).order_by("-pk").values_list("firm_id", flat=True).first()
    if firm is not None:
        yield Offered("a firm's", partial(firm_cases, viewer, firm))


def _behind(viewer: Viewer, at: datetime) -> Iterator[Offered]:
    for period in around(calendar_now().day_of(at)):
        for figure in FIGURES:
            yield Offered(
                f"behind {figure}, {period.code}",
                partial(cases_behind, viewer, at, Slice(period), figure),
            )


def _programmes() -> list[str]:
    return sorted({programme for programme, _ in types()})


def _told(more: dict[str, Any]) -> str:
    return "".join(f", {name}={value}" for name, value in more.items())


__all__ = ["Offered", "offered"]
