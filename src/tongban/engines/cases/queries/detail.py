"""One case, as much of it as its reader may see."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tongban.core.access.models import Account
from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry.models import Firm
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases.actions.authority import apart, open_duties, rights, type_of
from tongban.engines.cases.actions.clock import asked_extension
from tongban.engines.cases.actions.hindrances import hindrance
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.declare import CaseType, Fact, Move
from tongban.engines.cases.heads import head_key
from tongban.engines.cases.models import (
    Answer,
    Assignment,
    Case,
    Extension,
    FactValue,
    Inquiry,
    Rating,
    StoryItem,
)
from tongban.engines.cases.outcome import Outcome
from tongban.engines.cases.queries.extended import Extended, Still, extended
from tongban.engines.cases.queries.files import File, files_of
from tongban.engines.cases.queries.lines import Line, story_of
from tongban.engines.cases.queries.standing import seen_case, standing, works_on
from tongban.engines.cases.secrets import case_number, case_of_tracking_code

Audience = StoryItem.Audience


@dataclass(frozen=True, slots=True)
class Author:
    """The requester, for those who may know: name, masked number, and whether there is a number to reveal."""

    name: str
    phone_masked: str
    has_phone: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Whence a case came that was asked elsewhere: the system, the number there ("" if it had none), who brought it."""

    source: str
    number: str
    by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that belongs to the viewer's office: with which role, and, if it cannot be made now, why not."""

    move: Move
    role: int | None
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A case as one reader may see it.

    What is worked out for him (author, story, answers, firm …) holds nothing that he may not see; ``case`` and
    ``assignments`` are the whole rows, of which a page shows what its template names.
    """

    case: Case
    number: str
    type: CaseType
    level: int
    asker: bool
    state: Label
    category: Label | None
    area: Label
    town: Label | None
    author: Author | None
    author_hidden: bool
    firm: Firm | None
    about: Label | None
    lead: Label | None
    desk: Label
    handler: str
    story: list[Line]
    answers: list[Answer]
    inquiries: list[Inquiry]
    assignments: list[Assignment]
    facts: list[tuple[Fact, FactValue]]
    cosigners: int
    rating: Rating | None
    offers: list[Offer]
    units: Mapping[int, Body]
    awaited: frozenset[int]  # assisting units that have not reported back yet; for officers
    origin: Origin | None  # of a case that was asked elsewhere; for officers
    stops: list[Still]
    extension: Extension | None  # that waits for a decision; for officers
    extended: Extended | None  # what was added to the promise; why, for officers
    files: list[File]
    outcome: Outcome | None  # of the answer that the asker has now; its own sentence for those alone who read answers

    def may(self, code: str) -> Offer | None:
        """The offer of this move, if it can be made now."""
        return next((o for o in self.offers if o.move.code == code and o.refusal is None), None)


def case_detail(viewer: Viewer, key: int, at: datetime) -> Detail | None:
    """The case, or None if there is none or the viewer may not see it: the two look the same to him."""
    found = standing(viewer, key)
    if found is None:
        return None
    offered = offers(found.viewer, found.case, at)
    return _detail(found.viewer, found.case, found.level, offered, asker=found.asker)


def tracked(code: str, *, proved: bool = False) -> Detail | None:
    """The case that a tracking code opens, told as to anybody who holds the code; None for a wrong one.

    ``proved``: he has shown the requester's whole number too (proof.number_fits) and sees what the requester sees.
    """
    key = case_of_tracking_code(code)
    case = seen_case(key) if key is not None else None
    level = Audience.PARTY if proved else Audience.PUBLIC
    return _detail(Viewer(), case, level, [], asker=proved) if case is not None else None


def _detail(viewer: Viewer, case: Case, level: int, offered: list[Offer], *, asker: bool) -> Detail:
    known = directory()
    kind = type_of(case)
    place = known.places[case.area_id]
    category = kind.category(case.category)
    # The author is known to the desk and to himself; to the units at work unless he asked for confidence; never to
    # overseers, followers or whoever merely holds the tracking code.
    knows_author = level == Audience.DESK or asker or (works_on(viewer, case) and not case.confidential)
    names = _names(case) if level >= Audience.UNIT else {}
    answers, stops = _answers(case, level), _stops(case)
    facts = {f.code: f for f in kind.facts}
    return Detail(
        case=case,
        number=case_number(case.pk),
        type=kind,
        level=level,
        asker=asker,
        state=kind.lifecycle.states[case.state],
        category=category.label if category else None,
        area=place.name,
        town=known.places[place.town].name if place.town else None,
        author=_author(case) if knows_author else None,
        author_hidden=not knows_author,
        firm=case.firm if knows_author or (level >= Audience.PARTY and not case.confidential) else None,
        about=known.bodies[case.about_id].name if case.about_id and (level == Audience.DESK or asker) else None,
        lead=known.bodies[case.lead_id].name if case.lead_id else None,
        desk=known.bodies[case.desk_id].name,
        handler=names.get(case.handler_id or 0, "") if level >= Audience.UNIT else "",
        story=story_of(case, level, names),
        answers=answers,
        inquiries=list(case.inquiries.order_by("pk")) if level >= Audience.PARTY else [],
        assignments=list(case.assignments.select_related("limit").order_by("pk")),
        facts=[(facts[v.code], v) for v in case.facts.order_by("pk") if v.code in facts] if level > 1 else [],
        cosigners=case.participants.filter(role="cosigner").count(),
        rating=Rating.objects.filter(case=case).order_by("-pk").first() if level >= Audience.PARTY else None,
        offers=offered,
        units=known.bodies,
        awaited=_awaited(case) if level >= Audience.UNIT else frozenset(),
        origin=_origin(case, names) if level >= Audience.UNIT else None,
        stops=stops,
        extension=asked_extension(case) if level >= Audience.UNIT else None,
        extended=extended(case, stops, reason=level >= Audience.UNIT),
        files=files_of(case, level, at_work=level == Audience.DESK or works_on(viewer, case)),
        outcome=_outcome(case, level, answers),
    )


def _outcome(case: Case, level: int, answers: list[Answer]) -> Outcome | None:
    """What came of it by the answer that the asker has now, of a merged case's where it goes on.

    Whoever merely follows it, or holds its code, is told the outcome and the reason of the list; not the sentence.
    """
    head = case if case.merged_into_id is None else Case.objects.get(pk=head_key(case))
    if head.answered_at is None or not head.outcome:
        return None
    if level < Audience.PARTY or head is not case:
        answers = list(Answer.objects.filter(case=head).order_by("pk"))
    found = next(a.came_to for a in reversed(answers) if a.sent_at is not None and not a.receipt)
    return found if level >= Audience.PARTY else replace(found, because="")


def _awaited(case: Case) -> frozenset[int]:
    helping = {d.unit_id for d in open_duties(case) if not d.lead}
    return frozenset(helping - keeper().reported(case)) if helping else frozenset()


def _stops(case: Case) -> list[Still]:
    if not (case.pauses or case.stopped):
        return []
    rows = case.stops.order_by("pk").values_list("kind", "began_at", "until", "ended_at", "measure")
    return [Still(*row) for row in rows]


def _author(case: Case) -> Author | None:
    person = case.requester
    if person is None:
        return None
    return Author(person.name, person.phone_masked, bool(person.phone))


def _origin(case: Case, names: Mapping[int, str]) -> Origin | None:
    if not case.source:
        return None
    # A row without a number was given one made from its words (importing.sifting), by which nobody knows it.
    number = "" if (case.external_id or "~").startswith("~") else case.external_id or ""
    return Origin(case.source, number, names.get(case.batch.by_account or 0, "") if case.batch else "")


def _names(case: Case) -> dict[int, str]:
    """Account → name, for the officers that the story names. The asker is not among them, even if he is an officer."""
    wanted = set(case.story.values_list("by_account", flat=True)) | {case.handler_id}
    wanted |= {case.batch.by_account} if case.batch else set()
    officers = Account.objects.filter(pk__in={w for w in wanted if w}, staff=True).select_related("person")
    if case.requester_id is not None:
        officers = officers.exclude(person_id=case.requester_id)
    return {a.pk: a.person.name if a.person else a.username for a in officers}


def _answers(case: Case, level: int) -> list[Answer]:
    """Units see every version; the asker and whoever holds the code see what was sent."""
    found = case.answers.order_by("pk")
    if level >= Audience.UNIT:
        return list(found)
    if level < Audience.PARTY:
        return []
    # Whoever asked what goes on as another case is answered there.
    going_on = Answer.objects.filter(case=head_key(case)).order_by("pk") if case.merged_into_id is not None else found
    return list(going_on.filter(sent_at__isnull=False))


def offers(viewer: Viewer, case: Case, at: datetime, among: Container[str] | None = None) -> list[Offer]:
    """The moves of the viewer's offices, those that cannot be made now with the reason; ``among``: of these codes."""
    kind = type_of(case)
    found = []
    for move in kind.lifecycle.moves:
        if "importer" in move.by or (among is not None and move.code not in among):
            continue
        for right in rights(viewer, case, move)[:1]:
            refusal = None
            if case.state not in move.sources:
                refusal = Refused("case.state", state=kind.lifecycle.states[case.state], move=move.label)
            elif viewer.account is not None and viewer.account in _kept_apart(case, move):
                refusal = Refused("case.same_person", move=move.label)
            else:
                refusal = hindrance(case, move.code, at)
            found.append(Offer(move, right.grant.role if right.grant else None, refusal))
    return found


def _kept_apart(case: Case, move: Move) -> set[int]:
    """As :func:`apart`, read once for all moves that are kept apart from the same one."""
    known: dict[str, set[int]] = case.__dict__.setdefault("_apart", {})
    other = move.never_same_person_as or ""
    if other not in known:
        known[other] = apart(case, move)
    return known[other]


__all__ = ["Author", "Detail", "Line", "Offer", "case_detail", "offers", "tracked"]
