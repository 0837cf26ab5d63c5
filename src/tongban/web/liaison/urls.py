"""Addresses of firms' files and of the visits to firms."""

from __future__ import annotations

from django.urls import URLPattern, path

from tongban.web.liaison import assigning, file, hearing, lists, visiting

urlpatterns: list[URLPattern] = [
    path("my-firms/", lists.my_firms, name="my-firms"),
    path("firms/", lists.firms, name="firms"),
    path("firms/assign/", assigning.table, name="liaison-table"),
    path("firms/hand-over/", assigning.hand_over, name="liaison-hand-over"),
    path("firms/<key:key>/", file.firm, name="firm-file"),
    path("firms/<key:key>/liaison/", assigning.give, name="liaison-give"),
    path("firms/<key:key>/liaison/end/", assigning.end, name="liaison-end"),
    path("firms/<key:key>/requests/<key:case>/", file.request_of_firm, name="firm-request"),
    path("firms/<key:key>/plan/", visiting.plan, name="visit-plan"),
    path("firms/<key:key>/visit/", visiting.log, name="visit-log"),
    path("visits/<key:key>/", visiting.visit, name="visit"),
    path("visits/<key:key>/move/", visiting.move, name="visit-move"),
    path("visits/<key:key>/cancel/", visiting.cancel, name="visit-cancel"),
    path("visits/<key:key>/request/", hearing.enter, name="visit-request"),
]
