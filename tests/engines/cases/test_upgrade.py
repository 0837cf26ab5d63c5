"""What older releases wrote comes through the upgrade: nothing is guessed, and what is derived fits."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_merging import asked
from tongban.core.ledger.audit import Audit
from tongban.engines.cases import actions
from tongban.engines.cases.actions.writing import NO_CLOCK
from tongban.engines.cases.models import Answer, Case, CaseScope, Question
from tongban.engines.cases.outcome import UNSTATED, Outcome

BEFORE, AFTER = [("cases", "0010_same")], [("cases", "0011_outcome")]


def migrate(to: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(to)


@pytest.mark.django_db(transaction=True)
def test_an_answer_of_before_is_not_stated(county: County) -> None:
    key = asked(county, state="handling")
    by = county.officers["俞经办"]
    actions.number_questions(case=key, questions=("什么时候修好？", "站牌谁管？"), by=by, at=NOW)
    said = {1: Outcome("done"), 2: Outcome("not_done", "law", "条例不许")}
    actions.answer(case=key, text="", replies={1: "周五", 2: "已转告"}, outcomes=said, by=by, at=NOW)
    words = Answer.objects.get().text
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("cases")
    try:
        migrate(BEFORE)
        with connection.cursor() as cursor:
            columns = {c.name for c in connection.introspection.get_table_description(cursor, Answer._meta.db_table)}
        assert "outcome" not in columns
    finally:
        migrate(AFTER)
        migrate(newest)
    assert Answer.objects.get().came_to == UNSTATED
    assert Answer.objects.get().text == words
    assert {q.came_to for q in Question.objects.all()} == {UNSTATED}
    assert set(Case.objects.values_list("outcome", "why_not")) == {("", "")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(outcome="not_done")


@pytest.mark.django_db(transaction=True)
def test_where_nothing_waits_no_clock_is_kept(county: County) -> None:
    key = asked(county, state="handling")
    due = Case.objects.get(pk=key).due_at
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("cases")
    try:
        migrate([("cases", "0015_slip_moved")])
        CaseScope.objects.filter(case=key).update(due_at=due)
    finally:
        migrate(newest)
    rows = CaseScope.objects.filter(case=key)
    assert {row.due_at for row in rows if row.queue} == {due}
    assert {row.due_at for row in rows if not row.queue} == {NO_CLOCK}
    assert not [fault for fault in Audit().faults() if fault.code == "derived.differs"]
