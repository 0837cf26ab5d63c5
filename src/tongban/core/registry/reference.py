"""Reference data that every request needs, held in memory and renewed when another process has changed it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db.models import F

from tongban.core.registry.models import Reference

# Within one request or job the versions are read once (see `hold`); between, each look costs one small query.
_held: ContextVar[dict[str, tuple[int, int]] | None] = ContextVar("reference_versions", default=None)
_copies: dict[tuple[str, Callable[[], Any]], tuple[tuple[int, int], Any]] = {}
_lock = threading.Lock()
_NEVER = (0, 0)
T = TypeVar("T")


def versions() -> dict[str, tuple[int, int]]:
    """The present version of each kind of reference data, each with its token."""
    held = _held.get()
    if held is None:
        return _read()
    if not held:
        held.update(_read())
    return held


def version(name: str) -> int:
    """The present version of one kind; 0 where it has never been written."""
    return versions().get(name, _NEVER)[0]


def _read() -> dict[str, tuple[int, int]]:
    # The empty name tells "read, and nothing there" from "not read yet".
    found = {name: (number, token) for name, number, token in Reference.objects.values_list("name", "version", "token")}
    return {"": _NEVER, **found}


class hold:  # noqa: N801 - reads as a verb: `with hold():`
    """While open, versions are read from the database at most once, and only if somebody asks. May be nested."""

    def __enter__(self) -> None:
        self._token = _held.set({}) if _held.get() is None else None

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _held.reset(self._token)


def copy_of(name: str, load: Callable[[], T]) -> T:
    """What ``load`` gives, loaded once for each version of ``name`` and shared by all threads."""
    now = versions().get(name, _NEVER)
    known = _copies.get((name, load))
    if known is None or known[0] != now:
        with _lock:
            known = _copies.get((name, load))
            if known is None or known[0] != now:  # nobody else has loaded it while this thread waited
                known = _copies[name, load] = (now, load())
    return known[1]


def changed(name: str) -> None:
    """Tell every process that ``name`` has changed; call inside the action's transaction."""
    token = secrets.randbits(62)
    if not Reference.objects.filter(name=name).update(version=F("version") + 1, token=token):
        Reference.objects.create(name=name, token=token)
    held = _held.get()
    if held is not None:
        held.clear()


def forget() -> None:
    """Drop all copies: for tests, where a database is rolled back under a running process."""
    _copies.clear()
