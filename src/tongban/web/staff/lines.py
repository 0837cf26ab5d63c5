"""A row of a list with the words beside it, found once for the page and not once for each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tongban.core.labels import Label
from tongban.engines.cases.declare import CHANNELS
from tongban.engines.cases.queries import CaseRow
from tongban.engines.cases.request import QUEUES

# What the officer does next with a row of each queue: a short verb.
VERBS = {
    "accept": Label("受理", "Accept"),
    "assign": Label("交办", "Assign"),
    "extension": Label("批复延期", "Decide"),
    "sign_in": Label("签收", "Take on"),
    "handle": Label("作答", "Answer"),
    "assist": Label("回填", "Report back"),
    "review": Label("审核", "Review"),
    "send": Label("发出", "Send"),
    "close": Label("办结", "Close"),
}
NEXT = {QUEUES[name]: verb for name, verb in VERBS.items()}

Pieces = list[tuple[str, bool]]
Line = tuple[CaseRow, Label, Label | None, Pieces | None]


def line(row: CaseRow, pieces: Pieces | None = None) -> Line:
    """The row, its channel, the next verb, and its title in pieces where some are to be marked."""
    return row, CHANNELS.get(row.channel) or Label(row.channel or "—", row.channel or "—"), NEXT.get(row.queue), pieces


def lines(rows: Iterable[CaseRow], marked: Callable[[CaseRow], Pieces] | None = None) -> list[Line]:
    """All of them."""
    return [line(row, marked(row) if marked else None) for row in rows]
