"""What a programme is: a folder that declares itself over the engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.core.labels import Label
from tongban.engines.cases.declare import CaseType, DeclarationError


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a shared page (a firm's file, a home page) that a programme fills.

    ``draw(viewer, subject)`` gives a template's name and its context, or None for nothing.
    """

    place: str
    draw: Callable[[Any, Any], tuple[str, dict[str, Any]] | None]


@dataclass(frozen=True, slots=True)
class Programme:
    """One county programme. Web, api and cli find it through :mod:`tongban.engines.programme.scan`."""

    code: str
    name: Label
    summary: Label
    roles: Mapping[str, Label]
    cases: tuple[CaseType, ...] = ()
    panels: tuple[Panel, ...] = ()
    pages: str = ""  # a module with `urlpatterns`, mounted under the programme's code
    icon: str = "file"

    def __post_init__(self) -> None:
        for case in self.cases:
            for move in case.lifecycle.moves:
                unknown = set(move.by) - set(self.roles) - {"asker", "importer"}
                if unknown:
                    raise DeclarationError(
                        f"programme {self.code}: move {move.code} is for {', '.join(sorted(unknown))}, no such role"
                    )

    def case_type(self, code: str) -> CaseType:
        """The case type with this code."""
        for case in self.cases:
            if case.code == code:
                return case
        raise LookupError(f"programme {self.code} has no case type {code!r}")
