"""Opening a case: the one way in, whatever the channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError

from tongban.core import vault
from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor, Precision
from tongban.core.ledger.rows import new_row
from tongban.core.plain import clean
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.actions import firm_dissolved
from tongban.core.registry.models import Firm, Person
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases.actions.facts import fact_values
from tongban.engines.cases.actions.filing import file_with
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.raising import rung_columns
from tongban.engines.cases.actions.subject import check_category, check_place, tidy_address
from tongban.engines.cases.actions.writing import Audience, scope_row, sight
from tongban.engines.cases.declare import CHANNELS, CaseType
from tongban.engines.cases.ladder import first_rung
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import Case, CaseScope, Participant, StoryItem
from tongban.engines.cases.text import INDEX, words_of
from tongban.engines.cases.types import case_type, types

TITLE, BODY = 120, 10_000
# Degrees around the county's centre within which a pin may lie; wide, for the true border is not ours to ship.
_AROUND = 0.6


@dataclass(frozen=True, slots=True)
class Opening:
    """What is asked, by whom, for whom. ``area`` and ``about`` are keys of the directory."""

    programme: str
    kind: str
    body: str
    area: int
    title: str = ""
    category: str = ""
    channel: str = "web"
    requester: Person | None = None
    beneficiary: Person | None = None
    cosigners: tuple[Person, ...] = ()
    firm: Firm | None = None
    confidential: bool = False
    kept_private: bool = False
    about: int | None = None
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    opened_at: datetime | None = None
    precision: Precision = Precision.SECOND
    source: str | None = None
    external_id: str | None = None
    batch: int | None = None
    files: tuple[Waiting, ...] = ()


def open_case(opening: Opening, *, by: Actor, at: datetime, idempotency: str | None = None) -> Case:
    """Open a case. The same request under the same ``idempotency`` key gives the case that its first use opened.

    A key is good for one request of one person: another text or another asker under it is another case, never a way to
    lose a text or to be shown somebody else's case.
    """
    with reference.hold():
        return _open(opening, by=by, at=at, idempotency=_bound(idempotency, opening, by) if idempotency else None)


def _bound(key: str, opening: Opening, by: Actor) -> str:
    """The key, bound to who asks and what."""
    people = (opening.requester, opening.beneficiary, *opening.cosigners)
    said = [
        # By name and number: a form that is sent twice at once may have registered its asker twice.
        [(p.name, bytes(p.phone_index or b"").hex()) if p else None for p in people],
        opening.firm.pk if opening.firm else None, sorted((code, str(value)) for code, value in opening.facts.items()),
        *(getattr(opening, name) for name in _ASKED), [one.token for one in opening.files],
    ]  # fmt: skip
    return vault.blind_index("idempotency", f"{key}\n{by.account}\n{said!r}").hex()


_ASKED = (
    "programme", "kind", "body", "area", "title", "category", "channel", "confidential", "kept_private", "about", "address",
    "longitude", "latitude",
)  # fmt: skip


def _open(opening: Opening, *, by: Actor, at: datetime, idempotency: str | None) -> Case:
    try:
        return begin(opening, by=by, at=at, idempotency=idempotency)
    except IntegrityError:
        # Sent twice: the first one won, and its case is the answer to both.
        if idempotency and (known := Case.objects.filter(idempotency=idempotency).first()):
            return known
        raise


def begin(opening: Opening, *, by: Actor, at: datetime, idempotency: str | None = None) -> Case:
    """Check what is asked and write it down."""
    case = draft(opening, at=at)
    case.idempotency = idempotency
    facts = fact_values(case_type(opening.programme, opening.kind), opening.facts)
    return _write(case, opening, facts, by=by, at=at)


def _write(case: Case, opening: Opening, facts: list, *, by: Actor, at: datetime) -> Case:  # type: ignore[type-arg]
    journal = keeper().journal(
        "cases.open", by=by, at=at, happened_at=case.opened_at, precision=opening.precision,
        programme=case.programme, area=case.area_id,
    )  # fmt: skip
    with journal:
        journal.add(case)
        for row in facts:
            row.case = case
        journal.add_many(facts, of=case)
        others = [new_row(Participant, case=case, person=p, role="cosigner", since=at) for p in opening.cosigners]
        journal.add_many(others, of=case)
        journal.add(opening_line(case, by), of=case)
        file_with(journal, case, opening.files, came_with="open", audience=Audience.PARTY, by=by, at=at)
        show(case, opening)
        if opening.batch is None:
            journal.send("cases.opened", key=f"cases.opened:{case.pk}", case=case.pk)
    return case


def show(case: Case, opening: Opening) -> None:
    """Let those who may see a new case see and find it."""
    if keeper().sees_later:
        return
    seen = fresh_sight(case, opening)
    CaseScope.objects.bulk_create([scope_row(case, h, q) for h, q in seen.items()])
    INDEX.put(case.pk, words_of(case, seen))


def opening_line(case: Case, by: Actor) -> StoryItem:
    """The first line of the story."""
    return new_row(
        StoryItem, case=case, kind="open", audience=Audience.PUBLIC, happened_at=case.opened_at,
        precision=case.opened_precision, by_account=by.account,
    )  # fmt: skip


def fresh_sight(case: Case, opening: Opening) -> dict[int, int]:
    """Holder → queue of a case that has no assignment yet, without asking the database for one."""
    case._duties = []  # type: ignore[attr-defined]
    case._others = [p.pk for p in opening.cosigners]  # type: ignore[attr-defined]
    return sight(case)


def draft(opening: Opening, *, at: datetime) -> Case:
    """The checked row of a new case, not saved: pure but for the directory, the calendar and the limits in memory."""
    kind = case_type(opening.programme, opening.kind)
    body = _text(opening.body, BODY, empty="case.body.empty", field="body")
    title = _title(opening.title, body)
    _check(kind, opening, at)
    desk = _desk(kind, opening.about)
    due = due_of(limit_on(kind.clock(kind.lifecycle.initial), at), at).at
    return new_row(
        Case,
        programme=opening.programme,
        kind=opening.kind,
        state=kind.lifecycle.initial,
        title=title,
        body=body,
        category=opening.category,
        channel=opening.channel,
        confidential=opening.confidential,
        kept_private=opening.kept_private,
        requester=opening.requester,
        beneficiary=opening.beneficiary,
        firm=opening.firm,
        area_id=opening.area,
        address=tidy_address(opening.address),
        longitude=opening.longitude,
        latitude=opening.latitude,
        about_id=opening.about,
        desk_id=desk.id,
        opened_at=opening.opened_at or at,
        opened_precision=opening.precision.value,
        recorded_at=at,
        due_at=due,
        **rung_columns(due, first_rung(due, kind.lifecycle.initial, at)),
        source=opening.source,
        external_id=opening.external_id,
        batch_id=opening.batch,
        # Whoever asks is unknown: the case carries a key of its own, so that its words can be forgotten too.
        key=b"" if opening.requester else vault.new_subject_key(),
    )


def _desk(kind: CaseType, about: int | None) -> Body:
    """The desk at which it arrives: the type's own; a complaint about that desk arrives at another one."""
    known = directory()
    if about is None:
        return known.body_codes[kind.desk]
    barred = {about, *known.below(about)}
    for code in (kind.desk, *sorted({t.desk for t in types().values()} - {kind.desk})):
        if code in known.body_codes and known.body_codes[code].id not in barred:
            return known.body_codes[code]
    raise Refused("case.desk.itself", field="about")


def _check(kind: CaseType, opening: Opening, at: datetime) -> None:
    check_category(kind, opening.category)
    check_place(opening.area)
    if opening.channel not in CHANNELS:
        raise ValueError(f"no channel {opening.channel!r}")
    known = directory()
    if opening.about is not None and opening.about not in known.bodies:
        raise Refused("case.unit.none", field="about")
    if opening.firm is not None and (gone := firm_dissolved(opening.firm, at)):
        raise gone
    if (opening.longitude is None) != (opening.latitude is None):
        raise Refused("case.position", field="position")
    if opening.longitude is not None and opening.latitude is not None:
        county = known.county
        away = opening.longitude - (county.longitude or 0), opening.latitude - (county.latitude or 0)
        if not all(abs(a) <= _AROUND for a in away):  # "not … <=" so that NaN is outside too, whichever it is
            raise Refused("case.position", field="position")


def _text(text: str, most: int, *, empty: str, field: str) -> str:
    tidy = clean(text.replace("\r\n", "\n")).strip()
    if not tidy:
        raise Refused(empty, field=field)
    if len(tidy) > most:
        raise Refused("case.body.long", field=field, most=most, length=len(tidy))
    return tidy


def _title(title: str, body: str) -> str:
    """The title as given; else the first sentence of the text, shortened."""
    tidy = " ".join(clean(title).split())
    if tidy:
        return tidy if len(tidy) <= TITLE else tidy[: TITLE - 1] + "…"
    first = re.split(r"[\n。！？!?]", body, maxsplit=1)[0]
    first = " ".join(first.split()) or body[:40]
    return first if len(first) <= 40 else first[:39] + "…"
