"""The board's hard cases count what a plain loop over plain rows counts, open to those rows, and to their viewer's alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_board import DAY, EVERYTHING, YEAR, behind, some_cases, viewer
from tongban.core.access.viewer import NOBODY
from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.logic.periods import Period, parse
from tongban.engines.cases.models import AgendaItem, Assignment, Callback, Case, Limit, Meeting, Slip, Stop, StoryItem
from tongban.engines.cases.queries import hard
from tongban.engines.cases.queries.behind import cases_behind, count_behind
from tongban.engines.cases.queries.board import board
from tongban.engines.cases.queries.cohorts import Slice

Mine = Callable[[Case], bool]
NOVEMBER = Period(date(2026, 11, 1), 1)


def pressed(county: County, count: int = 140, seed: int = 3) -> list[Case]:
    """Cases with urges, slips, decisions, calls and holds of every shape at any time."""
    dice, rows = random.Random(seed), some_cases(county, count)
    limit = Limit.objects.get(code="hold")
    meetings = {
        kind: Meeting.objects.create(
            kind=kind, desk=county.units["企业受理"], starts_at=NOW, place="一号会议室", state="held", called_at=NOW
        )
        for kind in Meeting.Kind.values
    }

    def moment() -> datetime:
        return NOW - timedelta(seconds=dice.randrange(600 * 86_400))

    for row in rows:
        for _ in range(dice.choice((0, 0, 1, 3))):
            kind = dice.choice(("urge", "urge_asker", "urge_ladder", "note", "slip_urged", "accept"))
            StoryItem.objects.create(case=row, kind=kind, audience=3, happened_at=moment(), precision="second")
        for _ in range(dice.choice((0, 0, 1, 2))):
            issued = moment()
            due, told = issued + 2 * DAY, issued + timedelta(hours=dice.randrange(1, 90))
            ended = {"fed_back_at": told} if dice.random() < 0.4 else {"ended_at": told, "ended_how": "answered"}
            Slip.objects.create(
                case=row, unit=county.units[dice.choice(("交通局", "人社局"))], demand="", issued_at=issued, due_at=due,
                **(ended if dice.random() < 0.7 else {}),
            )  # fmt: skip
        for _ in range(dice.choice((0, 0, 1, 2))):
            kind, outcome = dice.choice(Meeting.Kind.values), dice.choice(AgendaItem.Outcome.values)
            met = meetings[kind] if dice.random() < 0.8 else None
            AgendaItem.objects.create(
                case=row, kind=kind, why="asked", raised_at=NOW, meeting=met, outcome=outcome, decided_at=moment()
            )
        for _ in range(dice.choice((0, 0, 1, 2))):
            reached = dice.random() < 0.6
            Callback.objects.create(case=row, made_at=moment(), reached=reached, solved=True if reached else None)
        if dice.random() < 0.3:
            kind, began = dice.choice(Stop.Kind.values), moment()
            Stop.objects.create(
                case=row, kind=kind, limit=limit, limit_version=1, measure="working_days", reason="", began_at=began,
                until=began + 60 * DAY, ended_at=dice.choice((None, began + DAY)),
            )  # fmt: skip
        Assignment.objects.filter(case=row).update(transferred=dice.random() < 0.2)
    return rows


def plain(rows: list[Case], period: Period) -> dict[str, int]:
    """The same figures by loops that share no code with the board."""
    low, high = calendar_now().begins(period.first), calendar_now().begins(period.end)
    keys = {c.pk: c for c in rows if c.state != "undone"}

    def those(model: type, column: str) -> list[object]:
        return [
            r for r in model.objects.all()  # type: ignore[attr-defined]
            if r.case_id in keys and getattr(r, column) is not None and low <= getattr(r, column) < high
        ]  # fmt: skip

    slips = those(Slip, "issued_at")
    due = [s for s in slips if s.due_at <= NOW and not (s.fed_back_at is None and s.ended_at and s.ended_at < s.due_at)]  # type: ignore[attr-defined]
    met = [
        i for i in those(AgendaItem, "decided_at")
        if i.meeting_id and i.outcome in ("assigned", "held", "settled")  # type: ignore[attr-defined]
    ]  # fmt: skip
    by_joint = {i.case_id for i in met if i.kind == "joint"}  # type: ignore[attr-defined]
    calls = those(Callback, "made_at")
    return {
        "on_hold": sum(s.case_id in keys and s.kind == "hold" and s.ended_at is None for s in Stop.objects.all()),
        "urged": len({s.case_id for s in those(StoryItem, "happened_at") if s.kind in ("urge", "urge_asker", "urge_ladder")}),  # type: ignore[attr-defined]
        "slips": len(slips),
        "slips_due": len(due),
        "slips_reported": sum(bool(s.fed_back_at and s.fed_back_at <= s.due_at) for s in due),  # type: ignore[attr-defined]
        "slips_late": sum(not (s.fed_back_at and s.fed_back_at <= s.due_at) for s in due),  # type: ignore[attr-defined]
        "met_monthly": len({i.case_id for i in met if i.kind == "monthly"}),  # type: ignore[attr-defined]
        "met_joint": len(by_joint),
        "met_joint_closed": sum(keys[c].state == "closed" for c in by_joint),
        "calls": len(calls),
        "calls_reached": sum(c.reached for c in calls),  # type: ignore[attr-defined]
    }  # fmt: skip


@pytest.mark.parametrize("code", ["all", "2026", "2025", "2026-Q3", "2026-11", "2020"])
def test_each_figure_equals_a_plain_count(county: County, code: str) -> None:
    rows = [c for c in pressed(county) if c.programme == "enterprise"]
    period = parse(code, date(2026, 11, 18))
    made = board(viewer(county, "沈受理"), NOW, Slice(period)).total
    wanted = plain(rows, period)
    assert set(wanted) == set(hard.NAMES)
    assert {figure: made.count(figure) for figure in hard.NAMES} == wanted
    if code == "all":
        assert all(wanted.values()), "the dice have thrown some of each"


@pytest.mark.parametrize(
    ("name", "mine"),
    [
        ("沈受理", lambda c, k: c.programme == "enterprise"),
        ("王受理", lambda c, k: c.programme == "community"),
        ("秦秘书", lambda c, k: c.programme == "enterprise"),
        ("俞经办", lambda c, k: c.lead_id == k.units["交通局"].pk),
        ("钱审核", lambda c, k: c.lead_id == k.units["交通局"].pk),
        ("县督办", lambda c, k: True),
        ("镇督办", lambda c, k: c.area.level != "county"),
        ("村经办", lambda c, k: False),
        ("管理员甲", lambda c, k: False),
        ("陈居民", lambda c, k: False),
    ],
)
def test_a_viewer_counts_and_opens_only_what_he_may_see(county: County, name: str, mine) -> None:  # type: ignore[no-untyped-def]
    rows = pressed(county)
    county.officer("镇督办", "新埭镇政府", "supervisor")
    county.officer("管理员甲", "企业受理", "administrator")
    who = viewer(county, name)
    seen = [c for c in rows if mine(c, county)]
    made = board(who, NOW, Slice(EVERYTHING)).total
    assert {figure: made.count(figure) for figure in hard.NAMES} == plain(seen, EVERYTHING)
    for figure in hard.NAMES:
        assert {row.id for row in behind(who, Slice(EVERYTHING), figure)} <= {c.pk for c in seen}, figure


def test_a_complaint_about_ones_own_body_is_in_no_figure(county: County) -> None:
    rows = pressed(county)
    about = [c for c in rows if c.lead_id == county.units["交通局"].pk and c.programme == "community"]
    Case.objects.filter(pk__in=[c.pk for c in about]).update(about=county.units["交通局"])
    left = [c for c in rows if c.lead_id == county.units["交通局"].pk and c.programme == "enterprise"]
    made = board(viewer(county, "俞经办"), NOW, Slice(EVERYTHING)).total
    assert about
    assert {figure: made.count(figure) for figure in hard.NAMES} == plain(left, EVERYTHING)


@pytest.mark.parametrize("period", [EVERYTHING, YEAR, NOVEMBER], ids=["all", "year", "month"])
def test_each_figure_opens_to_its_rows_page_by_page(county: County, period: Period) -> None:
    pressed(county)
    town, unit = county.areas["town"].pk, county.units["交通局"].pk
    who = viewer(county, "县督办")
    for cut in (Slice(period), Slice(period, "community"), Slice(period, town=town), Slice(period, unit=unit)):
        total = board(who, NOW, cut).total
        for figure in (*hard.NAMES, "transferred"):
            keys = [row.id for row in behind(who, cut, figure)]
            assert len(keys) == total.count(figure) == count_behind(who, NOW, cut, figure), (figure, cut)
            if figure != "transferred" and not hard.by_times(figure):
                assert len(set(keys)) == len(keys), figure


def test_a_slip_counts_for_the_unit_that_had_to_report(county: County) -> None:
    rows = pressed(county)
    unit = county.units["人社局"]
    who = viewer(county, "县督办")
    theirs = list(Slip.objects.filter(unit=unit, case__in=rows).exclude(case__state="undone"))
    cut = Slice(EVERYTHING, unit=unit.pk)
    assert board(who, NOW, cut).total.slips == len(theirs) > 0
    assert {row.lead.zh for row in behind(who, cut, "slips") if row.lead} == {"人社局"}


def test_what_was_decided_twice_counts_once_and_by_its_last_time(county: County) -> None:
    (row,) = some_cases(county, 1)
    Case.objects.filter(pk=row.pk).update(state="handling", programme="enterprise", desk=county.units["企业受理"])
    held = Meeting.objects.create(
        kind="joint", desk=county.units["企业受理"], starts_at=NOW, place="一号会议室", state="held", called_at=NOW
    )
    for days, outcome in ((60, "held"), (30, "passed_on"), (20, "assigned"), (1, "kept")):
        AgendaItem.objects.create(
            case=row,
            kind="joint",
            why="asked",
            raised_at=NOW,
            meeting=held,
            outcome=outcome,
            decided_at=NOW - days * DAY,
        )
    who = viewer(county, "县督办")
    page = cases_behind(who, NOW, Slice(YEAR), "met_joint")
    assert [r.id for r in page.rows] == [row.pk]
    assert board(who, NOW, Slice(YEAR)).total.met_joint == 1
    october = Slice(Period((NOW - 20 * DAY).date().replace(day=1), 1))
    assert board(who, NOW, october).total.met_joint == 1
    assert board(who, NOW, Slice(NOVEMBER)).total.met_joint == 0


def test_nobody_has_any_of_it(county: County) -> None:
    pressed(county, 30)
    made = board(NOBODY, NOW, Slice(EVERYTHING)).total
    assert {figure: made.count(figure) for figure in hard.NAMES} == dict.fromkeys(hard.NAMES, 0)
    assert not any(cases_behind(NOBODY, NOW, Slice(EVERYTHING), figure).rows for figure in hard.NAMES)


@pytest.mark.parametrize(
    ("figure", "index"),
    [
        ("on_hold", "stop_open"),
        ("urged", "story_urged"),
        ("slips", "slip_issued"),
        ("met_joint", "agenda_decided"),
        ("calls", "callback_made"),
    ],
)
def test_an_index_serves_each_sort(county: County, figure: str, index: str) -> None:
    """A year of a county that tells a million stories is not gone through for the few that were urged."""
    sql, params = hard.rows(viewer(county, "沈受理"), NOW, Slice(YEAR), figure).query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert index in plan, plan
