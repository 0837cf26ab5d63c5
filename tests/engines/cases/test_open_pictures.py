"""Pictures made for everybody: who makes them, who takes them back; and what is collected and audited."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import asked, at_work, brought, faults, kept, read, viewer
from tests.ledgered import adopt
from tongban.core.files import store
from tongban.core.files.blurring import Region, blur
from tongban.core.ledger import worker
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Outbox
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, filejobs
from tongban.engines.cases.actions import filing
from tongban.engines.cases.actions.filing import content_of
from tongban.engines.cases.models import OpenPicture
from tongban.engines.cases.queries.files import open_copies, open_copy


def test_the_audit_names_a_file_that_is_missing_or_was_changed(county: County) -> None:
    adopt()
    case = at_work(county, asked(county, brought("一.jpg", "二.jpg", "三.jpg")))
    one, two, three = kept(case)
    actions.open_picture(file=three.pk, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    assert faults() == []
    store.path_of(one.stored).unlink()
    path = store.path_of(two.small)
    raw = bytearray(path.read_bytes())
    raw[20] ^= 1
    path.write_bytes(raw)
    store.path_of(OpenPicture.objects.get().stored).write_bytes(b"")
    assert faults() == ["file.missing", "file.changed", "file.changed"]
    assert read(county, "陈居民", one.pk) is None
    found = [f for f in Audit().faults() if f.code == "file.missing"]
    assert one.stored in found[0].sentence("zh")


def test_what_no_row_names_is_collected_and_what_one_names_stays(county: County) -> None:
    files = brought("一.jpg", "二.jpg")
    case = asked(county, files[:1])
    orphan = [store.path_of(t) for t in files[1].taken.tokens]
    held = [store.path_of(t) for t in files[0].taken.tokens]
    later = NOW + timedelta(days=3)
    for path in (*orphan, *held):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    Outbox.objects.create(topic=filejobs.COLLECT, key="collect", created_at=later, due_at=later)
    assert worker.run_pending(later).errors == []
    assert [p.exists() for p in (*orphan, *held)] == [False, False, True, True]
    assert read(county, "陈居民", kept(case)[0].pk)


# -- pictures for everybody ----------------------------------------------------------------------------------------


def test_a_picture_is_for_everybody_only_when_an_officer_has_looked_and_said_so(county: County) -> None:
    case = at_work(county, asked(county, brought("路口.jpg")))
    (file,) = kept(case)
    by = county.officers["俞经办"]
    assert open_copies(case.pk) == []
    with pytest.raises(Refused, match="tick that you have"):
        actions.open_picture(file=file.pk, regions=[], seen=False, by=by, at=NOW)
    actions.open_picture(file=file.pk, regions=[Region(0, 0, 50, 100)], seen=True, by=by, at=NOW)
    ((_, copy),) = open_copies(case.pk)
    made = b"".join(copy.pieces())
    assert made != content_of(file)
    assert made.startswith(b"\xff\xd8")
    assert "路口" not in copy.file
    actions.open_picture(file=file.pk, regions=[], seen=True, by=by, at=NOW)
    assert OpenPicture.objects.count() == 1, "the new copy takes the place of the old one"
    actions.close_picture(file=file.pk, by=by, at=NOW)
    assert open_copies(case.pk) == []
    with pytest.raises(Refused):
        actions.close_picture(file=file.pk, by=by, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_made_while_others_may_write(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blurring a large picture takes a second: not under the lock that lets one write at a time."""
    (file,) = kept(at_work(county, asked(county, brought("路口.jpg"))))
    locked: list[bool] = []

    def watched(picture: bytes, regions: Iterable[Region]) -> tuple[bytes, int, int]:
        locked.append(connection.in_atomic_block)
        return blur(picture, regions)

    monkeypatch.setattr(filing, "blur", watched)
    actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    assert locked == [False]


def test_a_copy_that_was_refused_is_not_left_lying(county: County) -> None:
    (file,) = kept(at_work(county, asked(county, brought("路口.jpg"))))
    before = set(store.folder().glob("??/*"))
    with pytest.raises(Refused):
        actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["镇经办"], at=NOW)
    assert set(store.folder().glob("??/*")) == before


def test_only_the_desk_and_the_unit_that_leads_prepare_pictures(county: County) -> None:
    case = at_work(county, asked(county, brought("路口.jpg")))
    (file,) = kept(case)
    for name in ("孙协办", "钱审核", "沈受理", "镇经办"):
        with pytest.raises(Refused):
            actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers[name], at=NOW)
    asker = Actor(county.accounts["陈居民"].pk)
    with pytest.raises(Refused):
        actions.open_picture(file=file.pk, regions=[], seen=True, by=asker, at=NOW)
    actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["王受理"], at=NOW)
    assert open_copy(viewer(county, "孙协办"), file.pk, NOW) is not None
    for name in ("陈居民", "镇经办", "沈受理"):
        assert open_copy(viewer(county, name), file.pk, NOW) is None, name


def test_a_paper_is_no_picture_and_too_many_boxes_are_refused(county: County) -> None:
    case = at_work(county, asked(county, brought("说明.txt", content="话".encode())))
    by = county.officers["俞经办"]
    with pytest.raises(Refused, match="Only a picture"):
        actions.open_picture(file=kept(case)[0].pk, regions=[], seen=True, by=by, at=NOW)
    actions.attach(case=case.pk, files=brought("路口.jpg"), by=by, at=NOW)
    boxes = [Region(0, 0, 1, 1)] * 61
    with pytest.raises(Refused, match="At most 60"):
        actions.open_picture(file=kept(case)[1].pk, regions=boxes, seen=True, by=by, at=NOW)
