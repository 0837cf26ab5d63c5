"""Fifty at once: one wins, the others are told so, and nothing is done twice or by half."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import handled
from tests.ledgered import adopt, empty_indexes
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening, meeting
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.bulk import Chunk, History, Result, write_histories
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.models import AgendaItem, Assignment, Case, Escalation, Meeting, Participant, Rating, Slip
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.text import INDEX

MANY = 50
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(what: Callable[[int], object], many: int = MANY) -> tuple[list[object], Counter[str]]:
    """Do it in many threads, each with a connection of its own, begun together: what came of it, and what was refused."""
    ready = threading.Barrier(many)
    results: list[object] = []
    refusals: Counter[str] = Counter()
    errors: list[BaseException] = []

    def one(number: int) -> None:
        try:
            connection.ensure_connection()
            ready.wait(60)
            results.append(what(number))
        except Refused as refusal:
            refusals[refusal.code if len(refusal.sentence("zh")) > 5 else "no sentence"] += 1
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert len(results) + refusals.total() == many
    return results, refusals


@pytest.fixture(autouse=True)
def no_old_words(county: County) -> None:
    """Django empties its models' tables after a test with transactions of its own; the index is none of them."""
    empty_indexes()


def opening(county: County) -> Opening:
    return Opening(
        programme="community", kind="request", body="路灯坏了三天", area=county.areas["village"].pk,
        requester=county.people["陈居民"],
    )  # fmt: skip


def assigned(county: County) -> int:
    adopt()
    desk = county.officers["王受理"]
    case = actions.open_case(opening(county), by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=desk, at=NOW)
    return case


def whole() -> bool:
    return not list(Audit().faults())


def test_of_fifty_who_sign_in_one_case_exactly_one_has_it(county: County) -> None:
    case = assigned(county)
    officers = [county.officers["俞经办"], county.officers["陆经办"]]
    results, refusals = at_once(lambda n: actions.sign_in(case=case, by=officers[n % 2], at=NOW + HOUR))
    assert len(results) == 1
    # Whoever reads after the winner has committed sees the new state; whoever read before is told that it has moved.
    assert set(refusals) <= {"case.state", "ledger.overtaken"}
    row, duty = Case.objects.get(pk=case), Assignment.objects.get(case=case)
    assert row.handler_id == duty.signed_in_by
    assert Entry.objects.filter(kind="cases.case", object_id=case, name="cases.sign_in").count() == 1
    assert row.version == Entry.objects.filter(kind="cases.case", object_id=case).count()
    assert whole()


def test_fifty_presses_of_one_button_open_one_case(county: County) -> None:
    adopt()
    asker = Actor(county.accounts["陈居民"].pk)
    results, refusals = at_once(lambda n: actions.open_case(opening(county), by=asker, at=NOW, idempotency="k").pk)
    assert refusals == Counter()
    assert len(results) == MANY
    assert set(results) == {Case.objects.get().pk}
    assert Outbox.objects.filter(topic="cases.opened").count() == 1
    assert whole()


def test_a_neighbour_who_presses_twice_leaves_once(county: County) -> None:
    case, neighbour = assigned(county), Actor(county.accounts["陆文员"].pk)
    actions.open_up(case=case, title="路灯不亮", by=county.officers["王受理"], at=NOW)
    actions.join(case=case, by=neighbour, at=NOW)
    results, refusals = at_once(lambda _: actions.leave(case=case, by=neighbour, at=NOW), 12)
    assert len(results) == 1
    assert set(refusals) <= {"case.neighbours.not_one", "ledger.overtaken"}
    assert Case.objects.get(pk=case).neighbours == 0
    assert whole()


def test_of_fifty_uses_of_one_rating_link_one_counts(county: County) -> None:
    case = assigned(county)
    worker, reviewer = county.officers["俞经办"], county.officers["钱审核"]
    actions.sign_in(case=case, by=worker, at=NOW)
    actions.answer(outcome=DONE, case=case, text="周五前修好，交通局俞负责。", by=worker, at=NOW)
    actions.approve(case=case, by=reviewer, at=NOW)
    actions.send(case=case, by=reviewer, at=NOW)
    token = secrets.rating_token(case)
    results, refusals = at_once(
        lambda n: actions.rate(token=token, grade=1 + n % 5, by=Actor(system="asker"), at=NOW + HOUR)
    )
    assert results == [case]
    assert set(refusals) <= {"rating.used", "ledger.overtaken"}
    assert Rating.objects.get(case=case).grade == Case.objects.get(pk=case).grade
    assert Entry.objects.filter(kind="cases.case", object_id=case, name="cases.rate").count() == 1
    assert whole()


def test_of_different_moves_at_once_one_is_made(county: County) -> None:
    adopt()
    desk = county.officers["王受理"]
    case = actions.open_case(opening(county), by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    moves: list[Callable[[], object]] = [
        lambda: actions.accept(case=case, by=desk, at=NOW),
        lambda: actions.decline(case=case, reason="不归这里", by=desk, at=NOW),
        lambda: actions.refer(case=case, outside="邻县", reason="在邻县", by=desk, at=NOW),
        lambda: actions.withdraw(case=case, reason="不用了", by=Actor(county.accounts["陈居民"].pk), at=NOW),
    ]
    results, _ = at_once(lambda n: moves[n % 4]())
    state = Case.objects.get(pk=case).state
    # An accepted case may still be referred or withdrawn by one who comes after.
    assert 1 <= len(results) <= 2
    assert state in {"accepted", "declined", "referred", "withdrawn"}
    assert Entry.objects.filter(kind="cases.case", object_id=case).count() == 1 + len(results)
    assert whole()


def test_of_fifty_who_add_the_same_follower_one_does(county: County) -> None:
    case = assigned(county)
    person = county.people["陆文员"]
    results, refusals = at_once(
        lambda n: actions.follow(case=case, person=person, by=county.officers["王受理"], at=NOW)
    )
    assert len(results) == 1
    assert set(refusals) <= {"participant.known", "ledger.overtaken"}
    assert Participant.objects.filter(case=case).count() == 1
    assert whole()


def test_different_cases_at_once_all_go_through(county: County) -> None:
    adopt()
    desk, asker = county.officers["王受理"], Actor(county.accounts["陈居民"].pk)
    cases = [actions.open_case(opening(county), by=asker, at=NOW).pk for _ in range(20)]
    results, refusals = at_once(lambda n: actions.accept(case=cases[n], by=desk, at=NOW), many=20)
    assert (len(results), refusals) == (20, Counter())
    assert whole()


def letters(county: County, names: range) -> Iterator[History]:
    for name in names:
        known_as = {"source": "网站", "external_id": str(name), "channel": "import", "requester": None}
        yield History(replace(opening(county), **known_as), Actor(system="import"), NOW)


def test_four_imports_of_the_same_letters_bring_each_once(county: County) -> None:
    adopt()
    results, refusals = at_once(
        lambda n: Counter(o.result for o in write_histories(letters(county, range(300)), lock=0.02)), many=4
    )
    assert refusals == Counter()
    told = sum((r for r in results if isinstance(r, Counter)), Counter[str]())
    assert told == {Result.OPENED: 300, Result.UNCHANGED: 900}
    assert sorted(map(int, Case.objects.values_list("external_id", flat=True))) == list(range(300))
    assert INDEX.count() == 300
    assert whole()


def test_who_brings_a_letter_between_two_chunks_makes_no_gap_and_loses_nothing(county: County) -> None:
    """The first hundred are committed: then somebody else is faster with one of the next."""
    adopt()
    theirs: list[int] = []

    def faster(_: Chunk) -> None:
        if not theirs:
            (one,) = write_histories(letters(county, range(150, 151)))
            theirs.append(one.case or 0)

    outcomes = list(write_histories(letters(county, range(400)), on_chunk=faster))
    assert [n for n, o in enumerate(outcomes) if o.result is not Result.OPENED] == [150]
    assert outcomes[150].result is Result.UNCHANGED
    numbers = sorted(o.case for o in outcomes if o.case)
    assert len(numbers) == 399
    assert sorted({*numbers, *theirs}) == sorted(Case.objects.values_list("pk", flat=True))
    assert [o.case for o in outcomes if o.case] == numbers, "in the order in which they came"
    assert numbers[-1] - numbers[0] == 399 + (numbers[0] < theirs[0] < numbers[-1]) - 1
    assert whole()


def test_many_workers_at_once_let_each_case_climb_once(county: County) -> None:
    cases = [handled(county) for _ in range(12)]
    late = NOW + timedelta(days=12, hours=9)
    at_once(lambda _: climb(late), many=6)
    climb(late)
    for case in cases:
        rungs = list(Escalation.objects.filter(case=case).order_by("pk").values_list("rung", flat=True))
        assert rungs == ["remind", "urge", "supervise"]
    assert Slip.objects.count() == len(cases)


def test_of_fifty_who_call_the_next_meeting_one_does(county: County) -> None:
    desk, by = county.units["民生受理"].pk, county.officers["卫秘书"]

    def call(number: int) -> object:
        when = NOW + timedelta(days=1, minutes=number)
        return meeting.call_meeting(kind="monthly", desk=desk, starts_at=when, place="县府", by=by, at=NOW)

    results, refusals = at_once(call)
    assert len(results) == Meeting.objects.count() == 1
    assert refusals.total() == MANY - 1


def test_a_meeting_that_is_cancelled_as_it_decides_has_not_done_both(county: County) -> None:
    desk, by, later = county.units["民生受理"].pk, county.officers["卫秘书"], NOW + timedelta(days=2)
    for _ in range(10):
        case = handled(county)
        actions.raise_to_meeting(case=case, kind="monthly", by=county.officers["王受理"], at=NOW)
        when = NOW + timedelta(days=1)
        held = meeting.call_meeting(kind="monthly", desk=desk, starts_at=when, place="县府", by=by, at=NOW).pk

        def settle(number: int, case: int = case, held: int = held) -> object:
            if number % 2:
                return meeting.cancel_meeting(meeting=held, reason="台风", by=by, at=later)
            return meeting.decide(case=case, meeting=held, decision=Decision("kept", "再议"), by=by, at=later)

        at_once(settle, 6)
        decided = AgendaItem.objects.filter(meeting=held).exists()
        assert decided == (Meeting.objects.get(pk=held).state == "planned")
        Meeting.objects.filter(pk=held).update(state="held")  # out of the next one's way
