"""What goes wrong, as data: a code to go by, a sentence in both languages, the field at fault."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from tongban.core.access.throttle import TooMany
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare

declare(
    {
        "api.unauthorised": Label(
            "没有带令牌。请在请求头里写 Authorization: Bearer 加令牌。",
            "There is no token. Send one in the header Authorization: Bearer.",
        ),
        "api.unknown": Label(
            "没有这一项，或者这个令牌看不到它。", "There is no such thing, or this token may not see it."
        ),
        "api.unread": Label("这个请求读不懂，请对照接口说明。", "This request cannot be read; see the API's document."),
        "api.shape": Label("“{part}”{why}。", "“{part}” {why}."),
    }
)


# What pydantic finds wrong with the shape of what was sent; what it says itself is in English alone.
_SHAPES = {
    "missing": Label("没有给", "is missing"),
    "extra_forbidden": Label("是这一步不认识的", "is unknown here"),
    "string_type": Label("应该是文字", "must be text"),
    "int_type": Label("应该是整数", "must be a whole number"),
    "int_parsing": Label("应该是整数", "must be a whole number"),
    "bool_parsing": Label("应该是 true 或 false", "must be true or false"),
    "bool_type": Label("应该是 true 或 false", "must be true or false"),
    "float_parsing": Label("应该是数字", "must be a number"),
    "float_type": Label("应该是数字", "must be a number"),
    "list_type": Label("应该是一列", "must be a list"),
    "dict_type": Label("应该是一个对象", "must be an object"),
    "string_too_long": Label("太长", "is too long"),
}
_OTHERWISE = Label("不是这里要的形式，请对照接口说明", "has not the form that is wanted here; see the API's document")


class Words(Schema):
    """The same in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, label: Label) -> Words:
        """A label as data."""
        return cls(zh=label.zh, en=label.en)

    @classmethod
    def maybe(cls, label: Label | None) -> Words | None:
        """The same where there may be none."""
        return cls.of(label) if label is not None else None


class Trouble(Schema):
    """Why a request was not done."""

    code: str = Field(description="Stable; go by this and not by the sentence.")
    message: Words
    field: str = Field("", description="The part of the request that is at fault, if one is.")


class Problem(Exception):
    """A refusal with the status under which it is told."""

    def __init__(self, status: int, refusal: Refused, wait: int = 0) -> None:
        super().__init__(refusal.code)
        self.status, self.refusal, self.wait = status, refusal, wait


def unknown() -> Problem:
    """What there is not, and what the caller may not see, look the same."""
    return Problem(404, Refused("api.unknown"))


def told(refusal: Refused) -> dict[str, Any]:
    """A refusal as data."""
    words = {"zh": refusal.sentence("zh"), "en": refusal.sentence("en")}
    return {"code": refusal.code, "message": words, "field": refusal.field or ""}


def handle(api: NinjaAPI) -> None:
    """Let every trouble of ``api`` be told alike."""

    def tell(request: HttpRequest, status: int, refusal: Refused, wait: int = 0) -> HttpResponse:
        answer = api.create_response(request, told(refusal), status=status)
        if status == 401:
            answer["WWW-Authenticate"] = "Bearer"
        if wait:
            answer["Retry-After"] = str(wait)
        return answer

    @api.exception_handler(Problem)
    def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
        return tell(request, problem.status, problem.refusal, problem.wait)

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
        if isinstance(refusal, TooMany):
            return tell(request, 429, refusal, int(refusal.wait.total_seconds()))
        return tell(request, 422 if refusal.field else 409, refusal)

    @api.exception_handler(AuthenticationError)
    def _nobody(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        return tell(request, 401, Refused("api.unauthorised"))

    @api.exception_handler(ValidationError)
    def _misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0]
        # ninja names where it looked first (body, query …) and the parameter of ours that holds the body.
        field = ".".join(str(part) for part in first["loc"][2:] or first["loc"][1:])
        why = _SHAPES.get(first["type"], _OTHERWISE)
        return tell(request, 422, Refused("api.shape", field=field, part=field, why=why))

    @api.exception_handler(HttpError)
    def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        # ninja tells its own words when a body cannot be read, and keeps ours behind them.
        why = error.__context__
        return _problem(request, why if isinstance(why, Problem) else Problem(error.status_code, Refused("api.unread")))
