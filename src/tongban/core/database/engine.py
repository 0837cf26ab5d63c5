"""Settings, statements and moments on either database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

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
