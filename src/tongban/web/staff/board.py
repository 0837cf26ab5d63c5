"""The unit board: four figures, a ranking, a trend, and the delays; each number opens to its cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.logic.periods import Period, around, further, parse
from tongban.engines.cases.logic.rates import Ranked, Rate
from tongban.engines.cases.models import Target
from tongban.engines.cases.queries import board as reading
from tongban.engines.cases.queries import duties, hard
from tongban.engines.cases.queries.behind import FIGURES, cases_behind, count_behind, order_of
from tongban.engines.cases.queries.cohorts import APART, Slice
from tongban.engines.cases.queries.rows import Page
from tongban.engines.cases.seed import source_words
from tongban.engines.cases.targets import RATES, target_on
from tongban.engines.programme.scan import programmes
from tongban.web.moments import moment_words
from tongban.web.reading import Reading
from tongban.web.staff.acting import number_of, town_of, worker
from tongban.web.staff.charts import spark, trend
from tongban.web.staff.export import LARGE, stream
from tongban.web.staff.lines import lines

BY = {"unit": Label("按承办单位", "By unit"), "town": Label("按镇街道", "By town")}
RANKS = RATES
# The figure whose cases a row opens to first: what went wrong, not what went well.
_BEHIND = {"on_time": "not_in_time", "closure": "open", "satisfaction": "dissatisfied"}
# Of what a rate is made: the figures of its numerator and its denominator.
_MADE_OF = {"on_time": ("in_time", "due"), "closure": ("closed", "accepted"), "satisfaction": ("satisfied", "rated")}
_FAR = 10  # points below the target from which on a bar is red


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the ranking."""

    key: int
    name: Label
    place: int | None
    rate: Rate
    why_not: Label | None
    bar: int  # 0 to 1,000
    look: str  # how the bar is filled
    inner: str  # the query of its own slice, for the lists behind its numbers
    fold: str  # the query that opens it here


@require_GET
@worker
def board(request: Reading) -> HttpResponse:
    """`?wall=1` is the same board for a wall."""
    cut = _slice(request)
    by = request.GET.get("by", "") if request.GET.get("by") in BY else "unit"
    rank = request.GET.get("rank", "") if request.GET.get("rank") in RANKS else "on_time"
    made = reading.board(request.viewer, request.at, cut, by=by, rank=rank)
    opened = number_of(request, "open")
    wall = request.GET.get("wall") == "1"
    known = directory()
    points, target = made.trend, _target(request, cut, rank)
    context: dict[str, Any] = {
        "board": made, "total": made.total, "cut": cut, "by": by, "rank": rank, "bys": BY, "ranks": RANKS,
        "period": cut.period, "periods": _periods(request, cut), "wall": wall,
        "groups": [_group(request, made, cut, by, rank, target, g) for g in made.groups],
        "target": target, "target_source": source_words(target.source) if target else None, "far": _FAR,
        "mark": min(target.percent * 10 - 3.5, 993) if target else 0, "made_of": _MADE_OF[rank], "wrong": _BEHIND[rank],
        "opened": opened, "opened_rows": _opened(request, cut, by, rank, opened) if opened else [],
        "programmes": list(programmes().values()), "programme": programmes().get(cut.programme),
        "unit": known.bodies.get(cut.unit) if cut.unit else None, "town": known.places.get(cut.town) if cut.town else None,
        "county": known.county.name, "behind": _query(request, cut), "apart": [(c, n, made.total.count(c)) for c, n in APART.items()],
        "chart": _chart(request, points, wall), "points": [(p, _query(request, cut, period=p.stretch.code)) for p in points],
        "spark_accepted": spark([p.accepted for p in points], filled=True),
        "spark_answered": spark([p.answered for p in points], filled=True),
        "parts": [
            (programmes()[c].name, f, _query(request, cut, programme=c))
            for c, f in made.programmes.items() if c in programmes()
        ],
        "told_at": moment_words(request.at, now=request.at), "today": calendar_now().day_of(request.at),
    }  # fmt: skip
    return render(request, "web/staff/wall.html" if wall else "web/staff/board.html", context)


@require_GET
@worker
def behind(request: Reading) -> HttpResponse:
    """The very cases that a figure of the board counts."""
    cut, figure = _slice(request), request.GET.get("figure", "")
    known = directory()

    def fetch(cursor: str, limit: int = LARGE) -> Any:
        return cases_behind(request.viewer, request.at, cut, figure, after=cursor, limit=limit)

    if request.GET.get("format") == "csv":
        return stream(request, fetch, "board")
    page, first = fetch(request.GET.get("after", ""), 50), not request.GET.get("after")
    count = count_behind(request.viewer, request.at, cut, figure)
    if first and len(page.rows) == count:
        page = Page(page.rows)  # all are here: nothing further back is worth a look
    context = {
        "page": page, "rows": page.rows, "lines": lines(page.rows), "cut": cut,
        "figure": FIGURES.get(figure), "count": count,
        "order": order_of(figure), "by_assignment": figure in duties.NAMES,
        "by_times": hard.by_times(figure), "as_of_now": hard.as_of_now(figure),
        "first": first, "back": _query(request, cut),
        "programme": programmes().get(cut.programme), "unit": known.bodies.get(cut.unit) if cut.unit else None,
        "town": known.places.get(cut.town) if cut.town else None,
    }  # fmt: skip
    return render(request, "web/staff/behind.html", context)


def _slice(request: Reading) -> Slice:
    period = parse(request.GET.get("period", ""), calendar_now().day_of(request.at))
    programme = request.GET.get("programme", "")
    unit = number_of(request, "unit")
    return Slice(period, programme if programme in programmes() else "", unit, town_of(request))


def _periods(request: Reading, cut: Slice) -> list[tuple[Label, list[Period]]]:
    """What may be chosen: the present, the parts of the chosen year, earlier years; each period once."""
    today = calendar_now().day_of(request.at)
    inside, years = further(cut.period, today)
    year = cut.period.first.year
    groups = [
        (Label("现在", "Now"), around(today)),
        (Label("往年", "Earlier years"), years),
        (Label(f"{year}年的季度和月份", f"Quarters and months of {year}"), inside),
    ]
    known: set[Period] = set()
    found = []
    for label, several in groups:
        fresh = [period for period in several if period not in known]
        known.update(fresh)
        if fresh:
            found.append((label, fresh))
    return found if cut.period in known else [*found, (Label("所选", "Chosen"), [cut.period])]


def _query(request: Reading, cut: Slice, **more: Any) -> str:
    """The slice as an address carries it."""
    given: dict[str, Any] = {"period": cut.period.code}
    if cut.programme:
        given["programme"] = cut.programme
    if cut.unit is not None:
        given["unit"] = cut.unit
    if cut.town is not None:
        given["area"] = directory().places[cut.town].code
    return urlencode({**given, **more})


def _target(request: Reading, cut: Slice, rank: str) -> Target | None:
    """The target in force at the end of the period, or today where it is still going on."""
    return target_on(rank, min(cut.period.end - timedelta(days=1), calendar_now().day_of(request.at)))


def _group(
    request: Reading, made: reading.Board, cut: Slice, by: str, rank: str, target: Target | None, group: reading.Group
) -> Any:  # fmt: skip
    """A group, its rows, and how many unranked ones are folded away."""
    ranked = [r for r in group.rows if r.place is not None]
    rest = [r for r in group.rows if r.place is None]
    opened = number_of(request, "open")
    fold = len(rest) > 3 and request.GET.get("all") != "1" and opened not in {r.key for r in rest}
    rows = ranked if fold else [*ranked, *rest]
    return group, [_row(request, made, cut, by, target, r) for r in rows], len(rest) if fold else 0


def _row(request: Reading, made: reading.Board, cut: Slice, by: str, target: Target | None, row: Ranked[int]) -> Row:
    missing = target.percent - row.rate.exact * 100 if target and row.rate.denominator else 0
    look = "bad" if missing > _FAR else "low" if missing > 0 else ""
    inner = _inner(cut, by, row.key)
    fold = request.GET.copy()
    fold.pop("open", None)
    if number_of(request, "open") != row.key:
        fold["open"] = str(row.key)
    return Row(
        row.key, made.names[row.key], row.place, row.rate, row.why_not, row.rate.per_mille, look,
        _query(request, inner), fold.urlencode(),
    )  # fmt: skip


def _inner(cut: Slice, by: str, key: int) -> Slice:
    if by == "unit":
        return Slice(cut.period, cut.programme, key, cut.town)
    return Slice(cut.period, cut.programme, cut.unit, key)


def _opened(request: Reading, cut: Slice, by: str, rank: str, key: int) -> Any:
    return cases_behind(request.viewer, request.at, _inner(cut, by, key), _BEHIND[rank], limit=5).rows


def _chart(request: Reading, points: list[reading.Point], wall: bool) -> Any:
    if not points:
        return None
    labels = [p.stretch.label.text(request.language) for p in points]
    return trend([p.answered for p in points], [p.accepted for p in points], labels, height=470 if wall else 300)
