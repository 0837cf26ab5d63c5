"""May this actor make this move on this case? Asked by every action itself, whatever page called it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR, Grant, Viewer
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.hindrances import hindrance
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.raising import open_slip
from tongban.engines.cases.declare import CaseType, Move
from tongban.engines.cases.models import Answer, Assignment, Case, Extension, Publication
from tongban.engines.cases.secrets import case_of_tracking_code
from tongban.engines.cases.types import case_type

WHO = {
    "agent": Label("受理岗", "the desk's agent"),
    "handler": Label("承办单位的经办人", "an officer of the handling unit"),
    "reviewer": Label("审核人", "the reviewer"),
    "supervisor": Label("督办岗", "whoever oversees it"),
    "secretary": Label("会议秘书", "the meetings' secretary"),
    "asker": Label("提出人本人", "the person who asked"),
    "importer": Label("导入的人", "whoever imported it"),
}


_DESKS = frozenset({"publish_approve", "publish_withdraw"})


@dataclass(frozen=True, slots=True)
class Authority:
    """By what right somebody acts: as an office-holder (``grant``) or as the asker (``person``)."""

    viewer: Viewer
    grant: Grant | None = None
    person: int | None = None

    @property
    def unit(self) -> int | None:
        """The organisation for which he acts."""
        return self.grant.organisation if self.grant else None


def type_of(case: Case) -> CaseType:
    """The declared type of a case."""
    return case_type(case.programme, case.kind)


def authority(case: Case, code: str, *, by: Actor, at: datetime, proof: str = "") -> Authority:
    """The right by which ``by`` makes the move ``code``; refused if the state or the office does not allow it.

    ``proof`` is the tracking code of somebody who has no account.
    """
    kind = type_of(case)
    move = kind.lifecycle.move(code)
    found = _right(case, move, by=by, at=at, proof=proof)
    if found is None:
        who = Label(
            "或".join(WHO[o].zh for o in move.by),
            " or ".join(WHO[o].en for o in move.by),
        )
        raise Refused("case.not_yours", move=move.label, who=who)
    if case.state not in move.sources:
        raise Refused("case.state", state=kind.lifecycle.states[case.state], move=move.label)
    if by.account is not None and by.account in apart(case, move):
        raise Refused("case.same_person", move=move.label)
    if (hindered := hindrance(case, code, at)) is not None:
        raise hindered
    return found


def _right(case: Case, move: Move, *, by: Actor, at: datetime, proof: str) -> Authority | None:
    if by.account is None:
        if by.system == "asker" and "asker" in move.by and case_of_tracking_code(proof) == case.pk:
            return Authority(Viewer(), person=case.requester_id)
        return Authority(Viewer()) if by.system != "asker" and "importer" in move.by else None
    viewer = keeper().viewer(by.account, at)
    if viewer is None:
        return None
    if by.role is None and "importer" in move.by and viewer.grants_for(AGENT, programme=case.programme):
        return Authority(viewer)
    return next((r for r in rights(viewer, case, move) if (r.grant.role if r.grant else None) == by.role), None)


def rights(viewer: Viewer, case: Case, move: Move) -> list[Authority]:
    """Every right by which the viewer could make the move on this case, whatever state it is in."""
    barred = case.about_id is not None and case.about_id in viewer.barred_by()
    found = [
        Authority(viewer, grant=grant)
        for grant in ([] if barred else viewer.grants)
        if grant.code in move.by and grant.covers(case.programme) and _in_office(case, grant, move.code)
    ]
    if "asker" in move.by and is_asker(viewer, case):
        found.append(Authority(viewer, person=viewer.person))
    return found


def is_asker(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer asked: himself, or for a firm for which he may act (unless the asker kept it to himself)."""
    if viewer.person is not None and viewer.person == case.requester_id:
        return True
    return case.firm_id is not None and case.firm_id in viewer.firms and not case.confidential


def _in_office(case: Case, grant: Grant, move: str) -> bool:
    """Whether the office is held where this move is made. A slip is reported on where it was sent."""
    if move == "report_back" and (slip := open_slip(case)) is not None:
        return grant.organisation == slip.unit_id
    if grant.code == AGENT:
        return grant.organisation == case.desk_id
    if grant.code == HANDLER:
        if move == "feed_back":
            return any(d.unit_id == grant.organisation for d in open_duties(case) if not d.lead)
        return grant.organisation == case.lead_id
    if grant.code == REVIEWER:
        # What everybody will read is the desk's to answer for, whichever unit has worked on it.
        return grant.organisation == case.desk_id or (grant.organisation == review_unit(case) and move not in _DESKS)
    if grant.code == SECRETARY:
        return grant.organisation == case.desk_id
    return grant.code == SUPERVISOR and _oversees(grant, case)


def _oversees(grant: Grant, case: Case) -> bool:
    known = directory()
    area = known.places[known.bodies[grant.organisation].area]
    return area.level == "county" or area.id == known.places[case.area_id].town


def may_know_number(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may look at the requester's whole number: the desk, or a unit at work if it knows who asked."""
    if case.about_id is not None and case.about_id in viewer.barred_by():
        return False
    if case.desk_id in viewer.units(AGENT, programme=case.programme):
        return True
    at_work = {d.unit_id for d in open_duties(case)} & viewer.units(HANDLER, programme=case.programme)
    return not case.confidential and lead_duty(case) is not None and bool(at_work)


def duties(case: Case) -> list[Assignment]:
    """All assignments of a case, oldest first; read once for each loaded case."""
    known: list[Assignment] | None = getattr(case, "_duties", None)
    if known is None:
        known = keeper().parts(case, Assignment) if case.pk else []
        case._duties = known  # type: ignore[attr-defined]
    return known


def open_duties(case: Case) -> list[Assignment]:
    """The assignments in force."""
    return [d for d in duties(case) if d.ended_at is None and d.returned_at is None]


def lead_duty(case: Case) -> Assignment | None:
    """The lead unit's present assignment."""
    found = [d for d in open_duties(case) if d.lead and d.unit_id == case.lead_id]
    return found[-1] if found else None


def review_unit(case: Case) -> int | None:
    """Where an answer is reviewed: with the unit that passed the case down, else in the lead unit itself."""
    duty = lead_duty(case)
    if duty is None:
        return case.lead_id
    if duty.parent_id is None or duty.transferred:
        return duty.unit_id
    return next((d.unit_id for d in duties(case) if d.pk == duty.parent_id), duty.unit_id)


def workers(case: Case) -> set[int]:
    """The accounts that have worked on a case: they signed it in, were handed it or wrote an answer."""
    found = {d.signed_in_by for d in duties(case)} | {case.handler_id}
    found |= {account for _, account, _ in keeper().handed_over(case)}
    found |= {a.written_by for a in keeper().parts(case, Answer)}
    return {a for a in found if a is not None}


def apart(case: Case, move: Move) -> set[int]:
    """The accounts that may not make this move because of what they have done on the case."""
    if not move.never_same_person_as:
        return set()
    found = workers(case)
    if move.never_same_person_as == "publish_prepare":
        found |= {p.prepared_by for p in keeper().parts(case, Publication) if p.prepared_by and p.state == "prepared"}
    if move.never_same_person_as == "extend" and case.extension == Extension.State.ASKED:
        found |= {one.asked_by for one in keeper().parts(case, Extension) if one.asked_by}
    return found


def last_handler(case: Case, duty: Assignment) -> int | None:
    """Who had the case in a unit when that passed it down: the last to whom it was handed over there, else who took it on."""
    if duty.signed_in_at is None:
        return duty.signed_in_by
    given = [a for unit, a, at in keeper().handed_over(case) if unit == duty.unit_id and at >= duty.signed_in_at]
    return given[-1] if given else duty.signed_in_by
