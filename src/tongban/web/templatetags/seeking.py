"""The top of every officer's page: what may be searched, and the way back to where the work begins."""

from __future__ import annotations

from django import template
from django.urls import reverse

from tongban.core.access.viewer import ADMINISTRATOR, AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR, Viewer
from tongban.core.labels import Label
from tongban.engines.cases.queries.search import may_search_by_phone

register = template.Library()
_HINT = Label("编号、企业、地点、文字", "Number, firm, place, words")
_BY_PHONE = Label("编号、企业、地点、完整手机号", "Number, firm, place, whole phone number")
# The page to which an officer goes back all day, by his office; the first that he holds counts.
_BEGINS = (
    ((AGENT, HANDLER, REVIEWER), "web:queue", Label("待办", "Queue")),
    ((SUPERVISOR,), "web:cases", Label("全部诉求", "Cases")),
    ((SECRETARY,), "web:meetings", Label("会议", "Meetings")),
    ((ADMINISTRATOR,), "web:manage", Label("管理", "Administration")),
)


@register.simple_tag(takes_context=True)
def workplace(context: template.Context) -> tuple[str, Label] | None:
    """``{% workplace as work %}``: where this officer's work waits, and its name; nothing without an office."""
    viewer: Viewer = context["viewer"]
    return next(((reverse(page), name) for offices, page, name in _BEGINS if viewer.grants_for(*offices)), None)


@register.simple_tag(takes_context=True)
def seek_hint(context: template.Context) -> str:
    """``{% seek_hint %}``: what may be typed there, by whoever is looking."""
    viewer = context.get("viewer")
    hint = _BY_PHONE if viewer is not None and may_search_by_phone(viewer) else _HINT
    return hint.text(str(context.get("language", "zh")))
