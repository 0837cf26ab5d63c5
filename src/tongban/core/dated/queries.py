"""Which version is in force on a day, from memory; and all versions of one thing, with what each is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from tongban.core.dated.models import Dated
from tongban.core.registry.reference import copy_of

Row = TypeVar("Row", bound=Dated)


# Whoever works through many cases asks for few days again and again.
_DAYS = 400


@dataclass(frozen=True, slots=True)
class _Copy(Generic[Row]):
    """All versions by code, and what was found in force on days that somebody has asked for."""

    codes: dict[str, list[Row]]
    days: dict[date, dict[str, Row]] = field(default_factory=dict)


class Versions(Generic[Row]):
    """The versions of one model, read once for each change of the reference data called ``reference``."""

    def __init__(self, model: type[Row], reference: str) -> None:
        self.model, self.reference = model, reference

    def on(self, code: str, day: date) -> Row | None:
        """The version of ``code`` in force on ``day`` (a day in the county's zone)."""
        found = [row for row in copy_of(self.reference, self._load).codes.get(code, ()) if row.valid_from <= day]
        return found[-1] if found else None

    def all_on(self, day: date) -> dict[str, Row]:
        """Code → the version in force on ``day``."""
        known = copy_of(self.reference, self._load)
        found = known.days.get(day)
        if found is None:
            versions = {code: self.on(code, day) for code in known.codes}
            found = {code: row for code, row in versions.items() if row is not None}
            if len(known.days) >= _DAYS:
                known.days.clear()
            known.days[day] = found
        return dict(found)

    def _load(self) -> _Copy[Row]:
        return _Copy(by_code(self.model._default_manager.order_by("code", "valid_from")))


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
