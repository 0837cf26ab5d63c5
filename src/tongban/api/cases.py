"""Cases: lists, one of them, and a new one."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from ninja import Field, Header, Router, Schema, Status
from pydantic import ConfigDict

from tongban.api.bearers import Token, require
from tongban.api.calling import Calling
from tongban.api.problems import Trouble, Words, unknown
from tongban.core.access.tokens import ASK, READ, WORK
from tongban.core.access.viewer import AGENT
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused, declare
from tongban.core.registry.askers import calling, firm_with_code, person_named
from tongban.core.registry.models import Firm, Person
from tongban.core.registry.queries import directory
from tongban.engines.cases import queries
from tongban.engines.cases.actions import Opening, open_case
from tongban.engines.cases.logic import numbers
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.rows import CaseRow, Page
from tongban.engines.cases.secrets import case_number, tracking_code
from tongban.engines.cases.types import case_type, types

router = Router(tags=["cases"])
MOST = 200

declare(
    {
        "api.kind": Label(
            "没有这样的事项。请从 /programmes 里选。", "There is no such kind of request; choose one of /programmes."
        ),
        "api.area": Label("没有代码是“{code}”的区划。", "No area has the code “{code}”."),
        "api.for_others": Label(
            "只有受理岗的令牌可以替别人提出；自己提出的请不要填 name 和 phone。",
            "Only a desk agent's token asks for somebody else; leave name and phone out when you ask for yourself.",
        ),
    }
)


class CaseLine(Schema):
    """A case as a list shows it. No person stands in it."""

    number: str
    title: str
    state: str
    programme: str
    category: Words | None
    area: Words
    lead: Words | None
    confidential: bool
    opened_at: datetime
    due_at: datetime | None
    promised_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    in_time: bool | None
    grade: int | None
    outcome: str

    @classmethod
    def of(cls, row: CaseRow) -> CaseLine:
        """The line of a list as data."""
        return cls(
            number=row.number, title=row.title, state=row.state, programme=row.programme, category=Words.maybe(row.category),
            area=Words.of(row.area), lead=Words.maybe(row.lead), confidential=row.confidential, opened_at=row.opened_at,
            due_at=row.due_at, promised_at=row.promised_at, answered_at=row.answered_at, closed_at=row.closed_at,
            in_time=row.in_time, grade=row.grade, outcome=row.outcome.code,
        )  # fmt: skip


class Lines(Schema):
    """A page of a list. ``after`` asks for the next one; empty at the end."""

    cases: list[CaseLine]
    after: str


class StoryLine(Schema):
    """What happened, and when."""

    kind: str
    at: datetime
    unit: Words | None
    text: str


class AnswerOut(Schema):
    """An answer that was sent; for officers also what is on its way."""

    text: str
    outcome: str
    sent_at: datetime | None


class CaseOut(Schema):
    """A case as the token's account may see it."""

    number: str
    programme: str
    kind: str
    state: str
    title: str
    body: str
    category: Words | None
    area: Words
    lead: Words | None
    asker: str | None = Field(None, description="The name of whoever asked, where the account may know it.")
    phone: str | None = Field(None, description="His number, all but a few digits hidden.")
    opened_at: datetime
    due_at: datetime | None
    promised_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    story: list[StoryLine]
    answers: list[AnswerOut]
    moves: list[str] = Field(description="The moves that can be made now.")

    @classmethod
    def of(cls, detail: Detail) -> CaseOut:
        """What the reader may see of it."""
        case, author = detail.case, detail.author
        return cls(
            number=detail.number, programme=case.programme, kind=case.kind, state=case.state, title=case.title,
            body=case.body, category=Words.maybe(detail.category), area=Words.of(detail.area), lead=Words.maybe(detail.lead),
            asker=author.name if author else None, phone=author.phone_masked if author else None,
            opened_at=case.opened_at, due_at=case.due_at, promised_at=case.promised_at, answered_at=case.answered_at,
            closed_at=case.closed_at,
            story=[
                StoryLine(kind=s.kind, at=s.happened_at, unit=Words.maybe(s.unit), text=s.text) for s in detail.story
            ],
            answers=[
                AnswerOut(text=a.text, outcome=a.came_to.code, sent_at=a.sent_at) for a in detail.answers if not a.receipt
            ],
            moves=[o.move.code for o in detail.offers if o.refusal is None],
        )  # fmt: skip


def seen(request: Calling, number: str) -> Detail:
    """The case of this number, if the token's account may see it; else there is none."""
    key = numbers.parse(settings.TONGBAN_COUNTY, number)
    detail = queries.case_detail(request.auth.viewer, key, request.at) if key is not None else None
    if detail is None:
        raise unknown()
    return detail


def one(request: Calling, number: str) -> CaseOut:
    """The same as data."""
    return CaseOut.of(seen(request, number))


@router.get("/cases", auth=Token(READ, ASK, WORK), response={200: Lines, 422: Trouble}, summary="Cases, newest first")
def cases(
    request: Calling, own: bool = False, state: str = "", programme: str = "", after: str = "", limit: int = 50
) -> Lines:
    """What the account sees at work, or (``own``) what it has asked itself or for its firms."""
    viewer, many = request.auth.viewer, min(max(limit, 1), MOST)
    if own:
        return _page(queries.own_cases(viewer, after=after, limit=many, at=request.at))
    return _page(queries.newest_page(viewer, state=state, programme=programme, after=after, limit=many))


@router.get("/queue", auth=Token(READ, WORK), response={200: Lines, 422: Trouble}, summary="What waits, by due time")
def queue(request: Calling, view: str = "work", programme: str = "", after: str = "", limit: int = 50) -> Lines:
    """One of the account's queues."""
    many = min(max(limit, 1), MOST)
    return _page(
        queries.queue_page(request.auth.viewer, request.at, view=view, programme=programme, after=after, limit=many)
    )


@router.get("/cases/{number}", auth=Token(READ, ASK, WORK), response={200: CaseOut, 404: Trouble}, summary="One case")
def case(request: Calling, number: str) -> CaseOut:
    """As the account may see it. What it may not see and what there is not look the same."""
    return one(request, number)


class Asking(Schema):
    """A new request."""

    model_config = ConfigDict(extra="forbid")

    programme: str
    kind: str = Field("", description="Left out: the programme's first.")
    body: str
    title: str = ""
    category: str
    area: str = Field(description="The code of a town or village.")
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    facts: dict[str, str | int | float] = {}
    confidential: bool = False
    kept_private: bool = False
    firm: str = Field("", description="A firm's unified social credit code.")
    name: str = Field("", description="Whoever asks, if it is not the account's owner: for a desk's agent.")
    phone: str = ""


class Asked(Schema):
    """Where the new request stands, and the code with which its asker follows it."""

    number: str
    tracking_code: str


@router.post("/cases", auth=Token(ASK), response={201: Asked, 409: Trouble, 422: Trouble}, summary="A new request")
def ask(request: Calling, given: Asking, idempotency_key: str = Header("", max_length=64)) -> Status[Asked]:
    """Open a case. Sent again under the same ``Idempotency-Key`` with the same content it is the same case."""
    kind = given.kind or next((k for p, k in types() if p == given.programme), "")
    if (given.programme, kind) not in types():
        raise Refused("api.kind", field="programme")
    for_others = bool(given.name or given.phone)
    if for_others:
        require(request.auth, WORK)
    role = _desk_role(request, given.programme, kind) if for_others else None
    by = request.auth.viewer.actor(role)
    place = directory().place_codes.get(given.area)
    if place is None:
        raise Refused("api.area", field="area", code=given.area)
    with transaction.atomic():
        person = calling(name=given.name, phone=given.phone, by=by, at=request.at) if for_others else _owner(request)
        made = _open(given, kind, place.id, person, f"api-{idempotency_key or uuid4()}", by, request.at)
        if made.recorded_at != request.at:
            transaction.set_rollback(True)  # sent twice: nobody is registered twice for it
    return Status(201, Asked(number=case_number(made.pk), tracking_code=tracking_code(made.pk)))


def _open(given: Asking, kind: str, area: int, person: Person | None, once: str, by: Actor, at: datetime) -> Case:
    opening = Opening(
        programme=given.programme, kind=kind, body=given.body, title=given.title, category=given.category, area=area,
        address=given.address, longitude=given.longitude, latitude=given.latitude, facts=given.facts, requester=person,
        firm=_firm(given.firm), confidential=given.confidential, kept_private=given.kept_private, channel="web",
    )  # fmt: skip
    return open_case(opening, by=by, at=at, idempotency=once)


def _page(found: Page) -> Lines:
    return Lines(cases=[CaseLine.of(row) for row in found.rows], after=found.after)


def _owner(request: Calling) -> Person | None:
    return person_named(request.auth.viewer.person)


def _firm(code: str) -> Firm | None:
    return firm_with_code(code) if code else None


def _desk_role(request: Calling, programme: str, kind: str) -> int:
    desk = directory().body_codes.get(case_type(programme, kind).desk)
    role = request.auth.viewer.role_at(AGENT, desk.id, programme) if desk is not None else None
    if role is None:
        raise Refused("api.for_others", field="phone")
    return role
