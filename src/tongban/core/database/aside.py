"""A transaction that is written while its caller already prepares the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

from django.db import connection

from tongban.core.database.engine import is_postgresql

T = TypeVar("T")


class Begin(Protocol):
    """Begins a function; the future gives what it gives."""

    def __call__(self, work: Callable[[], T], /) -> Future[T]: ...


@contextmanager
def aside() -> Iterator[Begin]:
    """Give what runs a function on a thread and a connection of its own; the functions run one after the other.

    Only on PostgreSQL, where the server works meanwhile, and outside a transaction: SQLite has one writer, and what is
    written inside a caller's transaction is part of it. Otherwise the function runs at once. What it raises is raised
    by the future either way.
    """
    if not is_postgresql() or connection.in_atomic_block:
        yield _at_once
        return
    with ThreadPoolExecutor(1, "aside") as pool:
        try:
            yield pool.submit
        finally:
            pool.submit(_close).result()


def _close() -> None:
    connection.close()  # this thread's own, looked up here


def _at_once(work: Callable[[], T]) -> Future[T]:
    done: Future[T] = Future()
    try:
        done.set_result(work())
    except Exception as error:
        done.set_exception(error)
    return done
