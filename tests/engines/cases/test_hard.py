"""What must not break it: double submits, wrong codes, long texts, units that are gone, hands that may not touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core.access.models import Role
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import seed as calendar_seed
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.actions import register_firm
from tongban.engines.cases import actions, queries, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.actions.facts import TEXT, fact_values
from tongban.engines.cases.declare import Fact, FactKind
from tongban.engines.cases.models import Case, CaseScope, StoryItem
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.types import case_type

HOUR = timedelta(hours=1)


def opening(county: County, **more: object) -> Opening:
    given: dict[str, object] = {
        "programme": "community", "kind": "request", "body": "路灯三天没亮了", "area": county.areas["village"].pk,
        "requester": county.people["陈居民"], **more,
    }  # fmt: skip
    return Opening(**given)  # type: ignore[arg-type]


def opened(county: County, **more: object) -> int:
    return actions.open_case(opening(county, **more), by=Actor(county.accounts["陈居民"].pk), at=NOW).pk


def assigned(county: County, unit: str = "新埭镇政府", **more: object) -> int:
    case, desk = opened(county, **more), county.officers["王受理"]
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units[unit].pk, by=desk, at=NOW)
    return case


def refused(code: str, act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return caught.value


def test_a_double_submit_opens_one_case_and_leaves_one_trace(county: County) -> None:
    by = Actor(county.accounts["陈居民"].pk)
    first = actions.open_case(opening(county), by=by, at=NOW, idempotency="same")
    again = actions.open_case(opening(county), by=by, at=NOW + HOUR, idempotency="same")
    assert again.pk == first.pk
    assert Case.objects.count() == 1
    assert Entry.objects.filter(kind="cases.case").count() == 1
    assert Outbox.objects.filter(topic="cases.opened").count() == 1


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91330000MA27XL0JX0", "credit_code.checksum"),
        ("9135010OM000100Y4", "credit_code.shape"),
        ("", "credit_code.shape"),
        ("91350100M000100Y43; DROP TABLE", "credit_code.shape"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(county: County, typed: str, code: str) -> None:
    refused(code, lambda: register_firm(name="某厂", credit_code=typed, area=county.areas["town"],
                                        by=Actor(system="test"), at=NOW))  # fmt: skip


def test_a_credit_code_may_be_typed_with_spaces_and_full_width_signs(county: County) -> None:
    refused("firm.known", lambda: register_firm(
        name="某厂", credit_code="９１３５０１００ m000100y43", area=county.areas["town"], by=Actor(system="test"), at=NOW
    ))  # fmt: skip


def test_nothing_is_closed_without_an_answer(county: County) -> None:
    case = assigned(county)
    refused("case.state", lambda: actions.close(case=case, by=county.officers["王受理"], at=NOW))
    actions.sign_in(case=case, by=county.officers["镇经办"], at=NOW)
    refused("case.state", lambda: actions.send(case=case, by=county.officers["王受理"], at=NOW))
    refused("case.answer.receipt", lambda: actions.answer(outcome=DONE,
        case=case, text="网友：您好！留言已收悉。", by=county.officers["镇经办"], at=NOW
    ))  # fmt: skip
    assert Case.objects.get(pk=case).state == "handling"


def test_the_same_pair_of_hands_never_reviews_closes_or_rates(county: County) -> None:
    worker = county.accounts["镇经办"]
    extra = Role.objects.create(
        account=worker, code="reviewer", organisation=county.units["新埭镇政府"], valid_from=date(2020, 1, 1)
    )
    agent = Role.objects.create(
        account=worker, code="agent", organisation=county.units["民生受理"], valid_from=date(2020, 1, 1)
    )
    case = assigned(county)
    actions.sign_in(case=case, by=county.officers["镇经办"], at=NOW)
    actions.answer(outcome=DONE, case=case, text="周五前修好，城建办负责。", by=county.officers["镇经办"], at=NOW)
    refused("case.same_person", lambda: actions.approve(case=case, by=Actor(worker.pk, extra.pk), at=NOW))
    actions.approve(case=case, by=county.officers["镇审核"], at=NOW)
    actions.send(case=case, by=county.officers["王受理"], at=NOW)
    refused("case.same_person", lambda: actions.close(case=case, by=Actor(worker.pk, agent.pk), at=NOW))
    token = secrets.rating_token(case)
    refused("rating.own", lambda: actions.rate(token=token, grade=5, by=Actor(worker.pk), at=NOW))
    forged = token[:-1] + ("1" if token[-1] == "0" else "0")
    refused("rating.link", lambda: actions.rate(token=forged, grade=5, by=Actor(system="asker"), at=NOW))
    refused("rating.grade", lambda: actions.rate(token=token, grade=6, by=Actor(system="asker"), at=NOW))
    late = NOW + timedelta(days=31)
    refused("rating.expired", lambda: actions.rate(token=token, grade=5, by=Actor(system="asker"), at=late))


def test_five_returns_leave_the_promise_where_it_was(county: County) -> None:
    case, desk = assigned(county), county.officers["王受理"]
    promised = Case.objects.get(pk=case).promised_at
    for round_ in range(5):
        at = NOW + (round_ + 1) * HOUR
        actions.give_back(case=case, reason="不属于本镇职责", by=county.officers["镇经办"], at=at)
        town = viewer_of(county.accounts["镇经办"], at)
        assert queries.case_detail(town, case, at) is None
        actions.assign(case=case, unit=county.units["新埭镇政府"].pk, by=desk, at=at)
    row = Case.objects.get(pk=case)
    assert row.promised_at == promised
    assert row.state == "assigned"
    assert row.assignments.filter(returned_at__isnull=False).count() == 5
    assert StoryItem.objects.filter(case=case, kind="return").count() == 5


def test_a_case_passed_down_comes_back_to_whoever_passed_it(county: County) -> None:
    case, town = assigned(county), county.officers["镇经办"]
    actions.sign_in(case=case, by=town, at=NOW)
    refused("case.unit.below", lambda: actions.assign(case=case, unit=county.units["交通局"].pk, by=town, at=NOW))
    actions.assign(case=case, unit=county.units["泖口村委"].pk, by=town, at=NOW)
    actions.give_back(case=case, reason="要镇里出钱", by=county.officers["村经办"], at=NOW + HOUR)
    row = Case.objects.get(pk=case)
    assert (row.state, row.lead_id, row.handler_id) == (
        "handling", county.units["新埭镇政府"].pk, county.accounts["镇经办"].pk,
    )  # fmt: skip


def test_whoever_was_handed_a_case_gets_it_back_and_never_reviews_it(county: County) -> None:
    first, second = county.officers["镇经办"], county.officer("镇接手", "新埭镇政府", "handler")
    extra = Role.objects.create(
        account=county.accounts["镇接手"], code="reviewer", organisation=county.units["新埭镇政府"],
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    case = assigned(county)
    actions.sign_in(case=case, by=first, at=NOW)
    actions.hand_over(case=case, account=county.accounts["镇接手"].pk, by=first, at=NOW + HOUR)
    actions.assign(case=case, unit=county.units["泖口村委"].pk, by=second, at=NOW + HOUR)
    actions.sign_in(case=case, by=county.officers["村经办"], at=NOW + HOUR)
    assert Case.objects.get(pk=case).handler_id == county.accounts["村经办"].pk
    actions.give_back(case=case, reason="要镇里出钱", by=county.officers["村经办"], at=NOW + 2 * HOUR)
    assert Case.objects.get(pk=case).handler_id == county.accounts["镇接手"].pk
    actions.hand_over(case=case, account=county.accounts["镇经办"].pk, by=second, at=NOW + 3 * HOUR)
    actions.answer(outcome=DONE, case=case, text="周五前修好，城建办负责。", by=first, at=NOW + 3 * HOUR)
    by = Actor(county.accounts["镇接手"].pk, extra.pk)
    refused("case.same_person", lambda: actions.approve(case=case, by=by, at=NOW + 4 * HOUR))


def test_only_the_desk_or_the_person_himself_makes_a_follower(county: County) -> None:
    case, person = opened(county), county.people["陆文员"]
    for stranger in (county.officers["俞经办"], county.officers["沈受理"], Actor(county.accounts["陈居民"].pk)):
        refused("case.unknown", lambda by=stranger: actions.follow(case=case, person=person, by=by, at=NOW))  # type: ignore[misc]
    actions.follow(case=case, person=person, by=Actor(county.accounts["陆文员"].pk), at=NOW)
    assert CaseScope.objects.filter(case=case).count() == 4


def test_the_deadline_steps_over_the_spring_festival_of_2027(county: County) -> None:
    calendar_seed.seed(by=Actor(system="test"), at=NOW)
    reference.forget()
    at = datetime(2027, 2, 4, 6, 0, tzinfo=UTC)  # Thursday, two days before the new year
    case = actions.open_case(opening(county), by=Actor(county.accounts["陈居民"].pk), at=at).pk
    desk = county.officers["王受理"]
    actions.accept(case=case, by=desk, at=at)
    actions.assign(case=case, unit=county.units["新埭镇政府"].pk, by=desk, at=at)
    duty = Case.objects.get(pk=case).assignments.get()
    # 5 to 8 February rest by law, 6 and 7 are a weekend too: 9, 10, 11, 12 and 15 February count.
    assert duty.due_at.astimezone(UTC).date() == date(2027, 2, 15)
    assert duty.provisional


def test_a_complaint_about_a_unit_never_reaches_it_or_what_is_below(county: County) -> None:
    office = county.units["新埭镇政府"]
    case, desk = opened(county, about=office.pk), county.officers["王受理"]
    actions.accept(case=case, by=desk, at=NOW)
    for unit in ("新埭镇政府", "泖口村委"):
        refused("case.about_itself", lambda u=unit: actions.assign(  # type: ignore[misc]
            case=case, unit=county.units[u].pk, by=desk, at=NOW
        ))  # fmt: skip
    actions.assign(case=case, unit=county.units["交通局"].pk, by=desk, at=NOW)
    refused("case.about_itself", lambda: actions.assist(case=case, unit=office.pk, by=desk, at=NOW))
    assert queries.case_detail(viewer_of(county.accounts["镇经办"], NOW), case, NOW) is None


def test_a_unit_that_is_gone_names_its_successor(county: County) -> None:
    old, new = county.units["人社局"], county.units["交通局"]
    old.valid_until, old.successor = date(2026, 1, 1), new
    old.save()
    reference.forget()
    case, desk = opened(county), county.officers["王受理"]
    actions.accept(case=case, by=desk, at=NOW)
    said = refused("case.unit.gone", lambda: actions.assign(case=case, unit=old.pk, by=desk, at=NOW))
    assert "交通局" in said.sentence("zh")


def test_a_dissolved_firm_asks_nothing_more(county: County) -> None:
    assert county.firm is not None
    county.firm.valid_until = date(2026, 6, 30)
    county.firm.save()
    refused("firm.dissolved", lambda: opened(county, programme="enterprise", firm=county.firm))


def test_texts_of_every_kind_are_kept_as_they_were_written(county: County) -> None:
    body = "😀👩‍👩‍👧 路灯\u202e坏了\x00<script>alert(1)</script>=1+1" + "长" * 9_900
    row = Case.objects.get(pk=opened(county, body=body))
    # What cannot be stored, and what would turn the order of what follows, is left out.
    assert row.body == body.replace("\x00", "").replace("\u202e", "")
    assert len(row.title) <= 120
    assert Case.objects.get(pk=opened(county, body="字" * 10_000)).body == "字" * 10_000
    said = refused("case.body.long", lambda: opened(county, body="字" * 10_001))
    assert said.field == "body"
    refused("case.body.empty", lambda: opened(county, body=" \n\t "))
    refused("case.body.empty", lambda: opened(county, body="\ud800"))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"category": "nonsense"}, "case.category"),
        ({"area": 10**9}, "case.place"),
        ({"about": 10**9}, "case.unit.none"),
        ({"longitude": 121.0}, "case.position"),
        ({"longitude": float("nan"), "latitude": 30.7}, "case.position"),
        ({"longitude": 2.35, "latitude": 48.85}, "case.position"),
        ({"facts": {"nothing": 1}}, "fact.unknown"),
        ({"programme": "enterprise", "facts": {"staff": "四十"}}, "fact.number"),
        ({"programme": "enterprise", "facts": {"staff": "-1"}}, "fact.range"),
        ({"programme": "enterprise", "facts": {"amount": "1e400"}}, "fact.money"),
        ({"programme": "enterprise", "facts": {"staff": "1e1000000"}}, "fact.number"),
        ({"programme": "enterprise", "facts": {"amount": "9" * 29}}, "fact.range"),
        ({"programme": "enterprise", "facts": {"amount": "NaN"}}, "fact.money"),
        ({"programme": "enterprise", "facts": {"amount": "12.345"}}, "fact.money"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(county: County, given: dict[str, object], code: str) -> None:
    refused(code, lambda: opened(county, **given))
    assert not Case.objects.exists()
    assert not CaseScope.objects.exists()


def test_a_stranger_moves_nothing(county: County) -> None:
    case = assigned(county)
    for name in ("沈受理", "俞经办", "村经办", "镇审核"):
        refused("case.not_yours", lambda n=name: actions.sign_in(  # type: ignore[misc]
            case=case, by=county.officers[n], at=NOW
        ))  # fmt: skip
    other = county.accounts["陆文员"]
    refused("case.not_yours", lambda: actions.withdraw(case=case, reason="算了", by=Actor(other.pk), at=NOW))
    # Somebody else's role, or a number that is no role, is worth nothing.
    theirs = county.officers["镇经办"].role
    refused("case.not_yours", lambda: actions.sign_in(case=case, by=Actor(other.pk, theirs), at=NOW))
    refused("case.unknown", lambda: actions.accept(case=10**9, by=county.officers["王受理"], at=NOW))


def test_the_tracking_code_is_proof_enough_for_the_asker_s_own_moves(county: County) -> None:
    case, asker = opened(county), Actor(system="asker")
    code, other = secrets.tracking_code(case), secrets.tracking_code(opened(county))
    refused("case.not_yours", lambda: actions.withdraw(case=case, reason="好了", by=asker, at=NOW, proof=other))
    refused("case.not_yours", lambda: actions.accept(case=case, by=asker, at=NOW))
    actions.withdraw(case=case, reason="已经修好了", by=asker, at=NOW, proof=code.lower().replace("-", " "))
    assert Case.objects.get(pk=case).state == "withdrawn"
    refused("case.state", lambda: actions.accept(case=case, by=county.officers["王受理"], at=NOW))


def test_more_is_asked_and_replied_while_the_clock_runs_on(county: County) -> None:
    case, worker = assigned(county), county.officers["镇经办"]
    actions.sign_in(case=case, by=worker, at=NOW)
    due = Case.objects.get(pk=case).due_at
    actions.ask(case=case, question="哪一盏灯？", by=worker, at=NOW)
    refused("case.inquiry.open", lambda: actions.ask(case=case, question="还有呢？", by=worker, at=NOW))
    by = Actor(county.accounts["陈居民"].pk)
    actions.reply(case=case, text="南门第三盏", by=by, at=NOW + HOUR)
    refused("case.inquiry.none", lambda: actions.reply(case=case, text="还有", by=by, at=NOW + HOUR))
    assert Case.objects.get(pk=case).due_at == due


def test_an_assisting_unit_reports_back_and_answers_nothing(county: County) -> None:
    case, helper = assigned(county), county.officers["孙协办"]
    actions.assist(case=case, unit=county.units["人社局"].pk, by=county.officers["王受理"], at=NOW)
    waiting = queries.queue_page(viewer_of(county.accounts["孙协办"], NOW), NOW, view="assist").rows
    assert [r.id for r in waiting] == [case]
    refused("case.not_yours", lambda: actions.sign_in(case=case, by=helper, at=NOW))
    actions.feed_back(case=case, text="可安排公益岗位巡查", by=helper, at=NOW)
    assert queries.queue_page(viewer_of(county.accounts["孙协办"], NOW), NOW, view="assist").rows == []


def test_a_whole_number_is_shown_for_a_reason_that_is_kept(county: County) -> None:
    case = assigned(county)
    town = county.officers["镇经办"]
    refused("case.reason", lambda: actions.reveal(case=case, reason=" ", by=town, at=NOW))
    assert actions.reveal(case=case, reason="约上门时间", by=town, at=NOW) == "13800000001"
    line = StoryItem.objects.get(case=case, kind="reveal")
    assert (line.text, line.audience) == ("约上门时间", StoryItem.Audience.DESK)
    refused("case.unknown", lambda: actions.reveal(case=case, reason="好奇", by=county.officers["俞经办"], at=NOW))
    hidden = assigned(county, confidential=True)
    refused("case.unknown", lambda: actions.reveal(case=hidden, reason="约时间", by=town, at=NOW))


def test_a_complaint_about_the_desk_goes_to_the_other_desk(county: County) -> None:
    own = county.units["民生受理"]
    case = actions.open_case(opening(county, about=own.pk), by=Actor(county.accounts["陈居民"].pk), at=NOW)
    assert case.desk_id == county.units["企业受理"].pk
    complained = viewer_of(county.accounts["王受理"], NOW)
    assert queries.case_detail(complained, case.pk, NOW) is None
    assert case.pk not in [row.id for row in queries.newest_page(complained).rows]
    refused("case.not_yours", lambda: actions.accept(case=case.pk, by=county.officers["王受理"], at=NOW))
    refused("case.unknown", lambda: actions.reveal(case=case.pk, reason="看看", by=county.officers["王受理"], at=NOW))
    actions.accept(case=case.pk, by=county.officers["沈受理"], at=NOW)
    refused("case.unit.none", lambda: actions.assign(case=case.pk, unit=own.pk, by=county.officers["沈受理"], at=NOW))


def test_a_fact_in_words_is_taken_whole_or_refused(county: County) -> None:
    kind = replace(case_type("enterprise", "request"), facts=(Fact("wish", Label("愿望", "Wish"), FactKind.TEXT),))
    (whole,) = fact_values(kind, {"wish": "长" * TEXT})
    assert len(whole.text) == TEXT
    refused("case.body.long", lambda: fact_values(kind, {"wish": "长" * (TEXT + 1)}))
