"""Parts of the matrix for some viewers alone: what must notice a planted mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import transaction

from tests.matrix.cells import Matrix, Wrong
from tests.matrix.pages import Browser
from tests.matrix.published import read_by

Look = Callable[[Matrix], Iterator[Wrong]]


def lists(*names: str) -> Look:
    return lambda m: (w for n in names for w in m.lists(n))


def towns(*names: str) -> Look:
    return lambda m: (w for n in names for w in m.narrowed(n))


def queues(*names: str) -> Look:
    return lambda m: (w for n in names for w in m.queues(n))


def details(*names: str) -> Look:
    return lambda m: (w for n in names for w in m.details(n, m.share(n), numbers=False))


def searches(*names: str) -> Look:
    def look(matrix: Matrix) -> Iterator[Wrong]:
        for name in names:
            share = matrix.share(name)
            seen = [p for p in share if matrix.oracle.expect(matrix.county.viewers[name], p.facts, "search") == "yes"]
            yield from matrix.searches(name, [*[p for p in seen if p.facts.confidential][:3], *share[:3]])

    return look


def reveals(*names: str) -> Look:
    return lambda m: (w for n in names for w in m.reveals(n, m.share(n)))


def opened(*names: str) -> Look:
    return lambda m: (w for n in names for w in m.files(n, m.share(n)))


def published(*names: str) -> Look:
    """A few cases are published and a few prepared for it, and all of that is taken back."""

    def look(matrix: Matrix) -> Iterator[Wrong]:
        cases = [p for p in matrix.county.cases if not p.facts.confidential and not p.facts.about][:12]
        for name in names:
            point = transaction.savepoint()
            try:
                wrong = list(read_by(matrix, name, cases))
            finally:
                transaction.savepoint_rollback(point)
            yield from wrong

    return look


def files(*names: str) -> Look:
    return lambda m: (w for n in names for w in Browser(m, n).files())
