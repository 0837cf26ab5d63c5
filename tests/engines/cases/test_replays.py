"""Every row of the outbox done again and again, in any order: one effect inside, and outside always the same ids."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from tests.clamd import EICAR, Daemon
from tests.core.access.conftest import SETUP
from tests.core.notices.servers import Machine, machine, says
from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import brought
from tests.engines.cases.importing.conftest import LETTERS
from tests.ledgered import adopt
from tongban.cli.bench.replays import double_effects
from tongban.core import vault
from tongban.core.calendar import actions as calendar
from tongban.core.calendar import seed
from tongban.core.files import uploads
from tongban.core.ledger import worker
from tongban.core.ledger.actor import COMMAND, Actor
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import Task, appoint, handles, run_pending
from tongban.core.notices import preferences, webhooks
from tongban.core.notices.models import Message, Notice, Preferences, WebhookCall
from tongban.core.notices.ports import FilePort
from tongban.core.registry import reference
from tongban.core.registry.actions import register_firm
from tongban.core.registry.succession import end_organisation
from tongban.engines.cases import actions, events, secrets
from tongban.engines.cases.actions import Opening, escalating, meeting, rungs
from tongban.engines.cases.importing import ordering
from tongban.engines.cases.models import Case, Publication, Stop
from tongban.engines.cases.outcome import DONE
from tongban.engines.visits import actions as visits

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "keys").mkdir()
    for file in vault.key_folder().iterdir():
        (tmp_path / "keys" / file.name).write_bytes(file.read_bytes())
    settings.TONGBAN_DATA = tmp_path
    settings.TONGBAN_WEBHOOK_NETWORKS = (ip_network("127.0.0.0/8"),)


def lived(county: County, other: Machine) -> None:
    """Cases that take every step, with all that is told on every channel, a changed calendar, a seal and a digest."""
    adopt()
    seed.seed(by=SETUP, at=NOW)
    county.officer("程受理", "民生受理", "agent")
    webhooks.add_webhook(name="x", address=other.url, kinds=list(webhooks.KINDS), by=SETUP, at=NOW)
    asker = Actor(county.accounts["陈居民"].pk)
    preferences.give_email(address="chen@example.org", by=asker, at=NOW)
    preferences.confirm_email(code=preferences.email_code(Preferences.objects.get()), by=asker, at=NOW)
    preferences.choose(choices={("steps", "email"): "now", ("answers", "email"): "daily"}, by=asker, at=NOW)
    preferences.give_email(address="other@example.org", by=asker, at=NOW + timedelta(seconds=1))
    cases = [opened(county, asker) for _ in range(4)]
    desk = county.officers["王受理"]
    actions.decline(case=cases[0], reason="法院正在审理", by=desk, at=NOW)
    actions.accept(case=cases[1], by=desk, at=NOW)
    actions.refer(case=cases[1], outside="嘉兴海事局", reason="归海事管", by=desk, at=NOW)
    actions.withdraw(case=cases[2], reason="不用了", by=asker, at=NOW)
    worked(county, cases[3], asker)
    left_behind(county, opened(county, asker))
    pressed(county, asker)
    called_on(county)
    order = imported(county)
    run_pending(NOW + 2 * HOUR)
    ordering.order_undo(batch=order, by=Actor(county.accounts["王受理"].pk), at=NOW + 2 * HOUR)
    run_pending(NOW + 2 * HOUR)


def pressed(county: County, asker: Actor) -> None:
    """What keeps a case moving: pauses, extensions, the ladder rung by rung, slips and a meeting."""
    desk, handler = county.officers["王受理"], county.officers["俞经办"]
    first, second, third = (taken_on(county, asker, NOW) for _ in range(3))
    actions.pause(case=first, reason="请补照片", by=handler, at=NOW)
    actions.resume(case=first, by=handler, at=NOW)
    for decided in (actions.refuse_extension, actions.grant_extension):
        actions.extend(case=first, amount=2, reason="等配件", by=handler, at=NOW)
        more = {"reason": "来得及"} if decided is actions.refuse_extension else {}
        decided(case=first, by=desk, at=NOW, **more)
    actions.urge(case=first, by=asker, at=NOW)
    actions.supervise(case=first, demand="请抓紧", by=desk, at=NOW)
    actions.report_back(case=first, text="明天装", by=handler, at=NOW)
    actions.raise_to_meeting(case=first, kind="monthly", by=desk, at=NOW)
    by, unit = county.officers["卫秘书"], county.units["民生受理"].pk
    held = meeting.call_meeting(kind="monthly", desk=unit, starts_at=NOW + HOUR, place="县府", by=by, at=NOW)
    meeting.decide(
        case=first, meeting=held.pk, decision=meeting.Decision("kept", "再看"), by=by, at=NOW + HOUR
    )  # fmt: skip
    double, single = opened(county, asker), opened(county, asker)
    actions.merge(case=double, into=single, by=desk, at=NOW)
    actions.object_to_merge(case=double, reason="不是一回事", by=asker, at=NOW)
    actions.unmerge(case=double, by=desk, at=NOW)
    actions.split(case=single, matters=(actions.Matter("站牌也坏了"),), by=desk, at=NOW)
    actions.unsplit(case=single, by=desk, at=NOW)
    again = taken_on(county, asker, NOW)
    actions.answer(outcome=DONE, case=again, text="周五前修好，交通局俞负责。", by=handler, at=NOW)
    actions.approve(case=again, by=county.officers["钱审核"], at=NOW)
    actions.send(case=again, by=desk, at=NOW)
    actions.call_back(case=again, result="unsolved", note="还是不亮", by=desk, at=NOW)
    second_agent = county.officers["程受理"]
    for _ in range(2):
        actions.publish_prepare(case=again, title="路灯", question="路灯坏了三天", by=desk, at=NOW)
        version = Publication.objects.get(case=again, state="prepared").pk
        actions.publish_approve(case=again, version=version, read=True, by=second_agent, at=NOW)
        actions.publish_withdraw(case=again, reason="再改", by=desk, at=NOW)
    actions.publish_prepare(case=again, title="路灯", question="路灯坏了三天", by=desk, at=NOW)
    actions.keep_private(case=again, by=asker, at=NOW)
    past = NOW - timedelta(days=60)
    climber = taken_on(county, asker, past)
    for day in range(60):
        escalating.escalate(case=climber, by=SETUP, at=past + timedelta(days=day))
    actions.pause(case=second, reason="请补照片", by=handler, at=NOW)
    Stop.objects.filter(case=second).update(until=NOW + HOUR)
    Case.objects.filter(pk=second).update(due_at=NOW + HOUR)
    Outbox.objects.filter(topic="cases.stop_out").update(due_at=NOW + HOUR)
    actions.extend(case=third, amount=2, reason="等配件", by=handler, at=NOW)
    Case.objects.filter(pk=third).update(promised_at=NOW + HOUR)
    Outbox.objects.filter(topic="cases.extension_out").update(due_at=NOW + HOUR)
    rungs.set_rung(
        code="urge", amount=2, unit="working_days", before=False, active=True, valid_from=NOW.date(), source="试",
        confirmed=True, by=SETUP, at=NOW,
    )  # fmt: skip


def left_behind(county: County, case: int) -> None:
    """A case taken back before anybody took it on, and given to a unit that ends with it in hand."""
    desk, unit = county.officers["王受理"], county.units["新埭镇政府"].pk
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=desk, at=NOW)
    actions.recall(case=case, reason="归镇里管", by=desk, at=NOW)
    actions.assign(case=case, unit=unit, by=desk, at=NOW)
    end_organisation(
        organisation=unit,
        last_day=NOW.date() - timedelta(days=1),
        successor=county.units["交通局"].pk,
        by=COMMAND,
        at=NOW,
    )
    reference.forget()


def called_on(county: County) -> None:
    """A visit to be recalled the next morning, and one that will then be missed."""
    other = register_firm(
        name="新埭纸箱（化名）", credit_code="91330000100000001J", area=county.areas["town"], by=SETUP, at=NOW
    )
    assert county.firm is not None
    for firm, day in ((county.firm, 18), (other, 20)):
        visits.assign_liaison(firm=firm.pk, officer=county.accounts["孙协办"].pk, by=SETUP, at=NOW)
        visits.plan_visit(firm=firm.pk, day=date(2026, 11, day), kind="phone", by=county.officers["孙协办"], at=NOW)


def taken_on(county: County, asker: Actor, at: datetime) -> int:
    """A case with a file in which there is a virus, in the hands of the transport bureau."""
    opening = Opening(
        programme="community", kind="request", body="路灯坏了三天", area=county.areas["village"].pk,
        requester=county.people["陈居民"], files=tuple(brought("话.txt", content=EICAR)) if at == NOW else (),
    )  # fmt: skip
    case = actions.open_case(opening, by=asker, at=at).pk
    actions.accept(case=case, by=county.officers["王受理"], at=at)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=county.officers["王受理"], at=at)
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at)
    return case


def opened(county: County, asker: Actor) -> int:
    opening = Opening(programme="community", kind="request", body="路灯坏了三天", area=county.areas["village"].pk,
                      requester=county.people["陈居民"])  # fmt: skip
    return actions.open_case(opening, by=asker, at=NOW).pk


def worked(county: County, case: int, asker: Actor) -> None:
    desk, handler, reviewer = (county.officers[name] for name in ("王受理", "俞经办", "钱审核"))
    unit = county.units["交通局"].pk
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=unit, by=desk, at=NOW)
    actions.sign_in(case=case, by=handler, at=NOW)
    actions.give_back(case=case, reason="先问村里", by=handler, at=NOW)
    actions.assign(case=case, unit=unit, by=desk, at=NOW)
    actions.sign_in(case=case, by=handler, at=NOW)
    calendar.set_day(day=date(2026, 11, 20), working=False, name_zh="调", by=SETUP, at=NOW)
    run_pending(NOW + HOUR / 2)
    at = NOW + HOUR
    actions.assist(case=case, unit=county.units["人社局"].pk, by=handler, at=at)
    actions.feed_back(case=case, text="可以。", by=county.officers["孙协办"], at=at)
    actions.hand_over(case=case, account=county.accounts["陆经办"].pk, by=handler, at=at)
    handler = county.officers["陆经办"]
    actions.ask(case=case, question="哪一根？", by=handler, at=at)
    actions.reply(case=case, text="村口第三根", by=asker, at=at)
    actions.answer(outcome=DONE, case=case, text="会修好。", by=handler, at=at)
    actions.reject(case=case, reason="写清日期", by=reviewer, at=at)
    actions.answer(outcome=DONE, case=case, text="周五前修好，交通局陆负责。", by=handler, at=at)
    actions.approve(case=case, by=reviewer, at=at)
    actions.send(case=case, by=reviewer, at=at)
    actions.rate(token=secrets.rating_token(case), grade=5, comment="好", by=Actor(system="asker"), at=at)
    actions.close(case=case, by=desk, at=at)


def imported(county: County) -> int:
    choice = {
        "external_id": "留言编号",
        "body": "留言详情",
        "title": "留言主题",
        "time": "留言时间",
        "reply": "答复意见",
    }
    upload = uploads.take_in([LETTERS.read_bytes()], name=LETTERS.name, most=10**7, notes={})
    return ordering.order_import(
        upload=upload, programme="community", source="letters", choice=choice,
        by=Actor(county.accounts["王受理"].pk), at=NOW,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)  # a seal waits until every transaction beside it has ended
@pytest.mark.parametrize("seed_number", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))])
def test_ten_replays_of_every_row_in_any_order_have_one_effect(county: County, seed_number: int, settings: Any) -> None:
    with machine(says(204)) as other, Daemon() as scanner:
        settings.TONGBAN_SCANNER = f"clamd:127.0.0.1:{scanner.port}"
        lived(county, other)
        at = datetime(2026, 11, 19, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        appoint(at)

        def outside() -> set[str]:
            letters = {str(letter.extra_headers["Message-ID"]) for letter in mail.outbox}
            calls = {got.headers["webhook-id"] for got in other.received}
            return letters | calls | {message.key for message in FilePort().delivered()}

        assert double_effects(at=at, outside=outside, seed=seed_number) == 0
        # Every topic there is, and none has failed for good: it would be easy to double nothing where nothing happens.
        assert set(Outbox.objects.values_list("topic", flat=True)) == worker.topics()
        assert not Outbox.objects.exclude(failed_at=None).exists()
        assert not Outbox.objects.exclude(error="").exists()
        assert Notice.objects.count() > 20
        assert Message.objects.filter(kind="digest", sent_at__isnull=False).count() == 1
        assert not Message.objects.filter(sent_at=None).exists()
        ids = Counter(got.headers["webhook-id"] for got in other.received)
        assert WebhookCall.objects.count() == len(ids) > 15
        # Each call went out anew with each replay, as after a worker that dies before it can note that it was taken.
        assert set(ids.values()) == {11}
        assert len({(got.headers["webhook-id"], got.body) for got in other.received}) == len(ids)
        said = [got.said for got in other.received]
    assert {one["type"] for one in said} == {name for name, _ in events.EVENTS.values()}
    body = str(said)
    assert not any(private in body for private in ("路灯", "陈居民", "1380000", "chen@", "俞", "修好", "交通", "海事"))


@pytest.mark.django_db
def test_the_measure_sees_an_effect_that_is_doubled(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a handler that tells anew each time, inside and outside."""
    monkeypatch.setattr(worker, "_HANDLERS", dict(worker._HANDLERS))
    told: list[str] = []

    @handles("test.careless")
    def careless(task: Task) -> None:
        Notice.objects.create(kind="x", made_at=task.at)
        told.append(f"id-{len(told)}")

    Outbox.objects.create(topic="test.careless", key="k", created_at=NOW, due_at=NOW)
    assert double_effects(at=NOW, outside=lambda: set(told), replays=10) == 20
