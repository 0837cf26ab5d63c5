"""The audit: every chain, every seal, every row and everything derived, in one pass that holds little in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.core import database
from tongban.core.ledger.faults import Fault, fault
from tongban.core.ledger.logic import GENESIS, Fact, digest, seal_root, written
from tongban.core.ledger.models import Entry, Seal
from tongban.core.ledger.replay import Batch, Seen, strangers
from tongban.core.ledger.seals import Exported

# A batch is whole objects; it is compared with the rows when it holds about this many entries.
_BATCH = 4000
_COLUMNS = Fact.__slots__
_KIND, _KEY, _NUMBER, _NAME = map(_COLUMNS.index, ("kind", "object_id", "number", "name"))
Check = Callable[[list[int]], Iterator[Fault]]
Progress = Callable[[str, int, int], None]

_DERIVED: dict[str, list[Check]] = {}
_WHOLE: list[Callable[[], Iterator[Fault]]] = []


def derived(kind: str) -> Callable[[Check], Check]:
    """Register a check of what is derived from objects of ``kind`` (a model's label), given some of their ids."""

    def register(check: Check) -> Check:
        _DERIVED.setdefault(kind, []).append(check)
        return check

    return register


def whole(check: Callable[[], Iterator[Fault]]) -> Callable[[], Iterator[Fault]]:
    """Register a check made once, such as for derived rows that belong to nothing."""
    _WHOLE.append(check)
    return check


@dataclass(slots=True)
class Audit:
    """One audit. Go through :meth:`faults` to its end, then read the counts."""

    exported: Exported | None = None
    progress: Progress = lambda stage, done, total: None
    entries: int = 0
    objects: int = 0
    rows: int = 0
    seals: int = 0
    unprotected: int = 0  # entries newer than the last seal that was exported
    _total: int = field(default=0, init=False)

    def faults(self) -> Iterator[Fault]:
        """Everything that is not as it should be, as it is found."""
        with database.snapshot():
            self._total = Entry.objects.count()
            yield from self._seals()
            yield from self._chains()
            for check in _WHOLE:
                yield from check()

    # -- seals ---------------------------------------------------------------------------------------------------------

    def _seals(self) -> Iterator[Fault]:
        # Closed whatever happens: an open cursor that outlives its transaction spoils the next one.
        with closing(_Passing()) as passing:
            yield from self._each_seal(passing)
        yield from self._compare_export()
        end = self.exported.last_entry if self.exported else 0
        self.unprotected = Entry.objects.filter(pk__gt=end).count()

    def _each_seal(self, passing: _Passing) -> Iterator[Fault]:
        before, last = GENESIS, 0
        for seal in Seal.objects.order_by("last_entry", "day"):
            self.seals += 1
            if seal.first_entry != last + 1:
                yield fault("seal.range", day=seal.day, first=seal.first_entry, before=last)
            # What lies between two seals that do not join belongs to the later one.
            root = seal_root(before, passing.until(seal.last_entry))
            if (root, passing.count) != (bytes(seal.root), seal.entries):
                yield fault(
                    "seal.root", day=seal.day, first=last + 1, last=seal.last_entry, entries=seal.entries,
                    found=passing.count,
                )  # fmt: skip
            before, last = bytes(seal.root), seal.last_entry
            self.progress("seals", last, self._total)

    def _compare_export(self) -> Iterator[Fault]:
        outside = self.exported
        if outside is None:
            return
        seal = Seal.objects.filter(day=outside.day).first()
        if seal is None:
            yield fault("seal.missing", day=outside.day)
            return
        inside = Exported.of(seal)
        for name in ("county", "first_entry", "last_entry", "entries", "root"):
            if getattr(inside, name) != getattr(outside, name):
                yield fault("seal.differs", day=outside.day, column=name)
        if datetime.fromisoformat(inside.made_at) != datetime.fromisoformat(outside.made_at):
            yield fault("seal.differs", day=outside.day, column="made_at")

    # -- chains and rows -----------------------------------------------------------------------------------------------

    def _chains(self) -> Iterator[Fault]:
        seen, batch, held = Seen(), Batch(), 0
        root, chain = ("", 0), _Chain()
        for key, found, values in _entries():
            self.entries += 1
            if values[_KEY] != root[1] or values[_KIND] != root[0]:
                if held >= _BATCH:
                    yield from self._compare(batch, seen)
                    batch, held = Batch(), 0
                root, chain = (values[_KIND], values[_KEY]), _Chain()
                self.objects += 1
            if not chain.fits(found, values):
                yield chain.fault(key, values)
            chain.go_on(found, values)
            try:
                batch.apply(key, root, values[_NUMBER], values[-1])
            except (ValueError, TypeError, AttributeError):
                yield fault("entry.unreadable", entry=key, kind=root[0], key=root[1], number=values[_NUMBER])
            held += 1
        yield from self._compare(batch, seen)
        yield from strangers(seen)

    def _compare(self, batch: Batch, seen: Seen) -> Iterator[Fault]:
        for label, key in batch.rows:
            seen.add(label, key)
        self.rows += len(batch.rows)
        yield from batch.compare()
        for kind, keys in batch.objects().items():
            for check in _DERIVED.get(kind, ()):
                yield from check(keys)
        self.progress("rows", self.entries, self._total)


class _Chain:
    """Where one object's chain stands."""

    __slots__ = ("hash", "number")

    def __init__(self) -> None:
        self.number, self.hash = 0, GENESIS

    def fits(self, found: bytes, values: list[Any]) -> bool:
        """Whether this is the next entry, as it was written."""
        return values[_NUMBER] == self.number + 1 and digest(self.hash, values) == found

    def fault(self, key: int, values: list[Any]) -> Fault:
        """What is wrong with an entry that does not fit."""
        kind, object_id, number = values[_KIND], values[_KEY], values[_NUMBER]
        if number != self.number + 1:
            return fault("chain.gap", kind=kind, key=object_id, first=self.number + 1, last=number - 1)
        return fault("entry.changed", entry=key, kind=kind, key=object_id, number=number, name=values[_NAME])

    def go_on(self, found: bytes, values: list[Any]) -> None:
        """Stand at this entry, be it as it may."""
        self.number, self.hash = values[_NUMBER], found


def _entries() -> Iterator[tuple[int, bytes, list[Any]]]:
    """All entries, chain by chain: id, hash, and the values as they are hashed."""
    table = database.quote(Entry._meta.db_table)
    moments = [_COLUMNS.index(name) for name in ("happened_at", "recorded_at")]
    names = [database.spelt_moment(n) if at in moments else database.quote(n) for at, n in enumerate(_COLUMNS)]
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT id, hash, {', '.join(names)} FROM {table} ORDER BY kind, object_id, number"  # noqa: S608 - our names
        )
        while rows := cursor.fetchmany(2000):
            for key, found, action, *values in rows:
                spelt = [_action(action), *values]
                for at in moments:
                    if not isinstance(spelt[at], str):
                        spelt[at] = written(spelt[at])
                yield key, bytes(found), spelt


def _action(value: UUID | str) -> str:
    """A UUID with its dashes; SQLite holds it without."""
    if isinstance(value, UUID):
        return str(value)
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


class _Passing:
    """All entries' hashes in the order of their ids, taken a seal at a time."""

    def __init__(self) -> None:
        self._rows = self._read()
        self._next = next(self._rows, None)
        self.count = 0

    def until(self, last: int) -> Iterator[bytes]:
        """The hashes up to the entry ``last``."""
        self.count = 0
        while self._next is not None and self._next[0] <= last:
            self.count += 1
            yield bytes(self._next[1])
            self._next = next(self._rows, None)

    def close(self) -> None:
        self._rows.close()

    def _read(self) -> Any:
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT id, hash FROM {database.quote(Entry._meta.db_table)} ORDER BY id")  # noqa: S608
            while rows := cursor.fetchmany(5000):
                yield from rows
