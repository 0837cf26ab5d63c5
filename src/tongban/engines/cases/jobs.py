"""What happens after an action on a case: who is told what. Handlers of the outbox's topics ``cases.…``.

Officers are told what now waits for them; those who asked are told what their story shows them (audience party or
less). An officer of a unit that a complaint is about is never told anything. The actor is not told what he did.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from tongban.core.access.models import Account, Role
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR
from tongban.core.ledger.models import Entry
from tongban.core.ledger.worker import Task, handles
from tongban.core.notices.delivery import unreached
from tongban.core.notices.models import Message
from tongban.core.notices.writing import Line, add_lines, ask_message
from tongban.core.registry.askers import clerks_of
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.authority import review_unit
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.writing import barred_units
from tongban.engines.cases.events import announce_case, pass_on
from tongban.engines.cases.heads import merged_with
from tongban.engines.cases.models import Answer, Case, Extension, StoryItem
from tongban.engines.cases.wording import ASKER, MESSAGES

_KIND = Case._meta.label_lower


@dataclass(frozen=True, slots=True)
class Event:
    """One action on a case as its entry tells of it, and the case as it now stands."""

    key: str  # of the outbox row that tells of it
    action: str
    case: Case
    by_account: int | None
    story: list[dict[str, Any]]  # the columns of the lines that the action added
    duties: list[dict[str, Any]]  # of the assignments that it began
    changed: dict[str, Any]  # of the case itself
    answers: list[int]  # those that it wrote or changed
    raised: list[str]  # onto the agenda of which meetings it has brought the case
    happened_at: datetime
    at: datetime

    @classmethod
    def of(cls, task: Task) -> Event | None:
        """What ``task`` is about; None if the case is gone."""
        if task.action is None:
            return None
        case = Case.objects.select_related("requester", "firm").filter(pk=task.payload["case"]).first()
        entry = Entry.objects.filter(kind=_KIND, object_id=task.payload["case"], action=task.action).first()
        if case is None or entry is None:
            return None
        told = json.loads(entry.images)
        images = [(model, columns) for model, _key, columns in told if columns]
        return cls(
            task.key,
            str(task.action),
            case,
            entry.by_account,
            [columns for model, columns in images if model == "cases.storyitem"],
            [columns for model, columns in images if model == "cases.assignment" and "unit_id" in columns],
            next((columns for model, columns in images if model == _KIND), {}),
            [key for model, key, columns in told if model == "cases.answer" and columns],
            [columns["kind"] for model, columns in images if model == "cases.agendaitem" and "kind" in columns],
            entry.happened_at,
            task.at,
        )

    @property
    def unit(self) -> int | None:
        """The unit that acted."""
        return next((item["unit_id"] for item in self.story), None)


# -- who ---------------------------------------------------------------------------------------------------------------


def officers(case: Case, unit: int | None, office: str, at: datetime) -> set[int]:
    """Accounts that hold ``office`` in ``unit`` for the case's programme now, none of a barred unit."""
    if unit is None:
        return set()
    day = localdate(at)
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day)) & Q(ended_at=None)
    principal = Q(substitute_for=None) | (
        Q(substitute_for__ended_at=None)
        & (Q(substitute_for__valid_until=None) | Q(substitute_for__valid_until__gte=day))
    )
    roles = Role.objects.filter(
        in_force & principal, organisation_id=unit, code=office, programme__in=("", case.programme),
        account__is_active=True,
    )  # fmt: skip
    return unbarred(case, set(roles.values_list("account_id", flat=True)))


def unbarred(case: Case, accounts: set[int]) -> set[int]:
    """``accounts`` without those that hold any role in the unit that the complaint is about, or below it."""
    barred = barred_units(case)
    if not barred or not accounts:
        return accounts
    theirs = Role.objects.filter(organisation_id__in=barred, ended_at=None, account_id__in=accounts)
    return accounts - set(theirs.values_list("account_id", flat=True))


def at_work(case: Case, at: datetime) -> set[int]:
    """Whoever has the case in hand: its handler, else the lead unit's officers, else the desk's agents."""
    if case.lead_id is not None:
        there = officers(case, case.lead_id, HANDLER, at)
        # A handler who has left the office reads nothing any more: then his colleagues are told.
        return {case.handler_id} if case.handler_id in there else there
    return officers(case, case.desk_id, AGENT, at)


def in_hand(case: Case, at: datetime) -> set[int]:
    """Whose turn it is: by the state the desk's agents, the unit's officers (with the handler's substitutes) or the
    reviewers. Where nobody holds that office, because the unit is gone or its officers are, the desk."""
    if case.state == "review":
        found = officers(case, review_unit(case), REVIEWER, at)
    elif case.state in ("assigned", "handling"):
        found = at_work(case, at)
        found |= substitutes(case, found, at)
    else:
        found = set()
    return found or officers(case, case.desk_id, AGENT, at)


def substitutes(case: Case, accounts: set[int], at: datetime) -> set[int]:
    """Who stands in for one of these officers in the lead unit now."""
    standing_in = Role.objects.filter(substitute_for__account_id__in=accounts, code=HANDLER)
    return set(standing_in.values_list("account_id", flat=True)) & officers(case, case.lead_id, HANDLER, at)


def awaited(case: Case, at: datetime) -> set[int]:
    """The officers of assisting units that have not reported back."""
    waiting = case.assignments.filter(lead=False, ended_at=None, returned_at=None).values_list("unit_id", flat=True)
    silent = set(waiting) - keeper().reported(case)
    return set().union(*(officers(case, unit, HANDLER, at) for unit in sorted(silent)))


def concerned(case: Case, at: datetime) -> set[int]:
    """The handlers and reviewers of every unit that has, or had, a part in the case and did not return it."""
    units = set(case.assignments.filter(returned_at=None).values_list("unit_id", flat=True))
    each = [officers(case, unit, office, at) for unit in sorted(units) for office in (HANDLER, REVIEWER)]
    return set[int]().union(*each)


def overseers(case: Case, at: datetime) -> set[int]:
    """The supervisors of the county and of the case's town."""
    known = directory()
    town = known.places[case.area_id].town
    areas = {p.id for p in known.places.values() if p.level == "county"} | ({town} if town else set())
    units = [b.id for b in known.bodies.values() if b.area in areas]
    return set().union(*(officers(case, unit, SUPERVISOR, at) for unit in _with_office(units, SUPERVISOR)))


def _with_office(units: list[int], office: str) -> list[int]:
    held = Role.objects.filter(organisation_id__in=units, code=office, ended_at=None)
    return sorted(set(held.values_list("organisation_id", flat=True)))


def askers(case: Case, at: datetime) -> set[int]:
    """The persons who follow the case as askers: requester, firm's clerks, beneficiary, co-signers and followers."""
    others = case.participants.values_list("person_id", flat=True)
    found = {case.beneficiary_id, *others, *answerable(case, at)}
    return {person for person in found if person is not None}


def answerable(case: Case, at: datetime) -> set[int]:
    """Those who may reply for the asker: the requester, and the firm's confirmed clerks unless it is confidential."""
    found = {case.requester_id} if case.requester_id is not None else set()
    if case.firm_id is None or case.confidential:
        return found
    clerks = clerks_of(case.firm_id, at) - found
    # An officer's mandate opens nothing to him, so nothing is told to him either.
    officers_too = Account.objects.filter(person_id__in=clerks, staff=True) if clerks else Account.objects.none()
    return found | (clerks - set(officers_too.values_list("person_id", flat=True)))


# -- telling -----------------------------------------------------------------------------------------------------------


def tell_officers(
    event: Event, accounts: Iterable[int], kind: str, unit: int | None = None, about: Case | None = None
) -> None:
    """A line for each of them, but not for the one who acted; about another case than the event's own if so said."""
    gaps = {"unit": unit} if unit is not None else {}
    told = sorted(set(accounts) - {event.by_account})
    lines = (Line(f"officer.{kind}", account=a, case=(about or event.case).pk, gaps=gaps) for a in told)
    add_lines(lines, cause=event.key, at=event.at)


def tell_askers(event: Event) -> None:
    """What the action's own lines in the story show to those who asked: once, though it may have asked for more than one
    thing to be told."""
    shown = [i for i in event.story if i["kind"] in ASKER and i["audience"] <= StoryItem.Audience.PARTY]
    for item in shown:
        # A question is for those who can answer it.
        persons = (answerable if item["kind"] in ("ask", "pause") else askers)(event.case, event.at)
        gaps = {"unit": item["other_id"] or item["unit_id"], **(came_to(event) if item["kind"] == "send" else {})}
        if event.case.promised_at is not None:
            gaps["due"] = event.case.promised_at.isoformat()
        texted = event.case.requester_id if item["kind"] in MESSAGES else None
        lines = (
            Line(f"asker.{item['kind']}", person=p, case=event.case.pk, gaps=gaps, texted=p == texted)
            for p in sorted(persons)
        )
        add_lines(lines, cause=f"cases.story:{event.action}", at=event.at)


def came_to(event: Event) -> dict[str, Any]:
    """What came of it, as a line and a message say it: nothing of the writer's own words."""
    told = Answer.objects.filter(pk__in=event.answers[-1:]).first()
    if told is None or not told.outcome:
        return {}
    gaps = {"outcome": told.outcome, "why": told.why_not}
    return {**gaps, "planned": told.planned_for.isoformat()} if told.planned_for else gaps


def message_requester(task: Task, event: Event, kind: str, more: Mapping[str, Any] = MappingProxyType({})) -> None:
    """A message to the requester's phone, if anybody is known."""
    assert kind in MESSAGES
    if event.case.requester_id is not None:
        ask_message(
            key=task.key, person=event.case.requester_id, kind=f"case.{kind}", case=event.case.pk, at=event.at,
            gaps={**({"unit": event.unit} if event.unit else {}), **more},
        )  # fmt: skip


# -- handlers ----------------------------------------------------------------------------------------------------------

Tell = Callable[[Task, Event], None]
_AFTER: list[Callable[[Event], None]] = []


def after_each(follow: Callable[[Event], None]) -> Callable[[Event], None]:
    """Register what is looked at after every action on a case, whatever it was."""
    _AFTER.append(follow)
    return follow


def _on(*topics: str) -> Callable[[Tell], Tell]:
    """Register what is told after an action; those who asked are told what the story shows them, whatever it is."""

    def register(tell: Tell) -> Tell:
        def handler(task: Task) -> None:
            event = Event.of(task)
            if event is not None:
                tell_askers(event)
                tell(task, event)
                for follow in _AFTER:
                    follow(event)
                pass_on(event.case, task, event.by_account)
                announce_case(event.case, task, state=event.changed.get("state", ""), happened_at=event.happened_at)

        handles(*topics)(handler)
        return tell

    return register


@_on("cases.infected")
def _infected(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "infected")


@_on("cases.close", "cases.callback", "cases.publish_approve", "cases.publish_withdraw", "cases.split", "cases.unsplit")
def _only_askers(task: Task, event: Event) -> None:
    """Nothing waits for an officer whom his queue does not tell."""


@_on("cases.accept", "cases.decline", "cases.refer")
def _decided(task: Task, event: Event) -> None:
    """Whether the request is taken on is promised to everybody, and most askers have no account in which to read it."""
    message_requester(task, event, task.topic.removeprefix("cases."))


@_on("cases.opened")
def _opened(task: Task, event: Event) -> None:
    message_requester(task, event, "opened")


@_on("cases.assign", "cases.assist")
def _assigned(task: Task, event: Event) -> None:
    for duty in event.duties:
        kind = "assigned" if duty["lead"] else "assisting"
        tell_officers(event, officers(event.case, duty["unit_id"], HANDLER, event.at), kind, duty["unit_id"])


@_on("cases.return")
def _returned(task: Task, event: Event) -> None:
    if event.changed.get("lead_id") is None:
        tell_officers(event, officers(event.case, event.case.desk_id, AGENT, event.at), "returned", event.unit)
        return
    handler = event.changed.get("handler_id")
    there = officers(event.case, event.changed["lead_id"], HANDLER, event.at)
    tell_officers(event, {handler} if handler in there else there, "back", event.unit)


@_on("cases.hand_over")
def _given(task: Task, event: Event) -> None:
    handler = event.changed.get("handler_id")
    if handler:
        tell_officers(event, unbarred(event.case, {handler}), "given")


@_on("cases.feed_back")
def _reported(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "reported", event.unit)


@_on("cases.ask", "cases.pause")
def _asked(task: Task, event: Event) -> None:
    message_requester(task, event, task.topic.removeprefix("cases."))


@_on("cases.resume", "cases.resume_out")
def _resumed(task: Task, event: Event) -> None:
    if task.topic == "cases.resume_out":
        tell_officers(event, at_work(event.case, event.at), "resumed")


@_on("cases.extend")
def _to_extend(task: Task, event: Event) -> None:
    if event.case.extension == Extension.State.ASKED:
        tell_officers(event, officers(event.case, event.case.desk_id, AGENT, event.at), "to_extend", event.unit)


@_on("cases.grant", "cases.refuse", "cases.extension_lapsed")
def _extension_decided(task: Task, event: Event) -> None:
    told = {"cases.grant": "granted", "cases.refuse": "refused"}.get(task.topic, "lapsed")
    tell_officers(event, at_work(event.case, event.at), told)


@_on("cases.reply")
def _replied(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "replied")


@_on("cases.rung_remind")
def _remind(task: Task, event: Event) -> None:
    tell_officers(event, in_hand(event.case, event.at), "remind")


@_on("cases.rung_urge", "cases.urge")
def _urged(task: Task, event: Event) -> None:
    tell_officers(event, in_hand(event.case, event.at) | awaited(event.case, event.at), "urge", event.unit)


@_on("cases.rung_supervise", "cases.supervise")
def _supervised(task: Task, event: Event) -> None:
    case, at = event.case, event.at
    leading = officers(case, case.lead_id, REVIEWER, at)
    tell_officers(event, in_hand(case, at) | leading, "supervise")
    tell_officers(event, overseers(case, at), "supervised", case.lead_id or case.desk_id)


@_on("cases.report_back")
def _reported_back(task: Task, event: Event) -> None:
    told = officers(event.case, event.case.desk_id, AGENT, event.at) | overseers(event.case, event.at)
    tell_officers(event, told, "reported_back", event.unit)


@_on("cases.rung_monthly", "cases.rung_joint")
def _raised(task: Task, event: Event) -> None:
    case, at = event.case, event.at
    kind = task.topic.removeprefix("cases.rung_")
    told = in_hand(case, at) | officers(case, case.desk_id, SECRETARY, at) | overseers(case, at)
    tell_officers(event, told, f"raise_{kind}")


@_on("cases.decide")
def _decided_in_meeting(task: Task, event: Event) -> None:
    tell_officers(event, in_hand(event.case, event.at) | concerned(event.case, event.at), "decided")
    for duty in event.duties:
        kind = "assigned" if duty["lead"] else "assisting"
        tell_officers(event, officers(event.case, duty["unit_id"], HANDLER, event.at), kind, duty["unit_id"])


@_on("cases.reopen")
def _reopened(task: Task, event: Event) -> None:
    message_requester(task, event, "reopen")
    tell_officers(event, in_hand(event.case, event.at), "reopened")


@_on("cases.answer")
def _to_review(task: Task, event: Event) -> None:
    if event.case.state == "review":
        tell_officers(event, officers(event.case, review_unit(event.case), REVIEWER, event.at), "review")


@_on("cases.reject")
def _rejected(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "rejected", event.unit)


@_on("cases.send")
def _sent(task: Task, event: Event) -> None:
    message_requester(task, event, "send", came_to(event))
    _answer_the_others(task, event)


def _answer_the_others(task: Task, event: Event) -> None:
    """Whoever asked the same learns that it is answered under the number and the code of his own request."""
    told = {event.case.requester_id}
    for other in merged_with(event.case.pk):
        if other.requester_id is not None and other.requester_id not in told:
            told.add(other.requester_id)
            ask_message(
                key=f"{task.key}:{other.pk}", person=other.requester_id, kind="case.answer", case=other.pk, at=event.at,
                gaps=came_to(event),
            )  # fmt: skip


@_on("cases.publish_prepare")
def _to_publish(task: Task, event: Event) -> None:
    case, at = event.case, event.at
    told = officers(case, case.desk_id, REVIEWER, at) or officers(case, case.desk_id, AGENT, at)
    tell_officers(event, told, "to_publish")


@_on("cases.keep_private")
def _kept_private(task: Task, event: Event) -> None:
    tell_officers(event, officers(event.case, event.case.desk_id, AGENT, event.at), "kept_private")


@_on("cases.withdraw")
def _withdrawn(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "withdrawn")


@_on("cases.rate")
def _rated(task: Task, event: Event) -> None:
    if event.case.handler_id is not None:
        tell_officers(event, unbarred(event.case, {event.case.handler_id}), "rated")


@_on("cases.merge", "cases.unmerge")
def _one_matter(task: Task, event: Event) -> None:
    """The units of both are told, and whoever asked the one that was merged, who may have no account to read it in."""
    message_requester(task, event, task.topic.removeprefix("cases."))
    if task.topic == "cases.unmerge":
        tell_officers(event, in_hand(event.case, event.at), "unmerged")
        return
    tell_officers(event, at_work(event.case, event.at), "merged")
    head = Case.objects.get(pk=event.changed["merged_into_id"])
    tell_officers(event, in_hand(head, event.at), "merged_in", about=head)


@unreached("case.")
def _not_reached(message: Message, at: datetime) -> None:
    """A message was given up: somebody at the desk has to call, or to look for another number."""
    case = Case.objects.filter(pk=message.case or 0).first()
    if case is not None:
        agents = sorted(officers(case, case.desk_id, AGENT, at))
        lines = (Line("officer.unreached", account=a, case=case.pk) for a in agents)
        add_lines(lines, cause=f"unreached:{message.key}", at=at)
