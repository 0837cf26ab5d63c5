"""Whoever asked the same is told on his phone, under his own number, what becomes of the matter; each time once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_merging import asked, merge
from tests.ledgered import adopt
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices.models import Message
from tongban.engines.cases import actions, queries
from tongban.engines.cases.secrets import tracking_code

Step = Callable[[County, int], object]


@pytest.fixture(autouse=True)
def _recorded(county: County) -> None:
    for name, phone in (("李邻居", "13800000003"), ("赵邻居", "13800000004")):
        county.resident(name, phone)
    adopt()


def sent(kind: str) -> list[tuple[int | None, int]]:
    """To whom, and about which case, messages of a kind were asked for; every row of the outbox done twice."""
    for _ in range(2):
        assert run_pending(NOW).errors == []
        Outbox.objects.update(done_at=None)
    return sorted(Message.objects.filter(kind=f"case.{kind}").values_list("person", "case"))  # type: ignore[arg-type]


def declined(county: County, case: int) -> None:
    actions.decline(case=case, reason="法院正在审理", by=county.officers["王受理"], at=NOW)


def referred(county: County, case: int) -> None:
    actions.refer(case=case, outside="海事局", reason="法院正在审理", by=county.officers["王受理"], at=NOW)


def accepted(county: County, case: int) -> None:
    actions.accept(case=case, by=county.officers["王受理"], at=NOW)


def reopened(county: County, case: int) -> None:
    actions.send(case=case, by=county.officers["王受理"], at=NOW)
    actions.reopen(case=case, reason="没有修好", by=county.officers["王受理"], at=NOW)


@pytest.mark.parametrize(
    ("kind", "state", "step"),
    [("decline", "new", declined), ("refer", "new", referred), ("accept", "new", accepted), ("reopen", "approved", reopened)],
)  # fmt: skip
def test_each_of_those_who_asked_the_same_is_told_once(county: County, kind: str, state: str, step: Step) -> None:
    head, middle, last = asked(county, state=state), asked(county, "李邻居"), asked(county, "赵邻居")
    merge(county, last, middle)
    merge(county, middle, head)
    merge(county, asked(county, "李邻居"), head)  # he asked it twice, and is told once
    step(county, head)
    askers = (("陈居民", head), ("李邻居", middle), ("赵邻居", last))
    assert sent(kind) == sorted((county.people[who].pk, case) for who, case in askers)


def test_whose_own_request_was_accepted_before_is_not_told_so_again(county: County) -> None:
    head, case = asked(county), asked(county, "李邻居", "accepted")
    merge(county, case, head)
    accepted(county, head)
    assert sent("accept") == sorted(((county.people["陈居民"].pk, head), (county.people["李邻居"].pk, case)))
    assert Message.objects.filter(kind="case.accept", case=case).count() == 1


@pytest.mark.parametrize(("kind", "step"), [("decline", declined), ("refer", referred)])
@pytest.mark.parametrize("proved", [False, True])
def test_where_the_message_leads_the_reason_is_read(county: County, kind: str, step: Step, proved: bool) -> None:
    head, case = asked(county), asked(county, "李邻居")
    merge(county, case, head)
    actions.urge(case=head, note="陈居民的话", by=Actor(county.accounts["陈居民"].pk), at=NOW)
    step(county, head)
    detail = queries.tracked(tracking_code(case), proved=proved)
    assert detail is not None
    assert detail.story[0].kind == kind
    assert "法院正在审理" in detail.story[0].text
    assert not [line for line in detail.story if "陈居民" in line.text + line.who]


def test_what_happened_before_the_merge_is_no_part_of_his_own_story(county: County) -> None:
    head, case = asked(county, state="assigned"), asked(county, "李邻居")
    actions.merge(case=case, into=head, by=county.officers["王受理"], at=NOW.replace(hour=3))
    detail = queries.tracked(tracking_code(case), proved=True)
    assert detail is not None
    assert [line.kind for line in detail.story] == ["merge", "open"]
