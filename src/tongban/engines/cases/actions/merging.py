"""The same matter asked twice: one case goes on as the other, and back again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.engines.cases.actions.authority import authority, open_duties, type_of
from tongban.engines.cases.actions.clock import (
    EXTENSION_OUT,
    RECOMPUTE,
    STOP_OUT,
    asked_extension,
    open_stop,
    time_out,
)
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.reverting import link_of, mark_undone, revert
from tongban.engines.cases.actions.writing import Act, Audience, acting, load, refresh_sight, taking_part
from tongban.engines.cases.models import Case, Link, Participant, StoryItem
from tongban.engines.cases.secrets import case_number

_OBJECTION = 500
#: The role of those who asked the same and now follow the case as which theirs goes on.
MERGED = "merged"


def merge(*, case: int, into: int, by: Actor, at: datetime) -> None:
    """Let ``case`` go on as ``into``, or as that with which ``into`` was merged itself.

    Whoever asked it is told of the other one's progress and answer. Who asked stays unknown to the other side.
    """
    with acting(case, "merge", by=by, at=at) as act:
        row, head = act.case, _head(into)
        _refuse_apart(row, head)
        for duty in open_duties(row):
            act.journal.change(duty, of=row, ended_at=at)
        act.journal.change(row, merged_into_id=head.pk, closed_at=at, due_at=None)
        link = new_row(
            Link, case=row, kind=Link.Kind.MERGED.value, other=head, action=act.journal.action, made_by=by.account,
            made_at=at,
        )  # fmt: skip
        act.journal.add(link, of=row)
        act.tell("merge", audience=Audience.PUBLIC, text=case_number(head.pk))
        _let_follow(act, head)
        tell_other(act, head, "merged_in")
        refresh_sight(head)
        act.notify("merge")


def unmerge(*, case: int, by: Actor, at: datetime) -> None:
    """Give a merged case back what it was: its state, its units, its clock; refused once a later step rests on it."""
    with reference.hold(), keeper().journal("cases.unmerge", by=by, at=at) as journal:
        row = load(case)
        act = Act(row, by, at, journal, authority(row, "unmerge", by=by, at=at), None)
        link = link_of(case, Link.Kind.MERGED)
        if link is None:
            raise Refused("ledger.overtaken")
        head = load(link.other_id)
        revert(journal, link.action, {row.pk: row, head.pk: head})
        mark_undone(journal, link, row, by=by, at=at)
        journal.programme, journal.area, journal.unit = row.programme, row.area_id, row.lead_id
        act.tell("unmerge", audience=Audience.PUBLIC)
        tell_other(act, head, "unmerged")
        _wind_up(act)
        refresh_sight(row)
        refresh_sight(head)
        act.notify("unmerge")


def object_to_merge(*, case: int, reason: str, by: Actor, at: datetime, proof: str = "") -> None:
    """Whoever asked says, once for each merge, that it is not the same matter. It stays merged until the desk undoes that."""
    reason = required(reason, "case.text.empty", "reason", _OBJECTION)
    with acting(case, "object", by=by, at=at, proof=proof) as act:
        if has_objected(line.kind for line in keeper().parts(act.case, StoryItem)):
            raise Refused("case.merge.objected")
        act.tell("object", text=reason)
        act.notify("object")


def has_objected(story: Iterable[str]) -> bool:
    """Whether the last merge of a case was objected to, by the kinds of its lines, oldest first."""
    return [kind for kind in story if kind in ("merge", "object")][-1:] == ["object"]


def _head(into: int) -> Case:
    """The case as which the one that was named goes on at last; itself if it was never merged."""
    found = keeper().case(into)
    if found is None:
        raise Refused("case.merge.unknown", field="into")
    while found.merged_into_id is not None:
        found = load(found.merged_into_id)
    return found


def tell_other(act: Act, other: Case, kind: str, *, audience: int = Audience.PARTY) -> None:
    """A line in the story of the other case, of which no more is said than that it happened."""
    line = new_row(
        StoryItem, case=other, kind=kind, audience=audience, happened_at=act.at, precision="second",
        by_account=act.by.account, unit_id=act.right.unit,
    )  # fmt: skip
    act.journal.add(line, of=other)


def _refuse_apart(case: Case, head: Case) -> None:
    """Refuse what is not the same matter, or must not become one."""
    if head.pk == case.pk:
        raise Refused("case.merge.itself", field="into")
    if (head.desk_id, head.programme, head.kind) != (case.desk_id, case.programme, case.kind):
        raise Refused("case.merge.unknown", field="into")
    # Else a unit would learn of a complaint about itself from the other case, now or after the next assignment.
    if head.about_id != case.about_id:
        raise Refused("case.merge.about", field="into")
    kind = type_of(head)
    if head.state not in kind.lifecycle.move("merge").sources:
        raise Refused(
            "case.merge.over", field="into", number=case_number(head.pk), state=kind.lifecycle.states[head.state]
        )


def _let_follow(act: Act, head: Case) -> None:
    """Whoever asked or followed the merged case follows the other."""
    row = act.case
    known = {head.requester_id, head.beneficiary_id, *taking_part(head), None}
    wanted = dict.fromkeys((row.requester_id, row.beneficiary_id, *taking_part(row)))
    followers = [
        new_row(Participant, case=head, person_id=person, role=MERGED, since=act.at)
        for person in wanted
        if person not in known
    ]
    act.journal.add_many(followers, of=head)


def _wind_up(act: Act) -> None:
    """Have the worker look again at what it let pass while the case was merged: stops, extensions, calendar changes."""
    row, journal = act.case, act.journal
    if (stop := open_stop(row)) is not None:
        time_out(journal, row, STOP_OUT, stop.pk, stop.until)
    if (asked := asked_extension(row)) is not None and row.promised_at is not None:
        time_out(journal, row, EXTENSION_OUT, asked.pk, row.promised_at)
    journal.send(RECOMPUTE, key=f"{RECOMPUTE}:{row.pk}:v{row.version}", cases=[row.pk])
