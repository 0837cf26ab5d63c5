"""What the cases engine asks of others without knowing them: wired in ``config`` at start-up."""

from __future__ import annotations

from collections.abc import Sequence

from tongban.engines.cases.declare import Similar

_WIRED: dict[str, Similar] = {}


def wire(*, similar: Similar) -> None:
    """Say who fills the ports; the last to do so counts."""
    _WIRED["similar"] = similar


def similar(text: str, *, seen_by: Sequence[str], limit: int) -> Sequence[tuple[int, float]]:
    """As :class:`Similar` says; nothing while nobody fills the port."""
    return _WIRED["similar"](text, seen_by=seen_by, limit=limit) if "similar" in _WIRED else []
