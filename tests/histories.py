"""Random lives of cases: anybody tries anything at any time, and what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from tests.engines.cases.conftest import NOW, County
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Assignment, Case, Publication
from tongban.engines.cases.outcome import DONE, Outcome

SYSTEM = Actor(system="test")
OUTCOMES = (DONE, DONE, Outcome("explained"), Outcome("not_done", "law", "条例不许"), Outcome("partly"))
Move = Callable[["History", int, Actor], object]


class History:
    """One county's cases, driven by a seed."""

    def __init__(self, county: County, seed: int) -> None:
        self.county, self.dice = county, Random(seed)
        self.at: datetime = NOW
        self.cases: list[int] = []
        self.done: dict[str, int] = {}
        self.refused: dict[str, int] = {}
        self.askers = {name: Actor(county.accounts[name].pk) for name in county.people}

    def open(self) -> None:
        programme = self.dice.choice(["community", "enterprise"])
        firm = programme == "enterprise"
        who = "陆文员" if firm else "陈居民"
        opening = Opening(
            programme=programme,
            kind="request",
            body=self.dice.choice(["路灯坏了", "贷款难 🙂", "=1+1", "水管\n漏了", "𠮷" * 50]),
            area=self.dice.choice(list(self.county.areas.values())).pk,
            requester=self.dice.choice([self.county.people[who], self.county.people[who], None]),
            firm=self.county.firm if firm else None,
            cosigners=self.dice.choice([(), (self.county.people["陈居民"],)]) if firm else (),
            confidential=self.dice.random() < 0.2,
            about=self.dice.choice([None, None, self.county.units["人社局"].pk, self.county.units["新埭镇政府"].pk]),
            **self.dice.choice([{}, {}, {"longitude": 121.0123456789, "latitude": 30.7}]),
        )
        self.cases.append(actions.open_case(opening, by=self.askers[who], at=self.at).pk)

    def step(self) -> None:
        """One attempt by somebody."""
        self.at += timedelta(minutes=self.dice.choice([0, 1, 30, 600, 3000]), microseconds=self.dice.choice([0, 7]))
        if not self.cases or self.dice.random() < 0.08:
            self._try("open", self.open)
            return
        if self.dice.random() < 0.04:
            self._try("worker", lambda: run_pending(self.at))
            return
        if self.dice.random() < 0.03:
            day = date(2026, 11, 16) + timedelta(days=self.dice.randrange(30))
            self._try("calendar", lambda: calendar.set_day(
                day=day, working=self.dice.random() < 0.5, name_zh="调", by=SYSTEM, at=self.at))  # fmt: skip
            return
        case = self.dice.choice(self.cases[-6:])
        # Mostly what may come next, by whoever may do it; else anything by anybody.
        state = Case.objects.values_list("state", flat=True).get(pk=case)
        name, by = self.dice.choice(_LIKELY.get(state, _ANY) if self.dice.random() < 0.8 else _ANY)
        actor = self._actor(case, by)
        self._try(name, lambda: MOVES[name](self, case, actor))

    def _actor(self, case: int, office: str) -> Actor:
        if office == "assisting":
            units = set(
                Assignment.objects.filter(case=case, lead=False, ended_at=None).values_list("unit_id", flat=True)
            )
            return self._officer("handler", units)
        if office == "asker":
            return self.dice.choice([*self.askers.values(), SYSTEM])
        row = Case.objects.get(pk=case)
        return self._officer(office, {row.desk_id} if office == "agent" else {row.lead_id})

    def _officer(self, office: str, here: set[int | None]) -> Actor:
        fit = [
            actor for name, actor in self.county.officers.items()
            for role in self.county.accounts[name].roles.all()
            if role.code == office and (role.organisation_id in here or self.dice.random() < 0.1)
        ]  # fmt: skip
        return self.dice.choice(fit or list(self.county.officers.values()))

    def _try(self, name: str, what: Callable[[], object]) -> None:
        try:
            what()
        except Refused as refusal:
            self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
        else:
            self.done[name] = self.done.get(name, 0) + 1

    def other(self) -> int:
        return self.dice.choice(self.cases[-8:])

    def unit(self) -> int:
        return self.dice.choice(list(self.county.units.values())).pk

    def place(self) -> int:
        return self.dice.choice(list(self.county.areas.values())).pk

    def version(self, case: int) -> int:
        """The public text that waits for approval, mostly."""
        found = Publication.objects.filter(case=case).order_by("-pk").values_list("pk", flat=True).first()
        return found or 1

    def officer(self) -> int:
        return self.dice.choice([self.county.accounts[name].pk for name in self.county.officers])

    def person(self) -> object:
        return self.dice.choice(list(self.county.people.values()))


MOVES: dict[str, Move] = {
    "accept": lambda h, case, by: actions.accept(case=case, by=by, at=h.at),
    "decline": lambda h, case, by: actions.decline(case=case, reason="不归这里", by=by, at=h.at),
    "refer": lambda h, case, by: actions.refer(case=case, outside="邻县", reason="在邻县", by=by, at=h.at),
    "assign": lambda h, case, by: actions.assign(
        case=case, unit=h.unit(), limit=h.dice.choice(["", "joint", "consult"]), note=h.dice.choice(["", "请快办"]),
        assisting=h.dice.choice([(), (h.unit(),)]), by=by, at=h.at),
    "correct": lambda h, case, by: actions.correct(
        case=case, category=h.dice.choice(["", "traffic", "other"]), area=h.place(), address=h.dice.choice(["", "路口"]),
        by=by, at=h.at),
    "assist": lambda h, case, by: actions.assist(case=case, unit=h.unit(), by=by, at=h.at),
    "sign_in": lambda h, case, by: actions.sign_in(case=case, by=by, at=h.at),
    "give_back": lambda h, case, by: actions.give_back(case=case, reason="办不了", by=by, at=h.at),
    "hand_over": lambda h, case, by: actions.hand_over(case=case, account=h.officer(), by=by, at=h.at),
    "feed_back": lambda h, case, by: actions.feed_back(case=case, text="我们能帮忙", by=by, at=h.at),
    "ask": lambda h, case, by: actions.ask(case=case, question="在哪里？", by=by, at=h.at),
    "transfer": lambda h, case, by: actions.transfer(case=case, unit=h.unit(), reason="归你们管", by=by, at=h.at),
    "pause": lambda h, case, by: actions.pause(case=case, reason="请补门牌号", by=by, at=h.at),
    "resume": lambda h, case, by: actions.resume(case=case, by=by, at=h.at),
    "extend": lambda h, case, by: actions.extend(case=case, amount=h.dice.randint(1, 6), reason="要等料", by=by, at=h.at),
    "grant": lambda h, case, by: actions.grant_extension(case=case, by=by, at=h.at),
    "refuse": lambda h, case, by: actions.refuse_extension(case=case, reason="来得及", by=by, at=h.at),
    "reply": lambda h, case, by: actions.reply(
        case=case, text="村口", by=by, at=h.at, proof=secrets.tracking_code(case)),
    "answer": lambda h, case, by: actions.answer(
        case=case, text="已派人，周五修好。", replies={1: "周五", 2: "有人管"}, outcome=h.dice.choice(OUTCOMES),
        outcomes={n: h.dice.choice(OUTCOMES) for n in (1, 2)}, by=by, at=h.at),
    "approve": lambda h, case, by: actions.approve(case=case, by=by, at=h.at),
    "reject": lambda h, case, by: actions.reject(case=case, reason="说清楚", by=by, at=h.at),
    "send": lambda h, case, by: actions.send(case=case, by=by, at=h.at),
    "rate": lambda h, case, by: actions.rate(
        token=secrets.rating_token(case), grade=h.dice.randint(1, 5), comment=h.dice.choice(["", "好"]), by=by, at=h.at),
    "close": lambda h, case, by: actions.close(case=case, by=by, at=h.at),
    "publish_prepare": lambda h, case, by: actions.publish_prepare(
        case=case, title="路灯", question="路灯坏了", answer=h.dice.choice(["", "修好了"]),
        place=h.dice.choice(["town", "village", "grid"]), by=by, at=h.at),
    "publish_approve": lambda h, case, by: actions.publish_approve(
        case=case, version=h.version(case), read=True, by=by, at=h.at),
    "publish_withdraw": lambda h, case, by: actions.publish_withdraw(case=case, reason="不合适", by=by, at=h.at),
    "keep_private": lambda h, case, by: actions.keep_private(case=case, by=by, at=h.at),
    "allow_public": lambda h, case, by: actions.allow_public(case=case, by=by, at=h.at),
    "withdraw": lambda h, case, by: actions.withdraw(case=case, reason="不用了", by=by, at=h.at),
    "merge": lambda h, case, by: actions.merge(case=case, into=h.other(), by=by, at=h.at),
    "unmerge": lambda h, case, by: actions.unmerge(case=case, by=by, at=h.at),
    "object": lambda h, case, by: actions.object_to_merge(case=case, reason="不是一回事", by=by, at=h.at),
    "split": lambda h, case, by: h.cases.extend(
        actions.split(case=case, matters=(actions.Matter(h.dice.choice(["另一件", "𠮷\n🙂"])),), by=by, at=h.at)),
    "unsplit": lambda h, case, by: actions.unsplit(case=case, by=by, at=h.at),
    "put_under": lambda h, case, by: actions.put_under(case=case, parent=h.other(), by=by, at=h.at),
    "take_out": lambda h, case, by: actions.take_out(case=case, by=by, at=h.at),
    "number": lambda h, case, by: actions.number_questions(case=case, questions=("一？", "二？"), by=by, at=h.at),
    "open_up": lambda h, case, by: actions.open_up(case=case, title="路灯", by=by, at=h.at),
    "close_up": lambda h, case, by: actions.close_up(case=case, by=by, at=h.at),
    "join": lambda h, case, by: actions.join(case=case, by=by, at=h.at),
    "leave": lambda h, case, by: actions.leave(case=case, by=by, at=h.at),
    "follow": lambda h, case, by: actions.follow(case=case, person=h.person(), by=by, at=h.at),
    "reveal": lambda h, case, by: actions.reveal(case=case, reason="回电话", by=by, at=h.at),
}  # fmt: skip

_OFFICE = {
    "accept": "agent", "decline": "agent", "refer": "agent", "correct": "agent", "assign": "agent", "assist": "agent", "close": "agent",
    "grant": "agent", "refuse": "agent", "publish_prepare": "agent", "publish_approve": "agent", "publish_withdraw": "agent",
    "keep_private": "asker", "allow_public": "asker",
    "approve": "reviewer", "reject": "reviewer", "send": "reviewer", "reply": "asker", "rate": "asker",
    "withdraw": "asker", "feed_back": "assisting", "follow": "agent", "reveal": "agent", "join": "asker", "leave": "asker", "object": "asker",
    **dict.fromkeys(("merge", "unmerge", "split", "unsplit", "put_under", "take_out", "open_up", "close_up"), "agent"),
}  # fmt: skip
_ANY = [(name, _OFFICE.get(name, "handler")) for name in MOVES]


def _of(*names: str) -> list[tuple[str, str]]:
    return [(name, _OFFICE.get(name, "handler")) for name in names]


_LIKELY = {
    "new": _of("accept", "accept", "accept", "accept", "decline", "follow", "withdraw", "merge", "split"),
    "accepted": _of("assign", "assign", "assign", "assign", "refer", "reply", "unsplit", "open_up", "join", "leave"),
    "assigned": _of("sign_in", "sign_in", "sign_in", "sign_in", "give_back", "assist", "feed_back", "reveal", "correct"),
    "handling": [*_of("answer", "answer", "ask", "ask", "reply", "reply", "reply", "give_back", "hand_over", "hand_over", "assist",
                      "feed_back", "feed_back", "pause", "pause", "resume", "extend", "extend", "grant", "refuse", "transfer"),
                 ("assign", "handler")],
    "merged": _of("object", "unmerge", "unmerge", "unmerge", "reveal"),
    "review": _of("approve", "approve", "reject", "withdraw", "correct"),
    "approved": _of("send", "send", "send"),
    "answered": _of("rate", "close", "rate", "publish_prepare", "publish_approve"),
    "closed": _of("publish_prepare", "publish_approve", "publish_approve", "publish_withdraw", "keep_private", "allow_public"),
}  # fmt: skip
