"""The look's parts as template tags. Geometry that depends on data is a repeated element, never a style attribute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect, Textarea
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tongban.core.access.queries import OFFICES
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, Viewer
from tongban.core.calendar.logic import (
    Cell,
    CountFrom,
    Remaining,
    Standing,
    Stretch,
    Unit,
    cells,
    remaining,
    spoken,
    words,
)
from tongban.core.calendar.queries import calendar_now, county_zone
from tongban.core.labels import Label
from tongban.core.registry.models import masked as masked_number
from tongban.core.registry.queries import directory
from tongban.engines.cases.declare import Fact, FactKind
from tongban.engines.cases.models import Stop
from tongban.engines.cases.outcome import Outcome
from tongban.web.moments import day_words, moment_words, weekday_word
from tongban.web.promised import STOPPED

register = template.Library()
_FINE = 9  # from so many cells on they are drawn narrow
_LONGEST = timedelta(days=45)

# Which shape a case's state has; other states (declined, referred, withdrawn, undone) have the plain square.
_SHAPES = {
    "new": "new", "accepted": "new", "assigned": "new",
    "handling": "going", "review": "going", "approved": "going",
    "answered": "done", "closed": "done",
}  # fmt: skip
# What a list or a board keeps when another town is chosen.
_NARROWED = ("view", "state", "programme", "unit", "agenda", "stopped", "outcome", "period", "by", "rank")
_LOOKS = frozenset({"going", "soon", "late", "done", "held", "raised"})


def _language(context: template.Context) -> str:
    return str(context.get("language", "zh"))


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
    said = label.text(_language(context)) if isinstance(label, Label) else label
    return format_html('<span class="chip{}" data-state="{}">{}</span>', " plain" if plain else "", shape, said)


@register.inclusion_tag("web/parts/outcome.html", takes_context=True)
def outcome(context: template.Context, came_to: Outcome) -> dict[str, Any]:
    """``{% outcome answer.came_to %}``: what came of it, told plainly, with the writer's own sentence where it is given."""
    return {"language": _language(context), "came_to": came_to}


@register.simple_tag(takes_context=True)
def clock(
    context: template.Context, start: datetime | None, due: datetime | None, done: datetime | None = None,
    unit: str = "working_days", count_from: str = "moment", big: bool = False, step: Label | None = None,
    stopped: str = "", stops: Sequence[Stretch] = (),
) -> SafeString:  # fmt: skip
    """``{% clock start due %}``: one cell for each working day of a promise, and the words beside it.

    ``done`` is when it was kept or broken; without it the clock runs at the page's moment. ``step``: what is due then.
    ``stopped``: why it stands still now; ``stops``: when it did.
    """
    if start is None or due is None:
        return mark_safe('<span class="quiet">—</span>')
    now = done or context["at"]
    left = remaining(calendar_now(), due, now, unit=Unit(unit))
    row = cells(
        calendar_now(), _lately(start, due), due, now, unit=Unit(unit), count_from=CountFrom(count_from), stops=stops
    )
    state, said, told = _told(left, done, _language(context), step, stopped)
    return format_html(
        '<span class="clock{}" data-state="{}"><span class="days{}" aria-hidden="true">{}</span>'
        '<b aria-hidden="true">{}</b><span class="only-read">{}</span></span>',
        " big" if big else "", state, " fine" if len(row) >= _FINE else "", _day_cells(row), said, told,
    )  # fmt: skip


def _lately(start: datetime, due: datetime) -> datetime:
    """The start, or some weeks before the end: what was asked years ago and taken over today has no row of years."""
    return max(start, due - _LONGEST)


def _day_cells(row: list[Cell]) -> SafeString:
    marks = ((f' data-d="{c.state}"' if c.state != "left" else "",) for c in row)
    return format_html_join("", "<i{}></i>", ((mark_safe(m),) for (m,) in marks))  # noqa: S308 - an enum's values


def _told(
    left: Remaining, done: datetime | None, language: str, step: Label | None = None, stopped: str = ""
) -> tuple[str, str, str]:
    """State, short words, whole sentence."""
    if stopped and done is None:
        still = STOPPED[Stop.Kind(stopped)].text(language)
        return "held", still, still
    if done is None:
        return left.standing.value, words(left).text(language), spoken(left, step).text(language)
    if left.standing is not Standing.LATE:
        kept = Label("按时", "in time").text(language)
        return "done", kept, kept
    late = words(left).text(language)
    return "late", late, late


@register.simple_tag(takes_context=True)
def promise(
    context: template.Context, start: datetime | None, due: datetime | None, done: datetime | None = None,
    unit: str = "working_days", count_from: str = "moment", title: Label | None = None,
    stopped: str = "", stops: Sequence[Stretch] = (),
) -> SafeString:  # fmt: skip
    """``{% promise start due %}``: the same cells grown to a strip with dates under them. ``title``: what is promised."""
    if start is None or due is None:
        return SafeString("")
    language, now = _language(context), done or context["at"]
    calendar = calendar_now()
    row = cells(calendar, _lately(start, due), due, now, unit=Unit(unit), count_from=CountFrom(count_from), stops=stops)
    left = remaining(calendar, due, now, unit=Unit(unit))
    state, _, told = _told(left, done, language, stopped=stopped)
    aim = day_words(left.day, weekday=True, with_year=left.day.year != now.year).text(language)
    # The length is the limit's own, in its own unit: the cells are days, and not all of them where it began long ago.
    begin = Label("{title}，", "{title}, ").text(language, title=title.text(language)) if title else ""
    summary = begin + Label("{aim}到期；{told}", "due {aim}; {told}").text(language, aim=aim, told=told)
    return format_html(
        '<p class="only-read">{}</p><ol class="promise{}" data-state="{}" aria-hidden="true">{}</ol>',
        summary, " fine" if len(row) >= _FINE else "", state,
        format_html_join("", "<li{}{}><span>{}<br>{}</span></li>", (_strip_cell(c, language) for c in row)),
    )  # fmt: skip


def _strip_cell(cell: Cell, language: str) -> tuple[Any, ...]:
    state = mark_safe(f' data-d="{cell.state}"') if cell.state != "left" else ""  # noqa: S308 - an enum's value
    due = mark_safe(" data-due") if cell.due else ""
    return state, due, cell.date.day, weekday_word(cell.date).text(language)


@register.simple_tag(takes_context=True)
def when(
    context: template.Context,
    moment: datetime | date | None,
    precision: str = "second",
    year: bool = False,
    told: bool = False,
) -> SafeString | str:
    """``{% when row.opened_at row.opened_precision %}``: in the county's zone; "—" when unknown. On paper: ``year=True``.

    A date without a time is written in the same way. ``told=True``: the words alone, for a sentence.
    """
    now, language = None if year else context.get("at"), _language(context)
    if moment is not None and not isinstance(moment, datetime):
        this_year = now is not None and now.astimezone(county_zone()).year == moment.year
        said = day_words(moment, with_year=not this_year).text(language)
        return said if told else format_html('<time datetime="{}">{}</time>', moment.isoformat(), said)
    said = moment_words(moment, precision, now=now).text(language)
    if moment is None or said == "—":
        return SafeString("—")
    if told:
        return said
    local = moment.astimezone(county_zone())
    exact = local.date().isoformat() if precision == "day" else local.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', exact, said)


@register.simple_tag(takes_context=True)
def money(context: template.Context, fen: int | None) -> str:
    """``{% money fen %}``: 5,000,000 元; "—" for nothing."""
    if fen is None:
        return "—"
    yuan, rest = divmod(abs(int(fen)), 100)
    amount = f"{'-' if fen < 0 else ''}{yuan:,}" + (f".{rest:02}" if rest else "")
    return f"{amount} 元" if _language(context) == "zh" else f"CNY {amount}"


@register.simple_tag(takes_context=True)
def rate(context: template.Context, numerator: int | None, denominator: int | None) -> SafeString:
    """``{% rate n d %}``: 95.1%（231 / 243）. A zero denominator is no rate: "—"."""
    if not denominator or numerator is None:
        return format_html('<span class="rate">— <small>{} / {}</small></span>', numerator or 0, denominator or 0)
    share = f"{100 * numerator / denominator:.1f}%"
    marks = ("（", "）") if _language(context) == "zh" else (" (", ")")
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
        return chosen.text(_language(context)) if chosen else value.text
    if declared.kind is FactKind.MONEY:
        return money(context, value.number)
    unit = f" {declared.unit.text(_language(context))}" if declared.unit else ""
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
            "long": isinstance(widget, Textarea), "language": _language(context),
            "unit": unit.text(_language(context)) if isinstance(unit, Label) else unit,
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
    return render_to_string("web/parts/summary.html", {"wrong": wrong, "language": _language(context)})


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
        "towns": known.towns(), "county": known.county.name.text(_language(context)).partition(" (")[0],
        "chosen": request.GET.get("area", ""), "to": to, "kept": kept, "language": _language(context),
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def office_of(context: template.Context, viewer: Viewer) -> str:
    """The first office that a member of staff holds: unit and role."""
    grant = next(iter(viewer.grants), None)
    if grant is None:
        return ""
    body = directory().bodies.get(grant.organisation)
    role = OFFICES.get(grant.code)
    parts = [label.text(_language(context)) for label in (body and body.name, role) if label]
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
