"""An import is taken back whole, unless somebody has acted on it; what was taken back can come again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engines.cases.conftest import County
from tests.engines.cases.importing.conftest import LETTERS, NOW, Import
from tongban.core.access.models import Account
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.actor import COMMAND, WORKER
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Entry
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.importing import undoing
from tongban.engines.cases.models import Batch, Case, CaseScope
from tongban.engines.cases.queries import newest_page, search_page
from tongban.engines.cases.secrets import case_number

LATER = NOW + timedelta(hours=1)


def undo(batch: Batch, **how: object) -> bool:
    return undoing.undo(batch=Batch.objects.get(pk=batch.pk), by=COMMAND, clock=lambda: LATER, **how)  # type: ignore[arg-type]


def test_undoing_takes_back_exactly_what_the_batch_opened(run_import: Import, county: County) -> None:
    other = run_import(LETTERS, source="other")
    done = run_import(LETTERS)
    assert undo(done.batch)
    assert set(Case.objects.filter(batch=done.batch).values_list("state", flat=True)) == {"undone"}
    assert not CaseScope.objects.filter(case__batch=done.batch).exists()
    assert "undone" not in Case.objects.filter(batch=other.batch).values_list("state", flat=True)
    assert Batch.objects.get(pk=done.batch.pk).undone_at == LATER
    assert Entry.objects.filter(name="cases.undo_import").count() == 9


def test_nobody_finds_an_undone_case(run_import: Import, county: County) -> None:
    done = run_import(LETTERS)
    agent = viewer_of(Account.objects.get(pk=county.accounts["王受理"].pk), NOW)
    assert len(newest_page(agent).rows) == 9
    assert search_page(agent, "路灯").rows
    undo(done.batch)
    assert not newest_page(agent).rows
    assert not search_page(agent, "路灯").rows


def test_what_was_undone_can_be_imported_again(run_import: Import) -> None:
    undo(run_import(LETTERS).batch)
    again = run_import(LETTERS)
    assert again.totals.opened == 9
    assert Case.objects.filter(source="letters").count() == 9


def test_undoing_is_refused_with_the_cases_that_somebody_acted_on(run_import: Import, county: County) -> None:
    done = run_import(LETTERS)
    case = Case.objects.get(external_id="107")
    actions.accept(case=case.pk, by=county.officers["王受理"], at=LATER)
    with pytest.raises(Refused, match=case_number(case.pk)) as refusal:
        undo(done.batch)
    assert "有 1 件" in refusal.value.sentence("zh")
    assert not Case.objects.filter(state="undone").exists()


def test_a_deadline_that_was_recomputed_is_nobodys_work(run_import: Import) -> None:
    done = run_import(LETTERS)
    with Journal("cases.recompute", by=WORKER, at=LATER) as journal:
        journal.touch(Case.objects.get(external_id="107"))
    assert undo(done.batch)


def test_a_batch_is_undone_once(run_import: Import) -> None:
    done = run_import(LETTERS)
    undo(done.batch)
    with pytest.raises(Refused, match="already"):
        undo(done.batch)


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Transactions so short that each takes back one case."""
    monkeypatch.setattr(undoing, "_LOCK", 1e-6)


@pytest.mark.usefixtures("one_at_a_time")
def test_undoing_that_was_stopped_goes_on_where_it_was(run_import: Import) -> None:
    done = run_import(LETTERS)
    asked = iter(range(100))
    assert not undo(done.batch, stop=lambda: next(asked) >= 3)
    assert Case.objects.filter(state="undone").count() == 3
    assert undo(done.batch)
    assert Case.objects.filter(state="undone").count() == 9


@pytest.mark.usefixtures("one_at_a_time")
def test_a_case_that_is_acted_on_meanwhile_stays_and_is_named(run_import: Import, county: County) -> None:
    done = run_import(LETTERS)
    case = Case.objects.get(external_id="107")
    asked = iter(range(100))

    def act_in_the_middle() -> bool:
        if next(asked) == 1:
            actions.accept(case=case.pk, by=county.officers["王受理"], at=LATER)
        return False

    with pytest.raises(Refused, match=case_number(case.pk)):
        undo(done.batch, stop=act_in_the_middle)
    assert Case.objects.filter(state="undone").count() == 8
    assert Batch.objects.get(pk=done.batch.pk).undone_at is None


def test_an_agent_of_the_desk_may_undo_and_a_handler_may_not(run_import: Import, county: County) -> None:
    done = run_import(LETTERS)
    case = Case.objects.filter(batch=done.batch).first()
    from tongban.core.ledger.actor import Actor

    with pytest.raises(Refused):
        undoing.undo_case(case=case.pk, by=Actor(county.accounts["俞经办"].pk), at=LATER)
    undoing.undo_case(case=case.pk, by=Actor(county.accounts["王受理"].pk), at=LATER)
    assert Case.objects.get(pk=case.pk).state == "undone"


def test_a_request_that_was_not_imported_cannot_be_undone(county: County) -> None:
    from tongban.engines.cases.actions import Opening

    opening = Opening(programme="community", kind="request", body="路灯不亮", area=county.areas["town"].pk)
    case = actions.open_case(opening, by=COMMAND, at=NOW)
    with pytest.raises(Refused):
        undoing.undo_case(case=case.pk, by=COMMAND, at=LATER)
