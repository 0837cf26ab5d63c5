"""What every scenario needs: the register and who acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from tests.engines.cases.conftest import NOW, County
from tests.pictures import jpeg
from tongban.core.access import actions as access
from tongban.core.files import waiting
from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor

Call = Callable[[], Any]
Scenario = Callable[[County], Call]
SYSTEM = Actor(system="test")
IMPORT = Actor(system="import")
HOUR = timedelta(hours=1)
numbers = count(1)
SCENARIOS: dict[str, Scenario] = {}


def scenario(*functions: Callable[..., Any]) -> Callable[[Scenario], Scenario]:
    """Register the scenario of these actions."""

    def register(prepare: Scenario) -> Scenario:
        for function in functions:
            SCENARIOS[f"{function.__module__.removeprefix('tongban.')}.{function.__name__}"] = prepare
        return prepare

    return register


def brought(name: str = "路灯.jpg") -> list[Waiting]:
    """A picture that waits for a form of its own."""
    return [waiting.add(f"form {next(numbers)}", [jpeg(80, 60)], name, at=NOW)]


def resident(county: County) -> Actor:
    """Somebody new who has proved his number."""
    return Actor(access.confirm_phone(phone=f"155{next(numbers):08d}", name="来客", at=NOW).pk)
