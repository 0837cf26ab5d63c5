"""From a line of a table to a request: what stands in its cells, checked. Nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from tongban.core.calendar.queries import county_zone
from tongban.core.plain import clean
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.opening import BODY, TITLE
from tongban.engines.cases.actions.subject import ADDRESS
from tongban.engines.cases.actions.working import ANSWER
from tongban.engines.cases.declare import CaseType
from tongban.engines.cases.importing import times
from tongban.engines.cases.importing.bounds import CELL_SIGNS
from tongban.engines.cases.importing.places import Places
from tongban.engines.cases.importing.reading import Cell, Line, text_of
from tongban.engines.cases.importing.times import UNKNOWN, Moment
from tongban.engines.cases.logic.texts import is_receipt

_ID = 80


@dataclass(frozen=True, slots=True)
class Reply:
    """What another system had already said to the asker."""

    text: str
    moment: Moment
    receipt: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A line as the request that it would become. ``remarks`` are what its reader should know all the same."""

    row: int
    external_id: str
    title: str
    body: str
    moment: Moment
    area: int
    category: str = ""
    address: str = ""
    reply: Reply | None = None
    name: str = ""
    phone: str = ""
    remarks: tuple[Refused, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether it brings an answer; a receipt is none."""
        return self.reply is not None and not self.reply.receipt

    def fingerprint(self) -> str:
        """What makes it this request when its system gave it no number: everything but the reply, which may follow."""
        said = (self.title, self.body, str(self.moment.at), self.name, self.address)
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot become a request, and everything that is wrong with it."""

    row: int
    refusals: tuple[Refused, ...]


@dataclass(slots=True)
class Frame:
    """What every line is read against."""

    kind: CaseType
    places: Mapping[str, int]  # field → column
    now: datetime
    zone: ZoneInfo = field(default_factory=county_zone)
    areas: Places = field(default_factory=lambda: Places(directory()))
    categories: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.categories = {}
        for one in self.kind.categories:
            for word in (one.code, one.label.zh, one.label.en):
                self.categories[word.casefold()] = one.code

    def read(self, line: Line) -> Request | Wrong:
        """What the line says."""
        return _Reading(self, line).request()


class _Reading:
    """One line under the eye: collects what is wrong (the row is refused) and what is odd (it is not)."""

    def __init__(self, frame: Frame, line: Line) -> None:
        self.frame, self.line = frame, line
        self.wrong: list[Refused] = []
        self.odd: list[Refused] = []

    def request(self) -> Request | Wrong:
        title, body = self._words()
        asked = self._moment("time")
        made = Request(
            row=self.line.number, external_id=self._text("external_id", _ID, "row.id.long"), title=title, body=body,
            moment=asked, area=self._area(), category=self._category(), address=self._text("address", ADDRESS),
            reply=self._reply(asked), name=self._text("name", CELL_SIGNS)[:80], phone=self._phone(),
        )  # fmt: skip
        if self.wrong:
            return Wrong(self.line.number, tuple(self.wrong))
        # Its remarks are known only now, when everything has been read.
        return Request(**{n: getattr(made, n) for n in made.__slots__ if n != "remarks"}, remarks=tuple(self.odd))

    # -- cells -----------------------------------------------------------------------------------------------------

    def _cell(self, name: str) -> Cell:
        place = self.frame.places.get(name)
        return self.line.cells[place] if place is not None and place < len(self.line.cells) else ""

    def _text(self, name: str, most: int, code: str = "case.body.long") -> str:
        # As the actions tidy what they are given, so that what is compared later is what was stored.
        text = clean(text_of(self._cell(name))).strip()
        if len(text) > CELL_SIGNS:
            self.wrong.append(Refused("row.cell.long", field=name, length=len(text), most=CELL_SIGNS))
        elif len(text) > most:
            self.wrong.append(Refused(code, field=name, length=len(text), most=most))
        return text

    def _words(self) -> tuple[str, str]:
        """Title and text. A title too long for one line stands whole at the head of the text, so nothing is lost."""
        title = " ".join(self._text("title", CELL_SIGNS).split())
        body = self._text("body", BODY)
        if len(title) > TITLE:
            body = f"{title}\n{body}".strip()
            title = title[: TITLE - 1] + "…"
            if len(body) > BODY:
                self.wrong.append(Refused("case.body.long", field="body", length=len(body), most=BODY))
        if not title and not body:
            at_fault = "body" if "body" in self.frame.places else "title"
            self.wrong.append(Refused("row.empty", field=at_fault))
        return title, body or title

    def _moment(self, name: str) -> Moment:
        value = self._cell(name)
        shown = text_of(value)[:40]
        try:
            return times.read(value, self.frame.zone, self.frame.now)
        except times.NotATime:
            self.wrong.append(Refused("row.time.form", field=name, value=shown))
        except (times.OutOfRange, OverflowError):
            self.wrong.append(Refused("row.time.range", field=name, value=shown))
        return UNKNOWN

    def _reply(self, asked: Moment) -> Reply | None:
        text = self._text("reply", ANSWER)
        moment = self._moment("reply_time")
        if not text:
            if moment.at is not None:
                self.odd.append(Refused("row.reply.timed", field="reply_time"))
            return None
        if moment.before(asked, self.frame.zone):
            self.odd.append(Refused("row.reply.early", field="reply_time"))
            moment = UNKNOWN
        return Reply(text, moment, is_receipt(text))

    def _area(self) -> int:
        text = self._text("area", ADDRESS)
        found = self.frame.areas.find(text)
        if text and found is None:
            self.odd.append(Refused("row.area", field="area", value=text[:40]))
        return (found or self.frame.areas.county).id

    def _category(self) -> str:
        text = self._text("category", ADDRESS)
        code = self.frame.categories.get(text.casefold(), "")
        if text and not code:
            self.odd.append(Refused("row.category", field="category", value=text[:40]))
        return code

    def _phone(self) -> str:
        text = self._text("phone", ADDRESS)
        if not text:
            return ""
        try:
            return codes.phone(text)
        except Refused:
            self.odd.append(Refused("row.phone", field="phone"))
            return ""
