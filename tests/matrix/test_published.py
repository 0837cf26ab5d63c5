"""Published matters in the matrix: the same for everybody, and of the other cases not a word on any public page."""

from __future__ import annotations

import pytest

from tests.matrix import people
from tests.matrix.asking import found_in
from tests.matrix.cells import Matrix, Wrong
from tests.matrix.county import County
from tests.matrix.findings import judge
from tests.matrix.oracle import INNER
from tests.matrix.pages import Browser
from tests.matrix.published import public_pages, publish

pytestmark = pytest.mark.django_db
#: What a public page tells of a published case besides its text: the unit that has it.
_TOLD = {"about"}


@pytest.fixture
def matrix(county: County, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """The pages' clock stands at the moment of the matrix."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: people.SEEN)
    return Matrix(county)


def test_everybody_reads_what_is_published_and_nothing_of_the_rest(matrix: Matrix) -> None:
    words = {placed.key: publish(matrix.county, placed) for placed in matrix.county.cases}
    published = [p for p in matrix.county.cases if words[p.key]]
    assert 10 < len(published) < len(matrix.county.cases) - 10
    assert not any(p.facts.confidential or p.facts.about for p in published)
    wrong: list[Wrong] = []
    for name in ("", *matrix.everybody()[1::6]):
        browser = Browser(matrix, name)
        text = public_pages(browser)
        own = browser.viewer.name
        for placed in published:
            shown = words[placed.key] in text
            wrong += matrix.cell(browser.viewer, placed, "published", shown, kind="published on /matters/")
        if own:
            continue  # the first page shows him his own requests too
        for placed in matrix.county.cases:
            for part in ("title", "body", "phone", *INNER):
                if part not in _TOLD and part != "officer_names" and found_in(placed, text, part):
                    wrong.append(matrix.wrong(browser.viewer, placed, f"{part} on a public page", "no", "yes"))
    judge("published", iter(wrong))
