"""One move over several cases: each is tried by itself, and the page says of each what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.moves import MOVES
from tongban.engines.cases.declare import Move
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries import CaseRow
from tongban.engines.cases.queries.desk import visible
from tongban.engines.cases.queries.detail import Offer, offers
from tongban.engines.cases.queries.rows import rows_of
from tongban.web.reading import Reading
from tongban.web.staff.acting import actor, worker
from tongban.web.staff.moveforms import MoveForm
from tongban.web.staff.moves import FORMS

# What may be done with several at once: moves whose form says the same for each of them.
TOGETHER = (
    "accept", "assign", "recall", "sign_in", "hand_over", "transfer", "grant", "urge", "supervise", "raise", "close",
)  # fmt: skip
MOST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A move that can be made now on some of the chosen cases."""

    move: Move
    form: MoveForm
    number: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; ``refusal`` None: it was done."""

    row: CaseRow
    refusal: Refused | None


@worker
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: Reading) -> HttpResponse:
    """Choose what to do with the ticked cases; then do it, one by one."""
    given = request.POST if request.method == "POST" else request.GET
    typed = [int(k) for k in given.getlist("key") if k.isascii() and k.isdigit() and len(k) < 13]
    keys = visible(request.viewer, typed[:MOST])
    cases = {c.pk: c for c in Case.objects.select_related("requester", "firm").filter(pk__in=keys)}
    offered = {key: offers(request.viewer, cases[key], request.at, TOGETHER) for key in keys if key in cases}
    rows = rows_of(keys)
    code = given.get("move", "")
    tried, outcomes = None, None
    if request.method == "POST":
        if code not in TOGETHER or not rows:
            raise Http404
        # Choices depend on the case: those drawn, and so those sent, are of the first on which the move can be made.
        first = next((key for key, _ in _able(code, cases, offered)), rows[0].id)
        tried = _form(request, code, cases[first], data=request.POST)
        if tried.is_valid():
            outcomes = [Outcome(row, _try(request, tried, row.id, offered[row.id])) for row in rows]
    context = {
        "rows": rows, "choices": _choices(request, cases, offered, tried) if outcomes is None else [], "outcomes": outcomes,
        "done": sum(o.refusal is None for o in outcomes or ()), "left_out": len(typed) - len(rows), "most": MOST,
        "move": next((c.label for c in (m for o in offered.values() for m in (x.move for x in o)) if c.code == code), None),
        "tried": tried,
    }  # fmt: skip
    return render(
        request, "web/staff/many.html", context, status=422 if tried is not None and outcomes is None else 200
    )


def _choices(
    request: Reading, cases: dict[int, Case], offered: dict[int, list[Offer]], tried: MoveForm | None
) -> list[Choice]:
    found = []
    for code in TOGETHER:
        able = _able(code, cases, offered)
        if able:
            form = tried if tried is not None and tried.move == code else _form(request, code, cases[able[0][0]])
            found.append(Choice(able[0][1].move, form, len({key for key, _ in able})))
    return found


def _able(code: str, cases: dict[int, Case], offered: dict[int, list[Offer]]) -> list[tuple[int, Offer]]:
    """The cases on which the move can be made now, each with what is offered."""
    return [
        (key, o) for key, each in offered.items() for o in each
        if o.move.code == code and o.refusal is None and not _passes_down(code, cases[key])
    ]  # fmt: skip


def _passes_down(code: str, case: Case) -> bool:
    """Whether assigning would be passing down, which each unit does with its own."""
    return code == "assign" and case.state == "handling"


def _form(request: Reading, code: str, case: Case, data: object = None) -> MoveForm:
    form = FORMS[code](data, case=case, at=request.at, language=request.language, prefix=code)
    form.move = code
    return form


def _try(request: Reading, form: MoveForm, key: int, offered: list[Offer]) -> Refused | None:
    """Make the move on one case, so that one which cannot go keeps no other back."""
    offer = next((o for o in offered if o.move.code == form.move), None)
    if offer is None:
        who = Label("有相应岗位的同事", "somebody else")
        return Refused("case.not_yours", move=form.move, who=who)
    if offer.refusal is not None:
        return offer.refusal
    try:
        MOVES[form.move](case=key, by=actor(request, offer.role), at=request.at, **form.given())
    except Refused as refusal:
        return refusal
    return None
