"""A request goes from another system to its answer, through the API alone."""

from __future__ import annotations

import pytest

from tests.api.conftest import Connect
from tests.engines.cases.conftest import County
from tongban.core.ledger.models import Entry
from tongban.engines.cases.models import Case

pytestmark = pytest.mark.django_db
LAMP = {"programme": "community", "category": "city", "area": "330482100001", "body": "村口路灯三天没亮了。"}


def test_a_request_is_filed_worked_on_and_followed_to_its_answer(county: County, connect: Connect) -> None:
    asker, agent, handler, reviewer = map(connect, ("陈居民", "王受理", "俞经办", "钱审核"))
    filed = asker.post("/cases", LAMP, Idempotency_Key="a-1")
    assert filed.status_code == 201, filed.content
    assert asker.post("/cases", LAMP, Idempotency_Key="a-1").json() == filed.json(), "sent again it is the same case"
    at = f"/cases/{filed.json()['number']}"
    assert agent.get("/queue?view=accept").json()["cases"][0]["number"] == filed.json()["number"]
    unit = county.units["交通局"].pk
    for who, code, given in (
        (agent, "accept", {}),
        (agent, "assign", {"unit": unit}),
        (handler, "sign_in", {}),
        (handler, "answer", {"text": "灯泡已换，今晚会亮。", "outcome": {"code": "done"}}),
        (reviewer, "approve", {}),
        (agent, "send", {}),
    ):
        seen = who.get(at).json()
        assert code in seen["moves"], (code, seen["moves"])
        done = who.post(f"{at}/moves/{code}", given)
        assert done.status_code == 200, (code, done.content)
    told = asker.get(at).json()
    assert told["state"] == "answered"
    assert [answer["text"] for answer in told["answers"]] == ["灯泡已换，今晚会亮。"]
    assert [line["number"] for line in asker.get("/cases?own=true").json()["cases"]] == [told["number"]]
    assert Entry.objects.filter(name="cases.answer", by_role=county.officers["俞经办"].role).count() == 1


def test_what_a_move_does_not_know_or_lacks_is_told_and_nothing_is_done(county: County, connect: Connect) -> None:
    agent = connect("王受理")
    number = connect("陈居民").post("/cases", LAMP).json()["number"]
    for body, field in (({}, "reason"), ({"reason": "x", "state": "closed"}, "state"), ({"reason": 3}, "reason")):
        wrong = agent.post(f"/cases/{number}/moves/decline", body)
        assert wrong.status_code == 422
        assert wrong.json()["field"] == field
        assert wrong.json()["message"]["zh"]
    assert Case.objects.get().state == "new"
    early = agent.post(f"/cases/{number}/moves/send", {})
    assert (early.status_code, early.json()["code"]) == (409, "case.state")
    assert connect("陈居民").post(f"/cases/{number}/moves/accept", {}).json()["code"] == "api.move"


def test_who_may_not_see_a_case_is_told_that_there_is_none(connect: Connect) -> None:
    number = connect("陈居民").post("/cases", LAMP).json()["number"]
    nothing = connect("俞经办").get("/cases/330482-999999")
    other = connect("孙协办").get(f"/cases/{number}")
    assert (other.status_code, other.content) == (404, nothing.content)
    assert connect("孙协办").post(f"/cases/{number}/moves/accept", {}).status_code == 404


def test_another_system_finds_out_what_it_may_say(county: County, connect: Connect) -> None:
    system = connect("陈居民", "ask")
    community = next(p for p in system.get("/programmes").json() if p["code"] == "community")
    assert "city" in {category["code"] for category in community["kinds"][0]["categories"]}
    ended = {state["code"]: state["ended"] for state in community["kinds"][0]["states"]}
    assert (ended["answered"], ended["closed"]) == (False, True)
    village = next(a for a in system.get("/areas").json() if a["level"] == "village")
    assert (village["code"], village["parent"]) == ("330482100001", "330482100")
    assert county.units["交通局"].pk in {unit["id"] for unit in system.get("/units").json()}
    assert {"ordinary", "joint"} <= {limit["code"] for limit in system.get("/limits").json()}


@pytest.mark.parametrize(
    "body",
    ["", "{", "[1]", "NaN", '{"reason": NaN}', '{"reason": "\\ud800"}', b"\xff\xfe", "[" * 100_000, '{"a":' * 5_000],
)
def test_what_cannot_be_read_is_told_and_breaks_nothing(connect: Connect, body: str | bytes) -> None:
    agent, number = connect("王受理"), connect("陈居民").post("/cases", LAMP).json()["number"]
    answer = agent.post_raw(f"/cases/{number}/moves/decline", body)
    assert answer.status_code in (400, 422), answer.content
    assert answer.json()["message"]["zh"]


@pytest.mark.parametrize("unit", [2**63, -(2**70), 10**40, 0, -1, True, "7", None, [1]])
def test_a_key_that_is_none_is_refused(connect: Connect, unit: object) -> None:
    agent, number = connect("王受理"), connect("陈居民").post("/cases", LAMP).json()["number"]
    agent.post(f"/cases/{number}/moves/accept")
    refused = agent.post(f"/cases/{number}/moves/assign", {"unit": unit})
    assert (refused.status_code, refused.json()["field"]) == (422, "unit")


def test_numbered_questions_are_answered_one_by_one(county: County, connect: Connect) -> None:
    agent, handler = connect("王受理"), connect("俞经办")
    at = f"/cases/{connect('陈居民').post('/cases', LAMP).json()['number']}/moves"
    agent.post(f"{at}/accept")
    agent.post(f"{at}/assign", {"unit": county.units["交通局"].pk})
    handler.post(f"{at}/sign_in")
    assert handler.post(f"{at}/number", {"questions": ["几时亮？", "谁来修？"]}).status_code == 200
    said = {
        "text": "",
        "replies": {"1": "今晚。", "2": "我们。"},
        "outcomes": {"1": {"code": "done"}, "2": {"code": "done"}},
    }
    done = handler.post(f"{at}/answer", said)
    assert (done.status_code, done.json().get("state")) == (200, "review"), done.content


def test_what_takes_a_case_out_of_sight_is_still_told_as_done(county: County, connect: Connect) -> None:
    agent = connect("王受理")
    at = f"/cases/{connect('陈居民').post('/cases', LAMP).json()['number']}/moves"
    agent.post(f"{at}/accept")
    agent.post(f"{at}/assign", {"unit": county.units["交通局"].pk})
    returned = connect("俞经办").post(f"{at}/return", {"reason": "不归我们管"})
    assert returned.status_code in (200, 204), returned.content
    assert Case.objects.get().state == "accepted"
