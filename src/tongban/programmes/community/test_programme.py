"""The residents' desk's story, told once from start to end on Pinghu's own registry, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tongban.core.access import holders
from tongban.core.calendar import seed as calendar_seed
from tongban.core.ledger.actor import COMMAND, Actor
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry import seed as registry_seed
from tongban.core.registry.queries import Place
from tongban.engines.cases import actions, secrets
from tongban.engines.cases import seed as cases_seed
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.demo import DemoCounty, book
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.outcome import DONE
from tongban.programmes.community.programme import PROGRAMME

NINE = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # Wednesday, nine o'clock in the county
HOUR = timedelta(hours=1)


@pytest.fixture
def county(db: None) -> DemoCounty:
    reference.forget()
    begin = NINE - timedelta(days=30)
    for one in (registry_seed, calendar_seed, cases_seed):
        one.seed(by=COMMAND, at=begin)
    made = DemoCounty(seed=7, begin=begin, at=NINE + timedelta(days=30))
    made.invite_residents(3)
    return made


def village(county: DemoCounty) -> tuple[Place, str, str]:
    """A village of Xindai, its committee and its town's office."""
    place = next(p for p in county.known.places.values() if p.name.zh == "牌楼村")
    return place, f"village-{place.code}", f"town-{place.code[:9]}"


def opening(county: DemoCounty, **more: object) -> Opening:
    place, _, _ = village(county)
    given = {
        "body": "村口到河边的路灯坏了一周，孩子放学看不见路。",
        "category": "city",
        "requester": county.residents[0][0],
        "longitude": place.longitude,
        "latitude": place.latitude,
    }
    return Opening(programme="community", kind="request", area=place.id, **(given | more))  # type: ignore[arg-type]


def test_a_lamp_goes_down_to_the_village_and_the_answer_comes_up_through_the_town(county: DemoCounty) -> None:
    (person, resident), agent = county.residents[0], county.desk("desk-community")[0]
    _, committee, office = village(county)
    town, below = county.office(office), county.office(committee)
    neighbour = county.residents[1][0]
    request = opening(county, cosigners=(neighbour,))
    case = actions.open_case(request, by=resident, at=NINE).pk
    assert CaseScope.objects.filter(case=case, holder=holders.person(neighbour.pk)).exists()

    actions.accept(case=case, by=agent, at=NINE)
    actions.assign(case=case, unit=town.body.id, by=agent, at=NINE)
    actions.sign_in(case=case, by=town.handlers[0], at=NINE + HOUR)
    promised = Case.objects.get(pk=case).promised_at
    actions.assign(case=case, unit=below.body.id, by=town.handlers[0], at=NINE + 25 * HOUR)
    actions.sign_in(case=case, by=below.handlers[0], at=NINE + 26 * HOUR)
    assert Case.objects.get(pk=case).promised_at == promised  # passing it down moves no promise

    actions.answer(
        outcome=DONE,
        case=case,
        text="11月20日前换好三盏灯，村里陆师傅负责。",
        by=below.handlers[0],
        at=NINE + 27 * HOUR,
    )
    with pytest.raises(Refused, match="is for the reviewer"):
        actions.approve(case=case, by=below.handlers[0], at=NINE + 27 * HOUR)
    actions.approve(case=case, by=town.reviewers[0], at=NINE + 28 * HOUR)
    actions.send(case=case, by=agent, at=NINE + 28 * HOUR)
    actions.rate(token=secrets.rating_token(case), grade=4, by=Actor(system="asker"), at=NINE + 30 * HOUR)
    actions.close(case=case, by=agent, at=NINE + 31 * HOUR)
    row = Case.objects.get(pk=case)
    assert (row.state, row.in_time, row.grade, row.requester_id) == ("closed", True, 4, person.pk)


def test_a_complaint_never_reaches_the_body_that_it_is_about(county: DemoCounty) -> None:
    agent, (_, resident) = county.desk("desk-community")[0], county.residents[0]
    _, committee, office = village(county)
    about = county.known.body_codes[office].id
    request = opening(county, category="complaint", about=about, confidential=True)
    case = actions.open_case(request, by=resident, at=NINE).pk
    actions.accept(case=case, by=agent, at=NINE)
    for code in (office, committee):
        with pytest.raises(Refused, match="complaint about"):
            actions.assign(case=case, unit=county.known.body_codes[code].id, by=agent, at=NINE)
    civil = county.office("b-civil")
    actions.assign(case=case, unit=civil.body.id, by=agent, at=NINE)
    seen = set(CaseScope.objects.filter(case=case).values_list("holder", flat=True))
    assert holders.unit(civil.body.id) in seen
    assert not seen & {holders.unit(county.known.body_codes[c].id) for c in (office, committee)}


def test_it_refuses_what_would_not_be_fair(county: DemoCounty) -> None:
    agent, (_, resident) = county.desk("desk-community")[0], county.residents[0]
    with pytest.raises(Refused, match="not in this county"):
        actions.open_case(opening(county, longitude=30.7, latitude=121.0), by=resident, at=NINE)
    with pytest.raises(Refused, match="Please say what happened"):
        actions.open_case(opening(county, body="  "), by=resident, at=NINE)
    case = actions.open_case(opening(county), by=resident, at=NINE).pk
    with pytest.raises(Refused, match="reason"):
        actions.decline(case=case, reason=" ", by=agent, at=NINE)
    with pytest.raises(Refused, match="is for the person who asked"):
        actions.withdraw(case=case, reason="不办了", by=county.residents[1][1], at=NINE)
    with pytest.raises(Refused):
        actions.withdraw(
            case=case, reason="不办了", by=Actor(system="asker"), proof="330482-000001-AAAAA-AAAAA", at=NINE
        )
    actions.decline(case=case, reason="法院已经立案，按规定不再受理。", by=agent, at=NINE)
    with pytest.raises(Refused, match="Not accepted"):
        actions.accept(case=case, by=agent, at=NINE)


def test_every_story_of_the_demo_speaks_of_what_is_declared(county: DemoCounty) -> None:
    kind = PROGRAMME.case_type("request")
    told = book("tongban.programmes.community").stories
    for story in told:
        assert kind.category(story.category), story.title
        for code in (story.unit, story.wrong, story.about, *story.assist):
            assert code in ("", "town", "village") or code in county.known.body_codes, code
    assert {s.category for s in told} == {c.code for c in kind.categories}
