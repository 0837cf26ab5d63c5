"""Scenarios of cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.shared import HOUR, IMPORT, SYSTEM, Call, Scenario, brought, numbers, scenario
from tongban.core.calendar import actions as calendar
from tongban.core.calendar.models import CalendarDay
from tongban.core.ledger.actor import Actor, Precision
from tongban.core.registry import actions as registry
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening, pausing
from tongban.engines.cases.actions.recomputing import recompute
from tongban.engines.cases.importing import batches, mappings, ordering, undoing
from tongban.engines.cases.models import (
    Batch,
    Case,
)
from tongban.engines.cases.outcome import DONE


def opening(county: County, **more: Any) -> Opening:
    facts: dict[str, Any] = {
        "programme": "enterprise", "kind": "request", "body": "夜班公交停了，能不能恢复？", "area": county.areas["town"].pk,
        "requester": county.people["陆文员"], "firm": county.firm, "cosigners": (county.people["陈居民"],),
        "facts": {"staff": 40},
    }  # fmt: skip
    return Opening(**{**facts, **more})


def case_in(county: County, state: str) -> int:
    """A case that stands in ``state``, with an assisting unit from its assignment on."""
    desk, worker, reviewer = (county.officers[n] for n in ("沈受理", "俞经办", "钱审核"))
    case = actions.open_case(opening(county), by=Actor(county.accounts["陆文员"].pk), at=NOW).pk
    steps: list[tuple[str, Call]] = [
        ("accepted", lambda: actions.accept(case=case, by=desk, at=NOW)),
        ("assigned", lambda: actions.assign(
            case=case, unit=county.units["交通局"].pk, assisting=(county.units["人社局"].pk,), by=desk, at=NOW)),
        ("handling", lambda: actions.sign_in(case=case, by=worker, at=NOW)),
        ("review", lambda: actions.answer(outcome=DONE, case=case, text="周五前恢复，交通局俞负责。", by=worker, at=NOW)),
        ("approved", lambda: actions.approve(case=case, by=reviewer, at=NOW)),
        ("answered", lambda: actions.send(case=case, by=reviewer, at=NOW)),
    ]  # fmt: skip
    for reached, step in steps:
        if Case.objects.get(pk=case).state == state:
            break
        step()
        assert Case.objects.get(pk=case).state == reached
    return case


@scenario(actions.open_case)
def _open(county: County) -> Call:
    key = f"k{next(numbers)}"
    whole = opening(county, files=tuple(brought()))
    return lambda: actions.open_case(whole, by=Actor(county.accounts["陆文员"].pk), at=NOW, idempotency=key)


def moved(state: str, officer: str, act: Callable[..., Any], **more: Any) -> Scenario:
    def prepare(county: County) -> Call:
        case = case_in(county, state)
        by = county.officers.get(officer) or Actor(county.accounts[officer].pk)
        given = {name: value(county) if callable(value) else value for name, value in more.items()}
        return lambda: act(case=case, by=by, at=NOW + HOUR, **given)

    return scenario(act)(prepare)


moved("new", "沈受理", actions.accept)
moved("new", "沈受理", actions.decline, reason="不归这里")
moved("new", "沈受理", actions.correct, category="traffic", area=lambda c: c.areas["town"].pk, address="路口")
moved("accepted", "沈受理", actions.refer, outside="邻县", reason="在邻县")
moved("accepted", "沈受理", actions.assign, unit=lambda c: c.units["交通局"].pk, note="请快办",
      assisting=lambda c: (c.units["人社局"].pk, c.units["新埭镇政府"].pk))  # fmt: skip
moved("assigned", "沈受理", actions.recall, reason="归镇里管")
moved("handling", "俞经办", actions.assist, unit=lambda c: c.units["新埭镇政府"].pk)
moved("answered", "沈受理", actions.close)
moved("answered", "沈受理", actions.call_back, result="unsolved", note="班车还没有来")
moved("answered", "沈受理", actions.reopen, reason="答非所问")
moved("assigned", "俞经办", actions.sign_in)
moved("handling", "俞经办", actions.give_back, reason="办不了")
moved("handling", "俞经办", actions.hand_over, account=lambda c: c.accounts["陆经办"].pk)
moved("handling", "俞经办", actions.transfer, unit=lambda c: c.units["新埭镇政府"].pk, reason="归镇里管")
moved("handling", "孙协办", actions.feed_back, text="能帮忙", files=lambda c: brought())
moved("handling", "俞经办", actions.ask, question="哪一班？")
moved("handling", "俞经办", actions.answer, outcome=DONE, text="周五前恢复，交通局俞负责。", files=lambda c: brought())
moved("review", "钱审核", actions.approve)
moved("review", "钱审核", actions.reject, reason="写清日期")
moved("approved", "钱审核", actions.send)
moved("handling", "陆文员", actions.withdraw, reason="不用了")
moved("handling", "沈受理", actions.reveal, reason="回电话")


def paused(county: County) -> int:
    """A case whose clock stands still."""
    case = case_in(county, "handling")
    actions.pause(case=case, reason="请补站牌照片", by=county.officers["俞经办"], at=NOW)
    return case


def extending(county: County) -> int:
    """A case for which more time was asked."""
    case = case_in(county, "handling")
    actions.extend(case=case, amount=3, reason="要等新车", by=county.officers["俞经办"], at=NOW)
    return case


moved("handling", "俞经办", actions.pause, reason="请补站牌照片")
moved("handling", "俞经办", actions.extend, amount=3, reason="要等新车")


@scenario(actions.resume)
def _resume(county: County) -> Call:
    case = paused(county)
    return lambda: actions.resume(case=case, by=county.officers["俞经办"], at=NOW + HOUR)


@scenario(actions.grant_extension)
def _grant(county: County) -> Call:
    case = extending(county)
    return lambda: actions.grant_extension(case=case, by=county.officers["沈受理"], at=NOW + HOUR)


@scenario(actions.refuse_extension)
def _refuse(county: County) -> Call:
    case = extending(county)
    return lambda: actions.refuse_extension(case=case, reason="来得及", by=county.officers["沈受理"], at=NOW + HOUR)


@scenario(pausing.time_out_stop)
def _stop_out(county: County) -> Call:
    case = paused(county)
    return lambda: pausing.time_out_stop(case=case, by=SYSTEM, at=NOW + 40 * 24 * HOUR)


@scenario(pausing.time_out_extension)
def _extension_out(county: County) -> Call:
    case = extending(county)
    return lambda: pausing.time_out_extension(case=case, by=SYSTEM, at=NOW + 40 * 24 * HOUR)


@scenario(actions.reply)
def _reply(county: County) -> Call:
    case = case_in(county, "handling")
    actions.ask(case=case, question="哪一班？", by=county.officers["俞经办"], at=NOW)
    files = brought()
    return lambda: actions.reply(
        case=case, text="23 点那班", by=Actor(system="asker"), at=NOW, proof=secrets.tracking_code(case), files=files
    )


@scenario(actions.rate)
def _rate(county: County) -> Call:
    token = secrets.rating_token(case_in(county, "answered"))
    return lambda: actions.rate(token=token, grade=5, comment="好", by=Actor(system="asker"), at=NOW)


@scenario(actions.follow)
def _follow(county: County) -> Call:
    case = case_in(county, "new")
    person = registry.register_person(name="跟随", phone="", by=SYSTEM, at=NOW)
    return lambda: actions.follow(case=case, person=person, by=county.officers["沈受理"], at=NOW)


def imported(county: County) -> Case:
    """A case as the import opens it."""
    batch = batches.begin(
        batches.new_batch(programme="community", source="信箱", file_name="a.csv", file_hash="0", by=IMPORT, at=NOW),
        by=IMPORT, at=NOW,
    )  # fmt: skip
    more = {
        "programme": "community", "firm": None, "requester": None, "cosigners": (), "facts": {}, "channel": "import",
        "source": "信箱", "external_id": str(next(numbers)), "batch": batch.pk,
    }  # fmt: skip
    return actions.open_case(opening(county, **more), by=IMPORT, at=NOW)


@scenario(actions.record_reply)
def _record_reply(county: County) -> Call:
    case = imported(county).pk
    return lambda: actions.record_reply(
        case=case, text="已经修好。", replied_at=NOW, precision=Precision.DAY, receipt=False, by=IMPORT, at=NOW
    )


@scenario(undoing.undo_case)
def _undo_case(county: County) -> Call:
    case = imported(county).pk
    return lambda: undoing.undo_case(case=case, by=IMPORT, at=NOW)


@scenario(batches.begin)
def _begin(county: County) -> Call:
    batch = batches.new_batch(programme="community", source="x", file_name="a", file_hash="0", by=IMPORT, at=NOW)
    return lambda: batches.begin(batch, by=IMPORT, at=NOW)


@scenario(batches.count)
def _count(county: County) -> Call:
    batch = Batch.objects.get(pk=imported(county).batch_id)
    return lambda: batches.count(batch, batches.Totals(opened=1), by=IMPORT, at=NOW, finished=True)


@scenario(batches.mark_undone)
def _mark_undone(county: County) -> Call:
    batch = Batch.objects.get(pk=imported(county).batch_id)
    return lambda: batches.mark_undone(batch, by=IMPORT, at=NOW)


@scenario(ordering.order_undo)
def _order_undo(county: County) -> Call:
    batch = imported(county).batch_id
    batches.count(Batch.objects.get(pk=batch), batches.Totals(opened=1), by=IMPORT, at=NOW, finished=True)
    return lambda: ordering.order_undo(batch=batch, by=IMPORT, at=NOW)


@scenario(mappings.save_mapping)
def _mapping(county: County) -> Call:
    name = f"信箱{next(numbers)}"
    return lambda: mappings.save_mapping(
        name=name, programme="community", choice={"body": "内容", "opened_at": "时间"}, by=IMPORT, at=NOW
    )


@scenario(recompute)
def _recompute(county: County) -> Call:
    case = case_in(county, "handling")
    day = (19, 20, 23, 24, 25, 26)[
        CalendarDay.objects.filter(date__range=(date(2026, 11, 19), date(2026, 11, 26))).count()
    ]
    calendar.set_day(day=date(2026, 11, day), working=False, name_zh="临时", by=SYSTEM, at=NOW)
    return lambda: recompute(case=case, by=SYSTEM, at=NOW)
