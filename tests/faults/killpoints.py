"""Kills a process before and after each statement and each commit of what it does, and looks at what it leaves.

The process is a fork with a connection of its own; SIGKILL, so that no line of ours runs after it. The page cache
survives, so this shows atomicity; that an acknowledged commit survives the power is another matter
(``synchronous=FULL``, tests/faults/test_pragmas.py).
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection

from tongban.core.database import is_postgresql, quote
from tongban.core.ledger.audit import Audit
from tongban.engines.cases.text import INDEX, PUBLIC_INDEX

_INDEXES = (INDEX.table, PUBLIC_INDEX.table)

ENDED, RAISED = 42, 43
# Neither written by actions nor meant to be: what the libraries keep, and what the full-text index keeps for itself.
_LEFT_OUT = ("django_", "axes_", "sqlite_", "account_", "auth_", "mfa_")
State = dict[str, Counter[str]]


def dies_at(point: int, action: Callable[[], Any]) -> bool:
    """Run ``action`` in a process that is killed at its ``point``-th boundary; False if it ended before that."""
    connection.close()
    child = os.fork()
    if not child:
        _live_until(point, action)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (-signal.SIGKILL, ENDED), "the action raised: see above"
    return code != ENDED


def _live_until(point: int, action: Callable[[], Any]) -> None:
    try:
        boundaries(action, kill_at=point)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(RAISED)
    os._exit(ENDED)


def boundaries(action: Callable[[], Any], kill_at: int = 0) -> int:
    """Run ``action`` and count what it passes: before and after each statement and each commit."""
    passed = 0

    def boundary() -> None:
        nonlocal passed
        passed += 1
        if passed == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        boundary()
        result = execute(sql, params, many, context)
        boundary()
        return result

    connection.ensure_connection()
    commit = connection._commit

    def committing() -> None:
        boundary()
        commit()
        boundary()

    connection._commit = committing  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(around):
            action()
    finally:
        connection._commit = commit  # type: ignore[method-assign]
    return passed


def state() -> State:
    """Every row of every table that actions write, as text."""
    found: State = {}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in sorted(tables):
            if table.startswith((*_LEFT_OUT, *(f"{index}_" for index in _INDEXES))):
                continue
            columns = "rowid, words" if table in _INDEXES and not is_postgresql() else "*"
            cursor.execute(f"SELECT {columns} FROM {quote(table)}")
            found[table] = Counter(map(repr, cursor.fetchall()))
    return found


def growth(before: State, after: State) -> dict[str, int]:
    """How many rows each table has gained."""
    grown = {table: after[table].total() - rows.total() for table, rows in before.items()}
    return {table: n for table, n in grown.items() if n}


def half_done(before: State, after: State, whole: dict[str, int]) -> list[str]:
    """Why what is left is neither nothing nor all; empty if it is."""
    if after == before:
        return []
    wrong = [fault.sentence("en") for fault in Audit().faults()]
    if growth(before, after) != whole:
        wrong.append(f"rows gained: {growth(before, after)}, by the whole action: {whole}")
    return wrong
