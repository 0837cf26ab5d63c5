"""Rows as plain database values: written, changed and read many at a time, past what Django does for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter, methodcaller
from typing import Any
from uuid import UUID

from django.db import connection, models

from tongban.core.database.engine import is_postgresql, quote


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
    it must still have), and what it then holds. Each of ``rows`` has the values of the one and then of the other.
    ``among``: a condition, in SQL, on the rows that may be found at all.
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


def _utc_text(moment: datetime) -> str:
    return _spelt(moment) if moment.tzinfo is UTC else moment.astimezone(UTC).isoformat(" ")[:-6]


# One case holds one moment many times. Only moments in UTC: of other zones two may be equal and not the same.
@lru_cache(maxsize=512)
def _spelt(moment: datetime) -> str:
    return moment.isoformat(" ")[:-6]


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
