"""What goes to the phone of somebody without an account: each step that concerns what he was promised, once."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import told
from tests.engines.cases.test_meeting import called, decide
from tests.engines.cases.test_merging import asked
from tests.engines.cases.test_recompute import rest
from tests.engines.cases.test_stops import at, case, pause, reply, resume  # noqa: F401 - a fixture
from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import wording
from tongban.core.notices.models import Message
from tongban.engines.cases import actions, queries, secrets
from tongban.engines.cases.actions.pausing import time_out_stop
from tongban.engines.cases.climbing import climb

BEFORE = {"case.opened", "case.accept"}


def phoned(key: int, when: datetime, language: str = "zh") -> list[str]:
    """What was sent about a case beyond its receipt, in words."""
    for _ in range(3):
        assert run_pending(when).errors == []
    rows = Message.objects.filter(case=key).exclude(kind__in=BEFORE).order_by("pk")
    return [wording.message(row.kind, row.case, json.loads(row.params), language) for row in rows]


def track(key: int) -> str:
    return f"/track/{secrets.tracking_code(key)}/"


def extended(county: County, key: int) -> None:
    actions.extend(case=key, amount=3, reason="等材料", by=county.officers["俞经办"], at=at(19))
    actions.grant_extension(case=key, by=county.officers["王受理"], at=at(19, 10))


def test_more_time_names_the_new_day_and_not_the_reason(county: County, case: int) -> None:  # noqa: F811
    extended(county, case)
    (words,) = phoned(case, at(19, 11))
    assert "延期办理，改为 11月30日 17:00前答复" in words
    assert track(case) in words
    assert "等材料" not in words
    assert "now to be answered by 30 Nov, 17:00" in phoned(case, at(19, 12), "en")[0]


def test_a_changed_calendar_that_moves_the_promise(county: County, case: int) -> None:  # noqa: F811
    rest(date(2026, 11, 24))
    (words,) = phoned(case, at(19))
    assert "改为 11月26日 17:00前答复" in words
    assert track(case) in words


def test_a_clock_that_runs_again_before_he_has_replied(county: County, case: int) -> None:  # noqa: F811
    pause(county, case, at(18, 10))
    resume(county, case, at(19, 10))
    _, words = phoned(case, at(19, 11))
    assert "恢复计时，11月26日" in words
    assert track(case) in words
    assert told(county, "陈居民", at(19, 11))["asker.resume"] == 1


def test_a_pause_that_has_lasted_its_longest_and_none_of_his_own_reply(county: County, case: int) -> None:  # noqa: F811
    pause(county, case, at(18, 10))
    time_out_stop(case=case, by=WORKER, at=at(10, month=12))
    assert "暂停已到最长时间" in phoned(case, at(10, 11, month=12))[1]
    other = asked(county, state="handling")
    pause(county, other, at(18, 10))
    reply(county, other, at(19, 10))
    assert len(phoned(other, at(19, 11))) == 1, "he was asked, and knows that he has replied"


@pytest.mark.parametrize(
    ("kind", "decision", "said"),
    [
        ("monthly", {"outcome": "assigned", "by_date": date(2026, 12, 18)}, "月度例会对诉求"),
        ("joint", {"outcome": "held", "by_date": date(2027, 1, 8)}, "暂时挂账，暂停计时，最迟 1月8日"),
    ],
)
def test_what_a_meeting_decides(county: County, case: int, kind: str, decision: dict[str, object], said: str) -> None:  # noqa: F811
    day = at(29 if kind == "joint" else 8, 14, month=12)
    climb(at(3, month=12))
    if kind == "joint":
        climb(at(20, month=12))
    held = called(county, kind, day)
    lead = {"lead": county.units["交通局"].pk} if kind == "monthly" else {}
    decide(county, case, held, day, **decision, **lead)
    words = phoned(case, day)[-1]
    assert said in words
    assert track(case) in words
    assert "交通局牵头" not in words, "what was decided stands behind the link"


def test_whoever_asked_the_same_is_told_under_his_own_number(county: County, case: int) -> None:  # noqa: F811
    other = asked(county, "陆文员")
    actions.merge(case=other, into=case, by=county.officers["王受理"], at=NOW)
    extended(county, case)
    for key in (case, other):
        words = phoned(key, at(19, 11))[-1]
        assert secrets.case_number(key) in words
        assert track(key) in words
        assert "改为 11月30日" in words


def test_each_row_done_again_sends_nothing_more(county: County, case: int) -> None:  # noqa: F811
    extended(county, case)
    rest(date(2026, 11, 24))
    first = phoned(case, at(19, 11))
    Outbox.objects.update(done_at=None, attempts=0)
    assert phoned(case, at(19, 12)) == first


def test_he_sees_that_it_went_back_to_the_desk_and_not_why(county: County, case: int) -> None:  # noqa: F811
    actions.give_back(case=case, reason="不归我们管", by=county.officers["俞经办"], at=at(18, 11))
    seen = queries.tracked(secrets.tracking_code(case))
    assert seen is not None
    assert "back_at_desk" in [line.kind for line in seen.story]
    assert "不归我们管" not in [line.text for line in seen.story]
    assert "return" not in [line.kind for line in seen.story]
