"""What a page orders, the worker does: once, in stretches, to the end."""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.engines.cases.importing.conftest import LETTERS, NOW, as_csv
from tongban.core.access.models import Account
from tongban.core.access.viewer import viewer_of
from tongban.core.files import uploads
from tongban.core.files.uploads import Upload
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.importing import jobs, mappings
from tongban.engines.cases.importing.ordering import order_import, order_undo
from tongban.engines.cases.importing.queries import batch_detail, batch_rows
from tongban.engines.cases.models import Batch, Case

CHOICE = {"external_id": "留言编号", "body": "留言详情", "title": "留言主题", "time": "留言时间", "reply": "答复意见"}


@pytest.fixture
def agent(county: County) -> Actor:
    return Actor(county.accounts["王受理"].pk)


def brought(path: Path = LETTERS) -> Upload:
    return uploads.take_in([path.read_bytes()], name=path.name, most=10**7, notes={})


def order(agent: Actor, upload: Upload) -> int:
    return order_import(
        upload=upload, programme="community", source="letters", choice=CHOICE, by=agent, at=timezone.now()
    )


def work() -> None:
    done = run_pending(timezone.now() + timedelta(seconds=1))
    assert not done.errors


def test_an_ordered_import_is_done_by_the_worker_and_its_file_removed(agent: Actor, county: County) -> None:
    upload = brought()
    batch = order(agent, upload)
    assert not Case.objects.exists()
    work()
    row = Batch.objects.get(pk=batch)
    assert (row.rows, row.opened, row.refused) == (11, 9, 2)
    assert row.finished_at is not None
    assert not upload.path.exists()
    viewer = viewer_of(Account.objects.get(pk=agent.account), NOW)
    found = batch_detail(viewer, timezone.now(), batch)
    assert (found.row.state, found.row.by, found.left) == ("done", "王受理", 9)
    assert found.report is not None
    assert len(found.report.notes) >= 2


def test_ordered_twice_it_is_one_batch(agent: Actor) -> None:
    upload = brought()
    assert order(agent, upload) == order(agent, upload)
    work()
    assert Batch.objects.count() == 1
    assert Case.objects.count() == 9


def test_a_long_import_goes_on_in_stretches(agent: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[object]] = [["留言编号", "留言主题", "留言时间", "留言详情", "答复意见"]]
    rows += [[str(n), f"第{n}件", "2019/4/25", "内容", ""] for n in range(60)]
    turns = chain([3, 10], repeat(30))  # each as long as the one before: it must come forward all the same

    def stretch():  # type: ignore[no-untyped-def]
        most, asked = next(turns), iter(range(10**7))
        return lambda: next(asked) >= most

    monkeypatch.setattr(jobs, "_stretch", stretch)
    batch = order(agent, brought(as_csv(tmp_path / "sixty.csv", rows)))
    work()
    row = Batch.objects.get(pk=batch)
    assert (row.opened, row.unchanged) == (60, 0)
    assert Case.objects.count() == 60
    assert Outbox.objects.filter(topic="cases.import", done_at__isnull=False).count() == 4


def test_a_file_that_cannot_be_read_any_more_ends_the_batch_with_a_sentence(agent: Actor, county: County) -> None:
    upload = brought()
    batch = order(agent, upload)
    upload.path.write_bytes(b"PK\x03\x04 broken")
    work()
    found = batch_detail(viewer_of(Account.objects.get(pk=agent.account), NOW), timezone.now(), batch)
    assert found.row.state == "done"
    assert found.report is not None
    assert found.report.notes[0].refusal.code == "import.file.broken"


def test_undoing_is_ordered_and_done(agent: Actor, county: County) -> None:
    batch = order(agent, brought())
    work()
    order_undo(batch=batch, by=agent, at=timezone.now())
    viewer = viewer_of(Account.objects.get(pk=agent.account), NOW)
    assert batch_detail(viewer, timezone.now(), batch).row.state == "undoing"
    work()
    assert batch_detail(viewer, timezone.now(), batch).row.state == "undone"
    with pytest.raises(Refused, match="already"):
        order_undo(batch=batch, by=agent, at=timezone.now())


def test_undoing_is_refused_on_the_page_when_somebody_has_acted(agent: Actor, county: County) -> None:
    batch = order(agent, brought())
    work()
    actions.accept(case=Case.objects.get(external_id="107").pk, by=county.officers["王受理"], at=timezone.now())
    with pytest.raises(Refused, match="acted on"):
        order_undo(batch=batch, by=agent, at=timezone.now())


def test_only_agents_of_the_desk_order_see_and_undo(agent: Actor, county: County) -> None:
    batch = order(agent, brought())
    work()
    for name in ("俞经办", "沈受理"):
        stranger = viewer_of(Account.objects.get(pk=county.accounts[name].pk), NOW)
        assert not batch_rows(stranger, NOW)
        actor, upload = Actor(county.accounts[name].pk), brought()
        with pytest.raises(Refused):
            order(actor, upload)
        with pytest.raises(Refused):
            order_undo(batch=batch, by=actor, at=timezone.now())
        with pytest.raises(Refused):
            batch_detail(stranger, NOW, batch)


def test_uploads_that_nobody_came_back_for_are_collected_after_a_day(tmp_path: Path) -> None:
    old, fresh = brought(), brought()
    listed = uploads.folder() / "batch-1.jsonl"
    listed.write_text("{}", encoding="utf-8")
    day_ago = timezone.now().timestamp() - 86_500
    for path in (old.path, old.path.with_suffix(".json"), listed):
        os.utime(path, (day_ago, day_ago))
    uploads.collect()
    with pytest.raises(Refused, match="upload it again"):
        uploads.upload(old.token)
    assert uploads.upload(fresh.token).size == LETTERS.stat().st_size
    assert listed.exists()


def test_an_upload_is_bounded_while_it_comes_in_and_leaves_nothing(tmp_path: Path) -> None:
    before = sorted(uploads.folder().iterdir())
    with pytest.raises(Refused, match="larger than"):
        uploads.take_in((b"x" * 1024 for _ in range(5000)), name="a.csv", most=1024**2, notes={})
    with pytest.raises(Refused, match="empty"):
        uploads.take_in([], name="a.csv", most=10, notes={})
    assert sorted(uploads.folder().iterdir()) == before


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "a" * 31, "A" * 32, "g" * 32, "0" * 32])
def test_a_token_that_was_never_given_opens_nothing(token: str) -> None:
    with pytest.raises(Refused):
        uploads.upload(token)


def test_a_saved_mapping_is_found_again_and_offered_where_it_fits(agent: Actor) -> None:
    mappings.save_mapping(name="平台导出", programme="community", choice=CHOICE, by=agent, at=NOW)
    mappings.save_mapping(name="平台导出", programme="community", choice={"body": "正文"}, by=agent, at=NOW)
    mappings.save_mapping(name="热线", programme="community", choice=CHOICE, by=agent, at=NOW)
    assert mappings.saved_mapping("community", "平台导出") == {"body": "正文"}
    assert mappings.fitting(list(CHOICE.values()), mappings.saved_mappings("community")) == "热线"
    with pytest.raises(Refused, match="平台导出"):
        mappings.saved_mapping("community", "没有的")
    with pytest.raises(Refused):
        mappings.saved_mapping("enterprise", "热线")


@pytest.mark.parametrize(
    "choice", [{"body": "没有的列"}, {"body": "正文", "title": "正文"}, {"nonsense": "正文"}, {"time": "正文"}]
)
def test_a_choice_that_cannot_be_is_refused(choice: dict[str, str]) -> None:
    with pytest.raises(Refused):
        mappings.columns_of(["正文", "别的"], choice)
