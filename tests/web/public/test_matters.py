"""Published matters: list, map and page show what was approved and nothing else, to anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import brought
from tests.web.public.conftest import HOUR, asked
from tongban.core.files.blurring import Region
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.core.registry.actions import register_person
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.derived import nothing_unpublished
from tongban.engines.cases.models import Attachment, Case, OpenPicture, Publication
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.text import PUBLIC_INDEX, public_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(county: County) -> Actor:
    return county.officer("程受理", "民生受理", "agent")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + 2 * HOUR)


def given_out(county: County, case: Case, at: datetime = NOW) -> Case:
    desk = county.officers["王受理"]
    actions.accept(case=case.pk, by=desk, at=at)
    actions.assign(case=case.pk, unit=county.units["交通局"].pk, by=desk, at=at)
    actions.sign_in(case=case.pk, by=county.officers["俞经办"], at=at)
    return case


def answer(county: County, case: Case, text: str = "周五前换好灯泡。") -> None:
    reviewer = county.officers["钱审核"]
    actions.answer(outcome=DONE, case=case.pk, text=text, by=county.officers["俞经办"], at=NOW + HOUR)
    actions.approve(case=case.pk, by=reviewer, at=NOW + HOUR)
    actions.send(case=case.pk, by=reviewer, at=NOW + HOUR)


def publish(county: County, case: Case, second: Actor, **more: Any) -> int:
    """Its public number."""
    given = {"title": "路灯不亮", "question": "南门外的路灯不亮。", "place": "village", **more}
    actions.publish_prepare(case=case.pk, by=county.officers["王受理"], at=NOW + HOUR, **given)
    version = Publication.objects.get(case=case, state="prepared")
    actions.publish_approve(case=case.pk, version=version.pk, read=True, by=second, at=NOW + HOUR)
    return version.number


def read(path: str) -> str:
    return unescape(Client().get(path).content.decode())


def crawl() -> dict[str, str]:
    """Every public page that is reached from the first one by links, with what was sent: pages, never forms."""
    client, found, waiting = Client(), {}, ["/", "/matters/", "/matters/map/"]
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(("/ask/", "/static/", "/demo/", "/sign-in/", "/my/")):
            continue
        response = client.get(path)
        raw = b"".join(response.streaming_content) if response.streaming else response.content
        found[path] = unescape(raw.decode("utf-8", "replace"))
        if "html" in response.headers["Content-Type"]:
            links = re.findall(r'(?:href|src)="(/[^"]*|\?[^"]*)"', found[path])
            waiting += [link if link[0] == "/" else path.partition("?")[0] + link for link in links]
    return found


CANARIES = {
    "title": "canarytitle", "body": "canarybody", "address": "canaryaddress", "question": "canaryquestion",
    "reply": "canaryreply", "draft": "canarydraft", "sent": "canarysent", "note": "canarynote", "file": "canaryfile",
    "asker": "canaryasker", "comment": "canarycomment", "waits": "canarywaits", "beneficiary": "canarybeneficiary",
}  # fmt: skip


def told_everywhere(county: County) -> Case:
    """A case with a word of its own in each field that somebody can fill."""
    by, at = Actor(system="test"), NOW
    person = register_person(name=CANARIES["asker"], phone="13800000077", by=by, at=at)
    other = register_person(name=CANARIES["beneficiary"], phone="13800000078", by=by, at=at)
    county.people["canary"] = person
    county.accounts["canary"] = county.accounts["陈居民"]
    case = asked(
        county, CANARIES["body"], name="canary", title=CANARIES["title"], address=CANARIES["address"],
        beneficiary=other, files=tuple(brought(f"{CANARIES['file']}.jpg")), longitude=121.0512345, latitude=30.7512345,
    )  # fmt: skip
    desk, handler, reviewer = (county.officers[n] for n in ("王受理", "俞经办", "钱审核"))
    actions.accept(case=case.pk, by=desk, at=at)
    actions.assign(case=case.pk, unit=county.units["交通局"].pk, note=CANARIES["note"], by=desk, at=at)
    actions.sign_in(case=case.pk, by=handler, at=at)
    actions.ask(case=case.pk, question=CANARIES["question"], by=handler, at=at)
    actions.reply(
        case=case.pk, text=CANARIES["reply"], by=Actor(system="asker"), at=at, proof=secrets.tracking_code(case.pk)
    )  # fmt: skip
    actions.answer(outcome=DONE, case=case.pk, text=CANARIES["draft"], by=handler, at=at)
    actions.reject(case=case.pk, reason=CANARIES["note"], by=reviewer, at=at)
    actions.answer(outcome=DONE, case=case.pk, text=CANARIES["sent"], by=handler, at=at)
    actions.approve(case=case.pk, by=reviewer, at=at)
    actions.send(case=case.pk, by=reviewer, at=at)
    actions.rate(
        token=secrets.rating_token(case.pk), grade=5, comment=CANARIES["comment"], by=Actor(system="asker"), at=at
    )  # fmt: skip
    return case


def test_only_what_was_approved_is_found_on_any_public_page(placed: County, second: Actor) -> None:
    case = told_everywhere(placed)
    number = publish(placed, case, second, title="可读的标题", question="可读的诉求", answer="可读的答复", place="grid")
    later = {"title": CANARIES["waits"], "question": CANARIES["waits"], "place": "town"}
    actions.publish_prepare(case=case.pk, by=placed.officers["王受理"], at=NOW + HOUR, **later)
    pages = crawl()
    assert f"/matters/{number}/" in pages
    assert len(pages) > 6
    text = "\n".join(pages.values())
    for word in ("可读的标题", "可读的诉求", "可读的答复"):
        assert word in text
    secret = {*CANARIES.values(), "俞经办", "王受理", "钱审核", "程受理", "13800000077", "121.0512", "30.7512"}
    secret |= {secrets.tracking_code(case.pk), secrets.case_number(case.pk)}
    assert {word for word in secret if word in text} == set()
    for word in CANARIES.values():
        assert "可读的标题" not in read(f"/matters/?q={word}"), "what is not public is not found either"
    assert "可读的标题" in read("/matters/?q=可读")


def test_what_waits_or_was_refused_is_no_page(placed: County, second: Actor) -> None:
    case = given_out(placed, asked(placed))
    actions.publish_prepare(case=case.pk, title="路灯", question="路灯", by=placed.officers["王受理"], at=NOW)
    waiting = Publication.objects.get()
    assert Client().get(f"/matters/{waiting.number}/").status_code == 404
    assert Client().get("/matters/999999/").status_code == 404
    with pytest.raises(Refused) as own:
        actions.publish_approve(
            case=case.pk, version=waiting.pk, read=True, by=placed.officers["王受理"], at=NOW
        )  # fmt: skip
    assert own.value.code == "case.same_person"
    later = {"title": "路灯", "question": "路灯又改了", "by": placed.officers["王受理"], "at": NOW}
    actions.publish_prepare(case=case.pk, **later)
    with pytest.raises(Refused) as stale:
        actions.publish_approve(case=case.pk, version=waiting.pk, read=True, by=second, at=NOW)
    assert stale.value.code == "publish.changed"


def test_an_open_matter_shows_its_clock_and_when_it_is_overdue(
    placed: County, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = publish(placed, given_out(placed, asked(placed)), second)
    assert "办理中" in read(f"/matters/{number}/")
    assert "路灯不亮" in read("/matters/?state=open")
    assert "路灯不亮" not in read("/matters/?state=overdue")
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=30))
    assert "超期" in read(f"/matters/{number}/")
    assert "路灯不亮" in read("/matters/?state=overdue")
    counts = Client().get("/matters/").context["standings"]
    assert {code: n for code, _, n in counts} == {"": 1, "open": 1, "overdue": 1, "answered": 0}


def test_a_paused_clock_is_not_overdue(placed: County, second: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    case = given_out(placed, asked(placed))
    publish(placed, case, second)
    actions.pause(case=case.pk, reason="请补照片", by=placed.officers["俞经办"], at=NOW + HOUR)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=8))
    assert "路灯不亮" not in read("/matters/?state=overdue")


def test_an_objection_takes_it_off_at_once(placed: County, second: Actor, as_person: Callable[[str], Client]) -> None:
    case = given_out(placed, asked(placed))
    number = publish(placed, case, second)
    client = as_person("陈居民")
    mine = f"/my/{case.pk}/"
    assert f"/matters/{number}/" in client.get(mine).content.decode()
    assert client.post(mine, {"do": "private"}).status_code == 302
    gone = Client().get(f"/matters/{number}/")
    assert gone.status_code == 410
    assert "不再公开" in gone.content.decode()
    assert "路灯不亮" not in read("/matters/") + read("/") + read("/matters/?q=路灯")
    again = {"title": "路灯", "question": "路灯", "by": placed.officers["王受理"], "at": NOW + HOUR}
    with pytest.raises(Refused) as refused:
        actions.publish_prepare(case=case.pk, **again)
    assert refused.value.code == "publish.private"
    assert client.post(mine, {"do": "public"}).status_code == 302
    assert Client().get(f"/matters/{number}/").status_code == 410, "only a new approval makes it public again"
    assert publish(placed, case, second) == number
    assert Client().get(f"/matters/{number}/").status_code == 200


def test_whoever_has_code_and_number_may_object_too(placed: County, second: Actor, client: Client) -> None:
    case = given_out(placed, asked(placed))
    number = publish(placed, case, second)
    track = f"/track/{secrets.tracking_code(case.pk)}/"
    client.post(track, {"do": "private"})
    assert Client().get(f"/matters/{number}/").status_code == 200, "the code alone does not"
    client.post(track, {"do": "prove", "phone": "13800000001"})
    assert "不公开" in client.get(track).content.decode()
    client.post(track, {"do": "private"})
    assert Client().get(f"/matters/{number}/").status_code == 410


@pytest.mark.parametrize("way", ["account", "code"])
def test_of_a_merged_case_he_may_object_too(
    placed: County, second: Actor, client: Client, as_person: Callable[[str], Client], way: str
) -> None:
    case = given_out(placed, asked(placed))
    number = publish(placed, case, second)
    head = asked(placed, name="陆文员")
    actions.merge(case=case.pk, into=head.pk, by=placed.officers["王受理"], at=NOW + HOUR)
    address = f"/my/{case.pk}/"
    if way == "code":
        address = f"/track/{secrets.tracking_code(case.pk)}/"
        client.post(address, {"do": "prove", "phone": "13800000001"})
    else:
        as_person("陈居民")
    assert f"/matters/{number}/" in client.get(address).content.decode()
    assert client.post(address, {"do": "private"}).status_code == 302
    assert Client().get(f"/matters/{number}/").status_code == 410
    assert client.post(address, {"do": "public"}).status_code == 302


def test_it_can_be_said_when_asking(placed: County, client: Client) -> None:
    page = client.get("/ask/community/")
    given = {
        "key": page.context["form"]["key"].value(), "body": "路灯坏了", "town": placed.areas["town"].pk, "name": "赵四",
        "phone": "13800000055", "kept_private": "on",
    }  # fmt: skip
    assert client.post("/ask/community/", given).status_code == 302
    assert Case.objects.get().kept_private


def test_a_picture_is_public_while_its_copy_is_the_approved_one(placed: County, second: Actor) -> None:
    case = given_out(placed, asked(placed, files=tuple(brought("灯.jpg", "人.jpg"))))
    files = list(Attachment.objects.values_list("pk", flat=True))
    handler = placed.officers["俞经办"]
    for file in files:
        actions.open_picture(file=file, regions=[Region(10, 10, 20, 20)], seen=True, by=handler, at=NOW)
    one, other = OpenPicture.objects.order_by("pk")
    number = publish(placed, case, second, pictures=[one.pk])
    address = f"/matters/{number}/pictures/{one.pk}.jpg"
    assert address in read(f"/matters/{number}/")
    shown = Client().get(address)
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[arg-type]
    assert Client().get(f"/matters/{number}/pictures/{other.pk}.jpg").status_code == 404, "it was not chosen"
    assert Client().get(f"/files/{files[0]}/").status_code == 404, "the picture itself stays the case's"
    actions.open_picture(file=files[0], regions=[], seen=True, by=handler, at=NOW + HOUR)
    assert Client().get(address).status_code == 404, "another content than was approved"
    assert address not in read(f"/matters/{number}/")


def test_the_place_is_the_village_the_town_or_a_square(placed: County, second: Actor) -> None:
    pinned = {"longitude": 121.0512345, "latitude": 30.7512345}
    for place in ("village", "town", "grid"):
        publish(placed, given_out(placed, asked(placed, **pinned)), second, place=place)
    village, town, grid = Publication.objects.order_by("pk")
    assert (village.area_id, village.longitude) == (placed.areas["village"].pk, None)
    assert (town.area_id, town.longitude) == (placed.areas["town"].pk, None)
    assert grid.longitude is not None
    assert grid.latitude is not None
    assert 0 < abs(grid.longitude - 121.0512345) < 0.0011
    assert 0 < abs(grid.latitude - 30.7512345) < 0.0009
    with pytest.raises(Refused) as refused:
        publish(placed, given_out(placed, asked(placed)), second, place="grid")
    assert refused.value.code == "publish.grid"


def test_the_list_is_narrowed_and_goes_on_page_by_page(placed: County, second: Actor) -> None:
    for n in range(23):
        more = {"category": "traffic"} if n % 2 else {}
        case = given_out(placed, Case.objects.get(pk=_asked(placed, **more)))
        publish(placed, case, second, title=f"第{n}件")
    first = Client().get("/matters/")
    assert [row.title for row, _ in first.context["rows"]] == [f"第{n}件" for n in range(22, 2, -1)]
    rest = Client().get("/matters/", {"after": first.context["after"]})
    assert [row.title for row, _ in rest.context["rows"]] == ["第2件", "第1件", "第0件"]
    assert rest.context["after"] == ""
    assert len(Client().get("/matters/?kind=community.traffic").context["rows"]) == 11
    assert len(Client().get("/matters/?kind=enterprise").context["rows"]) == 0
    assert "没有公开的事" in read("/matters/?kind=enterprise")
    village, town = placed.areas["village"].code, placed.areas["town"].code
    assert len(Client().get(f"/matters/?area={village}").context["rows"]) == 20
    assert len(Client().get(f"/matters/?area={town}&q=第7件").context["rows"]) == 1
    assert Client().get("/matters/?kind=²&area=x&state=' OR 1&after=9999999999999999999999").status_code == 200


def _asked(county: County, **more: Any) -> int:
    from tongban.engines.cases.actions import Opening

    opening = Opening(**{
        "programme": "community", "kind": "request", "body": "路灯坏了", "area": county.areas["village"].pk,
        "category": "city", "requester": county.people["陈居民"], **more,
    })  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk


def test_the_map_counts_by_town_and_by_village(placed: County, second: Actor) -> None:
    for place in ("village", "village", "town"):
        publish(placed, given_out(placed, asked(placed)), second, place=place)
    whole = Client().get("/matters/map/")
    assert [(s.code, s.count) for s in whole.context["spots"]] == [(placed.areas["town"].code, 3)]
    town = Client().get(f"/matters/map/?area={placed.areas['town'].code}")
    village = placed.areas["village"].code
    assert [(s.code, s.count) for s in town.context["spots"]] == [(village, 2), (placed.areas["town"].code, 1)]
    assert "泖口村" in town.content.decode()


def test_queries_do_not_grow_with_the_list(
    placed: County, second: Actor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    numbers = [publish(placed, given_out(placed, asked(placed)), second) for _ in range(12)]
    Client().get("/matters/")
    # One each for the rows and the counts, one to learn whether the directory in memory is still good.
    for path, most in (("/matters/", 3), ("/matters/map/", 3), (f"/matters/{numbers[0]}/", 4)):
        with django_assert_num_queries(most):
            Client().get(path)


def test_what_left_the_county_or_came_back_is_not_shown_after_an_undone_import(placed: County, second: Actor) -> None:
    case = given_out(placed, asked(placed))
    number = publish(placed, case, second)
    Case.objects.filter(pk=case.pk).update(state="undone")
    assert Client().get(f"/matters/{number}/").status_code == 410
    assert "路灯不亮" not in read("/matters/")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_pages_say_so(county: County, language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    said = {"zh": "还没有公开的事", "en": "Nothing is published yet"}[language]
    for path in ("/matters/", "/matters/map/"):
        assert said in client.get(path).content.decode()


def test_the_audit_finds_a_word_that_was_not_published(placed: County, second: Actor) -> None:
    case = given_out(placed, asked(placed))
    publish(placed, case, second)
    assert list(nothing_unpublished()) == []
    one = Publication.objects.get()
    PUBLIC_INDEX.replace(one.pk, [*public_words(one), "陈居民"])
    assert [f.code for f in nothing_unpublished()] == ["derived.differs"]
    actions.keep_private(case=case.pk, by=Actor(placed.accounts["陈居民"].pk), at=NOW + HOUR)
    assert list(nothing_unpublished()) == [], "what was taken off leaves no word behind"
