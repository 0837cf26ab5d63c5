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
