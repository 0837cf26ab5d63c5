"""Addresses of the tokens' pages."""

from django.urls import URLPattern, path

from tongban.web.tokens import pages

urlpatterns: list[URLPattern] = [
    path("", pages.tokens, name="tokens"),
    path("<key:key>/end/", pages.end, name="token-end"),
]
