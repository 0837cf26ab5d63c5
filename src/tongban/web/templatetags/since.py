"""Dates without a time, in words: from which day something holds, and on which it is to be."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tongban.core.calendar.queries import county_zone
from tongban.core.dated import BEGINNING
from tongban.core.labels import Label
from tongban.web.moments import day_words

register = template.Library()
# What ships with a new county holds from here on: no date that anybody has chosen.


@register.simple_tag(takes_context=True)
def since(context: template.Context, day: date | None, told: bool = False) -> str:
    """``{% since limit.valid_from %}``: 2026-11-20, or "from the beginning"; ``told=True`` within a sentence."""
    if day is None:
        return ""
    language = str(context.get("language") or "zh")
    if day <= BEGINNING:
        return Label("从一开始", "from the beginning").text(language)
    shown = day.isoformat()
    return Label(f"{shown} 起", f"from {shown}").text(language) if told else shown


@register.simple_tag(takes_context=True)
def on_day(context: template.Context, day: date | None, told: bool = False) -> SafeString | str:
    """``{% on_day visit.planned_for %}``: a date without a time, as moments are told; the present year is left out.

    ``told=True``: the words alone, for a sentence.
    """
    if day is None:
        return "—"
    now = context.get("at")
    said = day_words(day, with_year=now is None or now.astimezone(county_zone()).year != day.year)
    words = said.text(str(context.get("language") or "zh"))
    return words if told else format_html('<time datetime="{}">{}</time>', day.isoformat(), words)
