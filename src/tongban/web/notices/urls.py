"""Addresses of the notices pages."""

from django.urls import URLPattern, path

from tongban.web.notices import lines, preferences

urlpatterns: list[URLPattern] = [
    path("", lines.notices, name="notices"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/email/", preferences.email, name="preferences-email"),
    path("preferences/email/confirm/", preferences.confirm, name="preferences-email-confirm"),
    path("preferences/email/forget/", preferences.forget, name="preferences-email-forget"),
]
