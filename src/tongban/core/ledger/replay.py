"""Replay: what the entries say each row should be, compared with what it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from tongban.core import vault
from tongban.core.database import quote
from tongban.core.ledger import logic
from tongban.core.ledger.faults import Fault, fault
from tongban.core.ledger.logic import plain
from tongban.core.ledger.models import Part, Recorded

_AT_ONCE = 500
Key = tuple[str, int]  # a model's label and a row's id


@dataclass(frozen=True, slots=True)
class Table:
    """A recorded model as the audit reads it: its columns, and how each is spelt in an entry."""

    model: type[models.Model]
    label: str
    columns: tuple[str, ...]
    spell: tuple[Callable[[Any], Any] | None, ...]
    defaults: dict[str, Any]
    versioned: bool

    def rows(self, keys: Sequence[int]) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """Id, version and columns (spelt as in an entry) of the rows that are there."""
        start = 2 if self.versioned else 1
        for begin in range(0, len(keys), _AT_ONCE):
            some = list(keys[begin : begin + _AT_ONCE])
            with connection.cursor() as cursor:
                cursor.execute(self._select(len(some)), some)
                for row in cursor.fetchall():
                    values = [f(v) if f and v is not None else v for f, v in zip(self.spell, row[start:], strict=True)]
                    yield row[0], row[1] if self.versioned else 0, dict(zip(self.columns, values, strict=True))

    def _select(self, count: int) -> str:
        meta = self.model._meta
        names = [_column(meta.pk)] + (["version"] if self.versioned else [])
        names += [_column(meta.get_field(name)) for name in self.columns]
        gaps = ", ".join(["%s"] * count)
        return f"SELECT {', '.join(map(quote, names))} FROM {quote(meta.db_table)} WHERE {quote(names[0])} IN ({gaps})"  # noqa: S608 - our names

    def ids(self) -> Iterator[int]:
        """The ids of all rows, streamed."""
        meta = self.model._meta
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {quote(_column(meta.pk))} FROM {quote(meta.db_table)}")  # noqa: S608 - our names
            while rows := cursor.fetchmany(5000):
                for (key,) in rows:
                    yield key


def _column(one: Any) -> str:
    name: str = one.column
    return name


@cache
def tables() -> dict[str, Table]:
    """Every recorded model and every part, by label."""
    found = [m for m in apps.get_models() if issubclass(m, Recorded | Part)]
    return {m._meta.label_lower: _table(m) for m in found}


def _table(model: type[models.Model]) -> Table:
    unrecorded: frozenset[str] = model.unrecorded  # type: ignore[attr-defined]
    fields = [f for f in model._meta.concrete_fields if f.attname not in unrecorded]
    return Table(
        model=model,
        label=model._meta.label_lower,
        columns=tuple(f.attname for f in fields),
        spell=tuple(_spelling(f) for f in fields),
        defaults={f.attname: plain(f.get_default()) for f in fields},
        versioned=issubclass(model, Recorded),
    )


def _spelling(one: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How the driver's value of this column becomes what an entry holds; None: it is that already."""
    if isinstance(one, models.ForeignKey):
        return _spelling(one.target_field)
    if isinstance(one, models.DateTimeField):
        return moment
    if isinstance(one, models.UUIDField):
        return uuid
    if isinstance(one, models.DateField | models.DecimalField | models.BinaryField):
        return plain
    return None


def moment(value: datetime) -> str:
    """A moment as an entry spells it; SQLite's driver gives moments in UTC that do not say so."""
    return logic.written(value if value.tzinfo else value.replace(tzinfo=UTC))


def uuid(value: UUID | str) -> str:
    """A UUID as an entry spells it."""
    return str(value if isinstance(value, UUID) else UUID(value))


@dataclass(slots=True)
class Batch:
    """Some objects, whole, replayed from their entries."""

    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)  # of the objects themselves
    roots: dict[Key, Key] = field(default_factory=dict)  # row → the object in whose chain it stands
    entries: dict[Key, int] = field(default_factory=dict)  # row → the last entry that tells of it

    def apply(self, entry: int, root: Key, number: int, images: str) -> None:
        """Replay one entry; ValueError if it cannot be read."""
        known = tables()
        told = [(model, key, columns) for model, key, columns in json.loads(images) if model in known]
        logic.replay(told, self.rows)
        self.versions[root] = number
        self.rows.setdefault(root, {})
        self.roots.setdefault(root, root)
        for model, key, _columns in told:
            self.roots[model, key] = root
            self.entries[model, key] = entry

    def objects(self) -> dict[str, list[int]]:
        """The objects' ids by kind."""
        found: dict[str, list[int]] = {}
        for kind, key in self.versions:
            found.setdefault(kind, []).append(key)
        return found

    def compare(self) -> Iterator[Fault]:
        """Every row that is not as it should be."""
        present = self._present()
        keys = _Keys(self.roots[key] for key, columns in self.rows.items() if _closed(columns))
        for (label, key), columns in self.rows.items():
            if label not in tables():
                continue
            entry = self.entries.get((label, key), 0)
            if (label, key) not in present:
                yield fault("row.missing", model=label, row=key, entry=entry)
                continue
            version, row = present[label, key]
            number = self.versions.get((label, key))
            if number is not None and number != version:
                yield fault("row.version", model=label, row=key, version=version, number=number)
            for name, value in row.items():
                wanted = columns[name] if name in columns else tables()[label].defaults[name]
                if value != wanted:
                    yield from self._differs((label, key), name, value, wanted, keys, entry)

    def _present(self) -> dict[Key, tuple[int, dict[str, Any]]]:
        wanted: dict[str, list[int]] = {}
        for label, key in self.rows:
            if label in tables():
                wanted.setdefault(label, []).append(key)
        return {
            (label, key): (version, row)
            for label, keys in wanted.items()
            for key, version, row in tables()[label].rows(keys)
        }

    def _differs(self, row: Key, name: str, value: Any, wanted: Any, keys: _Keys, entry: int) -> Iterator[Fault]:
        """A column that is not spelt as in the entry: a closed one may still say the same."""
        label, key = row
        if isinstance(wanted, dict):
            root = self.roots[row]
            wrapped = keys.of(root)
            if not wrapped:
                yield from keys.gone(root, row, name, value)
                return
            try:
                wanted = vault.open_for(wrapped, wanted["closed"])
            except (vault.Forgotten, ValueError, KeyError):
                yield fault("row.key", model=label, row=key, column=name, kind=root[0], key=root[1])
                return
        if value != wanted:
            yield fault("row.changed", model=label, row=key, column=name, entry=entry)


def _closed(columns: dict[str, Any]) -> bool:
    return any(isinstance(value, dict) for value in columns.values())


class _Keys:
    """The wrapped keys of the subjects of these objects, read together."""

    def __init__(self, roots: Iterable[Key]) -> None:
        wanted: dict[str, set[int]] = {}
        for label, key in roots:
            wanted.setdefault(label, set()).add(key)
        self._found: dict[Key, bytes] = {}
        self._erased: set[Key] = set()
        self._told: set[Key] = set()
        for label, ids in wanted.items():
            self._read(label, sorted(ids))

    def _read(self, label: str, ids: list[int]) -> None:
        model = tables()[label].model
        paths: tuple[str, ...] = model.subject_columns  # type: ignore[attr-defined]
        moments: tuple[str, ...] = model.subject_erased  # type: ignore[attr-defined]
        for begin in range(0, len(ids), _AT_ONCE):
            some = model._default_manager.filter(pk__in=ids[begin : begin + _AT_ONCE])
            for key, *held in some.values_list("pk", *paths, *moments):
                keys, erased = held[: len(paths)], held[len(paths) :]
                self._found[label, key] = next((bytes(one) for one in keys if one is not None), b"")
                if any(moment is not None for moment in erased):
                    self._erased.add((label, key))

    def of(self, root: Key) -> bytes:
        return self._found.get(root, b"")

    def gone(self, root: Key, row: Key, name: str, value: Any) -> Iterator[Fault]:
        """A subject without a key: right only where the ledger tells of an erasure, which leaves nothing to read."""
        if root not in self._erased:
            if root not in self._told:
                self._told.add(root)
                yield fault("key.gone", kind=root[0], key=root[1])
        elif value:
            yield fault("row.forgotten", model=row[0], row=row[1], column=name, kind=root[0], key=root[1])


class Seen:
    """Which ids have passed, at one bit each."""

    def __init__(self) -> None:
        self._bits: dict[str, bytearray] = {}

    def add(self, label: str, key: int) -> None:
        """Note that this row has an entry."""
        bits = self._bits.setdefault(label, bytearray())
        at = key >> 3
        if at >= len(bits):
            bits.extend(bytes(max(at + 1 - len(bits), len(bits) // 2)))
        bits[at] |= 1 << (key & 7)

    def __contains__(self, row: Key) -> bool:
        bits = self._bits.get(row[0], b"")
        at = row[1] >> 3
        return at < len(bits) and bool(bits[at] >> (row[1] & 7) & 1)


def strangers(seen: Seen) -> Iterator[Fault]:
    """Rows of recorded models of which no entry tells."""
    for label, table in tables().items():
        for key in table.ids():
            if (label, key) not in seen:
                yield fault("row.unrecorded", model=label, row=key)
