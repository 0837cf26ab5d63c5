"""What the running system says: asked through its queries, and through its pages. Judged by the words found in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from tests.matrix.county import COMMON, County, Placed
from tests.matrix.oracle import INNER
from tongban.core.access import viewer as access
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, queries, secrets
from tongban.engines.cases.queries import CaseRow, Detail, Page
from tongban.engines.cases.queries.files import file_content

#: Parts of a detail that a page reads names and states from but never prints as they are.
_KEPT_BACK = {"units", "type", "offers"}
_UNLIKELY = 500  # pages after which a list is taken for endless


def viewer_of(county: County, name: str, at: datetime) -> access.Viewer:
    """The viewer whom the system makes of an account; nobody signed in for the empty name."""
    if not name:
        return access.NOBODY
    account = county.accounts[name]
    account.refresh_from_db()
    return access.viewer_of(account, at)


def every(page: Callable[[str], Page]) -> list[CaseRow]:
    """All rows of a list, page after page."""
    rows: list[CaseRow] = []
    after = ""
    for _ in range(_UNLIKELY):
        found = page(after)
        rows += found.rows
        after = found.after
        if not after:
            return rows
    raise AssertionError("a list that never ends")


def text_of(value: object) -> Iterator[str]:
    """Every text that a value holds, as a page could print it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Label):
        yield from (value.zh, value.en)
    elif isinstance(value, models.Model):
        for column in value._meta.concrete_fields:
            if not column.is_relation:
                yield from text_of(getattr(value, column.attname))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for part in dataclasses.fields(value):
            if part.name not in _KEPT_BACK:
                yield from text_of(getattr(value, part.name))
    elif isinstance(value, dict):
        yield from text_of(list(value.values()))
    elif isinstance(value, Iterable) and not isinstance(value, bytes | memoryview):
        for part in value:
            yield from text_of(part)


def found_in(placed: Placed, text: str, surface: str) -> bool | None:
    """Whether any word of one part of a case stands in a text; None if the case has no such part."""
    words = placed.words.get(surface)
    return any(word in text for word in words) if words else None


def detail_says(detail: Detail | None, placed: Placed) -> dict[str, bool | None]:
    """What one case as the query gives it shows: each inner field, and the case at all."""
    text = "\n".join(text_of(detail)) if detail else ""
    said = {part: found_in(placed, text, part) for part in INNER}
    said["detail"] = found_in(placed, text, "title")
    said["history"] = detail is not None and bool(detail.story)
    if detail is not None and detail.rating is None and "rating" in placed.words:
        said["rating"] = bool(said["rating"])
    return said


class Listing:
    """All list-like surfaces for one viewer, each read once."""

    def __init__(self, county: County, name: str, at: datetime) -> None:
        self.county, self.at = county, at
        self.viewer = viewer_of(county, name, at)
        self.keys = {placed.key for placed in county.cases}

    def rows(self, surface: str) -> list[CaseRow]:
        """The rows that a surface gives."""
        who = self.viewer
        return {
            "list": lambda: every(lambda a: queries.newest_page(who, after=a)),
            "ordering": lambda: every(lambda a: queries.newest_page(who, after=a, limit=3)),
            "own_list": lambda: every(lambda a: queries.own_cases(who, after=a)),
            "search": lambda: every(lambda a: queries.search_page(who, COMMON, after=a)),
            "filter": self._filtered,
        }[surface]()

    def _filtered(self) -> list[CaseRow]:
        """The union of what the filters by state and programme let through."""
        found: dict[int, CaseRow] = {}
        for programme in ("enterprise", "community"):
            for state in {p.facts.state for p in self.county.cases if p.facts.programme == programme}:
                for row in every(
                    lambda a, s=state, p=programme: queries.newest_page(self.viewer, state=s, programme=p, after=a)  # type: ignore[misc]
                ):
                    assert (row.state, row.programme) == (state, programme)
                    found[row.id] = row
        return list(found.values())

    def search(self, words: str) -> set[int]:
        """The keys that a search gives."""
        return {r.id for r in every(lambda a: queries.search_page(self.viewer, words, after=a))}

    def queue(self, view: str, **more: object) -> list[int]:
        """The keys that wait in a queue."""
        return [r.id for r in every(lambda a: queries.queue_page(self.viewer, self.at, view=view, after=a, **more))]  # type: ignore[arg-type]

    def detail(self, placed: Placed) -> Detail | None:
        """One case as this viewer may see it."""
        return queries.case_detail(self.viewer, placed.key, self.at)

    def opens(self, placed: Placed, surface: str) -> bool | None:
        """Whether a file of this sort is handed out; None if the case has none."""
        key = placed.files.get(surface)
        return None if key is None else file_content(self.viewer, key, self.at) is not None

    def reveals(self, placed: Placed) -> bool:
        """Whether the whole number is given for a reason; undone at once."""
        if self.viewer.account is None:
            return False
        offices = [grant.role for grant in self.viewer.grants] or [None]
        return any(self._reveal(placed, role) for role in offices)

    def _reveal(self, placed: Placed, role: int | None) -> bool:
        point = transaction.savepoint()
        try:
            number = actions.reveal(case=placed.key, reason="核对地址", by=Actor(self.viewer.account, role), at=self.at)
            return number in placed.words["phone"]
        except Refused:
            return False
        finally:
            transaction.savepoint_rollback(point)


def tracked(placed: Placed, *, proved: bool) -> dict[str, bool | None]:
    """What the holder of the tracking code is told (``proved``: and of the number); a wrong code tells nothing."""
    code = secrets.tracking_code(placed.key)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert queries.tracked(wrong, proved=proved) is None
    said = detail_says(queries.tracked(code, proved=proved), placed)
    said["track"] = said.pop("detail")
    return said


def handed_out(placed: Placed, surface: str, *, proved: bool) -> bool | None:
    """Whether a file goes to whoever holds the code, and perhaps has given the number for this very case."""
    key = placed.files.get(surface)
    cases = [placed.key] if proved else [placed.key + 1]
    return None if key is None else file_content(access.NOBODY, key, timezone.now(), proved=cases) is not None
