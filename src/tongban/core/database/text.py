"""Full-text search on either database: an FTS5 table or a tsvector, over words that are already cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tongban.core.database.engine import is_postgresql
from tongban.core.database.rows import insert_prepared


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Stands for a word in a search: one of these ways is enough, each of them terms that a row must hold together."""

    ways: tuple[tuple[Term, ...], ...]


Term = str | AnyOf


class TextIndex:
    """Full-text search over words that are already cut, newest rows first.

    SQLite: an FTS5 table; PostgreSQL: a ``simple`` tsvector. Both hold exactly the words given, so they find alike
    (tests/core/test_database.py holds them to each other). A row is one object's id and its words.
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def create(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Make the table; for a migration's ``RunPython``."""
        table = self.table
        if is_postgresql(schema_editor.connection):
            schema_editor.execute(f"CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (words)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(words, tokenize='unicode61 remove_diacritics 0', detail='none', columnsize=0)"
            )

    def drop(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Undo :meth:`create`."""
        schema_editor.execute(f"DROP TABLE {self.table}")

    def insert_sql(self) -> str:
        """The statement that adds one row: gaps for id and words."""
        if is_postgresql():
            return f"INSERT INTO {self.table} (id, words) VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))"
        return f"INSERT INTO {self.table} (rowid, words) VALUES (%s, %s)"

    def put(self, key: int, words: Iterable[str]) -> None:
        """Add the row of a new object."""
        with connection.cursor() as cursor:
            cursor.execute(self.insert_sql(), [key, " ".join(_stored(key, words))])

    def replace(self, key: int, words: Iterable[str]) -> None:
        """Change the row of an object; the words before it are forgotten."""
        with connection.cursor() as cursor:
            column = "id" if is_postgresql() else "rowid"
            cursor.execute(f"DELETE FROM {self.table} WHERE {column} = %s", [key])
        self.put(key, words)

    def read(self, keys: Sequence[int]) -> dict[int, frozenset[str]]:
        """The words stored for these objects, without the index's own."""
        gaps = ", ".join(["%s"] * len(keys)) or "NULL"
        with connection.cursor() as cursor:
            if is_postgresql():
                cursor.execute(
                    f"SELECT id, tsvector_to_array(words) FROM {self.table} WHERE id IN ({gaps})", list(keys)
                )
                return {key: frozenset(w for w in words if w[:1] != _AGE) for key, words in cursor.fetchall()}
            cursor.execute(f"SELECT rowid, words FROM {self.table} WHERE rowid IN ({gaps})", list(keys))
            return {key: frozenset(words.split(" ")) - {""} for key, words in cursor.fetchall()}

    def count(self) -> int:
        """How many objects are indexed."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self.table}")
            return int(cursor.fetchone()[0])

    def prepared(self, key: int, words: Iterable[str]) -> tuple[int, str]:
        """A new object's row as :meth:`put_prepared` takes it."""
        text = " ".join(_stored(key, words))
        if not is_postgresql():
            return key, text
        # What is quoted word by word in a query is quoted here for all at once.
        return key, "'" + text.replace("\\", "\\\\").replace("'", "''").replace(" ", "' '") + "'"

    def put_prepared(self, rows: Iterable[tuple[int, str]]) -> None:
        """Add many rows of new objects at the speed of the driver."""
        insert_prepared(f"COPY {self.table} (id, words) FROM STDIN", self.insert_sql().replace("%s", "?"), rows)

    def newest(self, words: Sequence[Term], *, any_of: Sequence[str] = (), before: int | None, limit: int) -> list[int]:
        """Ids of the rows that hold all ``words`` and, if given, one of ``any_of``; newest first, below ``before``."""
        asked = self.newest_sql(words, any_of=any_of, before=before, limit=limit)
        if asked is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*asked)
            return sorted((row[0] for row in cursor.fetchall()), reverse=True)

    def newest_sql(
        self, words: Sequence[Term], *, any_of: Sequence[str] = (), before: int | None, limit: int
    ) -> tuple[str, list[Any]] | None:  # fmt: skip
        """The statement behind :meth:`newest`, giving a column ``id``; None where nothing can be found."""
        if not (words or any_of) or not all(map(_may_stand, words)):
            return None  # a word that no cutting produces stands in no row
        term, both, either = (_tsterm, " & ", " | ") if is_postgresql() else (_ftsterm, " AND ", " OR ")
        terms = [_said(w, term, both, either) for w in words]
        if any_of:
            terms.append("(" + either.join(term(w) for w in any_of) + ")")
        if is_postgresql():
            return self._newest_postgresql(both.join(terms), (before or _LAST) - 1, limit)
        return (
            f"SELECT rowid AS id FROM {self.table} WHERE {self.table} MATCH %s AND rowid < %s"
            " ORDER BY rowid DESC LIMIT %s",
            [both.join(terms), before or _LAST, limit],
        )

    def _newest_postgresql(self, query: str, last: int, limit: int) -> tuple[str, list[Any]]:
        """Look in the newest buckets first: a common word fills the page there, a rare one is cheap everywhere.

        One statement of three parts, each older than the one before; the server stops at the part that fills the page.
        The last part goes through all older matches: a word comes so far only if it is rare in the newer ones.
        """
        # "+ 0" keeps the planner, which guesses that one row in a hundred matches, from walking all rows by their id.
        part = f"SELECT id FROM {self.table} WHERE id + 0 <= %s AND words @@ "
        near = f"{part}(SELECT (%s || ' & (' || {{}} || ')')::tsquery FROM m)"
        newer, older = _span("m.top - 1", "m.top"), _span("greatest(m.top - 15, 0)", "m.top - 2")
        rest = f"{part}%s::tsquery AND id < (SELECT (top - 15) * {BUCKET} FROM m)"
        parts = [
            f"(SELECT id FROM ({p}) p ORDER BY id + 0 DESC LIMIT %s)"
            for p in (near.format(newer), near.format(older), rest)
        ]
        return (
            f"WITH m AS MATERIALIZED (SELECT least(coalesce(max(id), 0), %s) / {BUCKET} AS top FROM {self.table})"
            f" SELECT id FROM ({' UNION ALL '.join(parts)}) found LIMIT %s",
            [last, *[last, query, limit] * 3, limit],
        )


BUCKET = 16_384
_LAST = 2**62
_AGE = "\u01c2"


def _bucket(key: int) -> str:
    """The word that tells PostgreSQL roughly how new a row is (U+01C2 occurs in no searched word: see core.words)."""
    return f"{_AGE}{key // BUCKET}"


def _span(first: str, last: str) -> str:
    """SQL for the words of a run of buckets, joined by "or"; NULL, which matches nothing, for an empty run."""
    word = f"'''{_AGE}' || b || ''''"
    return f"(SELECT string_agg({word}, ' | ') FROM generate_series({first}, {last}) b)"


def _stored(key: int, words: Iterable[str]) -> list[str]:
    return [*words, _bucket(key)] if is_postgresql() else list(words)


def _may_stand(term: Term) -> bool:
    return term.isalnum() if isinstance(term, str) else all(_may_stand(t) for way in term.ways for t in way)


def _said(term: Term, quoted: Callable[[str], str], both: str, either: str) -> str:
    if isinstance(term, str):
        return quoted(term)
    ways = ["(" + both.join(_said(t, quoted, both, either) for t in way) + ")" for way in term.ways]
    return "(" + either.join(ways) + ")"


def _tsterm(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _ftsterm(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
