"""The matrix bites: each of thirty-odd planted mistakes makes cells wrong that were right."""

from __future__ import annotations

import pytest

from tests.matrix import people
from tests.matrix.cells import Matrix
from tests.matrix.county import County
from tests.matrix.findings import unknown
from tests.matrix.planted import MISTAKES, Mistake, found

pytestmark = pytest.mark.django_db


@pytest.fixture
def matrix(county: County, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    monkeypatch.setattr("django.utils.timezone.now", lambda: people.SEEN)
    return Matrix(county)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.name)
def test_a_planted_mistake_is_caught(mistake: Mistake, matrix: Matrix) -> None:
    patch = pytest.MonkeyPatch()
    assert found(mistake, matrix, patch) > 0, f"nobody noticed: {mistake.name}"


def test_without_a_mistake_nobody_notices_anything(matrix: Matrix) -> None:
    """The control: the very looks that catch the mistakes find nothing when there is none."""
    looks = {id(m.look): m.look for m in MISTAKES}
    assert not [w for look in looks.values() for w in unknown(look(matrix))]


def test_there_are_at_least_twenty() -> None:
    assert len({m.name for m in MISTAKES}) >= 20
