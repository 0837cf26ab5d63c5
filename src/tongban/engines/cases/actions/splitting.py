"""Several matters in one request: each becomes a case of its own, and back; and cases that stand under another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.core.ledger.actor import Actor, Precision
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.merging import tell_other
from tongban.engines.cases.actions.opening import Opening, draft, opening_line, show
from tongban.engines.cases.actions.raising import rung_columns, settle_pressing
from tongban.engines.cases.actions.reverting import link_of, mark_undone, splits_of
from tongban.engines.cases.actions.writing import Act, Audience, acting, load, refresh_sight
from tongban.engines.cases.ladder import first_rung
from tongban.engines.cases.models import Case, Link, Participant
from tongban.engines.cases.secrets import case_number

#: Matters that one splitting takes out; more than that is a list, which is imported.
MOST = 5


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter that is taken out of a request: in the asker's own words, which the agent may shorten."""

    body: str
    category: str = ""


def split(*, case: int, matters: Sequence[Matter], by: Actor, at: datetime) -> list[int]:
    """Open a case for each of ``matters``, with a clock of its own. Gives their keys.

    What was asked stays as it is and goes on with the matter that is left in it: nobody's words are changed.
    """
    if not 1 <= len(matters) <= MOST:
        raise Refused("case.split.many", field="body1", most=MOST)
    with acting(case, "split", by=by, at=at) as act:
        children = [_take_out(act, matter, number) for number, matter in enumerate(matters, 1)]
        act.tell("split", text="、".join(case_number(c.pk) for c in children))
        act.notify("split")
    return [c.pk for c in children]


def unsplit(*, case: int, by: Actor, at: datetime) -> None:
    """Take the last splitting back: the request is whole again, and the cases that it made are void."""
    with acting(case, "unsplit", by=by, at=at) as act:
        links = splits_of(case)
        if not links:
            raise Refused("case.split.none")
        for link in links:
            child = load(link.case_id)
            act.journal.change(
                child, state="undone", accepted_at=None, closed_at=at, due_at=None, **rung_columns(None, None)
            )
            settle_pressing(act.journal, child, at)
            mark_undone(act.journal, link, child, by=by, at=at)
            refresh_sight(child)
        act.tell("unsplit")
        act.notify("unsplit")


def put_under(*, case: int, parent: int, by: Actor, at: datetime) -> None:
    """Let a case stand under another: both are handled and answered by themselves, and each shows the other."""
    with acting(case, "put_under", by=by, at=at) as act:
        over = keeper().case(parent)
        if over is None or (over.desk_id, over.programme) != (act.case.desk_id, act.case.programme):
            raise Refused("case.merge.unknown", field="parent")
        if over.about_id != act.case.about_id:
            raise Refused("case.merge.about", field="parent")
        _refuse_circle(act.case, over)
        act.journal.add(_link(act, Link.Kind.CHILD, act.case, over), of=act.case)
        act.tell("put_under", audience=Audience.UNIT, text=case_number(over.pk))
        tell_other(act, over, "put_over", audience=Audience.UNIT)


def take_out(*, case: int, by: Actor, at: datetime) -> None:
    """Let a case stand by itself again."""
    with acting(case, "take_out", by=by, at=at) as act:
        link = link_of(case, Link.Kind.CHILD)
        if link is None:
            raise Refused("case.under.none")
        mark_undone(act.journal, link, act.case, by=by, at=at)
        act.tell("take_out", audience=Audience.UNIT, text=case_number(link.other_id))


def _take_out(act: Act, matter: Matter, number: int) -> Case:
    row, journal, at = act.case, act.journal, act.at
    opening = _opening(row, matter)
    try:
        child = draft(opening, at=at)
    except Refused as refusal:
        refusal.field = f"{refusal.field}{number}"
        raise
    child.desk_id = row.desk_id
    if row.state != "new":
        # The desk has accepted the request, and so every matter in it.
        child.state, child.accepted_at = "accepted", at
        vars(child).update(rung_columns(child.due_at, first_rung(child.due_at, child.state, at)))
    journal.add(child)
    others = [new_row(Participant, case=child, person=p, role="cosigner", since=at) for p in opening.cosigners]
    journal.add_many(others, of=child)
    journal.add(_link(act, Link.Kind.SPLIT, child, row), of=child)
    journal.add(opening_line(child, act.by), of=child)
    tell_other(act, child, "split_off")
    show(child, opening)
    journal.send("cases.opened", key=f"cases.opened:{child.pk}", case=child.pk)
    return child


def _opening(case: Case, matter: Matter) -> Opening:
    signed = Participant.objects.filter(case=case, role="cosigner").select_related("person").order_by("pk")
    return Opening(
        programme=case.programme, kind=case.kind, body=matter.body, area=case.area_id, category=matter.category,
        channel=case.channel, requester=case.requester, beneficiary=case.beneficiary, firm=case.firm,
        cosigners=tuple(p.person for p in signed), confidential=case.confidential, kept_private=case.kept_private,
        about=case.about_id, address=case.address, longitude=case.longitude, latitude=case.latitude,
        opened_at=case.opened_at, precision=Precision(case.opened_precision),
    )  # fmt: skip


def _link(act: Act, kind: Link.Kind, case: Case, other: Case) -> Link:
    return new_row(
        Link, case=case, kind=kind.value, other=other, action=act.journal.action, made_by=act.by.account, made_at=act.at
    )


def _refuse_circle(case: Case, over: Case) -> None:
    if link_of(case.pk, Link.Kind.CHILD) is not None:
        raise Refused("case.under.already", field="parent")
    key: int | None = over.pk
    while key is not None:
        if key == case.pk:
            raise Refused("case.under.circle", field="parent")
        above = link_of(key, Link.Kind.CHILD)
        key = above.other_id if above is not None else None
