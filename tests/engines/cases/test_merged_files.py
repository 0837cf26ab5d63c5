"""Whoever asked what was merged is shown what went out with the other one's answer, and nothing else of it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import asked as asked_with
from tests.engines.cases.filed import at_work, brought, kept, read, viewer
from tests.engines.cases.test_merging import asked, merge
from tongban.engines.cases import actions, queries, secrets
from tongban.engines.cases.models import Attachment, Case, Link
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.files import file_content, shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(county: County) -> tuple[int, Case, Attachment]:
    """李邻居's case merged into 陈居民's, which brought a picture and whose answer carries one; a third merged into his."""
    county.resident("李邻居", "13800000003")
    county.resident("王邻居", "13800000004")
    head = at_work(county, asked_with(county, brought("家门口.jpg")))
    second, third = asked(county, "李邻居"), asked(county, "王邻居")
    merge(county, third, second)
    merge(county, second, head.pk)
    actions.attach(case=head.pk, files=brought("内部.jpg"), by=county.officers["俞经办"], at=NOW)
    actions.answer(
        case=head.pk, text="周五前修好。", outcome=DONE, files=brought("施工图.jpg"), by=county.officers["俞经办"], at=NOW
    )  # fmt: skip
    return second, head, kept(head, answer__isnull=False)[0]


def sent(county: County, head: Case) -> None:
    actions.approve(case=head.pk, by=county.officers["钱审核"], at=NOW)
    actions.send(case=head.pk, by=county.officers["钱审核"], at=NOW)


def names(county: County, who: str, case: int) -> list[str]:
    detail = queries.case_detail(viewer(county, who), case, NOW)
    assert detail is not None
    return [file.name for file in detail.files]


def test_the_files_of_the_sent_answer_are_shown_and_no_others(
    county: County, matter: tuple[int, Case, Attachment]
) -> None:
    second, head, drawing = matter
    assert names(county, "李邻居", second) == []
    assert read(county, "李邻居", drawing.pk) is None, "before it is sent it is the units'"
    sent(county, head)
    third = Case.objects.get(merged_into=second).pk
    for who, own in (("李邻居", second), ("王邻居", third)):
        assert names(county, who, own) == ["施工图.jpg"]
        assert read(county, who, drawing.pk)
        place = shelf(viewer(county, who), drawing.pk, NOW)
        assert place is not None
        assert (place.case, place.way, [f.name for f in place.files]) == (own, "mine", ["施工图.jpg"])
        for other in kept(head, answer=None):
            assert read(county, who, other.pk) is None, other.name
            assert shelf(viewer(county, who), other.pk, NOW) is None
    assert read(county, "陆文员", drawing.pk) is None, "a stranger"
    assert sorted(names(county, "陈居民", head.pk)) == ["家门口.jpg", "施工图.jpg"]


def test_undone_he_opens_them_no_more(county: County, matter: tuple[int, Case, Attachment]) -> None:
    second, head, drawing = matter
    sent(county, head)
    assert read(county, "李邻居", drawing.pk)
    Case.objects.filter(pk=second).update(merged_into=None)
    Link.objects.filter(case=second).update(undone_at=NOW)
    assert names(county, "李邻居", second) == []
    assert read(county, "李邻居", drawing.pk) is None


def test_with_code_and_number_they_open_too(county: County, matter: tuple[int, Case, Attachment]) -> None:
    second, head, drawing = matter
    sent(county, head)
    nobody = viewer(county, "陆文员")
    assert file_content(nobody, drawing.pk, NOW, proved=[second]) is not None
    place = shelf(nobody, drawing.pk, NOW, proved=[second])
    assert place is not None
    assert (place.case, place.way) == (second, "tracked")
    client, track = Client(), f"/track/{secrets.tracking_code(second)}/"
    assert client.get(f"/files/{drawing.pk}/").status_code == 404
    client.post(track, {"do": "prove", "phone": "13800000003"})
    assert f"/files/{drawing.pk}/" in client.get(track).content.decode()
    assert client.get(f"/files/{drawing.pk}/").status_code == 200
