"""Addresses of the staff pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from tongban.web.staff import board, case, enter, export, lists, queue

urlpatterns: list[URLPattern] = [
    path("", queue.queue, name="queue"),
    path("cases/", lists.cases, name="cases"),
    path("cases/export/", export.chosen, name="export"),
    path("cases/<key:key>/", case.case, name="case"),
    path("cases/<key:key>/reveal/", case.reveal, name="reveal"),
    path("cases/<key:key>/<slug:code>/", case.move, name="move"),
    path("search/", lists.search, name="search"),
    path("new/", enter.enter, name="enter"),
    path("new/caller/", enter.caller, name="caller"),
    path("new/<key:key>/", enter.entered, name="entered"),
    path("complete/firms/", enter.complete_firms, name="complete-firms"),
    path("board/", board.board, name="board"),
    path("board/cases/", board.behind, name="behind"),
]
