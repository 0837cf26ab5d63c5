"""Routes, units, areas and firms: each change leaves its entry, and what must not be is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.timezone import localdate

from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.manage.conftest import Desk, said
from tongban.core.registry.models import Area, Firm, Organisation
from tongban.engines.cases.limits import STEPS
from tongban.engines.cases.models import Route

CODE = "91350100M000100Y43"
SOON = date.today() + timedelta(days=10)


def test_a_route_is_set_from_a_day_and_ended(desk: Desk) -> None:
    address = "/manage/routes/enterprise/traffic/"
    form = {"unit": desk.bureau.pk, "limit": "joint", "valid_from": localdate().isoformat()}
    assert "去向已改" in said(desk.client.post(address, form, follow=True))
    assert "人社局" in said(desk.client.get("/manage/routes/"))
    assert "没有要改的" in said(desk.client.post(address, form))
    later = form | {"unit": desk.heir.pk, "valid_from": SOON.isoformat()}
    desk.client.post(address, later)
    page = said(desk.client.get("/manage/routes/"))
    assert "人社局" in page
    assert "人才局" in page
    assert desk.entries("cases.set_route") == 2
    now = Route.objects.get(unit=desk.bureau)
    desk.client.post(f"/manage/routes/end/{now.pk}/")
    assert Route.objects.get(pk=now.pk).ended_at is not None
    assert Route.objects.get(unit=desk.heir).ended_at is None
    assert desk.entries("cases.end_route") == 1


def test_a_route_leads_to_a_living_unit_that_is_no_desk(desk: Desk) -> None:
    for unit in (desk.office.old.pk, desk.office.desk.pk, 999_999):
        form = {"unit": unit, "limit": "joint", "valid_from": localdate().isoformat()}
        assert desk.client.post("/manage/routes/enterprise/traffic/", form).status_code == 422
    assert not Route.objects.exists()


def test_a_route_is_offered_no_limit_of_a_step(desk: Desk) -> None:
    address = "/manage/routes/enterprise/traffic/"
    offered = set(re.findall(r'<option value="(\w+)"', said(desk.client.get(address))))
    assert {"ordinary", "joint"} <= offered
    assert not STEPS & offered
    form = {"unit": desk.bureau.pk, "limit": "hold", "valid_from": localdate().isoformat()}
    assert desk.client.post(address, form).status_code == 422


def test_a_body_is_renamed_and_ended_with_its_successor(desk: Desk) -> None:
    address = f"/manage/bodies/{desk.bureau.pk}/"
    assert "没有变化" in said(desk.client.post(address, {"name_zh": "人社局", "name_en": ""}))
    desk.client.post(address, {"name_zh": "人力社保局", "name_en": "Labour bureau"})
    page = said(desk.client.get(address))
    assert "人力社保局" in page
    assert "还有 1 个任职、0 件在等" in page
    end = {"last_day": localdate().isoformat(), "successor": desk.heir.pk}
    assert "已记下撤销" in said(desk.client.post(f"{address}end/", end, follow=True))
    row = Organisation.objects.get(pk=desk.bureau.pk)
    assert (row.valid_until, row.successor_id) == (localdate(), desk.heir.pk)
    assert "已于" in said(desk.client.post(f"{address}end/", end))
    assert (desk.entries("registry.rename_organisation"), desk.entries("registry.end_organisation")) == (1, 1)


def test_a_desk_is_never_ended_and_nothing_succeeds_itself(desk: Desk) -> None:
    end = {"last_day": localdate().isoformat(), "successor": ""}
    assert "受理台不能撤销" in said(desk.client.post(f"/manage/bodies/{desk.office.desk.pk}/end/", end))
    itself = end | {"successor": desk.bureau.pk}
    assert desk.client.post(f"/manage/bodies/{desk.bureau.pk}/end/", itself).status_code == 422
    early = end | {"last_day": "2019-12-31"}
    assert "不能早于" in said(desk.client.post(f"/manage/bodies/{desk.bureau.pk}/end/", early))
    assert Organisation.objects.get(pk=desk.bureau.pk).valid_until is None


def test_an_area_is_renamed_and_merged_when_it_holds_no_other(desk: Desk) -> None:
    town, village = f"/manage/areas/{desk.town.pk}/", f"/manage/areas/{desk.village.pk}/"
    end = {"last_day": localdate().isoformat(), "successor": desk.other_town.pk}
    assert "还有 1 个没有撤销" in said(desk.client.post(f"{town}end/", end))
    desk.client.post(f"{village}end/", end | {"successor": ""})
    desk.client.post(f"{town}end/", end)
    assert Area.objects.get(pk=desk.town.pk).successor_id == desk.other_town.pk
    desk.client.post(f"/manage/areas/{desk.other_town.pk}/", {"name_zh": "独山港新镇", "name_en": ""})
    assert Area.objects.get(pk=desk.other_town.pk).name_zh == "独山港新镇"
    assert (desk.entries("registry.end_area"), desk.entries("registry.rename_area")) == (2, 1)


def test_a_firm_is_registered_shows_its_code_and_is_dissolved(desk: Desk) -> None:
    form = {"name": "平湖泖新精密机械（化名）", "credit_code": CODE, "area": desk.town.pk, "address": ""}
    assert "对不上" in said(desk.client.post("/manage/firms/new/", form | {"credit_code": CODE[:-1] + "4"}))
    page = said(desk.client.post("/manage/firms/new/", form, follow=True))
    firm = Firm.objects.get()
    assert f"/f/{firm.code}/" in page
    assert "data:image/svg" in page
    assert "已登记为" in said(desk.client.post("/manage/firms/new/", form))
    dissolve = {"day": localdate().isoformat(), "successor_code": ""}
    address = f"/manage/firms/{firm.pk}/dissolve/"
    assert "不能在将来" in said(desk.client.post(address, dissolve | {"day": SOON.isoformat()}))
    assert "承接企业必须是另一家" in said(desk.client.post(address, dissolve | {"successor_code": CODE}))
    assert "已记为注销" in said(desk.client.post(address, dissolve, follow=True))
    assert Firm.objects.get().valid_until == localdate()
    assert (desk.entries("registry.register_firm"), desk.entries("registry.dissolve_firm")) == (1, 1)
