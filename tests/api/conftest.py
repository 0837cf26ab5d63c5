"""Systems that call the API, each with a token of one person of the small county."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County, county  # noqa: F401 - the fixture
from tongban.core.access import tokens
from tongban.core.ledger.actor import Actor


@dataclass
class System:
    """One that sends its token with every call."""

    secret: str

    def get(self, path: str, **more: Any) -> Any:
        """GET below the API's root."""
        return Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secret}"}, **more)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """POST of JSON."""
        sent = {"Authorization": f"Bearer {self.secret}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        return Client().post(f"/api/v1{path}", body or {}, content_type="application/json", headers=sent)

    def post_raw(self, path: str, body: str | bytes) -> Any:
        """POST of whatever stands in ``body``."""
        sent = {"Authorization": f"Bearer {self.secret}"}
        return Client().generic("POST", f"/api/v1{path}", body, content_type="application/json", headers=sent)


Connect = Callable[..., System]


@pytest.fixture
def connect(county: County) -> Connect:  # noqa: F811
    """``connect("俞经办")``: a system with a token of that account for everything, or for the scopes that are named."""

    def made(name: str, *scopes: str, days: int = 30) -> System:
        account = county.accounts[name]
        _, secret = tokens.make_token(
            account=account.pk, name="测试系统", scopes=scopes or tuple(tokens.SCOPES), days=days,
            by=Actor(account.pk), at=timezone.now(),
        )  # fmt: skip
        return System(secret)

    return made
