"""What the virus scanner says of a file, and what happens while it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.clamd import EICAR, Daemon
from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import asked, at_work, brought, kept, read, viewer
from tongban.core.access.viewer import NOBODY
from tongban.core.files import scanning
from tongban.core.files.scanning import Verdict
from tongban.core.ledger import worker
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Outbox
from tongban.core.notices.models import Route
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, filejobs, queries
from tongban.engines.cases.actions import filing
from tongban.engines.cases.actions.filing import content_of
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.files import looking


@pytest.fixture
def daemon(settings) -> Iterator[Daemon]:  # type: ignore[no-untyped-def]
    with Daemon() as running:
        settings.TONGBAN_SCANNER = f"clamd:127.0.0.1:{running.port}"
        yield running


def test_a_file_waits_for_its_verdict_and_is_then_opened(county: County, daemon: Daemon) -> None:
    case = asked(county, brought("路灯.jpg"))
    (file,) = kept(case)
    assert (file.checked, read(county, "陈居民", file.pk)) == ("waiting", None)
    detail = queries.case_detail(viewer(county, "陈居民"), case.pk, NOW)
    assert detail is not None
    assert [(f.checked, f.opens) for f in detail.files] == [("waiting", False)]
    assert worker.run_pending(NOW).errors == []
    assert daemon.seen == [content_of(file)]
    assert kept(case)[0].checked == "clean"
    assert read(county, "陈居民", file.pk)


def test_one_with_a_virus_stays_locked_away_and_those_concerned_are_told(county: County, daemon: Daemon) -> None:
    case = at_work(county, asked(county, brought("话.txt", content=EICAR)))
    assert worker.run_pending(NOW).errors == []
    (file,) = kept(case)
    assert (file.checked, file.found) == ("infected", "Eicar-Test-Signature")
    for name in ("陈居民", "王受理", "俞经办"):
        assert read(county, name, file.pk) is None
        detail = queries.case_detail(viewer(county, name), case.pk, NOW)
        assert detail is not None
        assert "infected" in [line.kind for line in detail.story]
    with pytest.raises(Refused, match="Only a picture"):
        actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    again = Outbox.objects.filter(topic="cases.scan").update(done_at=None, due_at=NOW)
    assert worker.run_pending(NOW).errors == []
    assert again == 1
    assert [line.kind for line in case.story.all()].count("infected") == 1, "told once, however often it is done"


def test_a_verdict_that_comes_meanwhile_is_not_overwritten(
    county: County, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two scans of one file end together, and the one that found something is the first to be written."""
    case = asked(county, brought("路灯.jpg"))
    (file,) = kept(case)
    scanned = Actor(system="scanner")
    loaded = filing.load

    def late(key: int) -> Case:
        monkeypatch.setattr(filing, "load", loaded)
        filing.record_verdict(file=file.pk, verdict=Verdict("Eicar-Test-Signature"), by=scanned, at=NOW)
        return loaded(key)

    monkeypatch.setattr(filing, "load", late)
    filing.record_verdict(file=file.pk, verdict=Verdict(""), by=scanned, at=NOW)
    assert [(f.checked, f.found) for f in kept(case)] == [("infected", "Eicar-Test-Signature")]
    assert read(county, "王受理", file.pk) is None
    assert [line.kind for line in case.story.all()].count("infected") == 1


def test_while_the_scanner_is_down_files_wait_and_none_is_lost(county: County, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_SCANNER = "clamd:/nowhere/clamd.ctl"
    case = asked(county, brought("路灯.jpg"))
    at = NOW
    for pause in worker.PATIENCE:
        assert len(worker.run_pending(at).errors) == 1
        at += pause
    assert len(worker.run_pending(at).errors) == 1
    row = Outbox.objects.get(topic="cases.scan")
    assert (row.failed_at, row.error.partition(" ")[0]) == (at, "ScannerDown")
    assert kept(case)[0].checked == "waiting"
    with Daemon() as back:
        settings.TONGBAN_SCANNER = f"clamd:127.0.0.1:{back.port}"
        tomorrow = at + timedelta(days=1)
        Outbox.objects.create(topic=filejobs.AGAIN, key="again", created_at=tomorrow, due_at=tomorrow)
        assert worker.run_pending(tomorrow).errors == []
    assert kept(case)[0].checked == "clean"


def test_a_scanner_that_hangs_rests_with_all_files_and_holds_up_nothing_else(
    county: County, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "named", lambda text: scanning.Clamd(("127.0.0.1", daemon.port), seconds=0.2))
    daemon.hangs = True
    case = asked(county, brought(*(f"{n}.txt" for n in range(8))))
    assert len(worker.take(NOW, lane=filejobs.LANE)) == 8, "its threads do nothing else, and take one at a time"
    Outbox.objects.update(taken_until=None, attempts=0)
    assert [type(error) for error in worker.run_pending(NOW).errors] == [scanning.ScannerDown] * 3
    assert len(daemon.seen) == 3, "after three failures in a row nobody is shown any more"
    told = looking(NOBODY, NOW)
    assert (told.rests_until, told.waiting) == (NOW + timedelta(seconds=30), 8), "administrators read it"
    rows = Outbox.objects.filter(topic="cases.scan")
    assert sorted(rows.values_list("attempts", flat=True)) == [0] * 5 + [1] * 3, "waiting is no attempt"
    for days in (1, 2):
        Outbox.objects.create(topic=filejobs.AGAIN, key=f"{days}", created_at=NOW, due_at=NOW + timedelta(days=days))
        worker.run_pending(NOW + timedelta(days=days))
    assert rows.count() == 8, "what waits is not asked for anew each day"
    daemon.hangs = False
    assert worker.run_pending(NOW + timedelta(days=3)).errors == []
    assert {file.checked for file in kept(case)} == {"clean"}
    assert Route.objects.get(channel=filejobs.LANE).failures == 0
