"""All cases newest first, the search, and the cases behind a figure of the board."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from tongban.core.masking import names_somebody
from tongban.core.registry.queries import directory, firms_like
from tongban.core.words import cut
from tongban.engines.cases import queries
from tongban.engines.cases.outcome import OUTCOMES, UNSTATED_LABEL
from tongban.engines.cases.queries import Page
from tongban.engines.cases.queries.desk import waiting
from tongban.engines.cases.queries.flagged import SLIPS, Flags
from tongban.engines.cases.queries.search import may_search_by_phone, whole_phone
from tongban.engines.cases.request import REQUEST
from tongban.engines.programme.scan import programmes
from tongban.web.promised import STOPPED
from tongban.web.reading import Reading
from tongban.web.staff.acting import is_agent, number_of, town_of, worker
from tongban.web.staff.choices import MEETINGS
from tongban.web.staff.export import LARGE, stream
from tongban.web.staff.lines import lines

_HIDDEN = {"undone"}


@worker
def cases(request: Reading) -> HttpResponse:
    """All that the viewer may see, newest first, narrowed by state, programme, town or unit."""
    wanted: dict[str, Any] = {
        "state": request.GET.get("state", ""), "programme": request.GET.get("programme", ""),
        "town": town_of(request), "unit": number_of(request, "unit"),
        "flags": Flags(**{name: request.GET.get(name, "") for name in ("agenda", "stopped", "outcome", "slip")}, at=request.at),
    }  # fmt: skip
    if request.GET.get("format") == "csv":
        fetch = queries.newest_page
        return stream(request, lambda cursor: fetch(request.viewer, **wanted, after=cursor, limit=LARGE))
    page = queries.newest_page(request.viewer, **wanted, after=request.GET.get("after", ""))
    known = directory()
    # What an ended unit has left behind is looked for here too.
    units = sorted((b for b in known.bodies.values() if b.kind != "desk"), key=lambda b: b.valid_until is not None)
    return _shown(
        request, page, "web/staff/cases.html",
        town=known.places[wanted["town"]].name if wanted["town"] else None, wanted=wanted, waiting=waiting(request.viewer, request.at, "", town=wanted["town"]), area=request.GET.get("area", ""), agent=is_agent(request), states={k: v for k, v in REQUEST.states.items() if k not in _HIDDEN}, units=units,
        towns=known.towns(), programmes=list(programmes().values()), narrowed=any(v not in ("", None, Flags()) for v in wanted.values()),
        agendas=MEETINGS, stops=STOPPED, slips=SLIPS, outcomes={**OUTCOMES, "unstated": UNSTATED_LABEL},
    )  # fmt: skip


@worker
def search(request: Reading) -> HttpResponse:
    """Words, a case's number, a firm's credit code, or a whole phone number.

    Nobody's number stands in an address: what is typed comes by POST, and only if there is none in it is it turned into
    an address that can be kept.
    """
    typed = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:200]
    phone, by_phone = bool(whole_phone(typed)), may_search_by_phone(request.viewer)
    number = phone or names_somebody(typed)
    if request.method == "POST" and not number:
        return HttpResponseRedirect(f"{reverse('web:search')}?{urlencode({'q': typed})}")
    if number and request.method != "POST":
        return _shown(
            request,
            Page([]),
            "web/staff/search.html",
            typed="",
            number_in_address=by_phone or not phone,
            firms=[],
            phone=phone,
            by_phone=by_phone,
        )
    words = typed
    firms = firms_like(typed) if typed and not phone else []
    if len(firms) == 1 and typed.upper() == firms[0].credit_code:
        words = firms[0].name_zh
    page = queries.search_page(request.viewer, words, after=request.GET.get("after", ""))
    return _shown(
        request, page, "web/staff/search.html", typed=typed, phone=phone, number=number, by_phone=by_phone, firms=firms,
        lines=lines(page.rows, lambda row: highlighted(row.title, words)),
    )  # fmt: skip


def _shown(request: Reading, page: Page, template: str, **more: Any) -> HttpResponse:
    context = {
        "page": page,
        "rows": page.rows,
        "lines": lines(page.rows),
        "first": not request.GET.get("after"),
        **more,
    }
    return render(request, template, context)


def highlighted(text: str, typed: str) -> list[tuple[str, bool]]:
    """``text`` in pieces, those that were searched for marked. Pieces, not HTML: the template escapes each.

    >>> highlighted("路灯<b>不亮", "路灯")
    [('路灯', True), ('<b>不亮', False)]
    """
    words = sorted({w for w in cut(typed) if w}, key=len, reverse=True)
    if not words:
        return [(text, False)]
    found = re.split("(" + "|".join(re.escape(w) for w in words) + ")", text, flags=re.IGNORECASE)
    return [(piece, index % 2 == 1) for index, piece in enumerate(found) if piece]
