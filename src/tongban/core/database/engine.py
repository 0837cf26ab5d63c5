"""Settings, statements and moments on either database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import attrgetter, methodcaller
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

# FULL, not NORMAL: in write-ahead mode NORMAL loses acknowledged commits when the power fails (docs/decisions/0003).
# cache_size is for each connection: 16 MiB. IMMEDIATE, because a deferred transaction that turns to writing is refused.
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16384;"
    "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456;",
}
# The cost that PostgreSQL expects of a list which stops early is far too high; it then compiles the query for half a second
# to save some of the ten milliseconds that it takes.
_POSTGRESQL = {"options": "-c jit=off"}


def configuration(data: Path, url: str) -> dict[str, Any]:
    """Django's ``DATABASES["default"]``: the PostgreSQL named by ``url``, else a SQLite file in the folder ``data``.

    What stands behind the address (``?sslmode=verify-full``) goes to the driver.
    """
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": data / "county.sqlite3", "OPTIONS": dict(_SQLITE)}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_POSTGRESQL, **dict(parse_qsl(parts.query))},
    }


def is_postgresql(on: BaseDatabaseWrapper | None = None) -> bool:
    """Whether the county's database is PostgreSQL (else it is SQLite)."""
    return _on_postgresql() if on is None else on.vendor == "postgresql"


@cache
def _on_postgresql() -> bool:
    # Asked for every row; the connection of this thread would be looked up each time.
    return connection.vendor == "postgresql"


def quote(name: str) -> str:
    """A table's or column's name, quoted for SQL."""
    return connection.ops.quote_name(name)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows of plain database values at the speed of the driver: COPY, or one prepared statement.

    ``columns`` are column names of ``model``'s table; every value must already be what the driver takes.
    """
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    gaps = ", ".join("?" * len(columns))
    insert_prepared(f"COPY {table} ({names}) FROM STDIN", f"INSERT INTO {table} ({names}) VALUES ({gaps})", rows)


def insert_prepared(copy: str, insert: str, rows: Iterable[Sequence[Any]]) -> None:
    """Rows by the one statement or the other. The driver itself: Django's cursor would rewrite the gaps for each row."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        if not is_postgresql():
            connection.connection.executemany(insert, rows)
            return
        with connection.cursor() as cursor, cursor.copy(copy) as stream:
            for row in rows:
                stream.write_row(row)


def update_rows(
    model: type[models.Model],
    found_by: Sequence[str],
    put: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    among: str = "",
) -> int:
    """Update many rows with as few statements as the database takes; gives how many were found.

    ``found_by`` and ``put`` are attribute names of ``model``: what a row is found by (its key, say, and the version that
    it must still have), and what it then holds. Each of ``rows`` has the values of the one and then of the other. ``among``: a condition, in SQL,
    on the rows that may be found at all.
    """
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    fields = [by_name[name] for name in (*found_by, *put)]
    plain, table = plain_rows(fields, rows), quote(model._meta.db_table)
    columns, first = [quote(str(f.column)) for f in fields], len(found_by)
    besides = f" AND {among}" if among else ""
    connection.ensure_connection()
    if is_postgresql():
        gaps = ", ".join(f"%s::{f.rel_db_type(connection)}[]" for f in fields)
        given = ", ".join(f"given{i}" for i in range(len(fields)))
        same = " AND ".join(f"{table}.{c} = given{i}" for i, c in enumerate(columns[:first]))
        new = ", ".join(f"{c} = given{i}" for i, c in enumerate(columns[first:], first))
        with connection.cursor() as cursor:
            statement = f"UPDATE {table} SET {new} FROM unnest({gaps}) AS given({given}) WHERE {same}{besides}"
            cursor.execute(statement, [list(values) for values in zip(*plain, strict=True)])
            return int(cursor.rowcount)
    same, new = (" AND ".join(f"{c} = ?" for c in columns[:first]), ", ".join(f"{c} = ?" for c in columns[first:]))
    with connection.wrap_database_errors:
        turned = ((*row[first:], *row[:first]) for row in plain)
        return int(
            connection.connection.executemany(f"UPDATE {table} SET {new} WHERE {same}{besides}", turned).rowcount
        )


def _utc_text(moment: datetime) -> str:
    return _spelt(moment) if moment.tzinfo is UTC else moment.astimezone(UTC).isoformat(" ")[:-6]


# One case holds one moment many times. Only moments in UTC: of other zones two may be equal and not the same.
@lru_cache(maxsize=512)
def _spelt(moment: datetime) -> str:
    return moment.isoformat(" ")[:-6]


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class Among(models.Lookup):
    """``key__among=keys``: as ``__in``, with all keys in one parameter, where looking at each of many is most of the work."""

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The keys as one value."""
        keys = list(value)
        return "%s", (keys if is_postgresql(connection) else json.dumps(keys),)

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """An array's elements, or those of a list in JSON."""
        column, params = self.process_lhs(compiler, connection)
        gap, keys = self.process_rhs(compiler, connection)
        among = f"= ANY({gap})" if is_postgresql(connection) else f"IN (SELECT value FROM json_each({gap}))"
        return f"{column} {among}", (*params, *keys)


def plain_rows(columns: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """Rows of these columns' values as :func:`insert_rows` takes them."""
    if is_postgresql():
        return list(rows)
    # The rest is as the driver takes it: text, numbers, bytes.
    return _turned(columns, rows, _STORED)


def fetch_rows(columns: Sequence[models.Field[Any, Any]], sql: str, params: Sequence[Any]) -> list[Sequence[Any]]:
    """The rows of a query as these columns' values, at a fraction of what Django's converters cost."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[Sequence[Any]] = cursor.fetchall()
    if is_postgresql():
        return rows
    return _turned(columns, rows, _READ)


_Ways = dict[type[models.Field], Callable[[Any], Any]]  # type: ignore[type-arg]


def _turned(
    columns: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]], ways: _Ways
) -> list[Sequence[Any]]:
    """Rows with the values of some kinds of columns turned into others; what is empty stays so."""
    changed = [(i, ways[type(c)]) for i, c in enumerate(columns) if type(c) in ways]
    found: list[Sequence[Any]] = []
    for row in rows:
        values = list(row)
        for i, turn in changed:
            if values[i] is not None:
                values[i] = turn(values[i])
        found.append(values)
    return found


# What SQLite's driver does not make of a column's declared type by itself.
_READ: _Ways = {
    models.DateTimeField: methodcaller("replace", tzinfo=UTC),
    models.UUIDField: UUID,
}
_STORED: _Ways = {
    models.DateTimeField: _utc_text,
    models.DateField: date.isoformat,
    models.UUIDField: attrgetter("hex"),
}


def next_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Reserve ``count`` ascending primary keys of ``model``; on SQLite inside a transaction, which makes them its own.

    Keys that are then not used are gaps, as after any insert that was rolled back.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [count, table])
        row = cursor.fetchone()
        if row is None:  # nothing was ever inserted there
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
            return range(1, count + 1)
        return range(row[0] - count + 1, row[0] + 1)


class SecondsBetween(models.Func):
    """Whole seconds from one column of moments to another; computed by the database itself, alike on both."""

    output_field = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **more: Any) -> tuple[str, Any]:
        """Text in UTC, to seconds since 1970."""
        one = "CAST(strftime('%%%%s', %s) AS INTEGER)"
        return self._difference(compiler, connection, one)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **more: Any) -> tuple[str, Any]:
        """Timestamps, to seconds since 1970."""
        return self._difference(compiler, connection, "floor(extract(epoch from %s))::bigint")

    def _difference(self, compiler: Any, connection: BaseDatabaseWrapper, one: str) -> tuple[str, Any]:
        first, second = (compiler.compile(e) for e in self.source_expressions)
        return f"({one % second[0]} - {one % first[0]})", (*second[1], *first[1])


def analyse() -> None:
    """Let the database look at its tables again, so that it plans with them as they are: after very many rows."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_postgresql() else "PRAGMA optimize = 0x10002")


def spelt_moment(column: str, table: str = "") -> str:
    """SQL for a moment as a ledger entry spells it, where the driver would take long to make an object of it first."""
    name = f"{quote(table)}.{quote(column)}" if table else quote(column)
    return name if is_postgresql() else f"replace({name}, ' ', 'T') || '+00:00'"


@contextmanager
def snapshot(on: BaseDatabaseWrapper = connection) -> Iterator[None]:
    """While open, every read sees the county as it was at one moment, and nobody who writes is kept waiting."""
    if on.in_atomic_block:
        yield
        return
    with on.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if is_postgresql(on) else "BEGIN DEFERRED")
    try:
        yield
    finally:
        with on.cursor() as cursor:
            cursor.execute("ROLLBACK")


def settled(model: type[models.Model], patience: float = 30.0) -> int:
    """The largest id of ``model`` below which no row can appear any more.

    On PostgreSQL a transaction still under way may hold smaller ids than one that is committed already. Whoever inserts has
    locked the table for writing before he is given an id, so this waits until all who had done so when the largest id was
    read have ended; :class:`TimeoutError` if that takes too long. Other tables and other databases do not matter.
    """
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
    if not is_postgresql():
        return int(last)
    end = time.monotonic() + patience
    with connection.cursor() as cursor:
        under_way = _writers(cursor, model)
        while under_way:
            if time.monotonic() > end:
                raise TimeoutError(f"transactions that may still write to {model._meta.db_table} do not end")
            time.sleep(0.05)
            under_way &= _writers(cursor, model)
    return int(last)


def _writers(cursor: Any, model: type[models.Model]) -> set[str]:
    """The transactions of others that may be inserting into a table now (PostgreSQL)."""
    cursor.execute(
        "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = %s::regclass"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()",
        [quote(model._meta.db_table)],
    )
    return {name for (name,) in cursor.fetchall()}
