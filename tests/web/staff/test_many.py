"""Several cases at once: each outcome by itself."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.engines.cases.pictures import ASKER
from tests.web.staff.conftest import SignIn, at_stage, bring, opened
from tongban.core.registry import reference
from tongban.engines.cases import actions
from tongban.engines.cases.models import AgendaItem, Case, Slip, StoryItem
from tongban.engines.cases.secrets import rating_token


def test_what_can_be_done_is_done_and_the_rest_says_why(county: County, sign_in: SignIn) -> None:
    fresh = [opened(county, f"第 {n} 件") for n in range(3)]
    later = at_stage(county, "handling")
    desk = sign_in("沈受理")
    page = desk.get("/desk/cases/many/", {"key": [*fresh, later]}).content.decode()
    assert "选中 4 件" in page
    assert "能办 3 件" in page
    done = desk.post("/desk/cases/many/", {"key": [*fresh, later], "move": "accept"}).content.decode()
    assert "3 件办成，共 4 件" in done
    assert "现在是“办理中”" in done
    assert set(Case.objects.filter(pk__in=fresh).values_list("state", flat=True)) == {"accepted"}
    unit = county.units["交通局"].pk
    given = {
        "key": fresh,
        "move": "assign",
        "assign-unit": unit,
        "assign-limit": "ordinary",
        "assign-note": "一并现场看",
    }
    assert "3 件办成，共 3 件" in desk.post("/desk/cases/many/", given).content.decode()
    assert Case.objects.filter(pk__in=fresh, state="assigned", lead=unit).count() == 3
    assert StoryItem.objects.filter(case__in=fresh, kind="note", text="一并现场看").count() == 3


def test_a_form_that_says_nothing_comes_back_and_nothing_is_done(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "accepted")
    answer = sign_in("沈受理").post(
        "/desk/cases/many/", {"key": key, "move": "assign", "assign-unit": "", "assign-limit": ""}
    )
    assert answer.status_code == 422
    assert "请选“单位”" in answer.content.decode()
    assert Case.objects.get(pk=key).state == "accepted"


def test_what_a_meeting_has_still_to_decide_is_not_closed_with_the_others(county: County, sign_in: SignIn) -> None:
    plain, grieved = at_stage(county, "answered"), at_stage(county, "answered")
    for _ in range(2):
        bring(county, grieved, "answered")
        actions.rate(token=rating_token(grieved), grade=1, by=ASKER, at=timezone.now())
    assert Case.objects.get(pk=grieved).agenda == "monthly"
    desk = sign_in("沈受理")
    done = desk.post("/desk/cases/many/", {"key": [plain, grieved], "move": "close"}).content.decode()
    assert "1 件办成，共 2 件" in done
    assert "会议作出决定后才能办结" in done
    for language, why in (("zh", "会议作出决定后才能办结"), ("en", "A meeting has still to decide")):
        assert why in sign_in("沈受理", language).get(f"/desk/cases/{grieved}/").content.decode()
    assert dict(Case.objects.values_list("pk", "state")) == {plain: "closed", grieved: "answered"}
    assert AgendaItem.objects.get(case=grieved).outcome == ""


def test_cases_of_others_are_left_out_and_other_moves_are_not_made(county: County, sign_in: SignIn) -> None:
    key = opened(county)
    stranger = sign_in("孙协办")
    page = stranger.get("/desk/cases/many/", {"key": key}).content.decode()
    assert "没有选中的件" in page
    assert stranger.post("/desk/cases/many/", {"key": key, "move": "accept"}).status_code == 404
    assert sign_in("沈受理").post("/desk/cases/many/", {"key": key, "move": "reveal"}).status_code == 404
    assert Case.objects.get(pk=key).state == "new"


def test_each_case_more_costs_the_page_three_queries_and_no_more(
    county: County, sign_in: SignIn, django_assert_max_num_queries: object
) -> None:
    keys = [opened(county, f"第 {n} 件") for n in range(20)]
    desk = sign_in("沈受理")
    with django_assert_max_num_queries(3 * 20 + 12):  # type: ignore[operator]
        desk.get("/desk/cases/many/", {"key": keys})


def test_the_desk_takes_back_what_an_abolished_unit_holds_and_gives_it_out_anew(
    county: County, sign_in: SignIn
) -> None:
    held = [at_stage(county, "handling") for _ in range(3)]
    desk = sign_in("沈受理")
    assert "收回" not in desk.get("/desk/cases/many/", {"key": held}).content.decode()
    traffic = county.units["交通局"]
    traffic.valid_until = date(2026, 1, 1)
    traffic.save()
    reference.forget()
    listed = desk.get("/desk/cases/", {"unit": traffic.pk}).content.decode()
    assert "（已撤销）</option>" in listed
    assert all(f'value="{key}"' in listed for key in held)
    given = {"key": held, "move": "recall", "recall-reason": "交通局已撤销"}
    assert "3 件办成，共 3 件" in desk.post("/desk/cases/many/", given).content.decode()
    given = {"key": held, "move": "assign", "assign-unit": county.units["人社局"].pk, "assign-limit": "ordinary"}
    assert "3 件办成，共 3 件" in desk.post("/desk/cases/many/", given).content.decode()
    assert Case.objects.filter(pk__in=held, lead=county.units["人社局"], state="assigned").count() == 3


def test_slips_are_issued_to_several_at_once(county: County, sign_in: SignIn) -> None:
    held = [at_stage(county, "handling"), at_stage(county, "handling"), at_stage(county, "accepted")]
    page = sign_in("沈受理").post(
        "/desk/cases/many/", {"key": held, "move": "supervise", "supervise-demand": "请三天内报进展"}
    )
    assert "2 件办成，共 3 件" in page.content.decode()
    assert Slip.objects.filter(case__in=held, demand="请三天内报进展").count() == 2


def test_the_choices_are_those_of_a_case_on_which_the_move_can_be_made(county: County, sign_in: SignIn) -> None:
    """The first one that was ticked is at work already: its unit could only pass it down to its own."""
    busy, waiting = at_stage(county, "handling"), at_stage(county, "accepted")
    desk = sign_in("沈受理")
    unit = county.units["人社局"].pk
    page = desk.get("/desk/cases/many/", {"key": [busy, waiting]}).content.decode()
    assert f'<option value="{unit}"' in page
    given = {"key": [busy, waiting], "move": "assign", "assign-unit": unit, "assign-limit": "ordinary"}
    sent = desk.post("/desk/cases/many/", given)
    assert sent.status_code == 200
    assert "1 件办成，共 2 件" in sent.content.decode()
    assert Case.objects.get(pk=waiting).lead_id == unit
    assert Case.objects.get(pk=busy).lead_id == county.units["交通局"].pk
