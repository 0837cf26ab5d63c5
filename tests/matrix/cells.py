"""Comparing: each cell of the matrix, the oracle's word beside the system's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tests.matrix import people
from tests.matrix.asking import Listing, detail_says, handed_out, tracked
from tests.matrix.county import County, Placed
from tests.matrix.oracle import FILES, INNER, Oracle, Viewer

#: Words of a case that a search must not turn into a way to learn what the viewer may not see.
HIDDEN = ("author_name", "firm_name", "about", "story_2", "story_3", "story_4", "answers_draft", "answers_sent")
#: Figures of hard cases that some of the cases have come to.
PRESSED = ("urged", "slips", "calls", "calls_reached")
LISTS = ("list", "ordering", "filter", "search", "own_list")


@dataclass(frozen=True)
class Wrong:
    """A cell in which the system and the table disagree."""

    why: str
    viewer: str
    case: str
    surface: str
    expected: str
    got: str

    def __str__(self) -> str:
        return (
            f"{self.why} | {self.viewer or 'nobody'} | {self.case} | {self.surface}:"
            f" expected {self.expected}, got {self.got}"
        )


class Matrix:
    """The county, the oracle and the moment; counts the cells that it compares."""

    def __init__(self, county: County, at: datetime = people.SEEN, day: date = people.DAY) -> None:
        self.county, self.at = county, at
        self.oracle = Oracle(at, day)
        self.cells = 0

    def cell(
        self, viewer: Viewer, placed: Placed, surface: str, got: bool | None, *, kind: str = ""
    ) -> Iterator[Wrong]:
        """Nothing if the cell is right."""
        if got is None:
            return
        expected = self.oracle.expect(viewer, placed.facts, surface)
        self.cells += 1
        if expected != "–" and (expected == "yes") != got:
            yield self.wrong(viewer, placed, kind or surface, expected, "yes" if got else "no")

    def wrong(self, viewer: Viewer, placed: Placed, surface: str, expected: str, got: str) -> Wrong:
        """A wrong cell, with what is needed to find out why."""
        facts = placed.facts
        name = f"{facts.name} ({facts.programme}{', confidential' if facts.confidential else ''})"
        return Wrong(self.oracle.why(viewer, facts), viewer.name, name, surface, expected, got)

    def everybody(self) -> list[str]:
        """All who look: officers, clerks, parties, strangers, nobody, and some of the requesters."""
        names = [n for n in self.county.viewers if not n.startswith("requester")]
        return names + [n for n in self.county.viewers if n.startswith("requester")][::6]

    def kind(self, name: str, placed: Placed) -> object:
        """What makes a pair of viewer and case like another: relations, conditions, and which parts the case has."""
        facts, words = placed.facts, placed.words
        return (
            tuple(self.oracle.relations(self.county.viewers[name], facts)), facts.programme, facts.confidential,
            facts.about is None, "rating" in words, bool(words.get("answers_draft")), not name,
        )  # fmt: skip

    def share(self, name: str) -> list[Placed]:
        """For one viewer the first case of each kind."""
        found: dict[object, Placed] = {}
        for placed in self.county.cases:
            found.setdefault(self.kind(name, placed), placed)
        return list(found.values())

    def pairs(self, times: int = 2) -> dict[str, list[Placed]]:
        """Viewer → cases, so that each kind of pair comes ``times`` times, with different viewers where there are."""
        met: Counter[object] = Counter()
        found: dict[str, list[Placed]] = {}
        for name in self.everybody():
            for placed in self.share(name):
                kind = self.kind(name, placed)
                if met[kind] < times:
                    met[kind] += 1
                    found.setdefault(name, []).append(placed)
        return found

    def looking(self, name: str) -> tuple[Viewer, Listing]:
        """Somebody, and what the system lists for him."""
        return self.county.viewers[name], Listing(self.county, name, self.at)

    # --- the surfaces -------------------------------------------------------------------------------------------------

    def lists(self, name: str, surfaces: Sequence[str] = LISTS) -> Iterator[Wrong]:
        """Each list holds what it should, newest first, once; and shows a grade to nobody who may not see it."""
        viewer, listing = self.looking(name)
        for surface in surfaces:
            rows = listing.rows(surface)
            keys = [r.id for r in rows]
            assert len(keys) == len(set(keys)), f"{name}: {surface} shows a case twice"
            if surface in ("list", "ordering"):
                assert keys == sorted(keys, reverse=True), f"{name}: {surface} is not newest first"
            graded = {r.id for r in rows if r.grade is not None}
            for placed in self.county.cases:
                yield from self.cell(viewer, placed, surface, placed.key in set(keys))
                if placed.key in graded:
                    yield from self._graded(viewer, placed, surface)

    def _graded(self, viewer: Viewer, placed: Placed, surface: str) -> Iterator[Wrong]:
        """A row carries a grade: never among one's own, else for those alone who may know it."""
        self.cells += 1
        if surface == "own_list" or self.oracle.expect(viewer, placed.facts, "rating") == "no":
            yield self.wrong(viewer, placed, f"rating in {surface}", "no", "yes")

    def narrowed(self, name: str) -> Iterator[Wrong]:
        """A town or a unit narrows the viewer's range and never widens it; a programme and a due time alike."""
        viewer, listing = self.looking(name)
        county = self.county
        for area in people.TOWNS:
            got = {r.id for r in _newest(listing, town=county.areas[area].pk)}
            for placed in county.cases:
                if placed.facts.town == area:
                    yield from self.cell(viewer, placed, "filter", placed.key in got, kind=f"filter town={area}")
                elif placed.key in got:
                    yield self.wrong(viewer, placed, f"filter town={area}", "no", "yes")
        for unit in people.UNITS.values():
            got = {r.id for r in _newest(listing, unit=county.bodies[unit.name].pk)}
            for placed in county.cases:
                leads = placed.facts.lead is not None and placed.facts.lead.unit == unit
                parts = {placed.facts.desk, *(d.unit for d in placed.facts.duties)}
                if placed.key in got and unit not in parts:
                    yield self.wrong(viewer, placed, f"filter unit={unit.name}", "no", "yes")
                if placed.key in got or (leads and not placed.facts.lead.ended):  # type: ignore[union-attr]
                    yield from self.cell(viewer, placed, "filter", placed.key in got, kind=f"filter unit={unit.name}")

    def queues(self, name: str) -> Iterator[Wrong]:
        """What waits is in sight, what is counted is what is listed, and whose turn it is finds it."""
        from tongban.engines.cases import queries

        viewer, listing = self.looking(name)
        counts = queries.queue_counts(listing.viewer, self.at)
        waiting = {view: listing.queue(view) for view in counts}
        bar = queries.due_counts(listing.viewer, self.at)
        assert {v: len(keys) for v, keys in waiting.items()} == counts, f"{name}: counts differ from lists"
        assert sum(c.count for c in bar) == len(listing.queue("work")), f"{name}: the due bar differs from the list"
        for stretch in bar:
            assert len(listing.queue("work", due=stretch.code)) == stretch.count, f"{name}: {stretch.code}"
        shown = {key for keys in waiting.values() for key in keys}
        for placed in self.county.cases:
            self.cells += 1
            seen = self.oracle.expect(viewer, placed.facts, "count")
            if placed.key in shown and seen == "no":
                yield self.wrong(viewer, placed, "count", "no", "yes")
            if placed.key not in shown and seen == "yes" and turn_of(viewer, placed):
                yield self.wrong(viewer, placed, "count", "yes (it is his turn)", "no")

    def figures(self, name: str, only: Sequence[str] = ()) -> Iterator[Wrong]:
        """What the board counts is what it lists, of cases that its reader may see; whatever was accepted is counted."""
        from tests.matrix.asking import every
        from tongban.engines.cases.logic.periods import parse
        from tongban.engines.cases.queries import behind
        from tongban.engines.cases.queries.cohorts import Slice

        viewer, listing = self.looking(name)
        cut = Slice(parse("all", self.at.date()))
        for figure in only or behind.FIGURES:
            rows = every(lambda a, f=figure: behind.cases_behind(listing.viewer, self.at, cut, f, after=a))  # type: ignore[misc]
            counted = behind.count_behind(listing.viewer, self.at, cut, figure)
            assert len(rows) == counted, f"{name}: {figure} counts {counted} and lists {len(rows)}"
            shown = {row.id for row in rows}
            for placed in self.county.cases:
                self.cells += 1
                seen = self.oracle.expect(viewer, placed.facts, "count")
                if placed.key in shown and seen == "no":
                    yield self.wrong(viewer, placed, f"figure {figure}", "no", "yes")
                taken_on = placed.facts.state not in ("new", "declined", "withdrawn", "merged")
                if figure == "accepted" and seen == "yes" and (placed.key in shown) != taken_on:
                    yield self.wrong(viewer, placed, "figure accepted", "yes" if taken_on else "no", "otherwise")
                if figure in PRESSED and seen == "yes" and (placed.key in shown) != (figure in placed.pressed):
                    yield self.wrong(viewer, placed, f"figure {figure}", str(figure in placed.pressed), "otherwise")

    def details(self, name: str, cases: Iterable[Placed], *, numbers: bool = True) -> Iterator[Wrong]:
        """One case: at all, each part of it, the whole number for a reason, and straight by its number."""
        viewer, listing = self.looking(name)
        for placed in cases:
            said = detail_says(listing.detail(placed), placed)
            for surface in ("detail", "history", *INNER):
                words = placed.words.get(surface, set())
                if surface == "author_name" and viewer.name == placed.facts.requester:
                    continue
                if surface == "officer_names" and name and self.county.persons[name].name in words:
                    continue
                yield from self.cell(viewer, placed, surface, said[surface])
            if numbers:
                yield from self.cell(viewer, placed, "search", placed.key in listing.search(placed.number),
                                     kind="search by number")  # fmt: skip

    def reveals(self, name: str, cases: Iterable[Placed]) -> Iterator[Wrong]:
        """The whole number, for a reason."""
        viewer, listing = self.looking(name)
        for placed in cases:
            yield from self.cell(viewer, placed, "reveal", listing.reveals(placed))

    def files(self, name: str, cases: Iterable[Placed]) -> Iterator[Wrong]:
        """Opening each sort of file; and what the case lists is what can be opened."""
        viewer, listing = self.looking(name)
        for placed in cases:
            for surface in FILES:
                yield from self.cell(viewer, placed, surface, listing.opens(placed, surface))
            yield from self._listed(viewer, placed, listing)

    def _listed(self, viewer: Viewer, placed: Placed, listing: Listing) -> Iterator[Wrong]:
        detail = listing.detail(placed)
        shown = {file.key for file in detail.files} if detail else set()
        for surface, key in placed.files.items():
            self.cells += 1
            if key in shown and self.oracle.expect(viewer, placed.facts, surface) == "no":
                yield self.wrong(viewer, placed, f"{surface} listed", "no", "yes")

    def searches(self, name: str, cases: Iterable[Placed]) -> Iterator[Wrong]:
        """By a word of its own, by the whole number of the asker, and by words that the viewer must not see."""
        viewer, listing = self.looking(name)
        for placed in cases:
            for part in ("title", "body"):
                hit = placed.key in listing.search(next(iter(placed.words[part])))
                yield from self.cell(viewer, placed, "search", hit, kind=f"search by {part}")
            hit = placed.key in listing.search(next(iter(placed.words["phone"])))
            yield from self.cell(viewer, placed, "search_phone", hit)
            for part in HIDDEN:
                for word in placed.words.get(part, ()):
                    if self.oracle.expect(viewer, placed.facts, part) != "no":
                        continue
                    self.cells += 1
                    if placed.key in listing.search(word):
                        yield self.wrong(viewer, placed, f"search by hidden {part}", "no", "yes")

    def tracking(self, cases: Iterable[Placed]) -> Iterator[Wrong]:
        """What the code alone opens, and the code together with the requester's number."""
        for number in (False, True):
            holder = Viewer("", code_holder=True, number_too=number)
            for placed in cases:
                for surface, got in tracked(placed, proved=number).items():
                    yield from self.cell(holder, placed, surface, got)
                for surface in FILES:
                    yield from self.cell(holder, placed, surface, handed_out(placed, surface, proved=number))


def _newest(listing: Listing, **more: object) -> list:  # type: ignore[type-arg]
    from tests.matrix.asking import every
    from tongban.engines.cases import queries

    return every(lambda a: queries.newest_page(listing.viewer, after=a, **more))  # type: ignore[arg-type]


def turn_of(viewer: Viewer, placed: Placed) -> bool:
    """Whether the next move is plainly this viewer's: what is done, by whom, in the words of the rule."""
    facts = placed.facts
    lead = facts.lead
    turns: dict[str, tuple[str, set]] = {  # type: ignore[type-arg]
        "new": ("agent", {facts.desk}),
        "accepted": ("agent", {facts.desk}),
        "assigned": ("handler", {lead.unit} if lead else set()),
        "handling": ("handler", {lead.unit} if lead else set()),
        "review": ("reviewer", {(lead.parent or lead).unit} if lead else set()),
        "approved": ("agent", {facts.desk}),
        "answered": ("agent", {facts.desk}),
    }
    office, units = turns.get(facts.state, ("", set()))
    helps = facts.state in ("assigned", "handling")
    helping = {d.unit for d in facts.duties if helps and not d.lead and not d.ended}
    return any(
        o.in_force(people.SEEN, people.DAY) and o.programme in ("", facts.programme)
        and ((o.code == office and o.unit in units) or (o.code == "handler" and o.unit in helping))
        for o in viewer.offices
    )  # fmt: skip


def report(wrong: Iterable[Wrong], most: int = 6000) -> str:
    """The wrong cells, a line each."""
    lines = [str(w) for w in wrong]
    more = [f"… and {len(lines) - most} more"] if len(lines) > most else []
    return "\n".join([f"{len(lines)} wrong cells", *lines[:most], *more])
