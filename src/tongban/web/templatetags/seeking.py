"""The search box at the top of every officer's page."""

from __future__ import annotations

from django import template

from tongban.core.labels import Label
from tongban.engines.cases.queries.search import may_search_by_phone

register = template.Library()
_HINT = Label("编号、企业、地点、文字", "Number, firm, place, words")
_BY_PHONE = Label("编号、企业、地点、完整手机号", "Number, firm, place, whole phone number")


@register.simple_tag(takes_context=True)
def seek_hint(context: template.Context) -> str:
    """``{% seek_hint %}``: what may be typed there, by whoever is looking."""
    viewer = context.get("viewer")
    hint = _BY_PHONE if viewer is not None and may_search_by_phone(viewer) else _HINT
    return hint.text(str(context.get("language", "zh")))
