"""Addresses under /desk/ that belong to administration: mandates and handing over."""

from django.urls import URLPattern, path

from tongban.web.manage import handing, mandates

urlpatterns: list[URLPattern] = [
    path("mandates/", mandates.waiting, name="mandates"),
    path("mandates/<key:key>/confirm/", mandates.confirm, name="mandate-confirm"),
    path("mandates/<key:key>/turn-down/", mandates.turn_down, name="mandate-turn-down"),
    path("hand-over/", handing.hand_over, name="hand-over"),
]
