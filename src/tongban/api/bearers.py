"""Who calls: the token in the ``Authorization`` header, and what it was made for."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from tongban.api.problems import Problem
from tongban.core.access.tokens import SCOPES, Bearer, bearer
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare

declare(
    {
        "api.token": Label(
            "令牌不对、过期或已停用。请在请求头里写 Authorization: Bearer 加一个在用的令牌。",
            "The token is wrong, expired or ended. Send a token in force in the header Authorization: Bearer.",
        ),
        "api.scope": Label(
            "这个令牌不能用来“{scope}”。请换一个，或新建一个。",
            "This token was not made for “{scope}”. Use another one, or make a new one.",
        ),
    }
)


class Token(HttpBearer):
    """A token in force, made for one of ``scopes``."""

    openapi_description = "A token, made on the account's page. It acts as its account, within its scopes."

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = frozenset(scopes)

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """The bearer; a request without a header never comes here."""
        found = bearer(token, timezone.now())
        if found is None:
            raise Problem(401, Refused("api.token"))
        if not found.scopes & self.scopes:
            require(found, next(code for code in SCOPES if code in self.scopes))
        return found


def require(found: Bearer, scope: str) -> None:
    """Refuse what the token was not made for."""
    if scope not in found.scopes:
        raise Problem(403, Refused("api.scope", scope=SCOPES[scope]))
