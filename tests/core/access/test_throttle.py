"""A bound holds, whoever comes at once; it opens again by itself; and nothing of whom it counts can be read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.access.conftest import NOW, Office
from tests.core.access.test_at_once import at_once
from tests.core.access.test_at_once import office as office  # the fixture, committed  # noqa: PLC0414
from tongban.core.access import throttle
from tongban.core.access.bounds import Bound
from tongban.core.access.models import Throttle
from tongban.core.access.throttle import FREE, TooMany
from tongban.core.refusals import declared

THREE = Bound("three", 3, timedelta(minutes=10))
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_a_bound_counts_each_subject_and_says_how_long() -> None:
    assert [throttle.take(THREE, "a", NOW + n * MINUTE) for n in range(3)] == [FREE] * 3
    assert throttle.take(THREE, "a", NOW + 3 * MINUTE) == 7 * MINUTE
    assert throttle.held(THREE, "a", NOW + 4 * MINUTE) == 6 * MINUTE
    assert throttle.take(THREE, "b", NOW) == FREE
    assert throttle.take(Bound("other", 3, MINUTE), "a", NOW) == FREE


@pytest.mark.django_db
def test_it_opens_again_and_refused_tries_do_not_prolong_it() -> None:
    for _ in range(9):
        throttle.take(THREE, "a", NOW)
    later = NOW + 10 * MINUTE
    assert [throttle.take(THREE, "a", later) for _ in range(4)] == [FREE] * 3 + [10 * MINUTE]


@pytest.mark.django_db
def test_what_did_not_happen_is_given_back_and_who_was_right_begins_anew() -> None:
    for _ in range(3):
        throttle.take(THREE, "a", NOW)
    throttle.give_back(THREE, "a")
    assert throttle.take(THREE, "a", NOW) == FREE
    throttle.forget(THREE, "a")
    assert [throttle.take(THREE, "a", NOW) for _ in range(3)] == [FREE] * 3


@pytest.mark.django_db
def test_old_rows_are_taken_away_and_none_tells_whom_it_counts() -> None:
    throttle.take(THREE, "13912347710", NOW)
    assert b"139" not in bytes(Throttle.objects.get().key)
    throttle.take(THREE, "b", NOW + timedelta(days=3))
    assert Throttle.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_three_get_through(office: Office) -> None:
    def act() -> None:
        if wait := throttle.take(THREE, "a", NOW):
            raise TooMany("code.crowd", wait)

    assert at_once(act) == [""] * 3 + ["code.crowd"] * 5
    late = NOW + timedelta(hours=1)

    def again() -> None:
        if wait := throttle.take(THREE, "a", late):
            raise TooMany("code.crowd", wait)

    assert at_once(again) == [""] * 3 + ["code.crowd"] * 5


def test_a_wait_is_told_in_the_readers_language() -> None:
    assert "{wait}" in declared()["code.crowd"].zh
    assert "in 2 hours" in TooMany("code.crowd", timedelta(minutes=95)).sentence("en")
    assert "请过 1 分钟" in TooMany("code.crowd", timedelta(seconds=3)).sentence("zh")
