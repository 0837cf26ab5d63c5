"""Telling new rows from known ones, before anything is written: for the preview and the import alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice

from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases.importing.reading import Line
from tongban.engines.cases.importing.reports import Note, Sort, texts
from tongban.engines.cases.importing.rows import Frame, Request, Wrong
from tongban.engines.cases.importing.times import Moment
from tongban.engines.cases.models import Answer, Case

_BLOCK = 400  # rows looked up together
_PARTS = {
    "title": Label("标题", "title"),
    "body": Label("正文", "text"),
    "time": Label("来件时间", "time of the request"),
    "reply": Label("答复", "reply"),
    "reply_time": Label("答复时间", "time of the reply"),
}


class Standing(StrEnum):
    """What a row is to us."""

    NEW = "new"
    OURS = "ours"  # this very batch has opened it already, before it was interrupted
    KNOWN = "known"
    TWICE = "twice"  # an earlier row of this very file has the same number
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sifted:
    """One row, read and looked up."""

    line: Line
    standing: Standing
    request: Request | None = None
    notes: tuple[Note, ...] = ()
    first: int = 0  # of a row that came twice: the row with the same number above it


@dataclass(slots=True)
class Sieve:
    """Reads lines against a frame and tells which of them are known under ``source``."""

    frame: Frame
    source: str
    batch: int | None = None
    # Numbers met in this file, with what stood under them; and how often the same row without a number came.
    _met: dict[str, _Print] = field(default_factory=dict)
    _again: dict[str, int] = field(default_factory=dict)

    def sift(self, lines: Iterable[Line]) -> Iterator[Sifted]:
        """All rows, in order."""
        waiting = iter(lines)
        while block := list(islice(waiting, _BLOCK)):
            read = [(line, self._numbered(self.frame.read(line))) for line in block]
            known = _known(self.source, [r.external_id for _, r in read if isinstance(r, Request)])
            for line, row in read:
                yield self._judged(line, row, known)

    def _numbered(self, row: Request | Wrong) -> Request | Wrong:
        """A row to which its system gave no number gets one from what it says; the same again is another case."""
        if isinstance(row, Wrong) or row.external_id:
            return row
        print_ = row.fingerprint()
        self._again[print_] = self._again.get(print_, 0) + 1
        return replace(row, external_id=f"~{print_}-{self._again[print_]}")

    def _judged(self, line: Line, row: Request | Wrong, known: dict[str, _Known]) -> Sifted:
        if isinstance(row, Wrong):
            cells = texts(line.cells)
            return Sifted(
                line, Standing.REFUSED, None, tuple(Note(Sort.REFUSED, row.row, r, cells) for r in row.refusals)
            )
        there, met = known.get(row.external_id), self._met.get(row.external_id)
        if met is None:
            self._met[row.external_id] = _Print.of(row)
        remarks = tuple(Note(Sort.REMARK, row.row, r) for r in row.remarks)
        # What this very batch has opened, or would open, was not imported before: the number came twice in the file.
        before = there is not None and (there.batch != self.batch or self.batch is None)
        if met is not None and not before:
            return Sifted(line, Standing.TWICE, row, (_twice(met, row),), met.row)
        if there is None:
            return Sifted(line, Standing.NEW, row, remarks)
        differing = there.differing(row)
        notes: tuple[Note, ...] = (Note(Sort.DIFFERS, row.row, _differs(differing)),) if differing else ()
        if before:
            return Sifted(line, Standing.KNOWN, row, notes)
        return Sifted(line, Standing.OURS, row, notes + remarks)


@dataclass(slots=True)
class _Known:
    """What stands in the database under a number."""

    key: int
    batch: int | None
    title: str
    body: str
    opened: tuple[object, str]
    reply: str | None = None
    replied: tuple[object, str] = (None, "")

    def differing(self, row: Request) -> list[str]:
        """Which parts the row says differently. What it does not say is no difference."""
        found = [name for name, ours, theirs in (("title", self.title, row.title), ("body", self.body, row.body))
                 if theirs and ours != theirs]  # fmt: skip
        if row.moment.at is not None and (row.moment.at, row.moment.precision.value) != self.opened:
            found.append("time")
        if row.reply and row.reply.text != self.reply:
            found.append("reply")
        elif (
            row.reply
            and row.reply.moment.at
            and (row.reply.moment.at, row.reply.moment.precision.value) != self.replied
        ):
            found.append("reply_time")
        return found


@dataclass(frozen=True, slots=True)
class _Print:
    """What tells two rows of one number apart, without keeping their words: there may be a hundred thousand."""

    row: int
    title: int
    body: int
    moment: Moment
    reply: int
    replied: Moment | None

    @classmethod
    def of(cls, row: Request) -> _Print:
        said = row.reply
        return cls(
            row.row, hash(row.title), hash(row.body), row.moment, hash(said.text) if said else 0,
            said.moment if said else None,
        )  # fmt: skip

    def differing(self, row: Request) -> list[str]:
        """Which parts another row under the same number says differently."""
        other = _Print.of(row)
        found = [n for n in ("title", "body") if getattr(self, n) != getattr(other, n)]
        found += ["time"] if self.moment != other.moment else []
        if self.reply != other.reply:
            return [*found, "reply"]
        return found + (["reply_time"] if self.replied != other.replied else [])


def _differs(parts: list[str]) -> Refused:
    return Refused("row.differs", field=parts[0], what=_words(parts))


def _twice(first: _Print, row: Request) -> Note:
    """That a row has the number of one above it, and what it says differently."""
    if parts := first.differing(row):
        said = Refused("row.twice.differs", field=parts[0], first=first.row, what=_words(parts))
        return Note(Sort.DIFFERS, row.row, said)
    return Note(Sort.TWICE, row.row, Refused("row.twice", field="external_id", first=first.row))


def _words(parts: list[str]) -> Label:
    labels = [_PARTS[p] for p in parts]
    return Label("、".join(x.zh for x in labels), " and ".join(x.en for x in labels))


def _known(source: str, numbers: list[str]) -> dict[str, _Known]:
    columns = ("pk", "external_id", "batch_id", "title", "body", "opened_at", "opened_precision")
    cases = Case.objects.filter(source=source, external_id__in=numbers).values_list(*columns)
    found = {c[1]: _Known(c[0], c[2], c[3], c[4], (c[5], c[6])) for c in cases if c[1] is not None}
    by_key = {k.key: k for k in found.values()}
    answers = Answer.objects.filter(case_id__in=list(by_key)).order_by("-pk")
    for case, text, at, precision in answers.values_list("case_id", "text", "sent_at", "precision"):
        by_key[case].reply, by_key[case].replied = text, (at, precision)  # the first one stays
    return found
