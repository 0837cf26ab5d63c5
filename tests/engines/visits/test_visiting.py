"""Visits are planned, recalled, moved, missed or held; what is heard becomes a case that its officer follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.visits.conftest import seen_by
from tests.ledgered import adopt
from tongban.core.access.models import Liaison
from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices.models import Notice
from tongban.core.refusals import Refused
from tongban.engines.cases import actions as cases
from tongban.engines.cases import queries
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Case, StoryItem
from tongban.engines.cases.queries.firms import firm_cases, firm_figures
from tongban.engines.visits import actions
from tongban.engines.visits.models import Heard, Visit
from tongban.engines.visits.queries.files import firm_file

FRIDAY = date(2026, 11, 20)


def logged(county: County, **more: object) -> Visit:
    given: dict[str, object] = {
        "firm": county.firm.pk, "held_at": NOW, "kind": "on_site", "heard": "招不到焊工，想和技校谈谈。",
        "met": "陆总经理", "by": county.officers["孙协办"], "at": NOW, **more,
    }  # fmt: skip
    return actions.log_visit(**given)  # type: ignore[arg-type]


def heard(county: County, visit: Visit, **more: object) -> Case:
    given: dict[str, object] = {
        "visit": visit.pk, "programme": "enterprise", "kind": "request", "body": "请帮忙联系技校。", "category": "labour",
        "area": county.areas["town"].pk, "by": county.officers["孙协办"], "at": NOW, **more,
    }  # fmt: skip
    return actions.open_heard(**given)  # type: ignore[arg-type]


def asked(county: County, **more: object) -> Case:
    given: dict[str, object] = {
        "programme": "enterprise", "kind": "request", "body": "夜班公交停了。", "area": county.areas["town"].pk,
        "category": "traffic", "requester": county.people["陆文员"], "firm": county.firm, **more,
    }  # fmt: skip
    return cases.open_case(Opening(**given), by=county.officers["沈受理"], at=NOW)  # type: ignore[arg-type]


def test_only_the_firms_own_liaison_officer_logs_its_visits(charged: County) -> None:
    with pytest.raises(Refused) as refused:
        logged(charged, by=charged.officers["俞经办"])
    assert refused.value.code == "liaison.not_yours"
    assert not Visit.objects.exists()


def test_a_logged_visit_moves_the_next_due_day_on(charged: County) -> None:
    before = firm_file(seen_by(charged, "孙协办", NOW), charged.firm.pk, NOW).charge
    later = NOW + timedelta(days=120)
    assert firm_file(seen_by(charged, "孙协办", later), charged.firm.pk, later).charge.late
    logged(charged, held_at=later, at=later)
    after = firm_file(seen_by(charged, "孙协办", later), charged.firm.pk, later).charge
    assert not after.late
    assert after.due > before.due
    assert Liaison.objects.get(until=None).counted_from == later


def test_who_was_met_and_what_was_heard_is_closed_in_row_and_ledger(charged: County) -> None:
    visit = logged(charged)
    row = Visit.objects.filter(pk=visit.pk).values("met", "heard").get()
    assert "焊工".encode() not in bytes(row["heard"])
    assert "陆总".encode() not in bytes(row["met"])
    entry = Entry.objects.get(kind="visits.visit", object_id=visit.pk)
    assert '"closed"' in entry.images
    assert "焊工" not in entry.images
    assert Visit.objects.get(pk=visit.pk).heard_words == "招不到焊工，想和技校谈谈。"


def test_the_same_press_twice_logs_one_visit_and_opens_one_case(charged: County) -> None:
    one, two = (logged(charged, idempotency="k") for _ in range(2))
    assert one.pk == two.pk
    assert Visit.objects.count() == 1
    first, second = (heard(charged, one, idempotency="k", name="陆经理", phone="13800000009") for _ in range(2))
    assert first.pk == second.pk
    assert Heard.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"heard": " \n"}, "visit.empty"), ({"heard": "长" * 4001}, "visit.long"), ({"kind": "fax"}, "visit.kind"),
        ({"held_at": NOW + timedelta(minutes=1)}, "visit.future"), ({"held_at": NOW - timedelta(days=400)}, "visit.old"),
    ],
)  # fmt: skip
def test_a_visit_is_refused_with_a_sentence(charged: County, more: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        logged(charged, **more)
    assert refused.value.code == code


def test_a_planned_visit_is_recalled_the_working_day_before_and_missed_the_morning_after(charged: County) -> None:
    by = charged.officers["孙协办"]
    visit = actions.plan_visit(firm=charged.firm.pk, day=date(2026, 11, 23), kind="on_site", by=by, at=NOW)  # Monday
    due = {row.topic: row.due_at for row in Outbox.objects.filter(topic__startswith="visits.")}
    assert due["visits.remind"].date() == FRIDAY
    run_pending(due["visits.remind"])
    kinds = Notice.objects.filter(account=by.account).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["officer.firm_given", "officer.visit_ahead"]
    run_pending(due["visits.miss"])
    visit.refresh_from_db()
    assert visit.state == "missed"
    assert Notice.objects.filter(account=by.account).latest("pk").kind == "officer.visit_missed"


def test_a_moved_visit_is_not_missed_on_its_old_day(charged: County) -> None:
    by = charged.officers["孙协办"]
    visit = actions.plan_visit(firm=charged.firm.pk, day=FRIDAY, kind="phone", by=by, at=NOW)
    first = Outbox.objects.get(topic="visits.miss").due_at
    actions.move_visit(visit=visit.pk, day=FRIDAY + timedelta(days=7), by=by, at=NOW)
    run_pending(first)
    visit.refresh_from_db()
    assert visit.state == "planned"
    assert actions.miss_visit(visit=visit.pk, day=FRIDAY, by=WORKER, at=first) is None


def test_logging_fulfils_the_planned_visit(charged: County) -> None:
    by = charged.officers["孙协办"]
    planned = actions.plan_visit(firm=charged.firm.pk, day=FRIDAY, kind="on_site", by=by, at=NOW)
    assert logged(charged).pk == planned.pk
    with pytest.raises(Refused) as refused:
        actions.cancel_visit(visit=planned.pk, by=by, at=NOW)
    assert refused.value.code == "visit.state"


def test_a_firm_has_one_planned_visit(charged: County) -> None:
    by = charged.officers["孙协办"]
    actions.plan_visit(firm=charged.firm.pk, day=FRIDAY, kind="on_site", by=by, at=NOW)
    with pytest.raises(Refused) as refused:
        actions.plan_visit(firm=charged.firm.pk, day=FRIDAY + timedelta(days=1), kind="on_site", by=by, at=NOW)
    assert refused.value.code == "visit.planned"
    with pytest.raises(Refused) as refused:
        actions.plan_visit(firm=charged.firm.pk, day=date(2026, 11, 17), kind="on_site", by=by, at=NOW)
    assert refused.value.code == "visit.past"


def test_what_he_hears_becomes_a_case_that_he_follows_as_a_party(charged: County) -> None:
    visit = logged(charged)
    case = heard(charged, visit, name="陆经理", phone="13800000009")
    assert (case.channel, case.firm, case.requester.name, case.confidential) == ("visit", charged.firm, "陆经理", False)
    assert heard(charged, visit, body="还有一件：门口路灯不亮。").requester is None
    detail = queries.case_detail(seen_by(charged, "孙协办", NOW), case.pk, NOW)
    assert detail.level == StoryItem.Audience.PARTY
    assert detail.author is None
    assert detail.offers == []
    assert len(firm_cases(seen_by(charged, "孙协办", NOW), charged.firm.pk).rows) == 2


def test_a_liaison_officer_never_sees_what_is_confidential(charged: County) -> None:
    secret = asked(charged, confidential=True)
    open_one = asked(charged)
    viewer = seen_by(charged, "孙协办", NOW)
    assert queries.case_detail(viewer, secret.pk, NOW) is None
    assert [row.id for row in firm_cases(viewer, charged.firm.pk).rows] == [open_one.pk]


def test_an_office_in_the_unit_complained_about_bars_him(charged: County) -> None:
    complaint = asked(charged, about=charged.units["人社局"].pk)
    viewer = seen_by(charged, "孙协办", NOW)
    assert queries.case_detail(viewer, complaint.pk, NOW) is None
    assert firm_cases(viewer, charged.firm.pk).rows == []
    assert firm_figures(viewer, charged.firm.pk, NOW).accepted == 0


def test_sight_ends_with_the_charge_and_with_his_last_office(charged: County) -> None:
    case = heard(charged, logged(charged))
    assert queries.case_detail(seen_by(charged, "孙协办", NOW), case.pk, NOW) is not None
    assert queries.case_detail(seen_by(charged, "孙协办", NOW).out_of_office(), case.pk, NOW) is None
    actions.end_liaison(firm=charged.firm.pk, by=charged.officers["沈受理"], at=NOW)
    assert queries.case_detail(seen_by(charged, "孙协办", NOW), case.pk, NOW) is None
    assert not firm_file(seen_by(charged, "孙协办", NOW), charged.firm.pk, NOW).full


def test_others_see_of_a_visit_what_their_office_needs(charged: County) -> None:
    logged(charged)
    desk, overseer, handler = (
        firm_file(seen_by(charged, name, NOW), charged.firm.pk, NOW) for name in ("沈受理", "县督办", "俞经办")
    )
    assert desk.visits[0].heard == "招不到焊工，想和技校谈谈。"
    assert (overseer.visits[0].heard, overseer.visits[0].met, overseer.mandates) == ("", "", [])
    assert (handler.visits, handler.mandates) == ([], [])


def test_rows_of_charges_and_visits_replay_from_their_entries(charged: County) -> None:
    adopt()
    visit = logged(charged)
    heard(charged, visit)
    by = charged.officers["孙协办"]
    planned = actions.plan_visit(firm=charged.firm.pk, day=FRIDAY, kind="on_site", by=by, at=NOW)
    actions.move_visit(visit=planned.pk, day=FRIDAY + timedelta(days=4), by=by, at=NOW)
    actions.cancel_visit(visit=planned.pk, by=by, at=NOW)
    assert [fault.sentence("en") for fault in Audit().faults()] == []
    Visit.objects.filter(pk=visit.pk).update(state="missed")
    assert len([fault.sentence("en") for fault in Audit().faults()]) == 1
