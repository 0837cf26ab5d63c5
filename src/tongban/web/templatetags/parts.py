"""The look's parts as template tags. Geometry that depends on data is a repeated element, never a style attribute."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect, Textarea
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tongban.core.access.queries import OFFICES
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, Viewer
from tongban.core.labels import Label
from tongban.core.registry.models import masked as masked_number
from tongban.core.registry.queries import directory
from tongban.engines.cases.declare import Fact, FactKind
from tongban.engines.cases.outcome import Outcome
from tongban.web.templatetags.clocks import when
from tongban.web.templatetags.words import language_of

register = template.Library()

# Which shape a case's state has; other states (declined, referred, withdrawn, undone) have the plain square.
_SHAPES = {
    "new": "new", "accepted": "new", "assigned": "new",
    "handling": "going", "review": "going", "approved": "going",
    "answered": "done", "closed": "done",
}  # fmt: skip
# What a list or a board keeps when another town is chosen.
_NARROWED = ("view", "state", "programme", "unit", "agenda", "stopped", "outcome", "period", "by", "rank")
_LOOKS = frozenset({"going", "soon", "late", "done", "held", "raised"})


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """``{% icon "pin" %}``: a drawing of our sheet, always beside words."""
    sheet = static("web/icons.svg")
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {size}" if size else "", sheet, name,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def chip(context: template.Context, state: str, label: Any, plain: bool = False) -> SafeString:
    """``{% chip case.state label %}``: a state in words with a shape. ``plain=True`` in long lists."""
    shape = state if state in _LOOKS else _SHAPES.get(state, "ended")
    said = label.text(language_of(context)) if isinstance(label, Label) else label
    return format_html('<span class="chip{}" data-state="{}">{}</span>', " plain" if plain else "", shape, said)


@register.inclusion_tag("web/parts/outcome.html", takes_context=True)
def outcome(context: template.Context, came_to: Outcome) -> dict[str, Any]:
    """``{% outcome answer.came_to %}``: what came of it, told plainly, with the writer's own sentence where it is given."""
    return {"language": language_of(context), "came_to": came_to}


@register.simple_tag(takes_context=True)
def money(context: template.Context, fen: int | None) -> str:
    """``{% money fen %}``: 5,000,000 元; "—" for nothing."""
    if fen is None:
        return "—"
    yuan, rest = divmod(abs(int(fen)), 100)
    amount = f"{'-' if fen < 0 else ''}{yuan:,}" + (f".{rest:02}" if rest else "")
    return f"{amount} 元" if language_of(context) == "zh" else f"CNY {amount}"


@register.simple_tag(takes_context=True)
def rate(context: template.Context, numerator: int | None, denominator: int | None) -> SafeString:
    """``{% rate n d %}``: 95.1%（231 / 243）. A zero denominator is no rate: "—"."""
    if not denominator or numerator is None:
        return format_html('<span class="rate">— <small>{} / {}</small></span>', numerator or 0, denominator or 0)
    share = f"{100 * numerator / denominator:.1f}%"
    marks = ("（", "）") if language_of(context) == "zh" else (" (", ")")
    return format_html(
        '<span class="rate">{}<small>{}{} / {}{}</small></span>',
        share, marks[0], f"{numerator:,}", f"{denominator:,}", marks[1],
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def fact(context: template.Context, declared: Fact, value: Any) -> Any:
    """``{% fact declared value %}``: a declared fact of a case as it is read."""
    if value.moment is not None:
        return when(context, value.moment)
    if value.number is None:
        chosen = declared.choices.get(value.text)
        return chosen.text(language_of(context)) if chosen else value.text
    if declared.kind is FactKind.MONEY:
        return money(context, value.number)
    unit = f" {declared.unit.text(language_of(context))}" if declared.unit else ""
    return f"{value.number:,}{unit}"


@register.simple_tag
def masked(number: str) -> SafeString:
    """``{% masked person.phone_number %}``: 139****7710, whatever is passed."""
    hidden = number if "*" in number else masked_number(number)
    return format_html('<span class="nowrap">{}</span>', hidden) if hidden else SafeString("—")


@register.simple_tag(takes_context=True)
def here(context: template.Context, **params: Any) -> str:
    """``{% here language="en" %}``: this page's address with some parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in params.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}" if query else context["request"].path


@register.simple_tag(takes_context=True)
def field(context: template.Context, bound: BoundField, hint: str = "", unit: Any = None) -> SafeString:
    """``{% field form.x %}``: label, hint, error, control, tied together for a screen reader."""
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    tick = isinstance(widget, CheckboxInput)
    described = [bound.auto_id + "-h"] if (hint or bound.help_text) and not tick else []
    described += [bound.auto_id + "-e"] if bound.errors else []
    if described and not group:
        widget.attrs["aria-describedby"] = " ".join(described)
    if bound.errors and not group:
        widget.attrs["aria-invalid"] = "true"
    unit = unit or getattr(bound.field, "unit", None)
    return render_to_string(
        "web/parts/field.html",
        {
            "bound": bound, "group": group, "tick": tick, "hint": hint or bound.help_text,
            "described": " ".join(described), "optional": not bound.field.required and not tick and not getattr(bound.field, "conditional", False),
            "long": isinstance(widget, Textarea), "language": language_of(context),
            "unit": unit.text(language_of(context)) if isinstance(unit, Label) else unit,
        },
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def summary(context: template.Context, form: Form) -> SafeString:
    """``{% summary form %}``: what is wrong, with a link to each; it takes focus."""
    if not form.is_bound or not form.errors:
        return SafeString("")
    order = {name: place for place, name in enumerate(form.fields)}
    wrong = [
        (_first_control(form[name]) if name in form.fields else "", error)
        for name, errors in sorted(form.errors.items(), key=lambda item: order.get(item[0], -1))
        for error in errors
    ]
    return render_to_string("web/parts/summary.html", {"wrong": wrong, "language": language_of(context)})


def _first_control(bound: BoundField) -> str:
    """The id to which the summary's link jumps: of a group the first choice."""
    group = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if group else bound.auto_id


@register.inclusion_tag("web/parts/areaswitch.html", takes_context=True)
def areaswitch(context: template.Context) -> dict[str, Any]:
    """The masthead's area switch: the list or board that is open, else what the office begins with, of one town or all."""
    known = directory()
    request, viewer = context["request"], context["viewer"]
    begins = "web:queue" if viewer.grants_for(AGENT, HANDLER, REVIEWER) else "web:board"
    to = next(
        (a for n in ("web:cases", "web:board") if (a := place(context, n)) == request.path), place(context, begins)
    )
    kept = [(n, request.GET[n]) for n in _NARROWED if request.GET.get(n)] if request.path == to else []
    return {
        "towns": known.towns(), "county": known.county.name.text(language_of(context)).partition(" (")[0],
        "chosen": request.GET.get("area", ""), "to": to, "kept": kept, "language": language_of(context),
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def office_of(context: template.Context, viewer: Viewer) -> str:
    """The first office that a member of staff holds: unit and role."""
    grant = next(iter(viewer.grants), None)
    if grant is None:
        return ""
    body = directory().bodies.get(grant.organisation)
    role = OFFICES.get(grant.code)
    parts = [label.text(language_of(context)) for label in (body and body.name, role) if label]
    return " ".join(parts)


@register.simple_tag(takes_context=True)
def unread(context: template.Context) -> int:
    """How many notices wait unread; they came with the account (see web.signin.backend)."""
    return getattr(context.get("user"), "unread", 0)


@register.simple_tag(takes_context=True)
def place(context: template.Context, name: str) -> str:
    """``{% place "web:queue" as to %}``: the page's address if there is such a page and the viewer's office opens it."""
    address = _address(name)
    viewer: Viewer = context["viewer"]
    permission = getattr(resolve(address).func, "permission", "") if address else ""
    if permission in ("public", "signed_in"):
        return address
    return address if permission and viewer.grants_for(*permission.split()) else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
