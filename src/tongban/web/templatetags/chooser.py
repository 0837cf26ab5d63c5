"""Choosing several of a long list: boxes by group, which a script makes findable."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField

register = template.Library()


@register.inclusion_tag("web/staff/chooser.html", takes_context=True)
def chooser(context: template.Context, bound: BoundField) -> dict[str, Any]:
    """``{% chooser form.assisting %}``: a field of grouped choices as boxes. Without script a long list that opens."""
    chosen = {str(value) for value in bound.value() or ()}
    groups = [
        (name, [(f"{bound.auto_id}_{value}", value, label, str(value) in chosen) for value, label in options])
        for name, options in bound.field.choices  # type: ignore[attr-defined]
    ]
    return {"bound": bound, "groups": groups, "chosen": chosen, "language": context.get("language", "zh")}
