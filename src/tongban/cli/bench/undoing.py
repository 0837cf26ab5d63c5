"""Whether merge and split are undone exactly: random sequences, each undo held to what stood before, row for row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from tongban.core.database import quote
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Part
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.models import Person
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Matter, Opening
from tongban.engines.cases.models import Case, CaseScope, Link, StoryItem
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.text import INDEX

Picture = dict[int, dict[str, Any]]


def _tables() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every table whose rows belong to a case: its name, the column that says to which, and what is not compared."""
    yield Case._meta.db_table, "id", frozenset({"version"})
    yield CaseScope._meta.db_table, "case_id", frozenset({"id"})
    for relation in Case._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and issubclass(model, Part) and model not in (StoryItem, Link):
            yield model._meta.db_table, "case_id", frozenset()


_TABLES = tuple(dict.fromkeys(_tables()))


def at_rest(cases: Iterable[int]) -> Picture:
    """Every row of these cases as the database holds it, with who may see them and by which words they are found;
    without versions, links and the story, in which an act and its undoing stay."""
    keys = sorted(cases)
    found: Picture = {key: {} for key in keys}
    gaps = ", ".join(["%s"] * len(keys)) or "NULL"
    with connection.cursor() as cursor:
        for table, owner, apart in _TABLES:
            cursor.execute(f"SELECT * FROM {quote(table)} WHERE {quote(owner)} IN ({gaps})", keys)  # noqa: S608 - our names
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                columns = dict(zip(names, row, strict=True))
                named = f"{table} {columns.get('holder', columns['id'])}"
                found[columns[owner]][named] = {k: v for k, v in columns.items() if k not in apart}
    for key, words in INDEX.read(keys).items() if keys else ():
        found[key]["words"] = words
    return found


def rested(before: Picture, after: Picture) -> list[str]:
    """What differs, by name."""
    return list(_differing(before, after))


def _differing(before: Picture, after: Picture) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key, {}), after.get(key, {})
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                yield f"{key} {name}: {one.get(name)} before, {other.get(name)} after"


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works in the sequences: the desk, a unit with two officers, and those who ask."""

    programme: str
    area: int
    unit: int
    desk: Actor
    handler: Actor
    reviewer: Actor
    askers: Sequence[tuple[Person, Actor]]


def prepared(crew: Crew, at: datetime) -> list[int]:
    """Open cases in every state, some with all that a merge must put away and an undo bring back."""
    keys = [_opened(crew, number, at) for number in range(9)]
    desk, handler = crew.desk, crew.handler
    for key in keys[1:8]:
        actions.accept(case=key, by=desk, at=at)
    for key in keys[2:8]:
        actions.assign(case=key, unit=crew.unit, by=desk, at=at)
    for key in keys[3:8]:
        actions.sign_in(case=key, by=handler, at=at)
    actions.extend(case=keys[4], amount=2, reason="等配件", by=handler, at=at)
    actions.pause(case=keys[4], reason="请补照片", by=handler, at=at)
    actions.raise_to_meeting(case=keys[5], kind="monthly", by=desk, at=at)
    actions.supervise(case=keys[5], demand="请抓紧", by=desk, at=at)
    for key in keys[6:8]:
        actions.answer(outcome=DONE, case=key, text="周五前修好，俞负责。", by=handler, at=at)
    actions.approve(case=keys[7], by=crew.reviewer, at=at)
    return keys


def _opened(crew: Crew, number: int, at: datetime) -> int:
    person, by = crew.askers[number % len(crew.askers)]
    opening = Opening(
        programme=crew.programme, kind="request", body="村口的路灯坏了三天", area=crew.area, requester=person,
        beneficiary=crew.askers[0][0] if number == 4 else None, confidential=number == 5,
    )  # fmt: skip
    return actions.open_case(opening, by=by, at=at).pk


def undo_differences(
    crew: Crew, cases: Sequence[int], *, at: datetime, sequences: int, seed: int = 1,
    tell: Callable[[int, int], None] = lambda done, whole: None,
) -> int:  # fmt: skip
    """Let so many random sequences of merging, splitting, working and undoing happen to ``cases``, each from where
    they stand now. Gives what differed: rows that an undo did not bring back, rows that a refusal has changed, and
    undos that were made although a later step rested on the act, or refused although none did."""
    found, stood = 0, at_rest(cases)
    for number in range(sequences):
        with reference.hold(), transaction.atomic():
            life = _Life(crew, stood, at, Random(seed * 1_000_003 + number))  # noqa: S311 - draws, no secrets
            found += life.lived()
            transaction.set_rollback(True)
        tell(number + 1, sequences)
    return found


@dataclass(slots=True)
class _Deed:
    """What somebody did: to which cases, how they stood before, and whether it was undone."""

    kind: str
    case: int
    touched: frozenset[int]
    before: Picture
    undone: bool = False


class _Life:
    """One sequence."""

    def __init__(self, crew: Crew, stood: Picture, at: datetime, dice: Random) -> None:
        self.crew, self.cases, self.at, self.dice = crew, sorted(stood), at, dice
        self.deeds: list[_Deed] = []
        self.now = dict(stood)  # kept in step with what is done, and held to the rows themselves at the end
        self.differences = 0

    def lived(self) -> int:
        """Some steps, then every undo that is left, the last first."""
        for _ in range(self.dice.randint(2, 6)):
            self.at += timedelta(minutes=self.dice.choice((0, 1, 20)))
            self.dice.choice((self.merge, self.merge, self.split, self.work, self.look, self.undo, self.undo))()
        for deed in reversed(self.deeds):
            self._undo(deed)
        return self.differences + len(rested(self.now, at_rest(self.now)))

    def merge(self) -> None:
        case, into = self.dice.choice(self.cases), self.dice.choice(self.cases)
        if self._refused({case, into}, lambda: actions.merge(case=case, into=into, by=self.crew.desk, at=self.at)):
            return
        head = Case.objects.values_list("merged_into_id", flat=True).get(pk=case)
        self._did("merge", case, {case, head or case})

    def split(self) -> None:
        case, made = self.dice.choice(self.cases), list[int]()
        matters = [Matter(f"另一件事，第{n}件") for n in range(self.dice.randint(1, 2))]
        if self._refused(
            {case}, lambda: made.extend(actions.split(case=case, matters=matters, by=self.crew.desk, at=self.at))
        ):
            return
        self.cases += made
        self._did("split", case, {case, *made})

    def work(self) -> None:
        """Somebody does what rests on all that was done before."""
        case, crew = self.dice.choice(self.cases), self.crew
        step: Callable[[], object] = self.dice.choice((
            lambda: actions.accept(case=case, by=crew.desk, at=self.at),
            lambda: actions.assign(case=case, unit=crew.unit, by=crew.desk, at=self.at),
            lambda: actions.ask(case=case, question="在哪里？", by=crew.handler, at=self.at),
            lambda: actions.answer(outcome=DONE, case=case, text="周五前修好，俞负责。", by=crew.handler, at=self.at),
            lambda: actions.reject(case=case, reason="写清楚", by=crew.reviewer, at=self.at),
            lambda: actions.decline(case=case, reason="不归这里", by=crew.desk, at=self.at),
        ))  # fmt: skip
        if not self._refused({case}, step):
            self._did("work", case, {case})

    def look(self) -> None:
        """Somebody looks or presses: nothing comes to rest on anything."""
        case, crew = self.dice.choice(self.cases), self.crew
        with suppress(Refused):
            self.dice.choice((
                lambda: actions.reveal(case=case, reason="回电话", by=crew.desk, at=self.at),
                lambda: actions.urge(case=case, by=crew.desk, at=self.at),
            ))()  # fmt: skip

    def undo(self) -> None:
        """An undo of anything that was done, in any order."""
        if self.deeds:
            self._undo(self.dice.choice(self.deeds))

    def _undo(self, deed: _Deed) -> None:
        after = [d for d in self.deeds[self.deeds.index(deed) + 1 :] if not d.undone]
        again = any(d.kind == "split" and d.case == deed.case for d in after)
        if deed.undone or deed.kind == "work" or (deed.kind == "split" and again):
            return  # an undo of a splitting takes back the last
        undo = actions.unmerge if deed.kind == "merge" else actions.unsplit
        rests = any(d.touched & deed.touched for d in after)
        refused = self._refused(set(deed.touched), lambda: undo(case=deed.case, by=self.crew.desk, at=self.at))
        self.differences += refused is not rests
        if refused:
            return
        deed.undone = True
        made = deed.touched - deed.before.keys()
        self.cases = [key for key in self.cases if key not in made]
        self.now |= at_rest(deed.touched)
        if not rests:
            self.differences += len(rested(deed.before, {key: self.now[key] for key in deed.before}))
            self.differences += CaseScope.objects.filter(case_id__in=made).count()

    def _did(self, kind: str, case: int, touched: set[int]) -> None:
        """Note a deed with what its cases were before, and what they are now."""
        before = {key: self.now[key] for key in touched if key in self.now}
        self.deeds.append(_Deed(kind, case, frozenset(touched), before))
        self.now |= at_rest(touched)

    def _refused(self, concerned: set[int], what: Callable[[], object]) -> bool:
        """Do it; a refusal must leave everything as it stood."""
        try:
            what()
        except Refused:
            before = {key: self.now[key] for key in concerned}
            self.differences += len(rested(before, at_rest(before)))
            return True
        return False
