"""Files that were taken before there was a virus scanner are looked through once it is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.clamd import EICAR, Daemon
from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import asked, at_work, brought, kept, read
from tests.engines.cases.test_ladder import told
from tongban.core.ledger import worker
from tongban.core.ledger.models import Outbox
from tongban.engines.cases import filejobs
from tongban.engines.cases.actions.filing import content_of
from tongban.engines.cases.models import Attachment, Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(county: County) -> Case:
    """A case at the bureau with five files of which nobody was asked; the fourth is infected."""
    names = ["一.txt", "二.txt", "三.txt", "五.txt"]
    files = [brought(name, content=name.encode())[0] for name in names]
    files.insert(3, brought("四.txt", content=EICAR)[0])
    case = at_work(county, asked(county, files))
    assert {file.checked for file in kept(case)} == {"unasked"}
    assert worker.run_pending(NOW).errors == []
    return case


@pytest.fixture
def daemon(old: Case, settings) -> Iterator[Daemon]:  # type: ignore[no-untyped-def]
    with Daemon() as running:
        settings.TONGBAN_SCANNER = f"clamd:127.0.0.1:{running.port}"
        yield running


def night(at: datetime) -> None:
    Outbox.objects.create(topic=filejobs.AGAIN, key=f"night:{at.isoformat()}", created_at=at, due_at=at)
    assert worker.run_pending(at).errors == []


def states(case: Case) -> list[str]:
    return list(Attachment.objects.filter(case=case).order_by("pk").values_list("checked", flat=True))


def test_they_are_scanned_a_few_at_a_time_and_each_once(
    county: County, old: Case, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filejobs, "SOME", 2)
    assert read(county, "陈居民", kept(old)[0].pk), "until it is judged it stays open"
    night(NOW)
    assert states(old) == ["clean"] * 2 + ["unasked"] * 3
    night(NOW + timedelta(minutes=1))
    assert states(old) == ["clean"] * 2 + ["unasked"] * 3, "what is under way is not begun anew"
    for step in (1, 2, 3):
        assert worker.run_pending(NOW + step * filejobs.PAUSE + timedelta(seconds=1)).errors == []
    assert states(old) == ["clean"] * 3 + ["infected", "clean"]
    assert sorted(daemon.seen) == sorted(content_of(file) for file in kept(old))
    night(NOW + timedelta(days=1))
    assert len(daemon.seen) == 5, "each once"


def test_an_infected_one_is_shut_and_the_handler_told(county: County, old: Case, daemon: Daemon) -> None:
    before, bad = told(county, "俞经办")["officer.infected"], kept(old)[3].pk
    assert read(county, "俞经办", bad)
    night(NOW)
    assert states(old)[3] == "infected"
    assert all(read(county, name, bad) is None for name in ("俞经办", "陈居民", "王受理"))
    assert told(county, "俞经办")["officer.infected"] == before + 1
    assert [line.kind for line in old.story.all()].count("infected") == 1


def test_one_that_is_gone_again_leaves_them_open(county: County, old: Case, daemon: Daemon, settings) -> None:  # type: ignore[no-untyped-def]
    Outbox.objects.create(
        topic="cases.scan", key="x", created_at=NOW, due_at=NOW,
        payload=f'{{"file": {kept(old)[0].pk}}}',
    )  # fmt: skip
    settings.TONGBAN_SCANNER = ""
    night(NOW)
    assert set(states(old)) == {"unasked"}
    assert read(county, "陈居民", kept(old)[0].pk)
