"""What every action of a case shares: loading it, telling its story, keeping sight and search in step with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from tongban.core.access import holders
from tongban.core.access.viewer import Viewer
from tongban.core.ledger.actor import WORKER, Actor, Precision
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.rows import Prepared, new_row
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.authority import (
    Authority,
    authority,
    duties,
    lead_duty,
    open_duties,
    review_unit,
    type_of,
)
from tongban.engines.cases.actions.clock import STOP_OUT, asked_extension, decide, end_stop, open_stop
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.raising import climb_on, end_slip, open_slip, raise_case, settle_pressing
from tongban.engines.cases.logic.scope import Duty, Matter, scope
from tongban.engines.cases.models import (
    AgendaItem,
    Case,
    CaseScope,
    Extension,
    Meeting,
    Participant,
    Slip,
    Stop,
    StoryItem,
)
from tongban.engines.cases.text import INDEX, words_of

Audience = StoryItem.Audience


@dataclass(slots=True)
class Act:
    """One action under way: the case, the right by which it is done, and where its effects are collected."""

    case: Case
    by: Actor
    at: datetime
    journal: Journal
    right: Authority
    target: str | None  # the state in which the case is left; None: as it was
    reworded: bool = False  # whether words by which the case is found have changed

    def tell(
        self,
        kind: str,
        *,
        audience: int = Audience.PARTY,
        text: str = "",
        other: int | None = None,
        unit: int | None = None,
        account: int | None = None,
        happened_at: datetime | None = None,
        precision: Precision = Precision.SECOND,
    ) -> None:
        """Add a line to the story, for those who may see it."""
        item = new_row(
            StoryItem,
            case=self.case,
            kind=kind,
            audience=audience,
            happened_at=happened_at or self.at,
            precision=precision,
            by_account=self.by.account,
            unit_id=unit or self.right.unit,
            other_id=other,
            account=account,
            text=text,
        )
        self.journal.add(item, of=self.case)

    def notify(self, what: str) -> None:
        """Let the worker tell the people concerned."""
        self.journal.send(f"cases.{what}", key=f"cases.{what}:{self.case.pk}:{self.case.version}", case=self.case.pk)


def load(key: int) -> Case:
    """The case with what actions need of it; refused if there is none."""
    found = keeper().case(key)
    if found is None:
        raise Refused("case.unknown")
    return found


@contextmanager
def acting(key: int, code: str, *, by: Actor, at: datetime, proof: str = "") -> Iterator[Act]:
    """One move on one case, all or nothing: checks the right, collects the effects, keeps sight in step."""
    while True:
        # The journal opens the transaction, so that what is checked is what is changed.
        with reference.hold(), keeper().journal(f"cases.{code}", by=by, at=at) as journal:
            case = load(key)
            if not _stop_is_out(case, at):
                journal.programme, journal.area = case.programme, case.area_id
                right = authority(case, code, by=by, at=at, proof=proof)
                act = Act(case, by, at, journal, right, type_of(case).lifecycle.move(code).target)
                due = case.due_at
                go_on(act, code)
                yield act
                _settle(act, due)
                return
        # First what the worker would have done by now, and by itself: a move that is then refused leaves it done, and who
        # reads the refusal finds the clock as the refusal says.
        with by_itself(STOP_OUT, key, by=WORKER, at=at):
            pass


@contextmanager
def by_itself(name: str, key: int, *, by: Actor, at: datetime) -> Iterator[Act]:
    """What the system does on one case when its time has come: no move of anybody's, so no right is asked for."""
    with reference.hold(), keeper().journal(name, by=by, at=at) as journal:
        case = load(key)
        journal.programme, journal.area, journal.unit = case.programme, case.area_id, case.lead_id
        act = Act(case, by, at, journal, Authority(Viewer()), None)
        end_stop_in_time(act)
        due = case.due_at
        yield act
        _settle(act, due)


def _settle(act: Act, due_before: datetime | None) -> None:
    """Leave the case in its new state, with agenda, slip, ladder, sight and search in step."""
    case, journal, before = act.case, act.journal, act.case.state
    if act.target is not None:
        journal.change(case, state=act.target)
    if case.state != before:
        settle_pressing(journal, case, act.at)
    _relieve(act)
    climb_on(journal, case, due_before, act.at)
    journal.unit = case.lead_id
    refresh_sight(case, reworded=act.reworded)


def _relieve(act: Act) -> None:
    """A slip is its unit's own. Once that answers for the case no longer, nobody need report on it; a unit that has passed
    the case on or down still answers for it."""
    slip = open_slip(act.case)
    if slip is None:
        return
    if slip.unit_id == act.case.desk_id:
        theirs = act.case.lead_id is None
    else:
        theirs = any(duty.lead and duty.unit_id == slip.unit_id for duty in open_duties(act.case))
    if not theirs:
        end_slip(act.journal, act.case, slip, Slip.Ending.MOVED, act.at)


def go_on(act: Act, code: str = "") -> None:
    """The next step ends what waited in this one: a clock that stands still, a request for more time.

    Taking a case on does not end its hold: else the unit would have to leave it lying, or would undo what a meeting has said.
    """
    if act.target is None:
        return
    if (stop := open_stop(act.case)) is not None and not (code == "sign_in" and stop.kind == Stop.Kind.HOLD):
        end_stop(act.journal, act.case, stop, Stop.Ending.MOVED, act.at)
    if (asked := asked_extension(act.case)) is not None:
        decide(act.journal, act.case, asked, Extension.State.LAPSED.value, act.at, None)


def end_stop_in_time(act: Act) -> None:
    """End a stop whose longest time has passed, whoever comes first: a person or the worker."""
    case = act.case
    if not _stop_is_out(case, act.at):
        return
    stop, due = open_stop(case), case.due_at
    assert stop is not None
    end_stop(act.journal, case, stop, Stop.Ending.OUT, act.at)
    # What is due now is climbed from the moment at which the clock went on, however long ago that was.
    climb_on(act.journal, case, due, min(stop.until, act.at))
    if stop.kind == Stop.Kind.HOLD:
        act.tell("hold_out")
        raise_case(act.journal, case, Meeting.Kind.JOINT, AgendaItem.Why.HOLD_OUT, act.at)
    else:
        act.tell("resume_out")
    act.notify("resume_out")


def _stop_is_out(case: Case, at: datetime) -> bool:
    """Whether a stop's longest time has passed: while the clock stands still, the case is due when that ends."""
    return bool(case.stopped) and case.due_at is not None and at >= case.due_at


def barred_units(case: Case) -> frozenset[int]:
    """The unit that a complaint is about, and every body below it: none of them ever sees it."""
    if case.about_id is None:
        return frozenset()
    return frozenset({case.about_id, *directory().below(case.about_id)})


def sight(case: Case) -> dict[int, int]:
    """Holder → queue, as the case now stands."""
    town = directory().places[case.area_id].town
    reviewer = review_unit(case) if case.state == "review" else None
    given, in_force = duties(case), open_duties(case)
    lead = lead_duty(case) if in_force else None
    reported = keeper().reported(case) if any(not d.lead for d in in_force) else set()
    matter = Matter(
        state=case.state,
        desk=holders.unit(case.desk_id),
        town=holders.area(town) if town else None,
        requester=holders.person(case.requester_id) if case.requester_id else None,
        firm=holders.firm(case.firm_id) if case.firm_id else None,
        handler=holders.account(case.handler_id) if case.handler_id else None,
        reviewer=holders.unit(reviewer) if reviewer else None,
        confidential=case.confidential,
        to_decide=case.extension == Extension.State.ASKED,
        barred=frozenset(holders.unit(u) for u in barred_units(case)),
    )
    plain = [
        Duty(
            unit=holders.unit(d.unit_id),
            lead=d.lead,
            # A unit that passed the case down goes on seeing it, but the work waits with the unit below.
            open=d in in_force and (not d.lead or d is lead),
            returned=d.returned_at is not None,
            answered=d.unit_id in reported,
        )
        for d in given
    ]
    others = [holders.person(p) for p in taking_part(case)]
    if case.beneficiary_id and case.beneficiary_id != case.requester_id:
        others.append(holders.person(case.beneficiary_id))
    return scope(matter, plain, others)


def taking_part(case: Case) -> list[int]:
    """The persons beside the requester; a case that is just being opened knows them without asking."""
    known: list[int] | None = getattr(case, "_others", None)
    return known if known is not None else [p.person_id for p in keeper().parts(case, Participant)]


# Stands where no clock runs, so that both databases order such rows last.
NO_CLOCK = datetime(9999, 1, 1, tzinfo=UTC)


# The columns of the scope table, in the order of `scope_values`.
SCOPE = ("case_id", "holder", "queue", "due_at", "state", "programme")


def scope_values(case: Case, holder: int, queue: int) -> tuple[int, int, int, datetime, str, str]:
    """One holder's row. It keeps a clock where something waits: no other list goes by it, and each row moved costs time."""
    due = case.due_at if queue else None
    return case.pk, holder, queue, due or NO_CLOCK, case.state, case.programme


def scope_row(case: Case, holder: int, queue: int) -> CaseScope:
    """One holder's row, to be saved."""
    return new_row(CaseScope, **dict(zip(SCOPE, scope_values(case, holder, queue), strict=True)))


_SCOPES = Prepared(CaseScope, "case_id")


def refresh_sight(case: Case, *, reworded: bool = False) -> None:
    """Bring the scope table and the search index in step with a case that has changed."""
    if keeper().sees_later:
        return
    wanted = sight(case)
    known = {s.holder: s for s in _SCOPES.rows(case.pk)}
    gone = [s.pk for h, s in known.items() if h not in wanted]
    if gone:
        CaseScope.objects.filter(pk__in=gone).delete()
    fresh = [scope_row(case, h, q) for h, q in wanted.items() if h not in known]
    if fresh:
        CaseScope.objects.bulk_create(fresh)
    # The rows of a case differ by their queue alone, so a statement for each queue is less work than one for each row.
    changed: dict[tuple[int, datetime, str, str], list[int]] = {}
    for holder, row in known.items():
        if holder not in wanted:
            continue
        values = scope_values(case, holder, wanted[holder])[2:]
        if (row.queue, row.due_at, row.state, row.programme) != values:
            changed.setdefault(values, []).append(row.pk)
    for values, rows in changed.items():
        CaseScope.objects.filter(pk__in=rows).update(**dict(zip(SCOPE[2:], values, strict=True)))
    if fresh or gone or reworded:
        INDEX.replace(case.pk, words_of(case, wanted))
