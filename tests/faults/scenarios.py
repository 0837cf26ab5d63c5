"""One representative of each action of the house: what it needs, and the call itself.

``SCENARIOS`` maps an action's name to a function that prepares everything and gives the call. It may be asked several
times and must give a fresh call each time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

from stdnum.cn import uscc

from tests.engines.cases.conftest import NOW, County
from tests.ledgered import adopt
from tests.pictures import jpeg
from tongban.core.access import actions as access
from tongban.core.access import mandates, second_factor
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import actions as calendar
from tongban.core.calendar.models import CalendarDay
from tongban.core.files import waiting
from tongban.core.files.blurring import Region
from tongban.core.files.scanning import Verdict
from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor, Precision
from tongban.core.ledger.journal import Journal
from tongban.core.notices import preferences, webhooks
from tongban.core.notices.models import Preferences
from tongban.core.registry import actions as registry
from tongban.core.registry import askers, many, succession
from tongban.core.registry.models import Area, Firm, Mandate, Organisation, Person
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening, administration, escalating, meeting, pausing, rungs, targets
from tongban.engines.cases.actions.recomputing import recompute
from tongban.engines.cases.importing import batches, mappings, ordering, undoing
from tongban.engines.cases.models import (
    AgendaItem,
    Attachment,
    Batch,
    Case,
    Limit,
    Meeting,
    Publication,
    Route,
    Rung,
    Target,
)
from tongban.engines.cases.outcome import DONE
from tongban.engines.visits import actions as visits
from tongban.engines.visits.models import Visit

Call = Callable[[], Any]
Scenario = Callable[[County], Call]
SYSTEM = Actor(system="test")
IMPORT = Actor(system="import")
HOUR = timedelta(hours=1)
_numbers = count(1)
SCENARIOS: dict[str, Scenario] = {}


def scenario(*functions: Callable[..., Any]) -> Callable[[Scenario], Scenario]:
    """Register the scenario of these actions."""

    def register(prepare: Scenario) -> Scenario:
        for function in functions:
            SCENARIOS[f"{function.__module__.removeprefix('tongban.')}.{function.__name__}"] = prepare
        return prepare

    return register


# -- cases -------------------------------------------------------------------------------------------------------------


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


@scenario(actions.merge)
def _merge(county: County) -> Call:
    case, other, desk = case_in(county, "handling"), case_in(county, "handling"), county.officers["沈受理"]
    return lambda: actions.merge(case=case, into=other, by=desk, at=NOW)


@scenario(actions.unmerge)
def _unmerge(county: County) -> Call:
    case, other, desk = case_in(county, "handling"), case_in(county, "handling"), county.officers["沈受理"]
    actions.merge(case=case, into=other, by=desk, at=NOW)
    return lambda: actions.unmerge(case=case, by=desk, at=NOW)


@scenario(actions.split)
def _split(county: County) -> Call:
    case, desk = case_in(county, "handling"), county.officers["沈受理"]
    return lambda: actions.split(case=case, matters=(actions.Matter("另一件事", "tax"),), by=desk, at=NOW)


@scenario(actions.unsplit)
def _unsplit(county: County) -> Call:
    case, desk = case_in(county, "handling"), county.officers["沈受理"]
    actions.split(case=case, matters=(actions.Matter("另一件事"),), by=desk, at=NOW)
    return lambda: actions.unsplit(case=case, by=desk, at=NOW)


@scenario(actions.put_under)
def _put_under(county: County) -> Call:
    case, parent, desk = case_in(county, "new"), case_in(county, "new"), county.officers["沈受理"]
    return lambda: actions.put_under(case=case, parent=parent, by=desk, at=NOW)


@scenario(actions.take_out)
def _take_out(county: County) -> Call:
    case, parent, desk = case_in(county, "new"), case_in(county, "new"), county.officers["沈受理"]
    actions.put_under(case=case, parent=parent, by=desk, at=NOW)
    return lambda: actions.take_out(case=case, by=desk, at=NOW)


@scenario(actions.number_questions)
def _number(county: County) -> Call:
    case, worker = case_in(county, "handling"), county.officers["俞经办"]
    actions.number_questions(case=case, questions=("甲？", "乙？"), by=worker, at=NOW)
    return lambda: actions.number_questions(case=case, questions=("丙？", "丁？"), by=worker, at=NOW)


@scenario(actions.open_up)
def _open_up(county: County) -> Call:
    case = case_in(county, "new")
    return lambda: actions.open_up(case=case, title="夜班公交", by=county.officers["沈受理"], at=NOW)


@scenario(actions.close_up)
def _close_up(county: County) -> Call:
    case = case_in(county, "new")
    actions.open_up(case=case, title="夜班公交", by=county.officers["沈受理"], at=NOW)
    return lambda: actions.close_up(case=case, by=county.officers["沈受理"], at=NOW)


@scenario(actions.join)
def _join(county: County) -> Call:
    case, by = case_in(county, "new"), _resident(county)
    actions.open_up(case=case, title="夜班公交", by=county.officers["沈受理"], at=NOW)
    return lambda: actions.join(case=case, by=by, at=NOW)


@scenario(actions.open_case)
def _open(county: County) -> Call:
    key = f"k{next(_numbers)}"
    whole = opening(county, files=tuple(brought()))
    return lambda: actions.open_case(whole, by=Actor(county.accounts["陆文员"].pk), at=NOW, idempotency=key)


def _move(state: str, officer: str, act: Callable[..., Any], **more: Any) -> Scenario:
    def prepare(county: County) -> Call:
        case = case_in(county, state)
        by = county.officers.get(officer) or Actor(county.accounts[officer].pk)
        given = {name: value(county) if callable(value) else value for name, value in more.items()}
        return lambda: act(case=case, by=by, at=NOW + HOUR, **given)

    return scenario(act)(prepare)


_move("new", "沈受理", actions.accept)
_move("new", "沈受理", actions.decline, reason="不归这里")
_move("new", "沈受理", actions.correct, category="traffic", area=lambda c: c.areas["town"].pk, address="路口")
_move("accepted", "沈受理", actions.refer, outside="邻县", reason="在邻县")
_move("accepted", "沈受理", actions.assign, unit=lambda c: c.units["交通局"].pk, note="请快办",
      assisting=lambda c: (c.units["人社局"].pk, c.units["新埭镇政府"].pk))  # fmt: skip
_move("handling", "俞经办", actions.assist, unit=lambda c: c.units["新埭镇政府"].pk)
_move("answered", "沈受理", actions.close)
_move("answered", "沈受理", actions.call_back, result="unsolved", note="班车还没有来")
_move("answered", "沈受理", actions.reopen, reason="答非所问")
_move("assigned", "俞经办", actions.sign_in)
_move("handling", "俞经办", actions.give_back, reason="办不了")
_move("handling", "俞经办", actions.hand_over, account=lambda c: c.accounts["陆经办"].pk)
_move("handling", "俞经办", actions.transfer, unit=lambda c: c.units["新埭镇政府"].pk, reason="归镇里管")
_move("handling", "孙协办", actions.feed_back, text="能帮忙", files=lambda c: brought())
_move("handling", "俞经办", actions.ask, question="哪一班？")
_move("handling", "俞经办", actions.answer, text="周五前恢复，交通局俞负责。", files=lambda c: brought())
_move("review", "钱审核", actions.approve)
_move("review", "钱审核", actions.reject, reason="写清日期")
_move("approved", "钱审核", actions.send)
_move("handling", "陆文员", actions.withdraw, reason="不用了")
_move("handling", "沈受理", actions.reveal, reason="回电话")


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


_move("handling", "俞经办", actions.pause, reason="请补站牌照片")
_move("handling", "俞经办", actions.extend, amount=3, reason="要等新车")


def published(county: County, *, twice: bool = False) -> int:
    """A case that is public; ``twice``: and whose next version waits."""
    case = case_in(county, "answered")
    if "程受理" not in county.officers:
        county.officer("程受理", "企业受理", "agent")
        adopt()
    second = county.officers["程受理"]
    for last in (False, True) if twice else (False,):
        actions.publish_prepare(
            case=case, title="公交", question="夜班公交停了", place="town", by=county.officers["沈受理"], at=NOW
        )  # fmt: skip
        if not last:
            actions.publish_approve(case=case, version=waiting_version(case), read=True, by=second, at=NOW)
    return case


def waiting_version(case: int) -> int:
    """The public text that waits for approval."""
    return Publication.objects.values_list("pk", flat=True).get(case=case, state="prepared")


@scenario(actions.publish_prepare)
def _publish_prepare(county: County) -> Call:
    case, desk = published(county, twice=True), county.officers["沈受理"]
    return lambda: actions.publish_prepare(
        case=case, title="公交", question="夜班公交停了", answer="周五恢复。", by=desk, at=NOW + HOUR
    )  # fmt: skip


@scenario(actions.publish_approve)
def _publish_approve(county: County) -> Call:
    case = published(county, twice=True)
    version, second = waiting_version(case), county.officers["程受理"]
    return lambda: actions.publish_approve(case=case, version=version, read=True, by=second, at=NOW + HOUR)


@scenario(actions.publish_withdraw)
def _publish_withdraw(county: County) -> Call:
    case, desk = published(county, twice=True), county.officers["沈受理"]
    return lambda: actions.publish_withdraw(case=case, reason="不合适", by=desk, at=NOW + HOUR)


@scenario(actions.keep_private)
def _keep_private(county: County) -> Call:
    case, asker = published(county, twice=True), Actor(county.accounts["陆文员"].pk)
    return lambda: actions.keep_private(case=case, by=asker, at=NOW + HOUR)


@scenario(actions.allow_public)
def _allow_public(county: County) -> Call:
    case, asker = published(county), Actor(county.accounts["陆文员"].pk)
    actions.keep_private(case=case, by=asker, at=NOW)
    return lambda: actions.allow_public(case=case, by=asker, at=NOW + HOUR)


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
        "source": "信箱", "external_id": str(next(_numbers)), "batch": batch.pk,
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
    name = f"信箱{next(_numbers)}"
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


# -- files -------------------------------------------------------------------------------------------------------------


def brought(name: str = "路灯.jpg") -> list[Waiting]:
    """A picture that waits for a form of its own."""
    return [waiting.add(f"form {next(_numbers)}", [jpeg(80, 60)], name, at=NOW)]


def filed(county: County, state: str = "handling") -> Attachment:
    """A picture in a case, filed by an officer of the unit at work."""
    case = case_in(county, state)
    actions.attach(case=case, files=brought(), by=county.officers["俞经办"], at=NOW)
    return Attachment.objects.get(case=case)


@scenario(actions.attach)
def _attach(county: County) -> Call:
    case, files = case_in(county, "handling"), brought()
    return lambda: actions.attach(case=case, files=files, by=county.officers["俞经办"], at=NOW)


@scenario(actions.record_verdict)
def _verdict(county: County) -> Call:
    row = filed(county)
    with Journal("test.asked", by=SYSTEM, at=NOW) as journal:  # as if a scanner had been named when it came
        journal.change(row, of=Case.objects.get(pk=row.case_id), checked="waiting")
    return lambda: actions.record_verdict(file=row.pk, verdict=Verdict("Eicar"), by=SYSTEM, at=NOW)


@scenario(actions.open_picture)
def _open_picture(county: County) -> Call:
    file = filed(county).pk
    return lambda: actions.open_picture(
        file=file, regions=[Region(10, 10, 20, 20)], seen=True, by=county.officers["俞经办"], at=NOW
    )


@scenario(actions.close_picture)
def _close_picture(county: County) -> Call:
    file = filed(county).pk
    actions.open_picture(file=file, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    return lambda: actions.close_picture(file=file, by=county.officers["俞经办"], at=NOW)


# -- administration ----------------------------------------------------------------------------------------------------


@scenario(administration.set_limit)
def _set_limit(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(_numbers))
    return lambda: administration.set_limit(
        code="ordinary", amount=4 + next(_numbers), unit="working_days", start="next_day", valid_from=day,
        source="试", confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip


@scenario(administration.confirm_limit)
def _confirm_limit(county: County) -> Call:
    limit = Limit.objects.filter(confirmed=False).order_by("pk")[0].pk
    return lambda: administration.confirm_limit(limit=limit, source="发文", by=SYSTEM, at=NOW)


@scenario(targets.set_target)
def _set_target(county: County) -> Call:
    n = next(_numbers)
    return lambda: targets.set_target(
        code="on_time", percent=n % 100, valid_from=date(2027, 1, 1) + timedelta(days=n), source="试", confirmed=False,
        by=SYSTEM, at=NOW,
    )  # fmt: skip


@scenario(targets.confirm_target)
def _confirm_target(county: County) -> Call:
    target = targets.set_target(
        code="closure", percent=90, valid_from=date(2027, 1, 1) + timedelta(days=next(_numbers)), source="试",
        confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip
    assert isinstance(target, Target)
    return lambda: targets.confirm_target(target=target.pk, source="发文", by=SYSTEM, at=NOW)


@scenario(rungs.set_rung)
def _set_rung(county: County) -> Call:
    n = next(_numbers)
    return lambda: rungs.set_rung(
        code="joint", amount=20 + n, unit="working_days", before=False, active=True,
        valid_from=date(2027, 1, 1) + timedelta(days=n), source="试", confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip


@scenario(rungs.confirm_rung)
def _confirm_rung(county: County) -> Call:
    rung = Rung.objects.filter(confirmed=False).order_by("pk")[0].pk
    return lambda: rungs.confirm_rung(rung=rung, source="发文", by=SYSTEM, at=NOW)


@scenario(rungs.climb_anew)
def _climb_anew(county: County) -> Call:
    case = case_in(county, "handling")
    escalating.escalate(
        case=case, by=SYSTEM, at=NOW + 16 * 24 * HOUR
    )  # before the monthly meeting: the joint one is next
    n = next(_numbers)
    rungs.set_rung(
        code="joint", amount=20 + n, unit="working_days", before=False, active=True,
        valid_from=date(2026, 11, 18) + timedelta(days=n), source="试", confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip
    return lambda: rungs.climb_anew(case=case, by=SYSTEM, at=NOW + 200 * 24 * HOUR)


@scenario(escalating.escalate)
def _escalate(county: County) -> Call:
    case = case_in(county, "handling")
    return lambda: escalating.escalate(case=case, by=SYSTEM, at=NOW + 40 * 24 * HOUR)


_move("handling", "沈受理", actions.urge, note="请今天回电")
_move("handling", "县督办", actions.supervise, demand="三日内恢复")
_move("handling", "沈受理", actions.raise_to_meeting, kind="monthly")


@scenario(actions.report_back)
def _report_back(county: County) -> Call:
    case = case_in(county, "handling")
    actions.supervise(case=case, demand="三日内恢复", by=county.officers["县督办"], at=NOW)
    return lambda: actions.report_back(case=case, text="已排班", by=county.officers["俞经办"], at=NOW + HOUR)


def free(county: County, kind: str) -> None:
    """No meeting of this kind is planned."""
    by, later = county.officers["秦秘书"], NOW + 25 * HOUR
    for row in Meeting.objects.filter(kind=kind, state="planned"):
        if not AgendaItem.objects.filter(meeting=row).exists():
            meeting.cancel_meeting(meeting=row.pk, reason="另定", by=by, at=NOW)
            continue
        kept = meeting.Decision("kept", "再议")
        for item in AgendaItem.objects.filter(kind=kind, outcome="", case__desk=row.desk_id):
            meeting.decide(case=item.case_id, meeting=row.pk, decision=kept, by=by, at=later)
        meeting.end_meeting(meeting=row.pk, notes="", by=by, at=later)


def called(county: County, kind: str) -> Meeting:
    """A meeting of the firms' desk, a day from now."""
    by, desk = county.officers["秦秘书"], county.units["企业受理"].pk
    return meeting.call_meeting(kind=kind, desk=desk, starts_at=NOW + 24 * HOUR, place="县府", by=by, at=NOW)


def planned(county: County) -> int:
    free(county, "monthly")
    return called(county, "monthly").pk


@scenario(meeting.call_meeting)
def _call_meeting(county: County) -> Call:
    free(county, "joint")
    return lambda: called(county, "joint")


@scenario(meeting.move_meeting)
def _move_meeting(county: County) -> Call:
    held = planned(county)
    return lambda: meeting.move_meeting(
        meeting=held, starts_at=NOW + 48 * HOUR, place="县府", by=county.officers["秦秘书"], at=NOW
    )


@scenario(meeting.cancel_meeting)
def _cancel_meeting(county: County) -> Call:
    held = planned(county)
    return lambda: meeting.cancel_meeting(meeting=held, reason="台风", by=county.officers["秦秘书"], at=NOW)


@scenario(meeting.end_meeting)
def _end_meeting(county: County) -> Call:
    # Of the other desk, on whose agenda nothing stands.
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    held = Meeting.objects.filter(desk=desk, state="planned").first() or meeting.call_meeting(
        kind="monthly", desk=desk, starts_at=NOW + 24 * HOUR, place="县府", by=by, at=NOW
    )
    return lambda: meeting.end_meeting(meeting=held.pk, notes="", by=by, at=NOW + 25 * HOUR)


@scenario(meeting.decide)
def _decide(county: County) -> Call:
    case, held = case_in(county, "handling"), planned(county)
    actions.raise_to_meeting(case=case, kind="monthly", by=county.officers["沈受理"], at=NOW)
    decision = meeting.Decision("assigned", "由交通局牵头", county.units["交通局"].pk, (), date(2026, 12, 18))
    return lambda: meeting.decide(
        case=case, meeting=held, decision=decision, by=county.officers["秦秘书"], at=NOW + 25 * HOUR
    )


@scenario(administration.set_route)
def _set_route(county: County) -> Call:
    day = date(2026, 12, 1) + timedelta(days=next(_numbers))
    unit = county.units[("交通局", "人社局")[Route.objects.count() % 2]].pk
    return lambda: administration.set_route(
        programme="enterprise", category="traffic", unit=unit, limit="joint", valid_from=day, by=SYSTEM, at=NOW
    )


@scenario(administration.end_route)
def _end_route(county: County) -> Call:
    for limit in ("joint", "consult"):
        administration.set_route(
            programme="enterprise", category="tax", unit=county.units["交通局"].pk, limit=limit,
            valid_from=date(2026, 12, 1) + timedelta(days=next(_numbers)), by=SYSTEM, at=NOW,
        )  # fmt: skip
    route = Route.objects.filter(category="tax", ended_at=None).latest("valid_from").pk
    return lambda: administration.end_route(route=route, by=SYSTEM, at=NOW)


# -- calendar ----------------------------------------------------------------------------------------------------------


@scenario(calendar.open_year)
def _open_year(county: County) -> Call:
    year = 2030 + next(_numbers) % 60
    return lambda: calendar.open_year(year=year, by=SYSTEM, at=NOW)


@scenario(calendar.set_day)
def _set_day(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(_numbers))
    return lambda: calendar.set_day(day=day, working=False, name_zh="临时", by=SYSTEM, at=NOW)


@scenario(calendar.clear_day)
def _clear_day(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(_numbers))
    calendar.set_day(day=day, working=False, name_zh="临时", by=SYSTEM, at=NOW)
    return lambda: calendar.clear_day(day=day, by=SYSTEM, at=NOW)


@scenario(calendar.confirm_year)
def _confirm_year(county: County) -> Call:
    year = 2030 + next(_numbers) % 60
    calendar.open_year(year=year, by=SYSTEM, at=NOW)
    return lambda: calendar.confirm_year(year=year, source="通知", by=SYSTEM, at=NOW)


@scenario(calendar.set_working_hours)
def _set_hours(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(_numbers))
    return lambda: calendar.set_working_hours(
        valid_from=day, spans="08:30-12:00 13:30-17:30", source="通知", confirmed=True, by=SYSTEM, at=NOW
    )


# -- registry ----------------------------------------------------------------------------------------------------------


@scenario(registry.register_person)
def _person(county: County) -> Call:
    return lambda: registry.register_person(name="新来的", phone="15400000003", by=SYSTEM, at=NOW)


@scenario(askers.unproven_person)
def _unproven(county: County) -> Call:
    name = f"未证{next(_numbers)}"
    return lambda: askers.unproven_person(name=name, phone="15400000004", by=SYSTEM, at=NOW)


@scenario(askers.named_person)
def _named(county: County) -> Call:
    name = f"提名{next(_numbers)}"
    return lambda: askers.named_person(name=name, phone="15400000005", by=SYSTEM, at=NOW)


@scenario(askers.calling)
def _calling(county: County) -> Call:
    name = f"来电{next(_numbers)}"
    return lambda: askers.calling(name=name, phone="15400000005", by=SYSTEM, at=NOW)


@scenario(many.register_people)
def _people(county: County) -> Call:
    return lambda: many.register_people([("甲", "", None), ("乙", "15400000006", None)], by=SYSTEM, at=NOW)


def credit_code() -> str:
    from stdnum.cn import uscc

    body = f"91330482MA{next(_numbers):07d}"
    return body + str(uscc.calc_check_digit(body))


@scenario(registry.register_firm)
def _firm(county: County) -> Call:
    code = credit_code()
    return lambda: registry.register_firm(
        name="乙（化名）", credit_code=code, area=county.areas["town"], by=SYSTEM, at=NOW
    )


@scenario(many.register_firms)
def _firms(county: County) -> Call:
    rows = [
        ("丙（化名）", credit_code(), county.areas["town"], ""),
        ("丁（化名）", credit_code(), county.areas["town"], ""),
    ]
    return lambda: many.register_firms(rows, by=SYSTEM, at=NOW)


def firm(county: County) -> Firm:
    return registry.register_firm(
        name="戊（化名）", credit_code=credit_code(), area=county.areas["town"], by=SYSTEM, at=NOW
    )


def mandate(county: County) -> Mandate:
    return registry.ask_mandate(firm=firm(county), person=county.people["陈居民"], by=SYSTEM, at=NOW)


@scenario(registry.ask_mandate)
def _ask_mandate(county: County) -> Call:
    wanted = firm(county)
    return lambda: registry.ask_mandate(firm=wanted, person=county.people["陈居民"], by=SYSTEM, at=NOW)


@scenario(registry.confirm_mandate, mandates.confirm)
def _confirm_mandate(county: County) -> Call:
    asked = mandate(county).pk
    viewer = viewer_of(county.accounts["沈受理"], NOW)
    return lambda: mandates.confirm(mandate=asked, viewer=viewer, by=county.officers["沈受理"], at=NOW)


@scenario(registry.end_mandate, mandates.turn_down)
def _end_mandate(county: County) -> Call:
    asked = mandate(county).pk
    viewer = viewer_of(county.accounts["沈受理"], NOW)
    return lambda: mandates.turn_down(mandate=asked, viewer=viewer, by=county.officers["沈受理"], at=NOW)


@scenario(succession.rename_organisation)
def _rename_body(county: County) -> Call:
    name = f"交通运输局{next(_numbers)}"
    unit = county.units["交通局"].pk
    return lambda: succession.rename_organisation(organisation=unit, name_zh=name, name_en="", by=SYSTEM, at=NOW)


@scenario(succession.rename_area)
def _rename_area(county: County) -> Call:
    name = f"泖口村{next(_numbers)}"
    area = county.areas["village"].pk
    return lambda: succession.rename_area(area=area, name_zh=name, name_en="", by=SYSTEM, at=NOW)


@scenario(succession.end_organisation)
def _end_body(county: County) -> Call:
    fresh = _copy(Organisation, county.units["人社局"], f"b-{next(_numbers)}")
    return lambda: succession.end_organisation(
        organisation=fresh, last_day=date(2026, 12, 31), successor=county.units["交通局"].pk, by=SYSTEM, at=NOW
    )


@scenario(succession.end_area)
def _end_area(county: County) -> Call:
    fresh = _copy(Area, county.areas["village"], f"3304821{next(_numbers):05d}")
    return lambda: succession.end_area(
        area=fresh, last_day=date(2026, 12, 31), successor=county.areas["village"].pk, by=SYSTEM, at=NOW
    )


def _copy(model: type[Area] | type[Organisation], row: Area | Organisation, code: str) -> int:
    """A new area or body like another, recorded."""
    from tongban.core.ledger.images import columns_of
    from tongban.core.ledger.journal import Journal

    columns = {k: v for k, v in columns_of(row).items() if k not in ("id", "version")}
    fresh = model(**{**columns, "code": code})
    with Journal("test.copy", by=SYSTEM, at=NOW) as journal:
        journal.add(fresh)
    return fresh.pk


@scenario(succession.dissolve_firm)
def _dissolve(county: County) -> Call:
    gone, heir = firm(county), firm(county)
    return lambda: succession.dissolve_firm(
        firm=gone.pk, day=date(2026, 11, 1), successor_code=heir.credit_code, by=SYSTEM, at=NOW
    )


# -- access ------------------------------------------------------------------------------------------------------------


def account(county: County) -> Any:
    return access.create_account(
        username=f"o{next(_numbers)}.new", name="新人", by=SYSTEM, at=NOW, password="start-here-77"
    )[0]


@scenario(access.create_account)
def _account(county: County) -> Call:
    name = f"o{next(_numbers)}.new"
    return lambda: access.create_account(username=name, name="新人", phone="15400000009", by=SYSTEM, at=NOW)


@scenario(access.confirm_phone)
def _confirm_phone(county: County) -> Call:
    phone = f"154{next(_numbers):08d}"
    return lambda: access.confirm_phone(phone=phone, name="来客", at=NOW)


@scenario(access.begin_work)
def _begin_work(county: County) -> Call:
    row = account(county)
    secret = second_factor.new_setup(row.username).secret
    code = second_factor.code_at(secret, NOW)
    return lambda: access.begin_work(
        account=row, password="another-one-88", again="another-one-88", secret=secret, code=code, by=SYSTEM, at=NOW
    )


@scenario(access.change_password)
def _change_password(county: County) -> Call:
    row = account(county)
    return lambda: access.change_password(
        account=row, old="start-here-77", password="another-one-88", again="another-one-88", by=SYSTEM, at=NOW
    )


@scenario(access.deactivate_account)
def _deactivate(county: County) -> Call:
    row = account(county).pk
    return lambda: access.deactivate_account(account=row, by=SYSTEM, at=NOW)


@scenario(access.reactivate_account)
def _reactivate(county: County) -> Call:
    row = account(county).pk
    access.deactivate_account(account=row, by=SYSTEM, at=NOW)
    return lambda: access.reactivate_account(account=row, by=SYSTEM, at=NOW)


@scenario(access.reset_sign_in)
def _reset(county: County) -> Call:
    row = account(county)
    second_factor.enrol(account=row, secret=second_factor.new_setup(row.username).secret, by=SYSTEM, at=NOW)
    return lambda: access.reset_sign_in(account=row.pk, by=SYSTEM, at=NOW)


@scenario(second_factor.enrol)
def _enrol(county: County) -> Call:
    row = account(county)
    secret = second_factor.new_setup(row.username).secret
    return lambda: second_factor.enrol(account=row, secret=secret, by=SYSTEM, at=NOW)


@scenario(second_factor.renew_paper)
def _paper(county: County) -> Call:
    row = account(county)
    second_factor.enrol(account=row, secret=second_factor.new_setup(row.username).secret, by=SYSTEM, at=NOW)
    return lambda: second_factor.renew_paper(account=row, by=SYSTEM, at=NOW)


def role(county: County) -> Any:
    return access.give_role(
        account=account(county).pk, code="handler", organisation=county.units["交通局"].pk, by=SYSTEM, at=NOW
    )


@scenario(access.give_role)
def _give_role(county: County) -> Call:
    row, unit = account(county).pk, county.units["交通局"].pk
    return lambda: access.give_role(account=row, code="handler", organisation=unit, by=SYSTEM, at=NOW)


@scenario(access.add_substitute)
def _substitute(county: County) -> Call:
    principal, row = role(county).pk, account(county).pk
    return lambda: access.add_substitute(role=principal, account=row, valid_until=date(2026, 12, 31), by=SYSTEM, at=NOW)


@scenario(access.end_role)
def _end_role(county: County) -> Call:
    principal = role(county).pk
    access.add_substitute(role=principal, account=account(county).pk, valid_until=date(2026, 12, 31), by=SYSTEM, at=NOW)
    return lambda: access.end_role(role=principal, by=SYSTEM, at=NOW)


# -- notices -----------------------------------------------------------------------------------------------------------


def _resident(county: County) -> Actor:
    return Actor(access.confirm_phone(phone=f"155{next(_numbers):08d}", name="来客", at=NOW).pk)


@scenario(preferences.choose)
def _choose(county: County) -> Call:
    by = _resident(county)
    return lambda: preferences.choose(choices={("steps", "sms"): "daily", ("answers", "sms"): "now"}, by=by, at=NOW)


@scenario(preferences.give_email)
def _give_email(county: County) -> Call:
    by = _resident(county)
    return lambda: preferences.give_email(address="a@example.org", by=by, at=NOW)


def _given(county: County) -> tuple[Actor, str]:
    by = _resident(county)
    preferences.give_email(address="a@example.org", by=by, at=NOW)
    return by, preferences.email_code(Preferences.objects.latest("pk"))


@scenario(preferences.confirm_email)
def _confirm_email(county: County) -> Call:
    by, code = _given(county)
    return lambda: preferences.confirm_email(code=code, by=by, at=NOW)


@scenario(preferences.forget_email)
def _forget_email(county: County) -> Call:
    by, code = _given(county)
    preferences.confirm_email(code=code, by=by, at=NOW)
    preferences.choose(choices={("steps", "email"): "now"}, by=by, at=NOW)
    return lambda: preferences.forget_email(by=by, at=NOW)


@scenario(preferences.forget_wishes)
def _forget_wishes(county: County) -> Call:
    by, code = _given(county)
    preferences.confirm_email(code=code, by=by, at=NOW)
    preferences.choose(choices={("steps", "email"): "now"}, by=by, at=NOW)
    person = Preferences.objects.latest("pk").person
    with Journal("registry.erase", by=SYSTEM, at=NOW) as journal:
        journal.change(person, erased_at=NOW, name="", phone=b"", phone_index=None)
    return lambda: preferences.forget_wishes(person=person.pk, by=SYSTEM, at=NOW)


_HOOK: dict[str, Any] = {"name": "平台", "address": "https://93.184.215.14/", "kinds": ("case.opened",)}


def _webhook() -> int:
    return webhooks.add_webhook(**_HOOK, by=SYSTEM, at=NOW)[0].pk


@scenario(webhooks.add_webhook)
def _add_webhook(county: County) -> Call:
    return lambda: webhooks.add_webhook(**_HOOK, by=SYSTEM, at=NOW)


@scenario(webhooks.change_webhook)
def _change_webhook(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.change_webhook(webhook=key, **{**_HOOK, "name": "另一个"}, by=SYSTEM, at=NOW)


@scenario(webhooks.switch_webhook)
def _switch_webhook(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.switch_webhook(webhook=key, active=False, by=SYSTEM, at=NOW)


@scenario(webhooks.renew_secret)
def _renew_secret(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.renew_secret(webhook=key, by=SYSTEM, at=NOW)


@scenario(webhooks.try_webhook)
def _try_webhook(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.try_webhook(webhook=key, by=SYSTEM, at=NOW)


# -- visits ------------------------------------------------------------------------------------------------------------

_DAY = date(2026, 11, 20)


def _charged(county: County) -> int:
    """A firm of its own, on which 孙协办 calls."""
    firm = _firm(county)
    visits.assign_liaison(firm=firm, officer=county.accounts["孙协办"].pk, by=county.officers["沈受理"], at=NOW)
    return firm


def _firm(county: County) -> int:
    body = f"91330482MAK{next(_numbers):06}"
    code = body + str(uscc.calc_check_digit(body))
    return registry.register_firm(name="企业", credit_code=code, area=county.areas["town"], by=SYSTEM, at=NOW).pk


def _planned(county: County) -> int:
    firm, by = _charged(county), county.officers["孙协办"]
    return visits.plan_visit(firm=firm, day=_DAY, kind="phone", by=by, at=NOW).pk


def _held(county: County, firm: int) -> Visit:
    by = county.officers["孙协办"]
    return visits.log_visit(firm=firm, held_at=NOW, kind="phone", heard="招工难", met="陆", by=by, at=NOW)


@scenario(visits.assign_liaison)
def _assign_liaison(county: County) -> Call:
    firm, officer = _firm(county), county.accounts["孙协办"].pk
    return lambda: visits.assign_liaison(firm=firm, officer=officer, by=county.officers["沈受理"], at=NOW)


@scenario(visits.hand_over_firm)
def _hand_over_firm(county: County) -> Call:
    firm = Visit.objects.get(pk=_planned(county)).firm_id
    to = county.accounts["陆经办"].pk
    return lambda: visits.hand_over_firm(firm=firm, to=to, by=county.officers["沈受理"], at=NOW)


@scenario(visits.end_liaison)
def _end_liaison(county: County) -> Call:
    firm = Visit.objects.get(pk=_planned(county)).firm_id
    return lambda: visits.end_liaison(firm=firm, by=county.officers["沈受理"], at=NOW)


@scenario(visits.plan_visit)
def _plan_visit(county: County) -> Call:
    firm, by = _charged(county), county.officers["孙协办"]
    return lambda: visits.plan_visit(firm=firm, day=_DAY, kind="phone", by=by, at=NOW)


@scenario(visits.move_visit)
def _move_visit(county: County) -> Call:
    visit, by = _planned(county), county.officers["孙协办"]
    return lambda: visits.move_visit(visit=visit, day=_DAY + timedelta(days=7), by=by, at=NOW)


@scenario(visits.cancel_visit)
def _cancel_visit(county: County) -> Call:
    visit, by = _planned(county), county.officers["孙协办"]
    return lambda: visits.cancel_visit(visit=visit, by=by, at=NOW)


@scenario(visits.miss_visit)
def _miss_visit(county: County) -> Call:
    visit = _planned(county)
    return lambda: visits.miss_visit(visit=visit, day=_DAY, by=SYSTEM, at=NOW + timedelta(days=5))


@scenario(visits.log_visit)
def _log_visit(county: County) -> Call:
    firm = Visit.objects.get(pk=_planned(county)).firm_id
    return lambda: _held(county, firm)


@scenario(visits.open_heard)
def _open_heard(county: County) -> Call:
    visit, by = _held(county, _charged(county)).pk, county.officers["孙协办"]
    phone, area = f"1390000{next(_numbers):04}", county.areas["town"].pk
    return lambda: visits.open_heard(
        visit=visit, programme="enterprise", kind="request", body="请帮忙招工", category="labour", area=area, name="陆",
        phone=phone, by=by, at=NOW,
    )  # fmt: skip


__all__ = ["SCENARIOS", "Person", "case_in", "imported", "opening"]
