"""Addresses of administration."""

from django.urls import URLPattern, path, register_converter

from tongban.web.manage import accounts, bodies, calendar, days, firms, limits, overview, routes, targets
from tongban.web.manage.converters import DayConverter

register_converter(DayConverter, "day")
urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="manage"),
    path("limits/", limits.limits, name="manage-limits"),
    path("limits/<slug:code>/", limits.limit, name="manage-limit"),
    path("limits/<slug:code>/<int:key>/confirm/", limits.confirm, name="manage-limit-confirm"),
    path("targets/", targets.targets, name="manage-targets"),
    path("targets/<slug:code>/", targets.target, name="manage-target"),
    path("targets/<slug:code>/<int:key>/confirm/", targets.confirm, name="manage-target-confirm"),
    path("calendar/", calendar.calendar, name="manage-calendar"),
    path("calendar/hours/", calendar.hours, name="manage-hours"),
    path("calendar/<int:year>/", calendar.calendar, name="manage-calendar-year"),
    path("calendar/<int:year>/begin/", calendar.begin, name="manage-year-begin"),
    path("calendar/<int:year>/confirm/", calendar.confirm, name="manage-year-confirm"),
    path("calendar/<day:day>/", days.day, name="manage-day"),
    path("calendar/<day:day>/clear/", days.clear, name="manage-day-clear"),
    path("routes/", routes.routes, name="manage-routes"),
    path("routes/end/<int:key>/", routes.end, name="manage-route-end"),
    path("routes/<slug:programme>/<slug:category>/", routes.route, name="manage-route"),
    path("accounts/", accounts.accounts, name="manage-accounts"),
    path("accounts/new/", accounts.new, name="manage-account-new"),
    path("accounts/<int:key>/", accounts.account, name="manage-account"),
    path("accounts/<int:key>/roles/", accounts.give, name="manage-role-give"),
    path("accounts/<int:key>/roles/<int:role>/end/", accounts.end, name="manage-role-end"),
    path("accounts/<int:key>/roles/<int:role>/substitute/", accounts.substitute, name="manage-substitute"),
    path("accounts/<int:key>/reset/", accounts.reset, name="manage-account-reset"),
    path("accounts/<int:key>/activity/", accounts.activity, name="manage-account-activity"),
    path("bodies/", bodies.bodies, name="manage-bodies"),
    path("bodies/<int:key>/", bodies.body, name="manage-body"),
    path("bodies/<int:key>/end/", bodies.end_body, name="manage-body-end"),
    path("areas/", bodies.areas, name="manage-areas"),
    path("areas/<int:key>/", bodies.area, name="manage-area"),
    path("areas/<int:key>/end/", bodies.end_area, name="manage-area-end"),
    path("firms/", firms.firms, name="manage-firms"),
    path("firms/new/", firms.new, name="manage-firm-new"),
    path("firms/<int:key>/", firms.firm, name="manage-firm"),
    path("firms/<int:key>/dissolve/", firms.dissolve, name="manage-firm-dissolve"),
]
