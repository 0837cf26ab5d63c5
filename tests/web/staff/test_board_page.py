"""The board's page: every number with its denominator and its cases, ranked fairly, drawn without script."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage, bring, opened
from tongban.core.calendar.queries import county_zone
from tongban.core.ledger.actor import Actor
from tongban.core.registry import reference
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import meeting
from tongban.engines.cases.models import Case, Slip, Target
from tongban.engines.cases.queries import Page
from tongban.engines.cases.targets import REFERENCE
from tongban.web.staff.export import stream


def plain(page: str) -> str:
    """A page's words without its tags."""
    return re.sub(r"<[^>]*>", "", page)


def rated(county: County, grade: int | None) -> int:
    """A closed case, rated or not; a bad rating has had it done again, and the second answer was not rated."""
    key = at_stage(county, "closed")
    if grade:
        actions.rate(token=secrets.rating_token(key), grade=grade, by=Actor(system="asker"), at=timezone.now())
    bring(county, key, "closed")
    return key


def test_every_rate_shows_its_denominator_and_unrated_is_never_satisfied(county: County, sign_in: SignIn) -> None:
    for grade in (5, 3, 1, None):
        rated(county, grade)
    opened(county)
    page = plain(sign_in("沈受理").get("/desk/board/").content.decode())
    assert "66.67" in page
    assert "2 / 3" in page
    assert "评价率 75.00%" in page
    assert "4 / 4" in page  # closed of accepted: the new one is not accepted yet
    assert "无应办" in page


def test_nothing_to_count_is_a_dash_and_never_a_hundred(county: County, sign_in: SignIn) -> None:
    page = sign_in("沈受理").get("/desk/board/?period=2020").content.decode()
    assert "—" in page
    assert "100.00" not in page
    assert "没有可比的单位" in page


def test_each_number_opens_the_list_of_its_cases(county: County, sign_in: SignIn) -> None:
    keys = [rated(county, 1), rated(county, 5)]
    client = sign_in("沈受理")
    page = client.get("/desk/board/").content.decode()
    year = timezone.localdate().year
    for figure, wanted in (
        ("accepted", keys), ("satisfied", keys[1:]), ("closed", keys), ("first_answer", keys),
        ("assigned", [keys[0], *keys]),  # given out twice: it was done again
        ("rated", keys), ("signed_in_time", keys[:0]), ("sign_in_due", keys[:0]),
    ):  # fmt: skip
        found = set(re.findall(rf'href="(/desk/board/cases/\?period={year}&amp;figure={figure})"', page))
        assert len(found) == (1 if wanted else 0), figure  # a nought opens nothing
        if not wanted:
            continue
        (address,) = found
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        assert sorted(map(int, re.findall(r'name="key" value="(\d+)"', behind))) == sorted(wanted), figure


def test_every_number_of_rates_programmes_and_the_trend_has_its_list(county: County, sign_in: SignIn) -> None:
    county.officer("周督办", "企业受理", "supervisor")  # of the county: both programmes
    for _ in range(5):
        rated(county, 5)
    lamp = opened(county, "路灯不亮", programme="community", firm=None, category="city")
    actions.accept(case=lamp, by=county.officers["王受理"], at=timezone.now())
    client = sign_in("周督办")
    page = client.get("/desk/board/?rank=closure").content.decode()
    numbers = re.findall(r'href="(/desk/board/cases/\?[^"]*)" aria-label="([\d,]+) [^"]+">([\d,]+)</a>', page)
    assert len(numbers) > 20
    for address, said, shown in set(numbers):
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        assert said == shown == str(len(re.findall(r'name="key"', behind))), address
    assert any("programme=enterprise" in address for address, _, _ in numbers)
    assert any("figure=answered_then" in address for address, _, _ in numbers)
    # No rate stands there whose numerator and denominator do not open.
    assert not re.search(r"[1-9]\d* / \d|\d / [1-9]", re.sub(r"<svg.*?</svg>|<head.*?</head>", "", page, flags=re.S))


def test_one_figure_has_one_name_and_says_what_it_counts(county: County, sign_in: SignIn) -> None:
    for address in ("/desk/board/", "/desk/board/?wall=1", "/desk/board/cases/?figure=in_time"):
        page = sign_in("沈受理").get(address).content.decode()
        assert "按时办结" not in page
        assert "按时答复" in page


def test_a_target_is_drawn_told_and_a_sample_until_confirmed(county: County, sign_in: SignIn) -> None:
    for _ in range(5):
        rated(county, 5)
    client = sign_in("沈受理")
    assert "竖线" not in client.get("/desk/board/?rank=closure").content.decode()
    target = Target.objects.create(code="closure", percent=90, valid_from=date(2000, 1, 1), source="平政发〔2026〕3号")
    reference.changed(REFERENCE)
    page = client.get("/desk/board/?rank=closure").content.decode()
    for told in ("竖线 = 示例目标 90%", "达到目标", "差 10 个百分点以内", "差得更多", "平政发〔2026〕3号"):
        assert told in page
    Target.objects.filter(pk=target.pk).update(confirmed=True)
    reference.changed(REFERENCE)
    assert "竖线 = 目标 90%" in client.get("/desk/board/?rank=closure").content.decode()


def test_a_list_behind_says_in_which_order_it_stands(county: County, sign_in: SignIn) -> None:
    rated(county, 5)
    client = sign_in("沈受理")
    for figure, order in (("accepted", "按受理时间"), ("first_reply", "按提出时间"), ("assigned", "按交办时间")):
        page = client.get(f"/desk/board/cases/?figure={figure}").content.decode()
        assert page.count(order) == 2  # to be read and to be heard
    for address in ("/desk/cases/", "/desk/search/?q=公交"):
        page = client.get(address).content.decode()
        assert "新登记的在前" in page
        assert "新的在前" not in page


def test_a_unit_opens_to_what_went_wrong(county: County, sign_in: SignIn) -> None:
    for _ in range(5):
        rated(county, 2)
    client, unit = sign_in("沈受理"), county.units["交通局"].pk
    page = client.get(f"/desk/board/?rank=satisfaction&open={unit}").content.decode()
    assert page.count('aria-current="true"') == 1
    assert 'role="button"' not in page
    assert page.count("夜班公交停了") == 5
    assert f"unit={unit}&amp;figure=dissatisfied" in page
    assert '<td class="place">1</td>' in page


def test_few_cases_are_shown_without_a_place(county: County, sign_in: SignIn) -> None:
    rated(county, 5)
    page = sign_in("沈受理").get("/desk/board/?rank=satisfaction").content.decode()
    assert "件数不足 5，不排名" in page
    assert '<td class="place">—</td>' in page


def test_an_overseer_sees_figures_and_cases_but_no_person(county: County, sign_in: SignIn) -> None:
    county.officer("李督办", "新埭镇政府", "supervisor")
    key = rated(county, 4)
    client = sign_in("李督办")
    assert "100.00" in client.get("/desk/board/?rank=closure").content.decode()
    page = client.get(f"/desk/cases/{key}/").content.decode()
    assert "陆文员" not in page
    assert "138****" not in page


@pytest.mark.parametrize("address", ["/desk/board/", "/desk/board/?wall=1", "/desk/board/?by=town&period=all"])
def test_the_board_asks_the_database_little(
    county: County, sign_in: SignIn, django_assert_max_num_queries, address: str
) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        rated(county, 5)
    client = sign_in("沈受理")
    client.get(address)
    # Four of the frame (session, account, roles, versions), six of the board.
    with django_assert_max_num_queries(10):
        client.get(address)


def test_the_list_behind_is_exported_as_it_is(county: County, sign_in: SignIn) -> None:
    key = rated(county, 5)
    answer = sign_in("沈受理").get("/desk/board/cases/?figure=accepted&format=csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert len(text.strip().splitlines()) == 2
    assert f"330482-{key:06d}" in text


def test_a_file_of_late_cases_holds_what_was_promised_and_when_it_was_answered(county: County, sign_in: SignIn) -> None:
    late, open_ = at_stage(county, "closed"), at_stage(county, "handling")
    promised = timezone.now() - timedelta(days=3)
    Case.objects.filter(pk=late).update(promised_at=promised, in_time=False)
    Case.objects.filter(pk=open_).update(promised_at=promised)
    answer = sign_in("沈受理").get("/desk/board/cases/?figure=not_in_time&format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = {row["编号"]: row for row in csv.DictReader(io.StringIO(text))}
    shown = timezone.localtime(promised, county_zone()).strftime("%Y-%m-%d %H:%M")
    done, going = rows[f"330482-{late:06d}"], rows[f"330482-{open_:06d}"]
    assert (done["承诺时间"], done["到期时间"], done["是否按时答复"]) == (shown, shown, "超时")
    assert done["答复时间"]
    assert done["办结时间"]
    assert (going["承诺时间"], going["答复时间"], going["是否按时答复"]) == (shown, "", "")
    assert going["到期时间"]


@pytest.mark.parametrize(("hour", "told"), [(3, "20261122-1105"), (20, "20261123-0405")])
def test_a_file_bears_the_county_s_time(hour: int, told: str) -> None:
    request = SimpleNamespace(at=datetime(2026, 11, 22, hour, 5, tzinfo=UTC), language="zh")
    answer = stream(request, lambda _: Page([]), "board")  # type: ignore[arg-type]
    assert f'filename="board-{told}.csv"' in answer["Content-Disposition"]


def test_another_town_is_chosen_on_the_board_itself(county: County, sign_in: SignIn) -> None:
    county.officer("督办", "交通局", "supervisor")
    overseer = sign_in("督办")
    page = overseer.get("/desk/board/", {"rank": "closure", "by": "town"}).content.decode()
    form = page[page.index('class="area"') :].partition("</form>")[0]
    assert 'action="/desk/board/"' in form
    assert 'name="rank" value="closure"' in form
    elsewhere = overseer.get("/notices/").content.decode()
    assert 'action="/desk/board/"' in elsewhere[elsewhere.index('class="area"') :].partition("</form>")[0]
    assert 'action="/desk/"' in sign_in("沈受理").get("/notices/").content.decode()


def test_a_past_year_its_quarters_and_its_months_are_chosen_from_one_list(county: County, sign_in: SignIn) -> None:
    client = sign_in("沈受理")

    def offered(address: str) -> str:
        page = client.get(address).content.decode()
        return page.partition('name="period">')[2].partition("</select>")[0]

    page = offered("/desk/board/?period=2020")
    codes = re.findall(r'<option value="([^"]*)"', page)
    assert len(codes) == len(set(codes))
    assert {"all", "2020", "2019", "2020-Q1", "2020-Q4", "2020-01", "2020-12"} <= set(codes)
    assert re.findall(r'<option value="([^"]*)" selected>', page) == ["2020"]
    today = timezone.localdate()
    ahead = offered("/desk/board/")
    assert f'"{today.year}-{today.month:02}"' in ahead
    assert f'"{today.year + 1}"' not in ahead
    # A period that stands in no group, such as a week behind the trend, is shown as chosen all the same.
    assert '<option value="2020-03-02.7" selected>' in offered("/desk/board/?period=2020-03-02.7")


def test_a_list_that_shows_all_its_cases_does_not_offer_to_look_further(
    county: County, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = rated(county, 1)
    for _ in range(4):
        rated(county, 5)
    monkeypatch.setattr("tongban.engines.cases.queries.behind.LOOK_BACK", 2)
    client, year = sign_in("沈受理"), timezone.localdate().year
    few = client.get(f"/desk/board/cases/?period={year}&figure=accepted").content.decode()
    assert "after=" in few
    Case.objects.filter(pk=bad).update(accepted_at=timezone.now() + timedelta(minutes=1))
    all_of_it = client.get(f"/desk/board/cases/?period={year}&figure=dissatisfied").content.decode()
    assert re.findall(r'name="key" value="(\d+)"', all_of_it) == [str(bad)]
    assert "after=" not in all_of_it


def test_paused_and_extended_stand_with_the_accepted_of_which_they_are(county: County, sign_in: SignIn) -> None:
    paused, extended = at_stage(county, "handling"), at_stage(county, "handling")
    at_stage(county, "closed")
    worker, now = county.officers["俞经办"], timezone.now()
    actions.pause(case=paused, reason="请补充站点名称", by=worker, at=now)
    actions.extend(case=extended, amount=2, reason="等公交公司排班", by=worker, at=now)
    actions.grant_extension(case=extended, by=county.officers["沈受理"], at=now)
    page = sign_in("沈受理").get("/desk/board/").content.decode()
    cards = [plain(card.partition("</section>")[0]) for card in page.split('<div class="figure card">')]
    (accepted,) = [card for card in cards if "受理3件" in card]
    (on_time,) = [card for card in cards if card.startswith("按时答复率")]
    assert "其中暂停过计时 1 · 延过期 1" in accepted
    assert "无应办" in on_time  # none of the three counts there, so none is "of these"
    assert "暂停" not in on_time


def hard_cases(county: County) -> dict[str, list[int]]:
    """One case or two of each sort of hard case, made so by its own actions; figure → the cases behind it."""
    now, desk, worker = timezone.now(), county.officers["沈受理"], county.officers["俞经办"]
    secretary = county.officers["秦秘书"]
    keys = [at_stage(county, "handling") for _ in range(6)]
    urged, slipped, passed, monthly, joint, held = keys
    actions.urge(case=urged, note="请加快", by=desk, at=now)
    for case in (urged, slipped):
        actions.supervise(case=case, demand="三日内反馈", by=desk, at=now)
    actions.report_back(case=slipped, text="已排班", by=worker, at=now)
    Slip.objects.filter(case=urged).update(due_at=now - timedelta(hours=1))
    Slip.objects.filter(case=slipped).update(fed_back_at=now - timedelta(hours=2), due_at=now - timedelta(hours=1))
    actions.transfer(case=passed, unit=county.units["人社局"].pk, reason="属人社职责", by=worker, at=now)
    for kind, decided in (
        ("monthly", {monthly: "assigned"}),
        ("joint", {joint: "assigned", held: "held"}),
    ):
        met = meeting.call_meeting(
            kind=kind, desk=county.units["企业受理"].pk, starts_at=now - timedelta(minutes=30), place="一号会议室",
            by=secretary, at=now - timedelta(days=1),
        )  # fmt: skip
        for case, outcome in decided.items():
            actions.raise_to_meeting(case=case, kind=kind, by=desk, at=now - timedelta(hours=1))
            lead = county.units["交通局"].pk if outcome == "assigned" else None
            decision = meeting.Decision(outcome, "逐件销号", lead, (), timezone.localdate() + timedelta(days=20))
            meeting.decide(case=case, meeting=met.pk, decision=decision, by=secretary, at=now)
    bring(county, joint, "closed")
    actions.call_back(case=joint, result="unreached", by=desk, at=now)
    actions.call_back(case=joint, result="solved", by=desk, at=now + timedelta(seconds=1))
    return {
        "urged": [urged], "slips": [urged, slipped], "slips_due": [urged, slipped], "slips_reported": [slipped],
        "slips_late": [urged], "transferred": [passed], "met_monthly": [monthly], "met_joint": [joint, held],
        "met_joint_closed": [joint], "calls": [joint, joint], "calls_reached": [joint], "on_hold": [held],
    }  # fmt: skip


def test_hard_cases_are_counted_and_each_number_opens(county: County, sign_in: SignIn) -> None:
    wanted = hard_cases(county)
    client = sign_in("沈受理")
    card = (
        client.get("/desk/board/").content.decode().partition('aria-labelledby="h-hard"')[2].partition("</section>")[0]
    )
    found = dict(re.findall(r'href="/desk/board/cases/\?[^"]*figure=(\w+)" aria-label="([\d,]+) ', card))
    assert {f: int(n) for f, n in found.items()} == {f: len(keys) for f, keys in wanted.items() if f != "slips_late"}
    assert "figure=slips_late" in card
    for figure, keys in wanted.items():
        page = client.get(f"/desk/board/cases/?figure={figure}").content.decode()
        assert sorted(map(int, re.findall(r'name="key" value="(\d+)"', page))) == sorted(keys), figure
    english = plain(sign_in("沈受理", "en").get("/desk/board/").content.decode())
    for told in ("Hard cases", "On hold now1 case, whatever the period", "monthly meeting 1 · joint meeting 2"):
        assert told in english, told


def test_a_list_of_hard_cases_says_what_it_counts(county: County, sign_in: SignIn) -> None:
    hard_cases(county)
    client = sign_in("沈受理")
    now, calls, met = (
        client.get(f"/desk/board/cases/?period=2020&figure={figure}").content.decode()
        for figure in ("on_hold", "calls", "met_joint")
    )
    assert "截至现在，不分时段" in now
    assert len(re.findall(r'name="key"', now)) == 1  # 2020 has none of the others
    assert not re.findall(r'name="key"', calls + met)
    calls = client.get("/desk/board/cases/?figure=calls").content.decode()
    assert "一件有几次就列几次" in calls
    assert "按回访时间" in calls


def test_hard_cases_of_another_desk_are_in_no_figure(county: County, sign_in: SignIn) -> None:
    wanted = hard_cases(county)
    client = sign_in("王受理")
    card = (
        client.get("/desk/board/").content.decode().partition('aria-labelledby="h-hard"')[2].partition("</section>")[0]
    )
    assert "figure=" not in card
    for figure in wanted:
        assert 'name="key"' not in client.get(f"/desk/board/cases/?figure={figure}").content.decode(), figure
