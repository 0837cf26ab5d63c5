"""Whether what goes out arrives: counts and failures by channel, and nobody's data."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from tongban.core.notices import states
from tongban.web.manage.shared import administrator, page
from tongban.web.reading import Reading


@administrator
@require_safe
def sendings(request: Reading) -> HttpResponse:
    """Each channel, and the messages that were given up."""
    found = states.failures(request.viewer)
    return page(
        request, "sendings", place="manage-sendings", days=states.LATELY.days,
        channels=[(states.CHANNELS[c.channel], c) for c in states.channels(request.viewer, request.at)],
        failures=[(states.CHANNELS[f.channel], f) for f in found],
    )  # fmt: skip
