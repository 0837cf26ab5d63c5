"""Addresses of the staff pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from tongban.web.staff import (
    approvals,
    board,
    calls,
    case,
    enter,
    export,
    lists,
    many,
    meetings,
    pictures,
    publication,
    queue,
    slips,
)

urlpatterns: list[URLPattern] = [
    path("", queue.queue, name="queue"),
    path("cases/", lists.cases, name="cases"),
    path("cases/many/", many.many, name="many"),
    path("cases/export/", export.chosen, name="export"),
    path("cases/<key:key>/", case.case, name="case"),
    path("cases/<key:key>/reveal/", case.reveal, name="reveal"),
    path("cases/<key:key>/slips/<key:slip>/", slips.slip, name="slip"),
    path("cases/<key:case>/pictures/<key:file>/", pictures.picture, name="picture"),
    path("cases/<key:key>/publication/", publication.publication, name="publication"),
    path("cases/<key:key>/publication/<key:copy>.jpg", publication.picture, name="publication-picture"),
    path("cases/<key:key>/<slug:code>/", case.move, name="move"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("callbacks/", calls.callbacks, name="callbacks"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<key:key>/", meetings.meeting, name="meeting"),
    path("meetings/<key:key>/calendar.ics", meetings.calendar_file, name="meeting-calendar"),
    path("meetings/<key:key>/decide/<key:case>/", meetings.decide, name="meeting-decide"),
    path("meetings/<key:key>/<slug:do>/", meetings.change, name="meeting-change"),
    path("search/", lists.search, name="search"),
    path("new/", enter.enter, name="enter"),
    path("new/caller/", enter.caller, name="caller"),
    path("new/<key:key>/", enter.entered, name="entered"),
    path("complete/firms/", enter.complete_firms, name="complete-firms"),
    path("board/", board.board, name="board"),
    path("board/cases/", board.behind, name="behind"),
]
