"""Every viewer × every case × every surface: the running system says what the tables say.

``make test`` looks with everybody at every list, filter and queue, and at two pairs of each kind of viewer and case;
``make test-long`` at every case. A wrong cell prints relation, viewer, case, surface, expected, got.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.matrix import people
from tests.matrix.cells import PRESSED, Matrix, Wrong
from tests.matrix.county import County
from tests.matrix.findings import judge

pytestmark = pytest.mark.django_db


@pytest.fixture
def matrix(county: County) -> Matrix:
    return Matrix(county)


def test_every_list_filter_search_and_page_order_holds_what_its_viewer_may_see(matrix: Matrix) -> None:
    judge("lists", (w for name in matrix.everybody() for w in matrix.lists(name)))


def test_a_town_or_a_unit_narrows_a_list_and_never_widens_it(matrix: Matrix) -> None:
    judge("narrowed", (w for name in matrix.everybody() for w in matrix.narrowed(name)))


def test_queues_and_counts_hold_what_their_viewer_may_see(matrix: Matrix) -> None:
    judge("queues", (w for name in matrix.everybody() for w in matrix.queues(name)))


def test_the_board_counts_and_lists_what_its_reader_may_see(matrix: Matrix) -> None:
    some = ("accepted", "due", "returned", *PRESSED)
    judge("figures", (w for name in matrix.everybody() for w in matrix.figures(name, some)))


def test_each_kind_of_relation_sees_each_part_of_a_case_or_does_not(matrix: Matrix) -> None:
    judge("details", (w for name, cases in matrix.pairs().items() for w in matrix.details(name, cases)))


def test_an_officer_who_asks_is_an_asker_like_any_other(matrix: Matrix) -> None:
    own = [placed for placed in matrix.county.cases if placed.facts.requester == "complaining officer"]
    assert len(own) == 2
    judge("officer-asks", (w for name in matrix.everybody() for w in matrix.details(name, own, numbers=False)))


def test_each_kind_of_relation_gets_the_whole_number_or_does_not(matrix: Matrix) -> None:
    judge("reveals", (w for name, cases in matrix.pairs(1).items() for w in matrix.reveals(name, cases)))


def test_each_kind_of_relation_opens_each_sort_of_file_or_does_not(matrix: Matrix) -> None:
    judge("file-opens", (w for name, cases in matrix.pairs().items() for w in matrix.files(name, cases)))
    assert matrix.cells > 4_000


def test_no_search_finds_by_what_its_viewer_may_not_see(matrix: Matrix) -> None:
    judge("searches", (w for name, cases in matrix.pairs(1).items() for w in matrix.searches(name, cases[::2])))


def test_a_tracking_code_opens_one_case_and_tells_what_is_public(matrix: Matrix) -> None:
    judge("tracking", matrix.tracking(matrix.county.cases))


@pytest.mark.parametrize(
    ("side", "at", "day"),
    [
        ("before", people.SEEN.replace(hour=15, minute=59), people.DAY),
        ("after", people.SEEN.replace(hour=16, minute=1), people.AFTER),  # still the day before in UTC
    ],
)
def test_roles_and_mandates_begin_and_end_with_the_county_s_day(
    county: County, side: str, at: datetime, day: date
) -> None:
    later = Matrix(county, at, day)
    dated = [n for n in county.viewers if "day" in n or "tomorrow" in n or "substitute" in n or n == "clerk"]
    assert len(dated) > 9
    judge(f"{side}-midnight", (w for name in dated for w in later.lists(name, ("list", "own_list"))))


def test_no_account_is_needed_to_see_nothing(matrix: Matrix) -> None:
    assert not list(matrix.lists("")), "nobody signed in sees something"
    assert matrix.cells > 300


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_all_viewers_and_all_cases(matrix: Matrix, part: int) -> None:
    def all_of_it() -> Iterator[Wrong]:
        for name in matrix.everybody()[part::4]:
            yield from matrix.details(name, matrix.county.cases)
            yield from matrix.reveals(name, matrix.county.cases)
            yield from matrix.files(name, matrix.county.cases)
            yield from matrix.searches(name, matrix.county.cases)

    judge("all", all_of_it())
    print(f"{matrix.cells} cells")


@pytest.mark.long
def test_every_figure_counts_and_lists_what_its_reader_may_see(matrix: Matrix) -> None:
    judge("figures", (w for name in matrix.everybody() for w in matrix.figures(name)))


@pytest.mark.long
def test_nothing_changes_in_a_year_but_who_is_in_office(county: County) -> None:
    after = people.SEEN + timedelta(days=365)
    later = Matrix(county, after, after.date())
    judge("a year later", (w for name in later.everybody() for w in later.lists(name)))
