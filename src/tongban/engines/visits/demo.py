"""Who called on which firm in the demo county's last weeks, what he heard, and what he plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from tongban.core.access import demo as access
from tongban.core.access.models import Account, Liaison
from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.ledger.actor import COMMAND, WORKER, Actor
from tongban.core.refusals import Refused
from tongban.core.registry.models import Firm
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.demo.county import DemoCounty, Shown
from tongban.engines.cases.demo.life import Opens
from tongban.engines.cases.demo.plan import Plan
from tongban.engines.cases.models import Case
from tongban.engines.visits.actions import assign_liaison, log_visit, miss_visit, open_heard, plan_visit
from tongban.engines.visits.actions.timing import missed_at
from tongban.engines.visits.models import Visit

_BODIES = ("b-industry", "b-labour", "b-finance", "b-commerce", "town-330482102", "b-traffic", "b-development")
_HEARD = (
    "订单比去年多两成，愁的是人手，年后想再招三十人。", "新设备月底到，想问技改补助怎么报。", "电费账单看不懂，已当面对过，没有问题。",
    "老板在外地，车间主任说生产正常，近期没有要办的事。", "出口单子少了，想了解广交会补贴；材料已发给他们。",
    "年底回款慢，银行续贷在谈，暂时不用出面。", "门口修路绕行，施工方答应月底通车，下次来再看。", "环评换证已经办好，说这次很快。",
)  # fmt: skip
_MET = ("陆总经理", "沈厂长、行政金经理", "朱会计", "生产部周主任", "办公室俞主任", "")
_SETTLED = ("留了联络卡，有事直接打电话。", "把政策清单发到微信群。", "", "", "")
_DAYS_BEFORE = 70  # how long before the demo's weeks the earliest last visit lies: so some firms are due


class Calls:
    """The liaison officers of the county's firms and their visits. Everything is drawn from the county's seed."""

    def __init__(self, county: DemoCounty) -> None:
        self.county = county
        self.rng = Random(f"{county.seed}/visits")  # noqa: S311 - invents a past, guards nothing
        self.officers = [county.office(code).handlers[0] for code in _BODIES if code in county.known.body_codes]
        self.of_firm: dict[int, Actor] = {}
        for clerk in (*county.clerks, *county.strangers):
            self._give(clerk.firm)
        self._show()

    def begin(self) -> None:
        """Let the visits take their place on the county's timeline."""
        for firm, officer in self.of_firm.items():
            self.county.timeline.add(self._visits(firm, officer))

    def opens(self, plan: Plan) -> Opens | None:
        """The way in of a case whose firm rang up: half of them told their liaison officer instead."""
        opening, heard = plan.opening, self.rng.random() < 0.5
        if opening.channel != "phone" or opening.firm is None or not heard:
            return None
        return self._open

    def _give(self, firm: Firm) -> None:
        if Liaison.objects.filter(firm=firm, until=None).exists():
            return
        officer, begin = self.rng.choice(self.officers), self.county.begin
        visited = begin - timedelta(days=self.rng.uniform(0, _DAYS_BEFORE))
        assert officer.account is not None
        assign_liaison(firm=firm.pk, officer=officer.account, by=COMMAND, at=begin, visited_at=visited)
        self.of_firm[firm.pk] = officer

    def _show(self) -> None:
        """One liaison officer in the demo's list: the one with most firms."""
        held = list(self.of_firm.values())
        if not held:
            return
        account = Account.objects.get(pk=max(self.officers, key=held.count).account or 0)
        code = next(c for c in _BODIES if any(h.account == account.pk for h in self.county.office(c).handlers))
        body = self.county.known.body_codes[code].name
        who = Label(f"企业联络员 · {body.zh}", f"Liaison officer, {body.en}")
        self.county.shown.append(Shown(who, account.username, access.PASSWORD))

    def _open(self, opening: Opening, at: datetime) -> Case:
        """A visit and what was heard on it, said by the firm's clerk."""
        firm, person = opening.firm, opening.requester
        assert firm is not None
        assert person is not None
        by = self.of_firm[firm.pk]
        visit = log_visit(
            firm=firm.pk, held_at=at - timedelta(minutes=40), kind="on_site", heard=opening.body, met=person.name, by=by, at=at,
        )  # fmt: skip
        return open_heard(
            visit=visit.pk, programme=opening.programme, kind=opening.kind, body=opening.body, title=opening.title,
            category=opening.category, area=opening.area, address=opening.address, name=person.name,
            phone=person.phone_number, by=by, at=at,
        )  # fmt: skip

    def _visits(self, firm: int, by: Actor) -> Iterator[datetime]:
        """Most firms are visited once in these weeks; some visits are planned before, some planned ones missed."""
        if self.rng.random() < 0.25:
            return  # not visited: due before long, or by now
        at = self._morning(self.county.begin + timedelta(days=self.rng.uniform(1, 50)))
        if self.rng.random() < 0.5:
            yield at
            self._plan(firm, by, at, days=self.rng.randint(2, 6))
            if self.rng.random() < 0.15:
                yield from self._missed(firm)
                return
            at = self._morning(at + timedelta(days=3))
        yield at
        log_visit(
            firm=firm, held_at=at - timedelta(minutes=self.rng.randint(30, 90)), met=self.rng.choice(_MET),
            kind=self.rng.choices(("on_site", "phone", "online"), (7, 2, 1))[0], heard=self.rng.choice(_HEARD),
            outcome=self.rng.choice(_SETTLED), by=by, at=at,
        )  # fmt: skip
        if self.rng.random() < 0.4:
            at = self._morning(max(at, self.county.at - timedelta(days=self.rng.uniform(1, 8))))
            yield at
            self._plan(firm, by, at, days=self.rng.randint(9, 40))

    def _missed(self, firm: int) -> Iterator[datetime]:
        """The day passes; what the worker does the next morning is done here, for it looks back on the last days only."""
        visit = Visit.objects.get(firm=firm, state=Visit.State.PLANNED)
        assert visit.planned_for is not None
        yield missed_at(visit.planned_for)
        miss_visit(visit=visit.pk, day=visit.planned_for, by=WORKER, at=missed_at(visit.planned_for))

    def _plan(self, firm: int, by: Actor, at: datetime, *, days: int) -> None:
        day = calendar_now().day_of(self._morning(at + timedelta(days=days)))
        try:
            plan_visit(firm=firm, day=day, kind="on_site", by=by, at=at)
        except Refused as refusal:
            if refusal.code != "visit.planned":  # what he heard meanwhile may have led to a plan already
                raise

    def _morning(self, moment: datetime) -> datetime:
        """A moment in the office hours from ``moment`` on."""
        return calendar_now().due(moment, self.rng.uniform(0.5, 6), Unit.WORKING_HOURS, CountFrom.MOMENT).at
