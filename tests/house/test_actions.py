"""Every action takes who and when by keyword, and says what it does."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

import tongban.core.calendar.actions as calendar
import tongban.core.notices.preferences as preferences
import tongban.core.notices.webhooks as webhooks
import tongban.core.registry.actions as registry
from tongban.engines.cases import actions as cases
from tongban.engines.visits import actions as visits


def written() -> list[Callable[..., object]]:
    found = [getattr(cases, name) for name in cases.__all__ if name not in ("Matter", "Opening")]
    found += [getattr(visits, name) for name in visits.__all__]
    for module in (calendar, registry, preferences, webhooks):
        found += [
            f
            for name, f in inspect.getmembers(module, inspect.isfunction)
            if f.__module__ == module.__name__ and not name.startswith("_") and "by" in inspect.signature(f).parameters
        ]
    return found


@pytest.mark.parametrize("action", written(), ids=lambda f: f"{f.__module__.rsplit('.', 2)[-2]}.{f.__name__}")
def test_an_action_takes_who_and_when_by_keyword(action: Callable[..., object]) -> None:
    parameters = inspect.signature(action).parameters
    for name in ("by", "at"):
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[name].default is inspect.Parameter.empty
    assert inspect.getdoc(action)
