"""The enterprise desk's story, told once from start to end on Pinghu's own registry, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tongban.core.calendar import seed as calendar_seed
from tongban.core.ledger.actor import COMMAND, Actor
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry import seed as registry_seed
from tongban.engines.cases import actions, secrets
from tongban.engines.cases import seed as cases_seed
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.demo import DemoCounty, book
from tongban.engines.cases.models import Case, CaseScope, Route
from tongban.engines.cases.outcome import DONE
from tongban.programmes.enterprise.programme import PROGRAMME

NINE = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # Wednesday, nine o'clock in the county
HOUR = timedelta(hours=1)


@pytest.fixture
def county(db: None) -> DemoCounty:
    reference.forget()
    begin = NINE - timedelta(days=30)
    for one in (registry_seed, calendar_seed, cases_seed):
        one.seed(by=COMMAND, at=begin)
    made = DemoCounty(seed=7, begin=begin, at=NINE + timedelta(days=30))
    made.invite_firms(2)
    return made


def opening(county: DemoCounty, **more: object) -> Opening:
    clerk = county.clerks[0]
    given = {
        "body": "夜班公交停了，40 名工人回不了宿舍，能不能恢复班车？",
        "category": "traffic",
        "requester": clerk.person,
        "firm": clerk.firm,
        "facts": {"staff": "40", "amount": "12,000.50"},
    }
    return Opening(programme="enterprise", kind="request", area=clerk.firm.area_id, **(given | more))  # type: ignore[arg-type]


def test_a_firm_is_heard_answered_and_asked_whether_it_is_satisfied(county: DemoCounty) -> None:
    clerk, agent = county.clerks[0], county.desk("desk-enterprise")[0]
    traffic, labour = county.office("b-traffic"), county.office("b-labour")
    case = actions.open_case(opening(county), by=clerk.actor, at=NINE).pk

    actions.accept(case=case, by=agent, at=NINE + HOUR)
    route = Route.objects.get(programme="enterprise", category="traffic")
    assert route.unit_id == traffic.body.id
    actions.assign(case=case, unit=route.unit_id, assisting=(labour.body.id,), by=agent, at=NINE + HOUR)
    promised = Case.objects.get(pk=case).promised_at
    assert promised == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # five working days, counted from tomorrow, 17:00

    first, second = traffic.handlers
    actions.sign_in(case=case, by=first, at=NINE + 2 * HOUR)
    actions.hand_over(case=case, account=second.account, by=first, at=NINE + 3 * HOUR)
    actions.ask(case=case, question="请告诉我们下班时间和宿舍地址。", by=second, at=NINE + 3 * HOUR)
    actions.reply(case=case, text="22:30 下班，宿舍在人才公寓。", by=clerk.actor, at=NINE + 5 * HOUR)
    actions.feed_back(case=case, text="已核实夜班 40 人。", by=labour.handlers[0], at=NINE + 6 * HOUR)

    text = "11月24日起加开 22:45 一班，客运科俞工负责。"
    actions.answer(outcome=DONE, case=case, text="11月24日起加车。", by=second, at=NINE + 7 * HOUR)
    actions.reject(case=case, reason="请写明班次和负责人。", by=traffic.reviewers[0], at=NINE + 7 * HOUR)
    actions.answer(outcome=DONE, case=case, text=text, by=second, at=NINE + 8 * HOUR)
    actions.approve(case=case, by=traffic.reviewers[0], at=NINE + 8 * HOUR)
    actions.send(case=case, by=agent, at=NINE + 8 * HOUR)
    actions.rate(token=secrets.rating_token(case), grade=5, comment="办得快", by=clerk.actor, at=NINE + 9 * HOUR)
    actions.close(case=case, by=agent, at=NINE + 9 * HOUR)

    row = Case.objects.get(pk=case)
    assert (row.state, row.in_time, row.grade) == ("closed", True, 5)
    assert row.answers.get(sent_at__isnull=False).text == text
    assert dict(row.facts.values_list("code", "number")) == {"staff": 40, "amount": 1_200_050}  # money in fen
    assert not CaseScope.objects.filter(case=case, queue__gt=0).exists()


def test_it_refuses_what_would_not_be_fair(county: DemoCounty) -> None:
    clerk, other, agent = county.clerks[0], county.clerks[1], county.desk("desk-enterprise")[0]
    tax = county.office("b-tax")
    with pytest.raises(Refused, match="category"):
        actions.open_case(opening(county, category="school"), by=clerk.actor, at=NINE)
    with pytest.raises(Refused, match="whole number"):
        actions.open_case(opening(county, facts={"staff": "四十"}), by=clerk.actor, at=NINE)

    case = actions.open_case(opening(county, category="tax"), by=clerk.actor, at=NINE).pk
    with pytest.raises(Refused, match="is for the desk's agent"):
        actions.accept(case=case, by=tax.handlers[0], at=NINE)
    with pytest.raises(Refused, match="is for the desk's agent"):  # the other desk's agent is none here
        actions.accept(case=case, by=county.desk("desk-community")[0], at=NINE)
    with pytest.raises(Refused, match="is for the person who asked"):
        actions.withdraw(case=case, reason="不办了", by=other.actor, at=NINE)
    actions.accept(case=case, by=agent, at=NINE)
    actions.assign(case=case, unit=tax.body.id, by=agent, at=NINE)
    actions.sign_in(case=case, by=tax.handlers[0], at=NINE)
    with pytest.raises(Refused, match="only a receipt"):
        actions.answer(outcome=DONE, case=case, text="您好，已收悉。", by=tax.handlers[0], at=NINE)
    actions.answer(outcome=DONE, case=case, text="可以，11月20日前办完，税源三股负责。", by=tax.handlers[0], at=NINE)
    with pytest.raises(Refused):
        actions.send(case=case, by=agent, at=NINE)  # nobody has reviewed it
    with pytest.raises(Refused, match="is for the reviewer"):
        actions.approve(case=case, by=tax.handlers[0], at=NINE)
    with pytest.raises(Refused):
        actions.close(case=case, by=agent, at=NINE)  # unanswered
    assert Case.objects.get(pk=case).state == "review"


def test_a_request_typed_by_an_agent_belongs_to_the_firm(county: DemoCounty) -> None:
    agent, clerk = county.desk("desk-enterprise")[0], county.clerks[0]
    case = actions.open_case(opening(county, channel="phone"), by=agent, at=NINE)
    proof = secrets.tracking_code(case.pk)
    actions.withdraw(case=case.pk, reason="已解决", by=Actor(system="asker"), proof=proof, at=NINE + HOUR)
    assert Case.objects.get(pk=case.pk).state == "withdrawn"
    assert case.firm == clerk.firm


def test_every_story_of_the_demo_speaks_of_what_is_declared(county: DemoCounty) -> None:
    kind = PROGRAMME.case_type("request")
    facts = {f.code for f in kind.facts}
    for story in book("tongban.programmes.enterprise").stories:
        assert kind.category(story.category), story.title
        assert set(story.facts) <= facts
        for code in (story.unit, story.wrong, *story.assist):
            assert code in ("", "town", "village") or code in county.known.body_codes, code
    assert {s.category for s in book("tongban.programmes.enterprise").stories} == {c.code for c in kind.categories}
