"""The demo county holds each of the hard cases at least once, and the same seed builds the same county."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import transaction
from PIL import Image
from pytest_django import DjangoDbBlocker

from tongban.core.calendar import seed as calendar_seed
from tongban.core.files import waiting
from tongban.core.ledger.actor import COMMAND
from tongban.core.registry import reference
from tongban.core.registry import seed as registry_seed
from tongban.engines.cases import seed as cases_seed
from tongban.engines.cases.actions.filing import content_of
from tongban.engines.cases.demo import DemoCounty
from tongban.engines.cases.demo.drawings import DRAWINGS, content
from tongban.engines.cases.demo.papers import known_by
from tongban.engines.cases.models import (
    AgendaItem,
    Attachment,
    Callback,
    Case,
    Link,
    OpenPicture,
    Participant,
    Publication,
    Question,
    Slip,
    Stop,
    StoryItem,
)
from tongban.engines.programme.scan import demo_of, programmes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
_GPS = 0x8825
_MOST = 12


def built(at: datetime = NOW, size: float = 0.1, seed: int = 365) -> DemoCounty:
    """A county as ``tongban demo`` builds it, at a fixed moment; as with ``--size tiny`` if not told otherwise."""
    reference.forget()
    begin = at - timedelta(weeks=8, days=3)
    for one in (registry_seed, calendar_seed, cases_seed):
        one.seed(by=COMMAND, at=begin)
    county = DemoCounty(seed=seed, begin=begin, at=at, size=size)
    with reference.hold():
        county.show_offices()
        for code in programmes():
            demo_of(code).build(county, seed, at, lambda _: None)
    county.timeline.run(begin, at, lambda _: None)
    return county


def told() -> list[tuple[object, ...]]:
    """What stands in the county, without keys and random names."""
    cases = Case.objects.order_by("pk").values_list(
        "programme", "title", "state", "opened_at", "due_at", "reopened", "callback"
    )
    lines = StoryItem.objects.order_by("happened_at", "kind", "case__title").values_list(
        "kind", "happened_at", "case__title"
    )
    files = Attachment.objects.select_related("case__requester").order_by("taken_at", "name")
    brought = [(row.name, sha256(content_of(row)).hexdigest(), row.came_with, row.case.title) for row in files]
    return [*cases, *lines, *brought]


@pytest.fixture(scope="module")
def twice(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[list[object], list[object]]]:
    """The tiny county, built for all tests of this module, and what it and one built before it tell."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            built()
            before = told()
            transaction.set_rollback(True)
        with transaction.atomic():
            built()
            yield before, told()
            transaction.set_rollback(True)
        reference.forget()


@pytest.fixture(scope="module")
def county(twice: tuple[list[object], list[object]]) -> None:
    """The tiny county."""


def test_the_same_seed_builds_the_same_county_twice(twice: tuple[list[object], list[object]]) -> None:
    before, after = twice
    assert len(before) > 500
    assert before == after


@pytest.mark.long
@pytest.mark.parametrize("days", range(0, 300, 25))
def test_a_demo_is_built_on_any_day_at_any_hour(days: int) -> None:
    """What a meeting or a later step leads to depends on where the eight weeks lie: holidays, weekends, the hour."""
    at = NOW - timedelta(days=days, hours=days / 7, minutes=days)
    built(at, size=1.0, seed=days)
    assert Case.objects.filter(closed_at=None).count() > 50
    # The desks meet every four weeks, and nothing leaves an agenda, or stays on it, without an outcome.
    assert not AgendaItem.objects.filter(kind="monthly", outcome="", raised_at__lt=at - timedelta(weeks=5)).exists()


@pytest.mark.usefixtures("county")
def test_askers_and_handlers_bring_files_of_several_kinds_and_few() -> None:
    files = Attachment.objects.all()
    ways = Counter(file.came_with for file in files)
    assert ways["open"] >= 4
    assert ways["answer"] >= 3
    assert {file.kind for file in files} == {"jpeg", "pdf", "txt"}
    assert len(files) <= _MOST
    assert all(known_by(file.name) for file in files)


@pytest.mark.usefixtures("county")
def test_what_a_phone_wrote_into_a_picture_is_gone() -> None:
    with Image.open(io.BytesIO(content("lamp", "365", (121.02, 30.68)))) as drawn:
        assert drawn.getexif().get_ifd(_GPS)[1] == "N"
        assert drawn.size == (800, 600)
    pictures = Attachment.objects.filter(kind="jpeg", came_with="open")
    assert len(pictures) >= 4
    for row in pictures:
        with Image.open(io.BytesIO(content_of(row))) as kept:
            assert not kept.getexif()


@pytest.mark.usefixtures("county")
def test_no_file_waits_for_a_form_that_nobody_fills_in() -> None:
    owners = [f"365 {code} {number}" for code in programmes() for number in range(1, _MOST)]
    assert not any(waiting.of(owner, at=NOW) for owner in owners)


@pytest.mark.usefixtures("county")
def test_one_published_matter_has_a_picture_with_a_blurred_plate() -> None:
    shown = [p for p in Publication.objects.filter(state="published") if p.pictures != "[]"]
    assert shown
    copies = {key for one in shown for key, _ in json.loads(one.pictures)}
    copy = OpenPicture.objects.select_related("attachment").filter(pk__in=copies).first()
    assert copy
    hidden = [region.numbers() for region in DRAWINGS["car"].hidden]
    assert json.loads(copy.regions) == hidden


@pytest.mark.usefixtures("county")
def test_cases_are_merged_taken_apart_split_and_put_under_another() -> None:
    links = Counter((kind, undone is None) for kind, undone in Link.objects.values_list("kind", "undone_at"))
    assert links[Link.Kind.MERGED.value, True] >= 2
    assert links[Link.Kind.MERGED.value, False] >= 1
    assert links[Link.Kind.SPLIT.value, True] >= 2
    under = Counter(Link.objects.filter(kind=Link.Kind.CHILD, undone_at=None).values_list("other", flat=True))
    assert 2 in under.values()
    answered = Case.objects.filter(merged_into__answered_at__isnull=False)
    assert answered  # somebody was told the answer to another's request


@pytest.mark.usefixtures("county")
def test_three_questions_are_answered_one_by_one_with_different_outcomes() -> None:
    for case in Case.objects.filter(questions__isnull=False).distinct():
        questions = Question.objects.filter(case=case).order_by("number")
        assert [q.number for q in questions] == [1, 2, 3]
        assert len({q.outcome for q in questions}) == 3
        assert all(q.reply for q in questions)
        assert case.answered_at
    assert Question.objects.values("case").distinct().count() >= 2


@pytest.mark.usefixtures("county")
def test_neighbours_follow_open_matters() -> None:
    followed = Case.objects.filter(neighbours__gt=0).exclude(open_title="")
    assert len(followed) >= 2
    for case in followed:
        assert Participant.objects.filter(case=case, role="neighbour").count() == case.neighbours
        assert case.closed_at is None


@pytest.mark.usefixtures("county")
def test_callbacks_find_all_sorts_of_things_and_what_is_unsolved_is_done_again() -> None:
    found = Counter(Callback.objects.values_list("solved", flat=True))
    assert min(found[True], found[False], found[None]) >= 2
    assert Case.objects.filter(reopened=1, callback="solved", state="closed")
    unhappy = AgendaItem.objects.filter(kind="monthly", why=AgendaItem.Why.UNHAPPY, outcome="")
    assert unhappy
    assert all(item.case.reopened == 1 and item.case.agenda == "monthly" for item in unhappy)


@pytest.mark.usefixtures("county")
def test_somebody_urges_and_a_slip_is_reported_on() -> None:
    assert StoryItem.objects.filter(kind="urge_asker")
    assert StoryItem.objects.filter(kind="urge")
    slips = Slip.objects.filter(issued_by__isnull=False)
    assert any(slip.feedback for slip in slips)
    assert any(slip.fed_back_at is None for slip in slips)


@pytest.mark.usefixtures("county")
def test_a_joint_meeting_has_put_a_case_on_hold_where_it_stays() -> None:
    stops = list(Stop.objects.filter(kind=Stop.Kind.HOLD).select_related("case"))
    assert stops
    for stop in stops:
        assert (stop.ended_at, stop.case.stopped, stop.case.state) == (None, "hold", "handling")
        assert stop.until == stop.case.due_at > NOW
        later = StoryItem.objects.filter(case=stop.case, happened_at__gt=stop.began_at)
        worked = {"sign_in", "ask", "pause", "feed_back", "return", "extend", "answer", "send"}
        assert worked.isdisjoint(later.values_list("kind", flat=True)), "nobody works on it meanwhile"
    items = AgendaItem.objects.filter(kind="joint", outcome="held")
    assert items.count() == len(stops)
    assert all(item.meeting is not None and item.meeting.state == "held" for item in items)
