"""The matrix over HTTP: pages and files send what the tables say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.matrix import people
from tests.matrix.cells import Matrix, Wrong
from tests.matrix.county import County, Placed
from tests.matrix.findings import judge
from tests.matrix.pages import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def matrix(county: County, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """The pages' clock stands at the moment of the matrix."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: people.SEEN)
    return Matrix(county)


def every(matrix: Matrix, ask: Callable[[Browser], Iterator[Wrong]], names: Sequence[str] = ()) -> Iterator[Wrong]:
    for name in names or matrix.everybody():
        yield from ask(Browser(matrix, name))


def paired(
    matrix: Matrix, ask: Callable[[Browser, Sequence[Placed]], Iterator[Wrong]], every_nth: int = 1
) -> Iterator[Wrong]:
    """Each kind of viewer and case once."""
    for name, cases in list(matrix.pairs(1).items()):
        yield from ask(Browser(matrix, name), cases[::every_nth])


def test_files_hold_what_their_reader_may_see(matrix: Matrix) -> None:
    judge("files", every(matrix, Browser.files))


def test_lists_lead_to_what_their_reader_may_see(matrix: Matrix) -> None:
    judge("page-lists", every(matrix, Browser.lists, matrix.everybody()[::3]))


def test_pages_of_a_case_show_each_part_to_those_who_may_see_it(matrix: Matrix) -> None:
    judge("page-cases", paired(matrix, Browser.cases, 3))


def test_files_are_sent_to_those_who_may_open_them(matrix: Matrix) -> None:
    judge("page-files", paired(matrix, Browser.opened, 4))


def test_a_case_that_may_not_be_seen_looks_like_none(matrix: Matrix) -> None:
    judge("unseen", paired(matrix, Browser.unseen, 8))


def test_firms_are_completed_for_agents_alone(matrix: Matrix) -> None:
    judge("autocomplete", every(matrix, Browser.autocomplete, matrix.everybody()[::2]))


def test_a_phone_number_finds_nothing_for_those_who_may_not_know_it(matrix: Matrix) -> None:
    judge("page-phone", paired(matrix, Browser.phone_search, 8))


def test_the_tracking_page_tells_the_same_to_everybody(matrix: Matrix) -> None:
    for name in ("", "community agent", "traffic handler", "follower"):
        judge("page-track", Browser(matrix, name).tracked(matrix.county.cases[:: 3 if not name else 20]))


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_all_pages_of_all_cases(matrix: Matrix, part: int) -> None:
    def all_of_it() -> Iterator[Wrong]:
        for name in matrix.everybody()[part::4]:
            browser = Browser(matrix, name)
            yield from browser.lists()
            yield from browser.cases(matrix.county.cases)
            yield from browser.unseen(matrix.county.cases)
            yield from browser.phone_search(matrix.county.cases)

    judge("all-pages", all_of_it())
    print(f"{matrix.cells} cells")
