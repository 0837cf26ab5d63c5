"""The queue: what waits for this officer, by due time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from tongban.core.registry.queries import directory
from tongban.engines.cases import queries
from tongban.engines.cases.queries.desk import Waiting, waiting
from tongban.engines.programme.scan import programmes
from tongban.web.reading import Reading
from tongban.web.staff.acting import is_agent, town_of, worker
from tongban.web.staff.bands import banded
from tongban.web.staff.export import LARGE, stream


@worker
def queue(request: Reading) -> HttpResponse:
    """One of the viewer's queues; `?format=csv` is the very same list as a file."""
    view, due, after = (request.GET.get(n, "") for n in ("view", "due", "after"))
    wanted: dict[str, Any] = {
        "view": view or "work", "programme": request.GET.get("programme", ""), "town": town_of(request), "due": due,
    }  # fmt: skip
    if request.GET.get("format") == "csv":
        return stream(
            request, lambda cursor: queries.queue_page(request.viewer, request.at, **wanted, after=cursor, limit=LARGE)
        )
    counts = waiting(request.viewer, request.at, wanted["view"], programme=wanted["programme"], town=wanted["town"])
    page = queries.queue_page(request.viewer, request.at, **wanted, after=after)
    stretch = next((d for d in counts.due if d.code == due), None)
    narrowed = bool(due or wanted["programme"] or wanted["town"] is not None)
    return render(
        request, "web/staff/queue.html",
        {
            "waiting": counts, "agent": is_agent(request), "bar": _bar(counts), "chosen_due": stretch,
            "count": stretch.count if stretch else counts.total, "bands": banded(page.rows, request.at, () if due else counts.due),
            "page": page, "shown": len(page.rows), "narrowed": narrowed, "area": request.GET.get("area", ""),
            "programme": programmes().get(wanted["programme"]), "wanted": wanted, "in_queue": f"?{urlencode({'view': wanted['view']})}",
            "town": directory().places[wanted["town"]].name if wanted["town"] else None, "first": not after,
        },
    )  # fmt: skip


def _bar(counts: Waiting) -> list[dict[str, Any]]:
    """The due bar: each count with the length of its stroke (64 units is the longest)."""
    most = max((d.count for d in counts.due), default=0) or 1
    states = {"late": "late", "today": "soon"}
    return [
        {
            "code": d.code, "label": d.label, "count": d.count, "state": states.get(d.code, "") if d.count else "",
            "length": max(4, 64 * d.count // most) if d.count else 0,
        }
        for d in counts.due
    ]  # fmt: skip
