"""A list as a file: exactly the rows of the page's list, as CSV that a spreadsheet opens and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse

from tongban.core.calendar.queries import county_zone
from tongban.core.labels import Label
from tongban.core.registry import reference
from tongban.engines.cases.declare import CHANNELS
from tongban.engines.cases.queries import CaseRow, Page
from tongban.engines.cases.queries.desk import visible
from tongban.engines.cases.queries.rows import rows_of
from tongban.engines.cases.story import rating_words
from tongban.engines.programme.scan import programmes
from tongban.web.reading import Reading
from tongban.web.staff.acting import worker

#: More than this is a report's work, not a list's.
MOST = 10_000
#: Rows fetched at a time.
LARGE = 500
# A cell that begins so would be a formula; full-width signs count too, since Chinese spreadsheets take them for one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_IN_TIME = {True: Label("按时", "on time"), False: Label("超时", "late"), None: Label("没有承诺", "nothing promised")}
_COLUMNS: tuple[tuple[Label, Callable[[CaseRow, str], str]], ...] = (
    (Label("编号", "Number"), lambda r, _: r.number),
    (Label("诉求", "Request"), lambda r, _: r.title),
    (Label("状态", "State"), lambda r, lang: r.state_label.text(lang)),
    (Label("事项", "Programme"), lambda r, lang: _programme(r.programme).text(lang)),
    (Label("类别", "Category"), lambda r, lang: r.category.text(lang) if r.category else ""),
    (Label("渠道", "Channel"), lambda r, lang: CHANNELS[r.channel].text(lang) if r.channel in CHANNELS else r.channel),
    (Label("镇街道", "Town"), lambda r, lang: (r.town or r.area).text(lang)),
    (Label("承办单位", "Unit"), lambda r, lang: r.lead.text(lang) if r.lead else ""),
    (Label("提出时间", "Asked"), lambda r, _: _moment(r.opened_at, r.opened_precision)),
    (Label("承诺时间", "Promised for"), lambda r, _: _moment(r.promised_at)),
    # The clock stops with the answer; what it ran towards is still asked for.
    (Label("到期时间", "Due"), lambda r, _: _moment(r.due_at or r.promised_at)),
    (Label("答复时间", "Answered"), lambda r, _: _moment(r.answered_at, r.answered_precision)),
    (
        Label("是否按时答复", "Answered on time"),
        lambda r, lang: _IN_TIME[r.in_time].text(lang) if r.answered_at else "",
    ),
    (Label("办理结果", "Outcome"), lambda r, lang: r.outcome.told.text(lang) if r.answered_at else ""),
    (Label("办结时间", "Closed"), lambda r, _: _moment(r.closed_at)),
    (Label("算我一个", "Joined"), lambda r, _: str(r.neighbours)),
    (Label("评价", "Rating"), lambda r, lang: rating_words(r.grade).text(lang) if r.grade else ""),
)


def safe(cell: str) -> str:
    """A cell's text that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("路灯"), safe("  @SUM(A1)")
    ("'=1+1", '路灯', "'  @SUM(A1)")
    """
    return "'" + cell if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell


def stream(request: Reading, page_after: Callable[[str], Page], name: str = "cases") -> HttpResponse:
    """The whole list, page by page as it is read, up to :data:`MOST` rows; the last line says when there is more."""
    response = StreamingHttpResponse(_lines(page_after, request.language), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="{name}-{request.at.astimezone(county_zone()):%Y%m%d-%H%M}.csv"'
    )
    response["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)  # the guards and middlewares take either


@worker
def chosen(request: Reading) -> HttpResponse:
    """The ticked rows of a list; those that the viewer may not see are silently not among them."""
    keys = [int(k) for k in request.GET.getlist("key")[:LARGE] if k.isascii() and k.isdigit() and len(k) < 13]
    page = Page(rows_of(visible(request.viewer, keys)))
    return stream(request, lambda _: page, "chosen")


def _lines(page_after: Callable[[str], Page], language: str) -> Iterator[str]:
    # Excel takes a file without this mark for GBK.
    yield "\ufeff" + _line([label.text(language) for label, _ in _COLUMNS])
    cursor, written = "", 0
    while True:
        with reference.hold():
            page = page_after(cursor)
            room = MOST - written
            text = "".join(_line([draw(row, language) for _, draw in _COLUMNS]) for row in page.rows[:room])
        written += len(page.rows[:room])
        yield text
        cursor = page.after
        if not cursor:
            return
        if written >= MOST:
            told = Label(
                "只导出前 {n} 行，请缩小范围再导出。", "Only the first {n} rows; narrow the list for the rest."
            )
            yield _line([told.text(language, n=MOST)])
            return


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe(c) for c in cells])
    return out.getvalue()


def _programme(code: str) -> Label:
    known = programmes().get(code)
    return known.name if known else Label(code, code)


def _moment(moment: datetime | None, precision: str = "second") -> str:
    if moment is None or precision == "unknown":
        return ""
    local = moment.astimezone(county_zone())
    return f"{local:%Y-%m-%d}" if precision == "day" else f"{local:%Y-%m-%d %H:%M}"
