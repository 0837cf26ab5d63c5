"""The case types in force: programmes bring theirs at start-up, actions and queries look them up here."""

from __future__ import annotations

from tongban.engines.cases.declare import CaseType

_TYPES: dict[tuple[str, str], CaseType] = {}


def bring(programme: str, types: tuple[CaseType, ...]) -> None:
    """Make a programme's case types known; bringing them again changes nothing."""
    for one in types:
        _TYPES[programme, one.code] = one


def case_type(programme: str, code: str) -> CaseType:
    """The type of a case."""
    return _TYPES[programme, code]


def types() -> dict[tuple[str, str], CaseType]:
    """All of them, by programme and code."""
    return dict(_TYPES)
