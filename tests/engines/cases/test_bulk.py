"""The bulk writer writes what the actions write: row for row and entry for entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.drawn import histories
from tests.engines.cases.pictures import ASKER, IMPORT, both_ways, differences, in_bulk, picture, undone
from tongban.core.ledger.actor import Actor, Precision
from tongban.core.ledger.models import Entry
from tongban.engines.cases import actions
from tongban.engines.cases.actions.meeting import Decision, call_meeting
from tongban.engines.cases.bulk import STEPS, Chunk, History, Result, Step, write_histories, writing
from tongban.engines.cases.models import Case, Meeting, StoryItem
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.text import INDEX

# Shrinking would take minutes; what differs is told in a line anyway.
SEEK = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(
    max_examples=30, phases=SEEK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_in_bulk_stands_what_the_actions_would_have_written(county: County, data: st.DataObject) -> None:
    many = data.draw(st.lists(histories(county), min_size=1, max_size=5))
    expected, found = both_ways(many)
    found_differently = "\n".join(differences(expected, found))
    assert not found_differently, found_differently


def told(county: County, do: str, by: str, at: datetime, **more: Any) -> Step:
    return Step(do, county.officers[by] if by in county.officers else Actor(county.accounts[by].pk), at, more)


def request(county: County, **more: Any) -> actions.Opening:
    return actions.Opening(
        programme="enterprise", kind="request", body="夜班公交停了，工人回不了宿舍。", area=county.areas["town"].pk,
        category="traffic", requester=county.people["陆文员"], firm=county.firm, **more,
    )  # fmt: skip


def letter(county: County, known_as: str, **more: Any) -> History:
    opening = actions.Opening(
        programme="community", kind="request", body="村口的路灯坏了", area=county.areas["village"].pk, source="网站",
        external_id=known_as, channel="import", **more,
    )  # fmt: skip
    return History(opening, IMPORT, NOW)


def sitting(county: County) -> int:
    """A monthly meeting of the firms' desk; the same for both ways."""
    known = Meeting.objects.filter(kind="monthly").first()
    return (known or call_meeting(
        kind="monthly", desk=county.units["企业受理"].pk, starts_at=NOW + timedelta(days=3), place="县府",
        by=county.officers["秦秘书"], at=NOW,
    )).pk  # fmt: skip


def whole_story(county: County, hours: int = 1) -> History:
    """From opening to rating, through a village and back, with a question, a refusal by the reviewer and helpers."""
    steps = (
        told(county, "correct", "沈受理", NOW, category="labour", area=county.areas["town"].pk, address="园区路 1 号"),
        told(county, "accept", "沈受理", NOW),
        told(county, "assign", "沈受理", NOW, unit=county.units["新埭镇政府"].pk, assisting=(county.units["人社局"].pk,), note="急"),
        told(county, "assist", "沈受理", NOW, unit=county.units["交通局"].pk),
        told(county, "sign_in", "镇经办", NOW),
        told(county, "feed_back", "孙协办", NOW, text="有一班车可用"),
        told(county, "ask", "镇经办", NOW, question="几点下班？"),
        told(county, "reply", "陆文员", NOW, text="晚上十点"),
        told(county, "assign", "镇经办", NOW, unit=county.units["泖口村委"].pk),
        told(county, "sign_in", "村经办", NOW),
        told(county, "return", "村经办", NOW, reason="车不归村里管"),
        told(county, "hand_over", "镇经办", NOW, account=county.accounts["镇经办"].pk),
        told(county, "transfer", "镇经办", NOW, unit=county.units["泖口村委"].pk, reason="归村里管"),
        told(county, "sign_in", "村经办", NOW),
        told(county, "transfer", "村经办", NOW, unit=county.units["新埭镇政府"].pk, reason="村里办不了"),
        told(county, "sign_in", "镇经办", NOW),
        told(county, "pause", "镇经办", NOW, reason="请补排班表"),
        told(county, "resume", "镇经办", NOW + timedelta(days=2)),
        told(county, "extend", "镇经办", NOW + timedelta(days=2), amount=2, reason="等排班"),
        told(county, "refuse", "沈受理", NOW + timedelta(days=2), reason="来得及"),
        told(county, "extend", "镇经办", NOW + timedelta(days=2), amount=3, reason="还要和车队商量"),
        told(county, "grant", "沈受理", NOW + timedelta(days=2)),
        told(county, "raise", "沈受理", NOW + timedelta(days=2), kind="monthly"),
        told(county, "decide", "秦秘书", NOW + timedelta(days=3), meeting=sitting(county), decision=Decision("kept", "下次再看")),
        told(county, "answer", "镇经办", NOW, outcome=DONE, text="加一班"),
        told(county, "reject", "镇审核", NOW, reason="写清时间"),
        told(county, "answer", "镇经办", NOW, outcome=DONE, text="周五起每晚十点半加一班"),
        told(county, "approve", "镇审核", NOW),
        told(county, "send", "沈受理", NOW),
        Step("rate", ASKER, NOW + timedelta(hours=hours), {"grade": 4, "comment": "可以"}),
        told(county, "close", "沈受理", NOW + timedelta(hours=hours)),
    )  # fmt: skip
    return History(
        request(county, facts={"staff": 40}, cosigners=(county.people["陈居民"],)),
        Actor(county.accounts["陆文员"].pk),
        NOW,
        steps,
    )


def done_again(county: County) -> History:
    """Answered, called about, and to be done again all the same."""
    steps = (
        told(county, "accept", "沈受理", NOW),
        told(county, "assign", "沈受理", NOW, unit=county.units["交通局"].pk),
        told(county, "sign_in", "俞经办", NOW),
        told(county, "answer", "俞经办", NOW, outcome=DONE, text="周五起每晚十点半加一班"),
        told(county, "approve", "钱审核", NOW),
        told(county, "send", "沈受理", NOW),
        told(county, "callback", "沈受理", NOW + timedelta(days=1), result="solved"),
        told(county, "reopen", "沈受理", NOW + timedelta(days=2), reason="又停了"),
        told(county, "sign_in", "俞经办", NOW + timedelta(days=2)),
    )
    return History(request(county), Actor(county.accounts["陆文员"].pk), NOW, steps)


def test_every_step_there_is_leads_to_the_same_county(county: County) -> None:
    asker = Actor(county.accounts["陆文员"].pk)
    many = [
        whole_story(county),
        done_again(county),
        History(request(county), asker, NOW, (told(county, "decline", "沈受理", NOW, reason="不在受理范围"),)),
        History(request(county), asker, NOW, (told(county, "accept", "沈受理", NOW), told(county, "refer", "沈受理", NOW, reason="上级职责", outside="嘉兴市"))),
        History(request(county, confidential=True), asker, NOW, (told(county, "withdraw", "陆文员", NOW, reason="已解决"),)),
        replace(letter(county, "7"), steps=(
            Step("record_reply", IMPORT, NOW, {"text": "已收悉", "replied_at": NOW, "precision": Precision.DAY, "receipt": True}),
            Step("record_reply", IMPORT, NOW, {"text": "已修好", "replied_at": NOW, "precision": Precision.DAY, "receipt": False}),
        )),
    ]  # fmt: skip
    taken = {s.do for h in many for s in h.steps}
    assert taken == set(STEPS)
    expected, found = both_ways(many)
    assert not (differs := "\n".join(differences(expected, found))), differs
    assert all(isinstance(one, dict) for one in found)


def test_what_is_known_already_is_unchanged_in_one_run_and_the_next(county: County) -> None:
    first = in_bulk([letter(county, "1"), letter(county, "2"), letter(county, "1")])
    again = in_bulk([letter(county, "2"), letter(county, "3")])
    assert [o.result for o in first] == [Result.OPENED, Result.OPENED, Result.UNCHANGED]
    assert [o.result for o in again] == [Result.UNCHANGED, Result.OPENED]
    assert Case.objects.count() == 3


def test_a_refused_history_leaves_nothing_and_no_gap_in_the_numbers(county: County) -> None:
    bad = replace(letter(county, "2"), steps=(Step("decline", county.officers["王受理"], NOW, {"reason": " "}),))
    late = replace(
        letter(county, "3"),
        steps=(Step("accept", county.officers["王受理"], NOW), Step("close", county.officers["王受理"], NOW)),
    )
    found = in_bulk([letter(county, "1"), bad, late, letter(county, "4"), letter(county, "5", about=-1)])
    assert [o.result for o in found] == [Result.OPENED, Result.REFUSED, Result.REFUSED, Result.OPENED, Result.REFUSED]
    assert [(o.step, o.refusal.code) for o in found if o.refusal] == [
        ("decline", "case.reason"), ("close", "case.state"), ("open", "case.unit.none"),
    ]  # fmt: skip
    assert found[3].case == (found[0].case or 0) + 1
    assert sorted(Case.objects.values_list("pk", flat=True)) == [found[0].case, found[3].case]
    assert set(StoryItem.objects.values_list("case_id", flat=True)) == {found[0].case, found[3].case}
    assert Entry.objects.filter(kind="cases.case").count() == 2
    after = actions.open_case(request(county), by=ASKER, at=NOW)
    assert after.pk > (found[3].case or 0)


def test_quiet_writing_asks_the_worker_for_nothing_else_is_the_same(county: County) -> None:
    sitting(county)  # before what is undone, so that it is the same meeting for both
    pictures = []
    for quiet in (False, True):
        with undone():
            outcomes = list(write_histories([whole_story(county)], quiet=quiet))
            (one,) = picture(outcomes)
            assert bool(one.pop("outbox")) is not quiet
            pictures.append(one)
    assert pictures[0] == pictures[1]


def test_whoever_brings_the_same_letter_meanwhile_is_not_overwritten(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    look = writing._known

    def slow(chunk: list[History]) -> set[tuple[str, str]]:
        found = look(chunk)
        looks.append(len(found))
        if len(looks) == 1:
            actions.open_case(letter(county, "2").opening, by=IMPORT, at=NOW)
        return found

    monkeypatch.setattr(writing, "_known", slow)
    found = in_bulk([letter(county, "1"), letter(county, "2"), letter(county, "3")])
    assert [o.result for o in found] == [Result.OPENED, Result.UNCHANGED, Result.OPENED]
    assert looks[0] == 0
    assert looks[-1] == 1
    assert Case.objects.count() == 3


def test_a_chunk_that_cannot_be_written_leaves_nothing(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rows: Any) -> None:
        raise OSError("the disk is full")

    before = (Entry.objects.count(), Case.objects.count())
    monkeypatch.setattr(INDEX, "put_prepared", broken)
    with pytest.raises(OSError, match="disk"):
        in_bulk([letter(county, "1"), letter(county, "2")])
    assert (Entry.objects.count(), Case.objects.count()) == before
    monkeypatch.undo()
    assert [o.result for o in in_bulk([letter(county, "1")])] == [Result.OPENED]


def test_what_was_written_is_told_before_what_went_wrong_with_the_next(county: County) -> None:
    def letters() -> Iterator[History]:
        for number in range(150):
            yield letter(county, str(number))
        raise OSError("the file ends here")

    told: list[Result] = []
    with pytest.raises(OSError, match="ends here"):
        told.extend(o.result for o in write_histories(letters()))
    assert told == [Result.OPENED] * 100
    assert Case.objects.count() == 100


def test_chunks_stay_as_short_as_asked(county: County) -> None:
    chunks: list[Chunk] = []
    many = [letter(county, str(i)) for i in range(400)]
    done = list(write_histories(iter(many), lock=0.005, on_chunk=chunks.append))
    assert len(done) == 400
    assert sum(c.cases for c in chunks) == 400
    assert len(chunks) > 3
    assert chunks[-1].cases < chunks[0].cases, "the first was too long, so the later ones are shorter"


def test_a_history_knows_its_steps() -> None:
    with pytest.raises(ValueError, match="no step 'rewrite'"):
        Step("rewrite", ASKER, NOW)
