"""What other systems need to know before they can say anything: programmes and their categories, areas, units, limits."""

from __future__ import annotations

from ninja import Field, Router, Schema

from tongban.api.bearers import Token
from tongban.api.calling import Calling
from tongban.api.problems import Words
from tongban.core.access.tokens import SCOPES
from tongban.core.registry.queries import directory
from tongban.engines.cases.declare import CaseType, Fact
from tongban.engines.cases.queries import desk
from tongban.engines.programme.declare import Programme
from tongban.engines.programme.scan import programmes as declared

router = Router(tags=["reference"])
_ANY = Token(*SCOPES)


class CategoryOut(Schema):
    """A kind of matter, as its asker would name it."""

    code: str
    name: Words


class FactOut(Schema):
    """One typed thing that a request may say."""

    code: str
    name: Words
    kind: str
    required: bool
    choices: list[str]

    @classmethod
    def of(cls, fact: Fact) -> FactOut:
        """As declared."""
        return cls(
            code=fact.code, name=Words.of(fact.label), kind=fact.kind.value, required=fact.required,
            choices=list(fact.choices),
        )  # fmt: skip


class StateOut(Schema):
    """A state, and whether nothing follows it."""

    code: str
    name: Words
    ended: bool


class KindOut(Schema):
    """One kind of case of a programme."""

    code: str
    name: Words
    askers: list[str] = Field(description="Who may ask: resident, firm.")
    categories: list[CategoryOut]
    facts: list[FactOut]
    states: list[StateOut]

    @classmethod
    def of(cls, kind: CaseType) -> KindOut:
        """As declared."""
        life = kind.lifecycle
        return cls(
            code=kind.code, name=Words.of(kind.label), askers=sorted(kind.askers),
            categories=[CategoryOut(code=c.code, name=Words.of(c.label)) for c in kind.categories],
            facts=[FactOut.of(fact) for fact in kind.facts],
            states=[StateOut(code=c, name=Words.of(n), ended=c in life.ended) for c, n in life.states.items()],
        )  # fmt: skip


class ProgrammeOut(Schema):
    """A programme of the county."""

    code: str
    name: Words
    kinds: list[KindOut]

    @classmethod
    def of(cls, programme: Programme) -> ProgrammeOut:
        """As declared."""
        kinds = [KindOut.of(kind) for kind in programme.cases]
        return cls(code=programme.code, name=Words.of(programme.name), kinds=kinds)


class AreaOut(Schema):
    """The county, a town or a village."""

    code: str
    level: str
    name: Words
    parent: str


class UnitOut(Schema):
    """A body of the county: a desk, a bureau, a town's government, a village committee."""

    id: int = Field(description="By this a move names it.")
    code: str
    kind: str
    name: Words
    area: str


class LimitOut(Schema):
    """A promise that an assignment may be given, as it is in force now."""

    code: str
    name: Words
    amount: int
    unit: str
    confirmed: bool = Field(description="Not confirmed: a sample until an administrator says otherwise.")


@router.get("/programmes", auth=_ANY, response=list[ProgrammeOut], summary="Programmes, with what each asks for")
def programmes(request: Calling) -> list[ProgrammeOut]:
    """All programmes that have cases."""
    return [ProgrammeOut.of(one) for one in declared().values() if one.cases]


@router.get("/areas", auth=_ANY, response=list[AreaOut], summary="Areas")
def areas(request: Calling) -> list[AreaOut]:
    """All that are in force."""
    places = directory().places
    return [
        AreaOut(code=p.code, level=p.level, name=Words.of(p.name), parent=places[p.parent].code if p.parent else "")
        for p in places.values()
        if p.valid_until is None
    ]


@router.get("/units", auth=_ANY, response=list[UnitOut], summary="Units")
def units(request: Calling) -> list[UnitOut]:
    """All that are in force."""
    known = directory()
    return [
        UnitOut(id=b.id, code=b.code, kind=b.kind, name=Words.of(b.name), area=known.places[b.area].code)
        for b in known.bodies.values()
        if b.valid_until is None
    ]


@router.get("/limits", auth=_ANY, response=list[LimitOut], summary="Limits that an assignment may be given")
def limits(request: Calling) -> list[LimitOut]:
    """Shortest first."""
    return [
        LimitOut(
            code=one.code,
            name=Words(zh=one.name_zh, en=one.name_en or one.name_zh),
            amount=one.amount,
            unit=one.unit,
            confirmed=one.confirmed,
        )
        for one in desk.limits(request.at)
    ]
