"""Which version is in force on a day, from memory; and all versions of one thing, with what each is now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Generic, TypeVar

from tongban.core.dated.models import Dated
from tongban.core.registry.reference import copy_of

Row = TypeVar("Row", bound=Dated)


class Versions(Generic[Row]):
    """The versions of one model, read once for each change of the reference data called ``reference``."""

    def __init__(self, model: type[Row], reference: str) -> None:
        self.model, self.reference = model, reference

    def on(self, code: str, day: date) -> Row | None:
        """The version of ``code`` in force on ``day`` (a day in the county's zone)."""
        found = [row for row in self._all().get(code, ()) if row.valid_from <= day]
        return found[-1] if found else None

    def all_on(self, day: date) -> dict[str, Row]:
        """Code → the version in force on ``day``."""
        found = {code: self.on(code, day) for code in self._all()}
        return {code: row for code, row in found.items() if row is not None}

    def _all(self) -> dict[str, list[Row]]:
        return copy_of(self.reference, self._load)

    def _load(self) -> dict[str, list[Row]]:
        return by_code(self.model._default_manager.order_by("code", "valid_from"))


def by_code(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Code → its versions, in the order given."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row)
    return found


def states(newest_first: Iterable[Dated], day: date) -> list[str]:
    """What each version is on ``day``: "coming", "now" or "past"."""
    found, in_force = [], False
    for row in newest_first:
        found.append("coming" if row.valid_from > day else "past" if in_force else "now")
        in_force = in_force or row.valid_from <= day
    return found
