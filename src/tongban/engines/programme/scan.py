"""Finds the programmes: each folder of ``tongban.programmes``, and other people's by the entry point group."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType

from tongban.engines.cases.types import bring
from tongban.engines.programme.declare import Programme

_GROUP = "tongban.programmes"


def folders() -> list[str]:
    """The import names of all programme packages, in order."""
    ours = [f"{_GROUP}.{m.name}" for m in pkgutil.iter_modules(import_module(_GROUP).__path__) if m.ispkg]
    return sorted(ours) + sorted(e.value for e in entry_points(group=_GROUP))


@cache
def programmes() -> dict[str, Programme]:
    """Code → programme."""
    found: dict[str, Programme] = {}
    for folder in folders():
        programme: Programme = import_module(f"{folder}.programme").PROGRAMME
        if programme.code in found:
            raise ValueError(f"two programmes have the code {programme.code!r}")
        found[programme.code] = programme
        bring(programme.code, programme.cases)
    return found


def demo_of(programme: str) -> ModuleType:
    """The module that tells this programme's believable past."""
    folder = next(f for f in folders() if import_module(f"{f}.programme").PROGRAMME.code == programme)
    return import_module(f"{folder}.demo")
