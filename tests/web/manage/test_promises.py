"""Limits and targets on their pages: each change leaves its entry, a refusal stands beside its field."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.core.access.conftest import SETUP
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.manage.conftest import Desk, said
from tongban.core.ledger.journal import Journal
from tongban.core.registry import reference
from tongban.engines.cases.limits import LIMITS
from tongban.engines.cases.models import Limit, Target
from tongban.engines.cases.seed import sample_limits, sample_targets, source_words
from tongban.engines.cases.targets import REFERENCE, target_on

SOON = date.today() + timedelta(days=10)


def version(**more: object) -> dict[str, object]:
    return {
        "amount": "7", "unit": "working_days", "start": "next_day", "valid_from": SOON.isoformat(),
        "source": "平政发〔2026〕1号", "confirmed": "on",
    } | more  # fmt: skip


def test_a_limit_gets_a_new_version_from_a_day_on(desk: Desk) -> None:
    answer = desk.client.post("/manage/limits/ordinary/", version(), follow=True)
    assert "新时限已记下" in said(answer)
    assert "7 个工作日" in said(answer)
    assert "将生效" in said(answer)
    assert LIMITS.all_on(SOON - timedelta(days=1))["ordinary"].amount == 5
    assert LIMITS.all_on(SOON)["ordinary"].amount == 7
    assert desk.entries("cases.set_limit") == 1


def test_a_version_that_is_still_to_come_is_corrected(desk: Desk) -> None:
    desk.client.post("/manage/limits/ordinary/", version())
    desk.client.post("/manage/limits/ordinary/", version(amount="8"))
    assert list(Limit.objects.filter(code="ordinary", valid_from=SOON).values_list("amount", flat=True)) == [8]
    assert desk.entries("cases.set_limit") == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("amount", "0", "1 到 400"),
        ("amount", "abc", "请填整数"),
        ("source", " ", "请填“依据”"),
        ("valid_from", "2026-01-01", "最早从今天"),
        ("valid_from", "明天", "例如 2026-11-20"),
        ("unit", "weeks", "按什么计"),
    ],
)
def test_a_bad_version_is_refused_beside_its_field(desk: Desk, field: str, value: str, sentence: str) -> None:
    answer = desk.client.post("/manage/limits/ordinary/", version(**{field: value}))
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert Limit.objects.filter(code="ordinary").count() == 1


def test_the_same_again_is_no_version(desk: Desk) -> None:
    same = version(amount="5", source="示例，待本县确认", confirmed="")
    assert "没有要改的" in said(desk.client.post("/manage/limits/ordinary/", same))


def test_a_sample_is_confirmed_with_its_source(desk: Desk) -> None:
    limit = Limit.objects.get(code="ordinary")
    address = f"/manage/limits/ordinary/{limit.pk}/confirm/"
    assert desk.client.post(address, {"source": ""}).status_code == 422
    answer = desk.client.post(address, {"source": "平政发〔2026〕1号"}, follow=True)
    assert "页面不再标“示例”" in said(answer)
    limit.refresh_from_db()
    assert (limit.confirmed, limit.source) == (True, "平政发〔2026〕1号")
    assert desk.entries("cases.confirm_limit") == 1
    assert "已经确认过" in said(desk.client.post(address, {"source": "x"}))


def test_what_ships_is_told_in_both_languages_and_since_the_beginning(desk: Desk) -> None:
    for limit in sample_limits():
        Limit.objects.filter(code=limit.code).update(source=limit.source, valid_from=limit.valid_from)
    page = said(desk.client.get("/manage/limits/?language=en"))
    sources = re.findall(r'<td class="long quiet">([^<]*)</td>', page)
    assert len(sources) == 5
    assert all("Sample, to be confirmed by the county" in s and not re.search("[\u4e00-\u9fff]", s) for s in sources)
    page = said(desk.client.get("/manage/limits/ordinary/?language=en"))
    assert "from the beginning" in page
    assert "2000-01-01" not in page
    assert "从一开始" in said(desk.client.get("/manage/limits/ordinary/?language=zh"))


def aim(**more: object) -> dict[str, object]:
    return {"percent": "92", "valid_from": SOON.isoformat(), "source": "平政发〔2026〕2号", "confirmed": "on"} | more


def test_a_target_is_set_from_a_day_on_corrected_and_taken_away(desk: Desk) -> None:
    assert "没有设目标" in said(desk.client.get("/manage/targets/"))
    assert "新目标已记下" in said(desk.client.post("/manage/targets/on_time/", aim(), follow=True))
    assert target_on("on_time", SOON - timedelta(days=1)) is None
    assert (target_on("on_time", SOON) or Target()).percent == 92
    assert "没有要改的" in said(desk.client.post("/manage/targets/on_time/", aim()))
    desk.client.post("/manage/targets/on_time/", aim(percent="90"))
    assert list(Target.objects.values_list("code", "percent")) == [("on_time", 90)]
    later = SOON + timedelta(days=30)
    desk.client.post("/manage/targets/on_time/", aim(percent="0", valid_from=later.isoformat()))
    assert target_on("on_time", later) is None
    assert (target_on("on_time", SOON) or Target()).percent == 90
    assert desk.entries("cases.set_target") == 3


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("percent", "101", "0 到 100"),
        ("percent", "很多", "请填整数"),
        ("source", " ", "请填“依据”"),
        ("valid_from", "2026-01-01", "最早从今天"),
    ],
)
def test_a_bad_target_is_refused_beside_its_field(desk: Desk, field: str, value: str, sentence: str) -> None:
    answer = desk.client.post("/manage/targets/on_time/", aim(**{field: value}))
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not Target.objects.exists()


def test_the_sample_target_is_confirmed_with_its_source(desk: Desk) -> None:
    (sample,) = sample_targets()
    assert "95% is our own" in source_words(sample.source).en
    with Journal("test", by=SETUP, at=timezone.now()) as journal:
        journal.add(sample)
        reference.changed(REFERENCE)
    page = said(desk.client.get("/manage/targets/"))
    assert "95%" in page
    assert "示例，待本县确认" in page
    address = f"/manage/targets/on_time/{sample.pk}/confirm/"
    assert desk.client.post(address, {"source": ""}).status_code == 422
    assert "看板不再标“示例”" in said(desk.client.post(address, {"source": "平政发〔2026〕2号"}, follow=True))
    sample.refresh_from_db()
    assert (sample.confirmed, sample.source) == (True, "平政发〔2026〕2号")
    assert desk.entries("cases.confirm_target") == 1
    assert "已经确认过" in said(desk.client.post(address, {"source": "x"}))
