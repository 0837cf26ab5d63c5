"""The moves of a case as endpoints. What each asks for is read from the action behind it, so the two never differ."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, get_type_hints

from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, create_model

from tongban.api.bearers import Token, require
from tongban.api.calling import Calling
from tongban.api.cases import CaseOut, one, seen
from tongban.api.problems import Problem, Trouble
from tongban.core.access.tokens import ASK, WORK
from tongban.core.cursors import LARGEST
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused, declare
from tongban.engines.cases.actions.moves import MOVES
from tongban.engines.cases.actions.splitting import Matter
from tongban.engines.cases.outcome import Outcome
from tongban.engines.cases.types import types

declare(
    {
        "api.move": Label(
            "您的岗位和身份不能在这一件上“{move}”。",
            "Neither your office nor your part in this case lets you make the move “{move}”.",
        ),
    }
)
router = Router(tags=["moves"])
# Who, when and on which case the door says itself; whoever has a token need prove nothing else.
_OF_THE_DOOR = frozenset({"case", "by", "at", "proof"})
# Files come by an address of their own.
_LATER = frozenset({"files", "keep"})


# A number beyond 63 bits is no key of any table; a database would fail on it.
Whole = Annotated[int, Field(strict=True, ge=-LARGEST - 1, le=LARGEST)]
# The name of a part of an object is text in JSON, so it is read as a number.
_Named = Annotated[int, Field(ge=0, le=LARGEST)]
_SHAPES: dict[Any, Any] = {
    int: Whole,
    Sequence[int]: list[Whole],
    tuple[int, ...]: list[Whole],
    Sequence[str]: list[str],
    Sequence[Matter]: list[Matter],
    Mapping[int, str]: dict[_Named, str],
    Mapping[int, Outcome]: dict[_Named, Outcome],
}


class Given(Schema):
    """What a move is given; a name that it does not know is refused and not passed over."""

    model_config = ConfigDict(extra="forbid")


def shape(code: str, action: Callable[..., object]) -> type[Given]:
    """What the body of this move holds, by its action's parameters."""
    kinds, fields = get_type_hints(action), {}
    for name, one_ in inspect.signature(action).parameters.items():
        if name not in _OF_THE_DOOR | _LATER:
            fields[name] = (_SHAPES.get(kinds[name], kinds[name]), _default(one_))
    return create_model(f"Move_{code}", __base__=Given, **fields)  # type: ignore[call-overload]


def _default(parameter: inspect.Parameter) -> Any:
    if parameter.default is inspect.Parameter.empty:
        return ...
    if isinstance(parameter.default, str | int):
        return parameter.default
    # The document of the API does not spell out what is made anew each time.
    return Field(default_factory=lambda: parameter.default)


def _label(code: str) -> Label:
    moves = (m for kind in types().values() for m in kind.lifecycle.moves if m.code == code)
    return next(moves).label


def _add(code: str, action: Callable[..., object]) -> None:
    """One endpoint for one move."""
    form = shape(code, action)

    def make(request: Calling, number: str, given: form) -> Status[CaseOut | None]:  # type: ignore[valid-type]
        detail = seen(request, number)
        action(case=detail.case.pk, by=_actor(request, detail, code), at=request.at, **_values(given))
        try:
            return Status(200, one(request, number))
        except Problem:  # it was done, and by it the case has left the caller's sight
            return Status(204, None)

    make.__doc__ = inspect.getdoc(action)
    # The body's type is made above, so no annotation in the text of this file can name it.
    make.__annotations__["given"] = form
    make.__annotations__["request"], make.__annotations__["number"] = Calling, str
    label = _label(code)
    router.post(
        f"/cases/{{number}}/moves/{code}",
        auth=Token(WORK, ASK), response={200: CaseOut, 204: None, 403: Trouble, 404: Trouble, 409: Trouble, 422: Trouble},
        summary=f"{label.en} ({label.zh})", operation_id=f"move_{code}",
    )(make)  # fmt: skip


def _values(given: Schema) -> dict[str, Any]:
    """What was sent and its defaults, as the action takes it: values as they are, not spelt out anew."""
    return {name: getattr(given, name) for name in type(given).model_fields}


def _actor(request: Calling, detail: Any, code: str) -> Actor:
    """Who acts: in the office that makes this move, or as whoever asked."""
    viewer = request.auth.viewer
    offer = next((o for o in detail.offers if o.move.code == code), None)
    if offer is None:
        raise Problem(403, Refused("api.move", move=_label(code)))
    # What an office does needs another scope than what whoever asked does.
    require(request.auth, ASK if offer.role is None else WORK)
    if offer.refusal is not None:
        raise offer.refusal
    return viewer.actor(offer.role)


for _code, _action in MOVES.items():
    _add(_code, _action)
