"""One county for all cells: built once in a transaction that is undone at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import TestCase

from tests.matrix.cases import fill
from tests.matrix.county import County
from tongban.core.registry import reference


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: object) -> Iterator[County]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        atomics = TestCase._enter_atomics()
        try:
            made = County()
            made.settle()
            fill(made)
            reference.forget()
            yield made
        finally:
            TestCase._rollback_atomics(atomics)
            reference.forget()
