"""Addresses of administration."""

from django.urls import URLPattern, path, register_converter

from tongban.web.manage import (
    accounts,
    bodies,
    calendar,
    days,
    firms,
    ladder,
    limits,
    overview,
    routes,
    sendings,
    targets,
    webhooks,
)
from tongban.web.manage.converters import DayConverter, YearConverter

register_converter(DayConverter, "day")
register_converter(YearConverter, "year")
urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="manage"),
    *limits.LIMITS.paths(),
    *targets.TARGETS.paths(),
    *ladder.LADDER.paths(),
    path("calendar/", calendar.calendar, name="manage-calendar"),
    path("calendar/hours/", calendar.hours, name="manage-hours"),
    path("calendar/<year:year>/", calendar.calendar, name="manage-calendar-year"),
    path("calendar/<year:year>/begin/", calendar.begin, name="manage-year-begin"),
    path("calendar/<year:year>/confirm/", calendar.confirm, name="manage-year-confirm"),
    path("calendar/<day:day>/", days.day, name="manage-day"),
    path("calendar/<day:day>/clear/", days.clear, name="manage-day-clear"),
    path("routes/", routes.routes, name="manage-routes"),
    path("routes/end/<key:key>/", routes.end, name="manage-route-end"),
    path("routes/<slug:programme>/<slug:category>/", routes.route, name="manage-route"),
    path("accounts/", accounts.accounts, name="manage-accounts"),
    path("accounts/new/", accounts.new, name="manage-account-new"),
    path("accounts/<key:key>/", accounts.account, name="manage-account"),
    path("accounts/<key:key>/roles/", accounts.give, name="manage-role-give"),
    path("accounts/<key:key>/roles/<key:role>/end/", accounts.end, name="manage-role-end"),
    path("accounts/<key:key>/roles/<key:role>/substitute/", accounts.substitute, name="manage-substitute"),
    path("accounts/<key:key>/reset/", accounts.reset, name="manage-account-reset"),
    path("accounts/<key:key>/activity/", accounts.activity, name="manage-account-activity"),
    path("bodies/", bodies.bodies, name="manage-bodies"),
    path("bodies/<key:key>/", bodies.body, name="manage-body"),
    path("bodies/<key:key>/end/", bodies.end_body, name="manage-body-end"),
    path("areas/", bodies.areas, name="manage-areas"),
    path("areas/<key:key>/", bodies.area, name="manage-area"),
    path("areas/<key:key>/end/", bodies.end_area, name="manage-area-end"),
    path("firms/", firms.firms, name="manage-firms"),
    path("firms/new/", firms.new, name="manage-firm-new"),
    path("firms/<key:key>/", firms.firm, name="manage-firm"),
    path("firms/<key:key>/dissolve/", firms.dissolve, name="manage-firm-dissolve"),
    path("sendings/", sendings.sendings, name="manage-sendings"),
    path("webhooks/", webhooks.webhooks, name="manage-webhooks"),
    path("webhooks/new/", webhooks.new, name="manage-webhook-new"),
    path("webhooks/<key:key>/", webhooks.webhook, name="manage-webhook"),
    path("webhooks/<key:key>/switch/", webhooks.switch, name="manage-webhook-switch"),
    path("webhooks/<key:key>/secret/", webhooks.renew, name="manage-webhook-secret"),
    path("webhooks/<key:key>/test/", webhooks.test, name="manage-webhook-test"),
]
