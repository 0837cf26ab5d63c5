"""One line of a list, and a page of such lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Case
from tongban.engines.cases.secrets import case_number
from tongban.engines.cases.types import case_type

PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a list shows it. No person stands in it."""

    id: int
    number: str
    title: str
    state: str
    state_label: Label
    programme: str
    category: Label | None
    channel: str
    area: Label
    town: Label | None
    lead: Label | None
    confidential: bool
    opened_at: datetime
    opened_precision: str
    begins_at: datetime
    due_at: datetime | None
    promised_at: datetime | None
    answered_at: datetime | None
    answered_precision: str
    closed_at: datetime | None
    in_time: bool | None
    grade: int | None
    queue: int = 0
    to_rate: bool = False  # in a list of one's own: it waits for the viewer's rating


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where to go on: ``after`` is the next page's cursor, "" at the end.

    ``looked_back``: the search stopped after so many cases without filling the page; ``after`` goes on from there.
    """

    rows: Sequence[CaseRow]
    after: str = ""
    looked_back: int = 0


_COLUMNS = (
    "id", "title", "state", "programme", "kind", "category", "channel", "area_id", "lead_id", "confidential",
    "opened_at", "opened_precision", "accepted_at", "due_at", "promised_at", "answered_at", "answered_precision",
    "closed_at", "in_time", "grade",
)  # fmt: skip

_MOMENTS = ("opened_at", "accepted_at", "due_at", "promised_at", "answered_at", "closed_at")
_FLAGS = ("confidential", "in_time")


def joined(
    heads: str, params: Sequence[Any], to_rate: tuple[str, Sequence[Any]] = ("1 = 0", ())
) -> list[tuple[tuple[Any, ...], CaseRow | None]]:
    """Run ``heads``, whose first column is a case (or NULL), and give each of its rows with that case's line; one query.

    The order is that of ``heads`` only if the caller sorts: a join keeps none. ``to_rate`` is a condition on the case
    ``c`` and its parameters.
    """
    columns = ", ".join(f"c.{name}" for name in _COLUMNS)
    rows = f"FROM ({heads}) h LEFT JOIN {Case._meta.db_table} c ON c.id = h.case_id"
    found = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT h.*, ({to_rate[0]}) AS to_rate, {columns} {rows}", [*to_rate[1], *params])
        for record in cursor.fetchall():
            values = dict(zip(_COLUMNS, record[-len(_COLUMNS) :], strict=True))
            *head, waits = record[: -len(_COLUMNS)]
            for name in _MOMENTS:
                values[name] = moment(values[name])
            for name in _FLAGS:
                values[name] = None if values[name] is None else bool(values[name])
            row = _row(values, 0, to_rate=bool(waits)) if values["id"] is not None else None
            found.append((tuple(head), row))
    return found


def moment(value: Any) -> datetime | None:
    """A moment as plain SQL gives it (SQLite: text in UTC)."""
    if value is None:
        return None
    found: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def rows_of(keys: Iterable[int], queues: dict[int, int] | None = None) -> list[CaseRow]:
    """The rows of these cases, in this order; one query."""
    order = list(keys)
    if not order:
        return []
    found = {v["id"]: v for v in Case.objects.filter(pk__in=order).values(*_COLUMNS)}
    queues = queues or {}
    return [_row(found[k], queues.get(k, 0)) for k in order if k in found]


def _row(v: Mapping[str, Any], queue: int, *, to_rate: bool = False) -> CaseRow:
    known = directory()
    kind = case_type(v["programme"], v["kind"])
    place = known.places[v["area_id"]]
    category = kind.category(v["category"])
    return CaseRow(
        id=v["id"],
        number=case_number(v["id"]),
        title=v["title"],
        state=v["state"],
        state_label=kind.lifecycle.states[v["state"]],
        programme=v["programme"],
        category=category.label if category else None,
        channel=v["channel"],
        area=place.name,
        town=known.places[place.town].name if place.town else None,
        lead=known.bodies[v["lead_id"]].name if v["lead_id"] else None,
        confidential=v["confidential"],
        opened_at=v["opened_at"],
        opened_precision=v["opened_precision"],
        begins_at=v["accepted_at"] or v["opened_at"],
        due_at=v["due_at"],
        promised_at=v["promised_at"],
        answered_at=v["answered_at"],
        answered_precision=v["answered_precision"],
        closed_at=v["closed_at"],
        in_time=v["in_time"],
        grade=v["grade"],
        queue=queue,
        to_rate=to_rate,
    )
