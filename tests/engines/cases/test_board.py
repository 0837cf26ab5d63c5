"""The board counts what a plain loop over plain rows counts, on both databases, and no more than its viewer may see."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core import vault
from tongban.core.access import holders
from tongban.core.access.viewer import NOBODY, Viewer, viewer_of
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.registry import reference
from tongban.engines.cases.logic.periods import Period, around, parse
from tongban.engines.cases.logic.rates import NOT_RANKED_NONE, NOT_RANKED_SMALL, Rate, ranking
from tongban.engines.cases.models import Answer, Assignment, Case, CaseScope, Limit
from tongban.engines.cases.queries import duties, hard
from tongban.engines.cases.queries.behind import FIGURES, cases_behind, count_behind, order_of
from tongban.engines.cases.queries.board import Board, board
from tongban.engines.cases.queries.cohorts import NAMES, Slice, cohorts, moment_of
from tongban.engines.cases.queries.rows import CaseRow

YEAR = Period(date(2026, 1, 1), 12)
EVERYTHING = parse("all", date(2026, 11, 18))
DAY = timedelta(days=1)


def some_cases(county: County, count: int, seed: int = 7) -> list[Case]:
    """Rows of every shape, with the desk, the town and the lead unit as holders."""
    dice = random.Random(seed)
    limit = Limit.objects.get(code="ordinary")
    areas = [county.areas["town"], county.areas["village"], county.areas["county"]]
    leads = [None, county.units["交通局"], county.units["人社局"], county.units["新埭镇政府"]]
    found = []
    for _ in range(count):
        programme = dice.choice(("enterprise", "community"))
        desk = county.units["企业受理" if programme == "enterprise" else "民生受理"]
        opened = NOW - timedelta(seconds=dice.randrange(600 * 86_400))
        state = dice.choice(
            ("new", "accepted", "handling", "answered", "closed", "closed", "closed", "declined", "referred",
             "withdrawn", "undone")
        )  # fmt: skip
        row = Case(
            programme=programme, kind="request", state=state, title="路灯", body="路灯不亮", channel="web",
            area=dice.choice(areas), desk=desk, opened_at=opened, recorded_at=opened, key=vault.new_subject_key(),
            opened_precision=dice.choice(("second", "second", "second", "minute", "day", "unknown")),
        )  # fmt: skip
        if state not in ("new", "declined"):
            row.accepted_at = opened + timedelta(minutes=dice.randrange(3000))
            row.lead = dice.choice(leads)
            row.promised_at = dice.choice((None, row.accepted_at + dice.randrange(1, 20) * DAY))
        if dice.random() < 0.3:
            row.receipt_at = opened + timedelta(seconds=dice.randrange(3 * 86_400))
        if state in ("answered", "closed"):
            row.answered_at = opened + timedelta(seconds=3 * 86_400 + dice.randrange(40 * 86_400))
            row.answered_precision = dice.choice(("second", "second", "minute", "day"))
            row.in_time = None if row.promised_at is None else row.answered_at <= row.promised_at
            row.grade = dice.choice((None, 1, 2, 3, 4, 5))
        if state in ("closed", "declined", "referred", "withdrawn"):
            row.closed_at = (row.answered_at or opened) + timedelta(hours=dice.randrange(100))
        row.save()
        if row.receipt_at:
            precision = dice.choice(("second", "day"))
            Answer.objects.create(
                case=row,
                text="已收悉",
                receipt=True,
                written_at=row.receipt_at,
                sent_at=row.receipt_at,
                precision=precision,
            )
        if row.lead is not None and row.accepted_at:
            begins = row.accepted_at + timedelta(hours=1)
            signed = dice.choice((None, begins + timedelta(hours=dice.randrange(10))))
            Assignment.objects.create(
                case=row, unit=row.lead, lead=True, limit=limit, limit_version=1, calendar_version=0, begins_at=begins,
                due_at=begins + 5 * DAY, sign_in_due_at=begins + timedelta(hours=4), signed_in_at=signed,
                returned_at=dice.choice((None, None, begins + timedelta(hours=dice.randrange(12)))),
            )  # fmt: skip
        seen = {holders.unit(row.desk_id)}
        seen |= {holders.unit(row.lead_id)} if row.lead_id else set()
        seen |= {holders.area(county.areas["town"].pk)} if row.area.level != "county" else set()
        CaseScope.objects.bulk_create(
            CaseScope(case=row, holder=h, due_at=NOW, state=state, programme=programme) for h in seen
        )
        found.append(row)
    return found


def counted(rows: list[Case], low: datetime, high: datetime, at: datetime) -> dict[str, int]:
    """The same figures by a loop that shares no code with the board."""
    n = dict.fromkeys(("accepted", "answered", "closed", "due", "in_time", "rated", "satisfied", "declined", "referred",
                       "withdrawn", "first_reply", "first_answer"), 0)  # fmt: skip
    delays: dict[str, list[int]] = {"first_reply": [], "first_answer": []}
    for c in rows:
        if c.state == "undone":
            continue
        apart = c.state in ("declined", "referred", "withdrawn")
        if apart:
            n[c.state] += bool(c.closed_at and low <= c.closed_at < high)
        elif c.accepted_at and low <= c.accepted_at < high:
            n["accepted"] += 1
            n["closed"] += c.state == "closed"
            n["answered"] += c.answered_at is not None
            n["rated"] += c.answered_at is not None and c.grade is not None
            n["satisfied"] += c.answered_at is not None and (c.grade or 0) >= 3
        if not apart and c.promised_at and low <= c.promised_at < min(high, at):
            n["due"] += 1
            n["in_time"] += c.in_time is True
        if not low <= c.opened_at < high or c.opened_precision not in ("second", "minute"):
            continue
        answered = c.answered_at if c.answered_precision in ("second", "minute") else None
        receipt = c.answers.filter(receipt=True).first() if c.receipt_at else None
        first = answered if receipt is None else c.receipt_at if receipt.precision == "second" else None
        for code, end in (("first_reply", first), ("first_answer", answered)):
            if end is not None:
                delays[code].append(int(end.timestamp()) - int(c.opened_at.timestamp()))
    for code, values in delays.items():
        n[code] = len(values)
        values.sort()
        if values:
            half = len(values) // 2
            middle = values[half] if len(values) % 2 else values[half - 1] + values[half]
            n[f"{code} median"] = middle if len(values) % 2 else (middle + 1) // 2
    return n


def shown(made: Board) -> dict[str, int]:
    """The board's own figures in the same shape."""
    known = {code: made.total.count(code) for code in counted([], NOW, NOW, NOW)}
    for code, delay in (("first_reply", made.first_reply), ("first_answer", made.first_answer)):
        known[code] = delay.n
        if delay.seconds is not None:
            known[f"{code} median"] = delay.seconds
    return known


def viewer(county: County, name: str) -> Viewer:
    return viewer_of(county.accounts[name], NOW)


@pytest.mark.parametrize("code", ["all", "2026", "2025", "2026-Q3", "2026-10", "2026-11", "2020"])
def test_each_figure_equals_a_plain_count(county: County, code: str) -> None:
    rows = [c for c in some_cases(county, 160) if c.programme == "community"]
    period = parse(code, date(2026, 11, 18))
    low, high = calendar_now().begins(period.first), calendar_now().begins(period.end)
    made = board(viewer(county, "王受理"), NOW, Slice(period))
    assert shown(made) == counted(rows, low, high, NOW)


@pytest.mark.parametrize("by", ["unit", "town"])
def test_the_parts_add_up_and_equal_a_plain_count(county: County, by: str) -> None:
    rows = [c for c in some_cases(county, 160) if c.programme == "enterprise"]
    low, high = calendar_now().begins(YEAR.first), calendar_now().begins(YEAR.end)
    made = board(viewer(county, "沈受理"), NOW, Slice(YEAR), by=by)
    if by == "unit":
        parts = {u.pk: [c for c in rows if c.lead_id == u.pk] for u in county.units.values()}
    else:
        parts = {county.areas["town"].pk: [c for c in rows if c.area.level != "county"]}
    for key, mine in parts.items():
        plain = {k: n for k, n in counted(mine, low, high, NOW).items() if "first" not in k}
        got = made.parts.get(key)
        assert {k: got.count(k) if got else 0 for k in plain} == plain


@pytest.mark.parametrize(
    ("name", "mine"),
    [
        ("沈受理", lambda c, k: c.programme == "enterprise"),
        ("俞经办", lambda c, k: c.lead_id == k.units["交通局"].pk),
        ("钱审核", lambda c, k: c.lead_id == k.units["交通局"].pk),
        ("村经办", lambda c, k: False),
    ],
)
def test_a_viewer_counts_only_what_he_may_see(county: County, name: str, mine) -> None:  # type: ignore[no-untyped-def]
    rows = some_cases(county, 120)
    low, high = calendar_now().begins(EVERYTHING.first), calendar_now().begins(EVERYTHING.end)
    made = board(viewer(county, name), NOW, Slice(EVERYTHING))
    assert shown(made) == counted([c for c in rows if mine(c, county)], low, high, NOW)


def test_overseers_count_their_town_and_the_county_counts_all_once(county: County) -> None:
    rows = some_cases(county, 120)
    county.officer("李督办", "新埭镇政府", "supervisor")
    county.officer("周督办", "企业受理", "supervisor")
    low, high = calendar_now().begins(EVERYTHING.first), calendar_now().begins(EVERYTHING.end)
    in_town = [c for c in rows if c.area.level != "county"]
    assert shown(board(viewer(county, "李督办"), NOW, Slice(EVERYTHING))) == counted(in_town, low, high, NOW)
    assert shown(board(viewer(county, "周督办"), NOW, Slice(EVERYTHING))) == counted(rows, low, high, NOW)


def test_nobody_and_administrators_count_nothing(county: County) -> None:
    some_cases(county, 10)
    county.officer("管理员甲", "企业受理", "administrator")
    for who in (NOBODY, viewer(county, "管理员甲"), viewer(county, "陈居民")):
        made = board(who, NOW, Slice(EVERYTHING))
        assert not any(made.total.counts.values())
        assert made.total.closure.text == "—"
        assert made.first_reply.days == "—"


def behind(who: Viewer, cut: Slice, figure: str) -> list[CaseRow]:
    """All rows of a list, read page by page."""
    rows, after = [], ""
    while True:
        page = cases_behind(who, NOW, cut, figure, after=after, limit=7)
        rows += page.rows
        if not (after := page.after):
            return rows


def test_the_list_behind_a_figure_holds_the_very_cases(county: County) -> None:
    some_cases(county, 90)
    who, cut = viewer(county, "沈受理"), Slice(YEAR)
    made = board(who, NOW, cut)
    for figure in cohorts(YEAR, NOW):
        keys = [row.id for row in behind(who, cut, figure)]
        assert len(keys) == len(set(keys)) == count_behind(who, NOW, cut, figure)
        moments = dict(Case.objects.values_list("pk", moment_of(figure)))
        assert [(moments[k], k) for k in keys] == sorted(((moments[k], k) for k in keys), reverse=True)
        if figure in made.total.counts:
            assert made.total.count(figure) == len(keys), figure
    assert not cases_behind(who, NOW, cut, "no such figure").rows
    assert set(cohorts(YEAR, NOW)) == set(NAMES)


@pytest.mark.parametrize("name", ["沈受理", "俞经办"])
def test_the_list_behind_signing_in_and_returning_holds_the_very_assignments(county: County, name: str) -> None:
    some_cases(county, 90)
    again = Assignment.objects.filter(case__state="closed", case__programme="enterprise").first()
    assert again is not None
    again.pk = None  # returned and given again, to another unit
    again.unit = county.units["人社局"]
    again.save()
    who = viewer(county, name)
    for cut in (Slice(YEAR), Slice(YEAR, unit=county.units["交通局"].pk), Slice(YEAR, town=county.areas["town"].pk)):
        total = board(who, NOW, cut).total
        for figure in duties.NAMES:
            rows = behind(who, cut, figure)
            assert len(rows) == count_behind(who, NOW, cut, figure), figure
            if figure in duties.COUNTED:
                assert len(rows) == total.count(figure), figure
            if cut.unit is not None:
                assert {row.lead.zh for row in rows if row.lead} <= {"交通局"}
    assert set(FIGURES) == {*cohorts(YEAR, NOW), *duties.conditions(YEAR, NOW), *hard.conditions(NOW)}
    assert all(order_of(figure) for figure in FIGURES)


def test_each_part_of_the_trend_opens_to_its_cases(county: County) -> None:
    some_cases(county, 90)
    who = viewer(county, "沈受理")
    for code in ("2026", "2026-Q3", "2026-10", "2026-10-12.7", "all"):
        for point in board(who, NOW, Slice(parse(code, date(2026, 11, 18)))).trend:
            cut = Slice(parse(point.stretch.code, NOW.date()))
            assert (cut.period.first, cut.period.end) == (point.stretch.first, point.stretch.end)
            counted = (point.accepted, point.answered, point.closed)
            figures = ("accepted", "answered_then", "closed_then")
            assert tuple(count_behind(who, NOW, cut, f) for f in figures) == counted


def test_a_slice_narrows_to_a_programme_a_unit_or_a_town(county: County) -> None:
    rows = some_cases(county, 120)
    county.officer("周督办", "企业受理", "supervisor")
    who = viewer(county, "周督办")
    low, high = calendar_now().begins(YEAR.first), calendar_now().begins(YEAR.end)
    unit, town = county.units["交通局"].pk, county.areas["town"].pk
    cases = [
        (Slice(YEAR, "community"), [c for c in rows if c.programme == "community"]),
        (Slice(YEAR, unit=unit), [c for c in rows if c.lead_id == unit]),
        (Slice(YEAR, town=town), [c for c in rows if c.area.level != "county"]),
    ]
    for cut, mine in cases:
        assert shown(board(who, NOW, cut)) == counted(mine, low, high, NOW)


def test_signing_in_and_returning_are_counted_from_the_assignments(county: County) -> None:
    rows = [c for c in some_cases(county, 120) if c.programme == "enterprise" and c.state != "undone"]
    low, high = calendar_now().begins(YEAR.first), calendar_now().begins(YEAR.end)
    due = on_time = begun = returned = 0
    for a in Assignment.objects.filter(case__in=rows):
        assert a.sign_in_due_at is not None
        no_need = a.signed_in_at is None and a.returned_at is not None and a.returned_at <= a.sign_in_due_at
        if low <= a.begins_at < high:
            begun += 1
            returned += a.returned_at is not None
            if a.sign_in_due_at <= NOW and not no_need:
                due += 1
                on_time += a.signed_in_at is not None and a.signed_in_at <= a.sign_in_due_at
    total = board(viewer(county, "沈受理"), NOW, Slice(YEAR)).total
    assert (total.sign_in.numerator, total.sign_in.denominator) == (on_time, due)
    assert (total.returns.numerator, total.returns.denominator) == (returned, begun)


def test_the_trend_adds_up_to_the_period(county: County) -> None:
    apart = ("undone", "declined", "referred", "withdrawn")
    rows = [c for c in some_cases(county, 120) if c.programme == "enterprise" and c.state not in apart]
    for code, parts in (("2025", 12), ("2026-10", 5), ("2026-Q3", 14), ("all", 2)):
        period = parse(code, date(2026, 11, 18))
        low, high = calendar_now().begins(period.first), calendar_now().begins(period.end)
        trend = board(viewer(county, "沈受理"), NOW, Slice(period)).trend
        assert len(trend) == parts, code
        assert sum(p.accepted for p in trend) == sum(1 for c in rows if c.accepted_at and low <= c.accepted_at < high)
        last = calendar_now().begins(trend[-1].stretch.end)
        answered = [c for c in rows if c.answered_at and low <= c.answered_at < last]
        assert sum(p.answered for p in trend) == len(answered)


def test_the_board_takes_six_queries_of_its_own(county: County, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    some_cases(county, 10)
    who = viewer(county, "沈受理")
    board(who, NOW, Slice(YEAR))
    with reference.hold(), django_assert_max_num_queries(7):  # and the versions of the reference data
        board(who, NOW, Slice(YEAR))


def test_few_cases_are_shown_and_not_ranked() -> None:
    due = Label("应办", "due")
    rows = ranking(
        [("甲", Rate(4, 4, due)), ("乙", Rate(0, 0, due)), ("丙", Rate(5, 6, due)), ("丁", Rate(10, 12, due))]
    )
    assert [(r.key, r.place) for r in rows] == [("丙", 1), ("丁", 1), ("甲", None), ("乙", None)]
    assert [r.why_not for r in rows[2:]] == [NOT_RANKED_SMALL, NOT_RANKED_NONE]


def test_periods_follow_one_another() -> None:
    for period in around(date(2026, 11, 18)):
        assert parse(period.code, date(2000, 1, 1)) == period
        if period.after and period.before:
            assert period.before.end == period.first
            assert period.after.before == period
    week = parse("2026-11-16.7", date(2000, 1, 1))
    assert (week.first, week.end, week.code) == (date(2026, 11, 16), date(2026, 11, 23), "2026-11-16.7")
    assert (week.before, week.after) == (None, None)
    for wrong in ("2026-02-30.7", "2026-11-16.0", "2026-11-16.99", "1999-01-01.7", "2026-11-16."):
        assert parse(wrong, date(2026, 11, 18)).code == "2026"
    assert [p.code for p in around(date(2026, 11, 18))] == ["2026-11", "2026-Q4", "2026", "all"]
