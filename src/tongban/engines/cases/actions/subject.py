"""What a case is about and where: checked alike when it is opened and when the desk puts it right."""

from __future__ import annotations

from tongban.core.plain import one_line
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.declare import CaseType

ADDRESS = 200


def check_category(kind: CaseType, category: str) -> None:
    """A category is one that the type declares, or none."""
    if category and kind.category(category) is None:
        raise Refused("case.category", field="category")


def check_place(area: int) -> None:
    """A place is an area of the directory."""
    if area not in directory().places:
        raise Refused("case.place", field="area")


def tidy_address(typed: str) -> str:
    """An address in one line, as it is stored."""
    return one_line(typed, ADDRESS)
