"""What commands need of other doors; ``tongban.config.main`` wires it, for no door imports another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tongban.core.labels import Label

Code = tuple[str, Label, str, str]  # account, who that is, the code that signs it in now, "factor" or "message"


def _none() -> list[Code]:
    return []


@dataclass(slots=True)
class Ports:
    """``codes``: the one-time codes of the demo's accounts, as they are now."""

    codes: Callable[[], list[Code]] = _none


PORTS = Ports()
