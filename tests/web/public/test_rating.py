"""Rating, by a link and signed in: once, in time, by whom it is asked, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.web.public.conftest import HOUR, PHONE, answered, asked, at_the_code, read
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case, Rating

pytestmark = pytest.mark.django_db


def test_a_long_comment_is_refused_and_nothing_of_it_is_cut(county: County, client: Client) -> None:
    case = for_the_firm(county)
    path = f"/rate/{secrets.rating_token(case.pk)}/"
    long = client.post(path, {"grade": "5", "comment": "好" * 5000})
    assert long.status_code == 422
    assert "最多写 2000 个字，现在有 5000 个" in long.content.decode()
    assert "好" * 5000 in long.content.decode(), "it stays in the form"
    assert Rating.objects.get(case=case).grade is None
    client.post(path, {"grade": "5", "comment": "好" * 1998 + "\r\n\u202e好\u2066\x00"})
    assert Rating.objects.get(case=case).comment == "好" * 1998 + "\n好"


def test_wrong_codes_do_not_close_a_right_rating_link(county: County, client: Client) -> None:
    case = for_the_firm(county)
    for _ in range(25):
        client.get("/rate/1-AAAA/")
    assert client.get("/rate/1-AAAA/").status_code == 429
    assert client.get(f"/rate/{secrets.rating_token(case.pk)}/").status_code == 200


def test_a_request_can_be_rated_once_in_five_grades(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    path = f"/rate/{secrets.rating_token(case.pk)}/"
    form = read(client, path)
    assert form.count('type="radio"') == 5
    assert "请在五个等级里选一个" in client.post(path, {"comment": "好"}).content.decode()
    thanks = client.post(path, {"grade": "4", "comment": "很快"}).content.decode()
    assert "谢谢" in thanks
    assert "重新办" not in thanks
    assert f'href="/track/{secrets.tracking_code(case.pk)}/"' in thanks
    again = client.post(path, {"grade": "1"})
    assert again.status_code == 410
    assert "您已评过" in again.content.decode()
    case.refresh_from_db()
    assert case.grade == 4


def test_who_is_unhappy_is_told_that_it_is_done_again_and_by_when(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    told = client.post(f"/rate/{secrets.rating_token(case.pk)}/", {"grade": "1"}).content.decode()
    assert "您不满意，这件事重新办：交通局，待签收" in told
    assert "前再答复您" in told
    # The strip is that of the new promise, which nobody has kept yet.
    page = read(client, at_the_code(case))
    assert "待签收" in page
    assert "按时" not in page


def test_a_late_and_a_wrong_rating_link_say_why(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2020-01-01T00:00Z")
    assert "评价期已过" in read(client, f"/rate/{secrets.rating_token(case.pk)}/")
    wrong = client.get(f"/rate/{case.pk}-AAAAAAAAAAAAAAAAAAAA/")
    assert wrong.status_code == 404
    assert "评价链接不对" in wrong.content.decode()


def test_who_worked_on_it_never_rates_it(county: County, as_person: Callable[[str], Client]) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    answer = as_person("俞经办").post(f"/rate/{secrets.rating_token(case.pk)}/", {"grade": "5"})
    assert "办理人不能评价自己办的件" in answer.content.decode()
    case.refresh_from_db()
    assert case.grade is None


WELCOME = "等您评一评"


def for_the_firm(county: County, **more: object) -> Case:
    """A firm's request, answered; the rating is open."""
    case = answered(county, asked(county, "夜班公交停了", firm=county.firm, **more))
    Rating.objects.filter(case=case).update(expires_at="2099-01-01T00:00Z")
    return case


def test_a_rating_is_asked_for_while_it_is_open_and_no_longer(
    county: County, as_person: Callable[[str], Client]
) -> None:
    case = for_the_firm(county)
    firm = f"/my/firm/{county.firm.pk}/"  # type: ignore[union-attr]
    for name, pages in (("陈居民", ("/my/", "/")), ("陆文员", ("/my/", "/", firm))):
        for page in pages:
            assert WELCOME in read(as_person(name), page), (name, page)
    actions.rate(token=secrets.rating_token(case.pk), grade=4, by=Actor(system="asker"), at=NOW + 5 * HOUR)
    for name, pages in (("陈居民", ("/my/", "/")), ("陆文员", ("/my/", "/", firm))):
        for page in pages:
            assert WELCOME not in read(as_person(name), page), (name, page)


def test_nobody_else_is_asked_for_a_rating(county: County, as_person: Callable[[str], Client]) -> None:
    late = for_the_firm(county)
    Rating.objects.filter(case=late).update(expires_at="2020-01-01T00:00Z")
    assert WELCOME not in read(as_person("陈居民"), "/my/"), "the link is no longer good"
    joint = for_the_firm(county, confidential=True, cosigners=(county.people["陆文员"],))
    assert WELCOME not in read(as_person("陆文员"), "/my/"), "a co-signer rates nothing"
    assert WELCOME in read(as_person("陈居民"), "/my/")
    assert "去评价" in read(as_person("陈居民"), f"/my/{joint.pk}/")
    Case.objects.filter(pk=joint.pk).update(handler=county.accounts["陈居民"])
    assert WELCOME not in read(as_person("陈居民"), "/my/"), "whoever handled it rates nothing"
    assert "去评价" not in read(as_person("陈居民"), f"/my/{joint.pk}/")


# A firm's page asks once more, for what its programmes say of it.
@pytest.mark.parametrize(("page", "queries"), [("/my/", 6), ("/my/firm/{}/", 7)])
def test_a_clerks_lists_take_few_queries(
    county: County,
    as_person: Callable[[str], Client],
    django_assert_max_num_queries: Callable[[int], object],
    page: str,
    queries: int,
) -> None:
    for _ in range(3):
        for_the_firm(county)
    client, address = as_person("陆文员"), page.format(county.firm.pk)  # type: ignore[union-attr]
    read(client, address)
    with django_assert_max_num_queries(queries):  # type: ignore[attr-defined]
        assert read(client, address).count(WELCOME) == 3


def test_with_the_number_the_tracking_page_leads_to_the_rating(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    rate = f"/rate/{secrets.rating_token(case.pk)}/"
    assert rate not in read(client, at_the_code(case))
    client.post(at_the_code(case), {"do": "prove", "phone": PHONE})
    assert rate in read(client, at_the_code(case))


def test_the_rating_page_shows_the_answer_to_those_who_have_shown_that_they_may_read_it(
    county: County, as_person: Callable[[str], Client]
) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    path = f"/rate/{secrets.rating_token(case.pk)}/"
    by_link = Client()
    html = read(by_link, path)
    assert "路灯明天修好" not in html, "the link may have been passed on"
    assert f'href="{at_the_code(case)}"' in html
    by_link.post(at_the_code(case), {"do": "prove", "phone": PHONE})
    assert "路灯明天修好" in read(by_link, path)
    assert "路灯明天修好" in read(as_person("陈居民"), path)
    assert "路灯明天修好" not in read(as_person("陆文员"), path)
    assert "路灯明天修好" not in read(as_person("俞经办"), path), "as an asker, not as the officer who wrote it"


def test_the_story_tells_the_grade_with_the_comment_to_those_who_may_know(
    county: County, as_person: Callable[[str], Client]
) -> None:
    case = answered(county, asked(county, cosigners=(county.people["陆文员"],)))
    actions.rate(
        token=secrets.rating_token(case.pk), grade=2, comment="还没修好", by=Actor(system="asker"), at=NOW + 5 * HOUR
    )
    for name in ("陈居民", "陆文员"):
        html = read(as_person(name), f"/my/{case.pk}/")
        assert "提出人评价：不满意" in html
        assert "还没修好" in html
    assert "不满意" not in read(Client(), at_the_code(case))
