"""Whoever calls on a firm is told when what was heard there is answered or done again; and the lists stay bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.visits.conftest import seen_by
from tests.engines.visits.test_visiting import asked, heard, logged
from tongban.core.access.models import Liaison
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import queries as notices
from tongban.core.registry import reference
from tongban.core.registry.models import Firm
from tongban.engines.cases import actions as cases
from tongban.engines.cases import secrets
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE
from tongban.engines.visits import actions
from tongban.engines.visits.models import Visit
from tongban.engines.visits.queries.files import SHOWN, firm_file
from tongban.engines.visits.queries.lists import PAGE, firms_page, my_count, my_firms

MANY = 10_000


def told(county: County, name: str) -> dict[str, str]:
    assert run_pending(NOW).errors == []
    lines = notices.lines(seen_by(county, name, NOW), language="zh")
    return {line.kind: line.text for line in lines if "heard" in line.kind}


def counted(county: County, name: str) -> Counter[str]:
    assert run_pending(NOW).errors == []
    return Counter(
        line.kind for line in notices.lines(seen_by(county, name, NOW), language="zh") if "heard" in line.kind
    )


def answered(county: County, case: Case) -> Case:
    handler, reviewer = county.officers["俞经办"], county.officers["钱审核"]
    case.refresh_from_db()
    if case.state == "new":
        cases.accept(case=case.pk, by=county.officers["沈受理"], at=NOW)
        cases.assign(case=case.pk, unit=county.units["交通局"].pk, by=county.officers["沈受理"], at=NOW)
    if case.state != "handling":
        cases.sign_in(case=case.pk, by=handler, at=NOW)
    cases.answer(case=case.pk, text="下周三起开班。", outcome=DONE, by=handler, at=NOW)
    cases.approve(case=case.pk, by=reviewer, at=NOW)
    cases.send(case=case.pk, by=reviewer, at=NOW)
    return case


def test_the_liaison_officer_is_told_of_the_answer_and_of_the_redoing(charged: County) -> None:
    case = heard(charged, logged(charged), name="陆文员", phone="13800000002")
    assert told(charged, "孙协办") == {}
    answered(charged, case)
    number = secrets.case_number(case.pk)
    assert told(charged, "孙协办") == {
        "officer.heard_answered": f"您走访平湖泖新精密机械（化名）时听到的诉求 {number} 已答复，在企业档案里看。"
    }
    cases.rate(token=secrets.rating_token(case.pk), grade=1, comment="没解决", by=Actor(system="asker"), at=NOW)
    assert counted(charged, "孙协办") == {"officer.heard_answered": 1, "officer.heard_again": 1}
    answered(charged, case)
    assert counted(charged, "孙协办") == {"officer.heard_answered": 2, "officer.heard_again": 1}
    assert counted(charged, "陆经办") == {}


def test_of_what_was_not_heard_on_a_visit_he_is_told_nothing(charged: County) -> None:
    answered(charged, asked(charged))
    assert told(charged, "孙协办") == {}


def test_his_successor_is_told_and_nobody_who_may_not_see_it(charged: County) -> None:
    visit, firm = logged(charged), charged.firm
    assert firm is not None
    case, other, closed = (heard(charged, visit) for _ in range(3))
    Case.objects.filter(pk=closed.pk).update(firm=None)
    successor = charged.accounts["镇经办"].pk
    actions.hand_over_firm(firm=firm.pk, to=successor, by=charged.officers["沈受理"], at=NOW)
    answered(charged, case)
    answered(charged, closed)
    assert told(charged, "孙协办") == {}
    assert counted(charged, "镇经办") == {"officer.heard_answered": 1}
    Liaison.objects.update(until=NOW)
    answered(charged, other)
    assert counted(charged, "镇经办") == {"officer.heard_answered": 1}, "nobody calls on the firm any more"


@pytest.fixture
def many(charged: County) -> County:
    """Ten thousand firms of one officer, ten thousand visits to one of them."""
    town, officer = charged.areas["town"], charged.accounts["孙协办"]
    firms = Firm.objects.bulk_create(
        Firm(name_zh=f"企业{n:05}", sort=f"z{n:05}", credit_code=f"9133{n:014}", code=f"X{n:011}", area=town,
             valid_from=town.valid_from) for n in range(MANY)
    )  # fmt: skip
    Liaison.objects.bulk_create(
        Liaison(firm=firm, account=officer, since=NOW, counted_from=NOW + timedelta(seconds=n))
        for n, firm in enumerate(firms)
    )
    held = {"firm": charged.firm, "officer": officer, "state": "held", "kind": "phone", "held_at": NOW}
    Visit.objects.bulk_create(Visit(**held, made_at=NOW + timedelta(seconds=n)) for n in range(MANY))
    return charged


def test_ten_thousand_firms_and_visits_are_paged_in_few_queries(
    many: County, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    viewer, desk, firm = seen_by(many, "孙协办", NOW), seen_by(many, "沈受理", NOW), many.firm
    assert firm is not None
    firms_page(desk, NOW)  # the directory and the limits are in memory from here on
    for ask in (
        lambda after: my_firms(viewer, NOW, after=after), lambda after: firms_page(desk, NOW, after=after),
        lambda after: firms_page(desk, NOW, by="due", after=after),
    ):  # fmt: skip
        seen: list[int] = []
        after = ""
        for _ in range(3):
            with reference.hold(), django_assert_max_num_queries(3):
                page = ask(after)
            seen += [row.firm.pk for row in page.rows]
            after = page.after
            assert after
        assert len(set(seen)) == 3 * PAGE
    assert my_count(viewer, NOW) == MANY + 1
    seen, after = [], ""
    for _ in range(3):
        with reference.hold(), django_assert_max_num_queries(10):
            file = firm_file(desk, firm.pk, NOW, after=after)
        assert file is not None
        seen += [visit.id for visit in file.visits]
        after = file.more
    assert seen == list(Visit.objects.order_by("-made_at").values_list("pk", flat=True)[: 3 * SHOWN])
