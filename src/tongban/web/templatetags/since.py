"""From which day something holds, in words."""

from __future__ import annotations

from datetime import date

from django import template

from tongban.core.calendar.logic import day_words
from tongban.core.dated import BEGINNING
from tongban.core.labels import Label

register = template.Library()
# What ships with a new county holds from here on: no date that anybody has chosen.


@register.simple_tag(takes_context=True)
def since(context: template.Context, day: date | None, told: bool = False) -> str:
    """``{% since limit.valid_from %}``: 20 Nov 2026, or "from the beginning"; ``told=True`` within a sentence."""
    if day is None:
        return ""
    language = str(context.get("language") or "zh")
    if day <= BEGINNING:
        return Label("从一开始", "from the beginning").text(language)
    shown = day_words(day, with_year=True)
    return Label("{day}起", "from {day}").text(language, day=shown.text(language)) if told else shown.text(language)
