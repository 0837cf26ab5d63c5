"""One line of a list, and a page of such lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from tongban.core.database import spelt_moment
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import UNSTATED, Outcome
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
    stopped: str = ""  # why its clock stands still
    neighbours: int = 0  # how many said 算我一个
    outcome: Outcome = UNSTATED  # what came of it, by the answer that the asker has now
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
    "closed_at", "in_time", "grade", "stopped", "neighbours", "outcome", "why_not",
)  # fmt: skip

_MOMENTS = frozenset({"opened_at", "accepted_at", "due_at", "promised_at", "answered_at", "closed_at"})


def joined(
    heads: str, params: Sequence[Any], to_rate: tuple[str, Sequence[Any]] = ("1 = 0", ()), *, queued: bool = False
) -> list[tuple[tuple[Any, ...], CaseRow | None]]:
    """Run ``heads``, whose first column is a case (or NULL), and give each of its rows with that case's line; one query.

    The order is that of ``heads`` only if the caller sorts: a join keeps none. ``to_rate`` is a condition on the case
    ``c`` and its parameters. ``queued``: the second column is the queue in which the case waits.
    """
    columns = ", ".join(spelt_moment(n, "c") if n in _MOMENTS else f"c.{n}" for n in _COLUMNS)
    rows = f"FROM ({heads}) h LEFT JOIN {Case._meta.db_table} c ON c.id = h.case_id"
    found: list[tuple[tuple[Any, ...], CaseRow | None]] = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT h.*, ({to_rate[0]}) AS to_rate, {columns} {rows}", [*to_rate[1], *params])
        for record in cursor.fetchall():
            *head, waits = record[: -len(_COLUMNS)]
            values = record[-len(_COLUMNS) :]
            row = None
            if values[0] is not None:
                row = _row(values, head[1] if queued else 0, to_rate=bool(waits))
            found.append((tuple(head), row))
    return found


def moment(value: Any) -> datetime | None:
    """A moment as plain SQL gives it (SQLite: text, in UTC where it does not say)."""
    if value is None:
        return None
    found: datetime = datetime.fromisoformat(value) if type(value) is str else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def rows_of(keys: Iterable[int], queues: dict[int, int] | None = None) -> list[CaseRow]:
    """The rows of these cases, in this order; one query."""
    order = list(keys)
    if not order:
        return []
    found = {v[0]: v for v in Case.objects.filter(pk__in=order).values_list(*_COLUMNS)}
    queues = queues or {}
    return [_row(found[k], queues.get(k, 0)) for k in order if k in found]


def _row(values: Sequence[Any], queue: int, *, to_rate: bool = False) -> CaseRow:
    """The line of one case from its columns, in the order of ``_COLUMNS``."""
    (
        key, title, state, programme, kind_code, category_code, channel, area, lead, confidential, opened_at,
        opened_precision, accepted_at, due_at, promised_at, answered_at, answered_precision, closed_at, in_time, grade, stopped,
        neighbours, outcome, why_not,
    ) = values  # fmt: skip
    known = directory()
    kind = case_type(programme, kind_code)
    place = known.places[area]
    category = kind.category(category_code)
    opened = moment(opened_at)
    accepted = moment(accepted_at)
    assert opened is not None
    return CaseRow(
        id=key,
        number=case_number(key),
        title=title,
        state=state,
        state_label=kind.lifecycle.states[state],
        programme=programme,
        category=category.label if category else None,
        channel=channel,
        area=place.name,
        town=known.places[place.town].name if place.town else None,
        lead=known.bodies[lead].name if lead else None,
        confidential=bool(confidential),
        opened_at=opened,
        opened_precision=opened_precision,
        begins_at=accepted or opened,
        due_at=moment(due_at),
        promised_at=moment(promised_at),
        answered_at=moment(answered_at),
        answered_precision=answered_precision,
        closed_at=moment(closed_at),
        in_time=None if in_time is None else bool(in_time),
        grade=grade,
        stopped=stopped,
        neighbours=neighbours,
        outcome=Outcome(outcome, why_not) if outcome else UNSTATED,
        queue=queue,
        to_rate=to_rate,
    )
