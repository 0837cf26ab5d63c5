"""The place that an asker has pointed at."""

from __future__ import annotations

from typing import Any

from django import template

from tongban.engines.cases.models import Case
from tongban.web.public.pinmap import pin

register = template.Library()


@register.inclusion_tag("web/public/parts/pinned.html", takes_context=True)
def pinned(context: template.Context, case: Case) -> dict[str, Any]:
    """``{% pinned case %}``: the pin of a case on the sketch map and its coordinates; nothing where there is none.

    For those who work on the case and for those who asked; whoever holds the tracking code alone has the place in words.
    """
    found = pin(case.longitude, case.latitude)
    more = {"near": found.near, "map": found.map} if found else {}
    return {"language": context.get("language", "zh"), "pin": found, **more}
