"""Histories drawn at random: any opening, then the usual way with detours, left somewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.pictures import ASKER, IMPORT
from tongban.core.ledger.actor import Actor, Precision
from tongban.engines.cases import actions
from tongban.engines.cases.bulk import History, Step
from tongban.engines.cases.outcome import DONE, Outcome

OUTCOMES = (
    DONE,
    Outcome("explained"),
    Outcome("not_done", "law", "条例不许"),
    Outcome("partly", "money", "钱不够"),
    Outcome("done", "law"),
)


@st.composite
def histories(draw: st.DrawFn, county: County) -> History:
    """Any opening, then steps of which some do not fit."""
    at = NOW + timedelta(minutes=draw(st.integers(0, 20_000)))
    opening, by = draw(openings(county, at))
    if opening.external_id is not None:
        return History(opening, IMPORT, at, draw(replies(at)))
    return History(opening, by, at, tuple(draw(walks(county, opening.programme, by, at))))


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=60)
spoken = st.sampled_from(
    ["村口的路灯坏了两个月，晚上看不清路。", "贷款还没批下来，😀 请帮忙催一催！", "夜班公交停了", "ＡＢＣ ①"]
)


@st.composite
def openings(draw: st.DrawFn, county: County, at: datetime) -> tuple[actions.Opening, Actor]:
    firm = draw(st.booleans())
    name = "陆文员" if firm else draw(st.sampled_from(["陈居民", "陆文员", ""]))
    external = draw(st.none() | st.sampled_from(["1", "2", "3"])) if not firm else None
    opening = actions.Opening(
        programme="enterprise" if firm else "community",
        kind="request",
        body=draw(spoken | texts),
        area=county.areas[draw(st.sampled_from(["county", "town", "village"]))].pk,
        title=draw(st.just("") | spoken | texts),
        category=draw(st.sampled_from(["traffic", "environment", "other", "", "no-such"])),
        channel=draw(st.sampled_from(["web", "phone", "import"])),
        requester=county.people.get(name),
        beneficiary=county.people.get(draw(st.sampled_from(["", "陈居民"]))),
        cosigners=tuple(county.people[n] for n in draw(st.sampled_from([(), ("陈居民",)])) if n != name),
        firm=county.firm if firm else None,
        confidential=draw(st.booleans()),
        about=draw(st.none() | st.sampled_from([county.units["新埭镇政府"].pk, county.units["交通局"].pk])),
        address=draw(st.just("") | texts),
        longitude=(pin := draw(st.none() | st.floats(120.9, 121.1))),
        latitude=None if pin is None else 30.7,
        facts=draw(st.sampled_from([{}, {"staff": "40"}, {"amount": "12.50", "staff": 3}])) if firm else {},
        opened_at=draw(st.none() | st.just(at - timedelta(days=3))),
        precision=draw(st.sampled_from(list(Precision))),
        source="网站" if external else None,
        external_id=external,
    )
    asker = Actor(county.accounts[name].pk) if name else ASKER
    return opening, asker


@st.composite
def replies(draw: st.DrawFn, at: datetime) -> tuple[Step, ...]:
    found = []
    for receipt in draw(st.sampled_from([(), (True,), (False,), (True, False), (False, False)])):
        told = {
            "text": draw(spoken | texts | st.just("")), "replied_at": at - timedelta(hours=draw(st.integers(0, 50))),
            "precision": draw(st.sampled_from(list(Precision))), "receipt": receipt,
        }  # fmt: skip
        found.append(Step("record_reply", IMPORT, at, told))
    return tuple(found)


@st.composite
def walks(draw: st.DrawFn, county: County, programme: str, asker: Actor, at: datetime) -> list[Step]:
    """The usual way, left somewhere, with detours; now and then a step that is refused."""
    desk = county.officers["沈受理" if programme == "enterprise" else "王受理"]
    unit, workers, reviewer = draw(
        st.sampled_from([("交通局", ("俞经办", "陆经办"), "钱审核"), ("新埭镇政府", ("镇经办", "镇经办"), "镇审核")])
    )
    worker, other = (county.officers[n] for n in workers)
    lead, helper = county.units[unit].pk, county.units["人社局"].pk
    some = st.text("好的已办请", min_size=1, max_size=9)
    asked: dict[str, tuple[Actor, dict[str, Any]]] = {
        "accept": (desk, {}),
        "assign": (desk, {"unit": lead, "assisting": draw(st.sampled_from([(), (helper,)])), "note": draw(st.just("") | some)}),
        "assist": (desk, {"unit": helper}),
        "correct": (desk, {
            "category": draw(st.sampled_from(["", "other"])), "area": draw(st.sampled_from([a.pk for a in county.areas.values()])),
            "address": draw(st.just("") | some),
        }),
        "sign_in": (worker, {}),
        "feed_back": (county.officers["孙协办"], {"text": draw(some)}),
        "ask": (worker, {"question": draw(some)}),
        "reply": (asker, {"text": draw(some)}),
        "pause": (worker, {"reason": draw(some)}),
        "resume": (worker, {}),
        "extend": (worker, {"amount": draw(st.integers(0, 6)), "reason": draw(some)}),
        "grant": (desk, {}),
        "refuse": (desk, {"reason": draw(some)}),
        "hand_over": (worker, {"account": other.account}),
        "down": (worker, {"unit": county.units["泖口村委"].pk, "limit": "consult"}),
        "transfer": (worker, {"unit": helper, "reason": draw(some)}),
        "return": (worker, {"reason": draw(some)}),
        "answer": (worker, {"text": draw(some), "outcome": draw(st.sampled_from(OUTCOMES))}),
        "approve": (county.officers[reviewer], {}),
        "reject": (county.officers[reviewer], {"reason": draw(some)}),
        "send": (desk, {}),
        "rate": (draw(st.sampled_from([ASKER, asker])), {"grade": draw(st.integers(1, 5)), "comment": draw(st.just("") | some)}),
        "callback": (desk, {"result": draw(st.sampled_from(["unsolved", "unsolved", "solved", "unreached"])), "note": draw(st.just("") | some)}),
        "reopen": (desk, {"reason": draw(some)}),
        "close": (desk, {}),
        "decline": (desk, {"reason": draw(some)}),
        "refer": (desk, {"reason": draw(some), "outside": "嘉兴市"}),
        "withdraw": (asker, {"reason": draw(some)}),
    }  # fmt: skip
    way = draw(st.sampled_from([
        "accept assign sign_in answer approve send rate close",
        "accept assign sign_in feed_back ask reply answer reject answer approve send rate",
        "accept assign sign_in answer approve send callback sign_in pause reply answer approve send callback",
        "accept assign sign_in extend grant answer approve send reopen assist sign_in pause",
        "accept assign sign_in down answer approve send rate sign_in answer approve send close reopen return assign",
        "accept assign assist sign_in hand_over return assign sign_in answer",
        "correct accept correct assign sign_in correct answer",
        "accept assign sign_in down return answer approve send close",
        "accept assign sign_in down",
        "accept assign sign_in transfer return answer",
        "accept assign sign_in transfer answer",
        "accept assign sign_in pause reply pause resume extend grant answer approve send",
        "accept assign sign_in extend refuse extend pause answer reject pause",
        "decline", "accept refer", "accept assign sign_in withdraw", "withdraw", "accept close", "rate",
    ])).split()  # fmt: skip
    found = []
    for do in way[: draw(st.integers(0, len(way)))]:
        at += timedelta(minutes=draw(st.integers(0, 3000)))
        by, told = asked[do]
        found.append(Step("assign" if do == "down" else do, by, at, told))
    return found
