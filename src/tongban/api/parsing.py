"""What is sent, read strictly: one JSON text in UTF-8, without NaN, of bounded depth and size."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja.parser import Parser
from pydantic_core import from_json

from tongban.api.problems import Problem
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare

declare(
    {
        "api.body": Label(
            "请求的内容读不懂。请用 UTF-8 送一段完整的 JSON，不带 NaN，不要嵌套太深。",
            "The request's body cannot be read. Send one whole JSON text in UTF-8, without NaN and not nested too deep.",
        ),
        "api.large": Label(
            "一次送来的内容太多，没有收下。请把文字写短一些。",
            "Too much was sent at once, so it was not taken. Please shorten the text.",
        ),
    }
)


class StrictParser(Parser):
    """``json`` alone would take NaN for a number, and fail on what is nested a thousand deep."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value."""
        try:
            return from_json(request.body, allow_inf_nan=False)
        except RequestDataTooBig:
            raise Problem(413, Refused("api.large")) from None
        except ValueError:
            raise Problem(400, Refused("api.body")) from None
