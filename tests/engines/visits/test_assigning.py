"""Each firm has one liaison officer; appointed, handed over, taken from a table."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.visits.conftest import seen_by
from tongban.core.access.models import Liaison, Role
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry
from tongban.core.refusals import Refused
from tongban.core.registry.actions import register_firm
from tongban.core.registry.models import Firm
from tongban.engines.visits import actions
from tongban.engines.visits.queries.lists import firms_page, my_firms
from tongban.engines.visits.tables import rows_in

CODES = ("91350100M000100Y43", "91330000100000001J", "91330000100000002M")


def another(county: County, code: str, name: str) -> Firm:
    return register_firm(name=name, credit_code=code, area=county.areas["town"], by=Actor(system="test"), at=NOW)


def test_a_firm_has_one_liaison_officer_at_a_time(charged: County) -> None:
    with pytest.raises(Refused) as refused:
        actions.assign_liaison(
            firm=charged.firm.pk, officer=charged.accounts["俞经办"].pk, by=charged.officers["沈受理"], at=NOW
        )
    assert refused.value.code == "liaison.held"
    assert "孙协办" in refused.value.sentence("zh")
    assert Liaison.objects.count() == 1


@pytest.mark.parametrize("who", ["王受理", "俞经办", "县督办", "秦秘书"])
def test_only_the_firms_desk_and_administrators_appoint(charged: County, who: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.hand_over_firm(firm=charged.firm.pk, to=charged.accounts["陆经办"].pk, by=charged.officers[who], at=NOW)
    assert refused.value.code == "liaison.assigner"


def test_nobody_appoints_himself_and_residents_hold_no_office(charged: County) -> None:
    desk = charged.officers["沈受理"]
    firm = another(charged, CODES[1], "新埭纸箱（化名）")
    for name, code in (("沈受理", "liaison.own"), ("陈居民", "liaison.officer")):
        with pytest.raises(Refused) as refused:
            actions.assign_liaison(firm=firm.pk, officer=charged.accounts[name].pk, by=desk, at=NOW)
        assert refused.value.code == code


def test_handing_over_keeps_when_the_firm_was_last_visited(charged: County) -> None:
    later = NOW + timedelta(days=3)
    held = Liaison.objects.get()
    by = charged.officers["孙协办"]
    planned = actions.plan_visit(firm=charged.firm.pk, day=later.date(), kind="phone", by=by, at=NOW)
    actions.hand_over_firm(
        firm=charged.firm.pk, to=charged.accounts["陆经办"].pk, by=charged.officers["沈受理"], at=later
    )
    held.refresh_from_db()
    fresh = Liaison.objects.get(until=None)
    assert (held.until, held.ending) == (later, "handed_over")
    assert (fresh.account, fresh.counted_from) == (charged.accounts["陆经办"], NOW)
    planned.refresh_from_db()
    assert planned.officer == charged.accounts["陆经办"]
    assert my_firms(seen_by(charged, "孙协办", later), later).rows == []
    assert [row.firm for row in my_firms(seen_by(charged, "陆经办", later), later).rows] == [charged.firm]


def test_a_colleagues_firms_go_over_each_by_itself(charged: County) -> None:
    desk = charged.officers["沈受理"]
    actions.assign_liaison(
        firm=another(charged, CODES[1], "新埭纸箱（化名）").pk, officer=charged.accounts["孙协办"].pk, by=desk, at=NOW
    )
    outcome = actions.hand_over_firms(
        officer=charged.accounts["孙协办"].pk, to=charged.accounts["俞经办"].pk, by=desk, at=NOW
    )
    assert [o.refusal for o in outcome] == [None, None]
    assert set(Liaison.objects.filter(until=None).values_list("account", flat=True)) == {charged.accounts["俞经办"].pk}


def test_each_row_of_a_table_has_its_own_outcome(charged: County) -> None:
    another(charged, CODES[1], "新埭纸箱（化名）")
    another(charged, CODES[2], "新埭五金（化名）")
    book = openpyxl.Workbook()
    for row in (
        ["序号", "统一社会信用代码", "联络员登录名", "上次走访日期"], [1, CODES[1], "俞经办", date(2026, 8, 3)],
        [2, "91330000100000003Q", "俞经办", ""], [3, "123", "俞经办", ""], [4, CODES[0], "俞经办", None],
        [5, CODES[2], "nobody", ""], [6, CODES[2], "俞经办", "上月"], [7, CODES[2], "俞经办", "2026年9月1日"],
    ):  # fmt: skip
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    outcome = actions.assign_many(rows=rows_in(content.getvalue()), by=charged.officers["沈受理"], at=NOW)
    assert [o.refusal.code if o.refusal else "" for o in outcome] == [
        "", "liaison.firm", "credit_code.shape", "liaison.held", "liaison.officer", "liaison.day", "",
    ]  # fmt: skip
    days = (
        Liaison.objects.filter(account=charged.accounts["俞经办"]).order_by("pk").values_list("counted_from", flat=True)
    )
    assert [day.date() for day in days] == [date(2026, 8, 3), date(2026, 9, 1)]


def test_a_table_without_the_columns_is_refused_with_their_names() -> None:
    with pytest.raises(Refused) as refused:
        rows_in("企业,干部\n甲,乙\n".encode())
    assert refused.value.code == "liaison.table"


def test_ending_a_charge_takes_the_file_away_and_stands_in_the_ledger(charged: County) -> None:
    held = Liaison.objects.get()
    by = charged.officers["孙协办"]
    planned = actions.plan_visit(firm=charged.firm.pk, day=NOW.date(), kind="phone", by=by, at=NOW)
    actions.end_liaison(firm=charged.firm.pk, by=charged.officers["沈受理"], at=NOW)
    planned.refresh_from_db()
    assert planned.state == "cancelled"
    assert my_firms(seen_by(charged, "孙协办", NOW), NOW).rows == []
    entries = Entry.objects.filter(kind="access.liaison", object_id=held.pk).order_by("number")
    assert [e.name for e in entries] == ["visits.assign_liaison", "visits.end_liaison"]


def test_the_list_of_firms_pages_by_name_and_by_due_visit(charged: County) -> None:
    desk = charged.officers["沈受理"]
    for n, code in enumerate(CODES[1:3]):
        firm = another(charged, code, f"企业{n}（化名）")
        if n == 0:
            actions.assign_liaison(
                firm=firm.pk, officer=charged.accounts["俞经办"].pk, by=desk, at=NOW - timedelta(days=200)
            )
    viewer = seen_by(charged, "沈受理", NOW)
    found, after = [], ""
    while True:
        page = firms_page(viewer, NOW, after=after, limit=1)
        found += [row.firm.name_zh for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(found) == len(set(found)) == 3
    due = firms_page(viewer, NOW, by="due", limit=1)
    assert [(row.firm.name_zh, row.charge.late) for row in due.rows] == [("企业0（化名）", True)]
    rest = firms_page(viewer, NOW, by="due", after=due.after)
    assert [row.firm for row in rest.rows] == [charged.firm]
    assert [row.firm.name_zh for row in firms_page(viewer, NOW, by="none").rows] == ["企业1（化名）"]
    # An officer who has left calls on nobody: his firms stand among those that need one.
    Role.objects.filter(account=charged.accounts["俞经办"]).update(ended_at=NOW)
    assert len(firms_page(viewer, NOW, by="none").rows) == 2


def test_a_dissolved_firm_leaves_its_officers_list(charged: County) -> None:
    viewer = seen_by(charged, "孙协办", NOW)
    assert len(my_firms(viewer, NOW).rows) == 1
    Firm.objects.update(valid_until=NOW.date() - timedelta(days=1))
    assert my_firms(viewer, NOW).rows == []
    with pytest.raises(Refused) as refused:
        actions.plan_visit(firm=charged.firm.pk, day=NOW.date(), kind="phone", by=charged.officers["孙协办"], at=NOW)
    assert refused.value.code == "firm.dissolved"
