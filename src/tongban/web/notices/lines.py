"""What I have been told: newest first, a page at a time, and marked as read by one press."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tongban.core.notices import queries, writing
from tongban.engines.cases.queries.desk import visible_as_asker
from tongban.engines.cases.queries.meetings import readable
from tongban.engines.cases.queries.sight import at_work
from tongban.web.guard import signed_in
from tongban.web.reading import Reading

_PAGE = 30


@signed_in
def notices(request: Reading) -> HttpResponse:
    """The reader's lines; POST: he has seen them up to one."""
    if request.method == "POST":
        writing.mark_read(viewer=request.viewer, up_to=_number(request.POST.get("up_to")) or 0, at=request.at)
        return HttpResponseRedirect(reverse("web:notices"))
    before = _number(request.GET.get("before"))
    found = queries.lines(request.viewer, language=request.language, before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    context = {
        "rows": _led(request, shown),
        "newest": shown[0].id if shown and before is None else None,
        "some_new": any(line.new for line in shown),
        "before": shown[-1].id if len(found) > _PAGE else None,
        "first": before is None,
    }
    return render(request, "web/notices/notices.html", context)


def _led(request: Reading, shown: list[queries.ShownLine]) -> list[tuple[queries.ShownLine, str, bool, str]]:
    """Each line with where its case stands for this reader, whether it has left him (then it leads nowhere), and at his
    desk the title, for nobody knows his cases by their numbers."""
    about = {
        working: [x.case for x in shown if x.case is not None and x.at_work is working] for working in (True, False)
    }
    named = at_work(request.viewer).titles(about[True]) if about[True] else {}
    open_to = {
        True: set(named),
        False: set(visible_as_asker(request.viewer, about[False])),
    }
    held = readable(request.viewer, {x.meeting for x in shown if x.meeting is not None and x.case is None}, request.at)
    found = []
    for line in shown:
        if line.case is None and line.meeting is not None:
            found.append((line, reverse("web:meeting", args=[line.meeting]) if line.meeting in held else "", False, ""))
            continue
        left = line.case is not None and line.case not in open_to[line.at_work]
        title = named.get(line.case or 0, "") if line.at_work else ""
        found.append((line, "" if left else _address(line), left, title))
    return found


def _address(line: queries.ShownLine) -> str:
    """At his desk, or among what he asked; a firm's file for what is about a firm."""
    if line.kind == "officer.agenda_waits":
        return reverse("web:meetings")  # where it is called
    if line.case is None:
        return reverse("web:firm-file", args=[line.firm]) if line.firm is not None else ""
    return reverse("web:case" if line.at_work else "web:my-case", args=[line.case])


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= 18 else None
