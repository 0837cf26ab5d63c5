"""Numbers as people read them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.simple_tag
def count(number: int | None) -> str:
    """``{% count 7796 %}``: 7,796; "—" for nothing known."""
    return "—" if number is None else f"{number:,}"
