"""One representative of each action of the house: what it needs, and the call itself.

``SCENARIOS`` maps an action's name to a function that prepares everything and gives the call. It may be asked several
times and must give a fresh call each time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

from tests.engines.cases.conftest import NOW, County
from tongban.core.access import actions as access
from tongban.core.access import mandates, second_factor
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import actions as calendar
from tongban.core.calendar.models import CalendarDay
from tongban.core.ledger.actor import Actor, Precision
from tongban.core.registry import actions as registry
from tongban.core.registry import askers, many, succession
from tongban.core.registry.models import Area, Firm, Mandate, Organisation, Person
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening, administration, targets
from tongban.engines.cases.actions.recomputing import recompute
from tongban.engines.cases.importing import batches, mappings, ordering, undoing
from tongban.engines.cases.models import Batch, Case, Limit, Route, Target

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
        ("review", lambda: actions.answer(case=case, text="周五前恢复，交通局俞负责。", by=worker, at=NOW)),
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
    key = f"k{next(_numbers)}"
    return lambda: actions.open_case(opening(county), by=Actor(county.accounts["陆文员"].pk), at=NOW, idempotency=key)


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
_move("assigned", "俞经办", actions.sign_in)
_move("handling", "俞经办", actions.give_back, reason="办不了")
_move("handling", "俞经办", actions.hand_over, account=lambda c: c.accounts["陆经办"].pk)
_move("handling", "孙协办", actions.feed_back, text="能帮忙")
_move("handling", "俞经办", actions.ask, question="哪一班？")
_move("handling", "俞经办", actions.answer, text="周五前恢复，交通局俞负责。")
_move("review", "钱审核", actions.approve)
_move("review", "钱审核", actions.reject, reason="写清日期")
_move("approved", "钱审核", actions.send)
_move("handling", "陆文员", actions.withdraw, reason="不用了")
_move("handling", "沈受理", actions.reveal, reason="回电话")


@scenario(actions.reply)
def _reply(county: County) -> Call:
    case = case_in(county, "handling")
    actions.ask(case=case, question="哪一班？", by=county.officers["俞经办"], at=NOW)
    return lambda: actions.reply(
        case=case, text="23 点那班", by=Actor(system="asker"), at=NOW, proof=secrets.tracking_code(case)
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


__all__ = ["SCENARIOS", "Person", "case_in", "imported", "opening"]
