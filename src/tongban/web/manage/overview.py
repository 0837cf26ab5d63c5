"""Where administration begins: what is still a sample, what waits, and the way to each page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from tongban.core.access import mandates
from tongban.core.access.models import Account
from tongban.core.calendar.logic import YearState
from tongban.core.calendar.queries import calendar_now
from tongban.core.notices import queries as notices
from tongban.core.notices import states
from tongban.engines.cases.queries import administration as queries
from tongban.engines.cases.queries.files import looking
from tongban.web.manage.shared import administrator, page
from tongban.web.reading import Reading


@administrator
@require_safe
def overview(request: Reading) -> HttpResponse:
    """The figures that an administrator acts on."""
    calendar = calendar_now()
    year = calendar.day_of(request.at).year
    limits = queries.limits(viewer=request.viewer, at=request.at)
    targets = [x.now.row for x in queries.targets(viewer=request.viewer, at=request.at) if x.now]
    routes = queries.routes(viewer=request.viewer, at=request.at)
    return page(
        request, "overview", place="manage",
        samples=[x for x in limits if x.now and not x.now.row.confirmed], limits=limits,
        targets=targets, sample_targets=[x for x in targets if not x.confirmed],
        unrouted=[r for r in routes if r.now is None], routes=routes,
        years=[(y, calendar.year_state(y)) for y in (year, year + 1)], provisional=YearState.PROVISIONAL,
        missing=YearState.MISSING, waiting=mandates.count_waiting(viewer=request.viewer),
        looking=looking(request.viewer, request.at),
        unsent=states.failed_lately(request.viewer, request.at),
        webhooks=[row for row, _ in notices.webhooks(request.viewer)],
        accounts=Account.objects.filter(staff=True, is_active=True).count(),
    )  # fmt: skip
