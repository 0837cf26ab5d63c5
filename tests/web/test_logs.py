"""No log holds a tracking code, a rating link or a number, whichever logger writes and whatever went wrong."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from granian.log import DEFAULT_ACCESSLOG_FMT, log_request_builder

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.public.conftest import answered, asked
from tongban.core.masking import masked
from tongban.engines.cases import secrets

pytestmark = pytest.mark.django_db


@pytest.fixture
def links(county: County) -> list[str]:
    case = answered(county, asked(county))
    code = secrets.tracking_code(case.pk)
    return [f"/track/{code}/", f"/sent/{code}/", f"/rate/{secrets.rating_token(case.pk)}/"]


def tails(links: list[str]) -> list[str]:
    """The secret part of each."""
    return [link.rstrip("/").rsplit("-", 1)[1] for link in links]


def test_a_form_without_its_cookie_tells_the_log_no_secret(
    links: list[str], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    strict = Client(enforce_csrf_checks=True)
    for link in links:
        assert strict.post(link, {"grade": "5"}).status_code == 403
        away = strict.post("/look/", {}, HTTP_REFERER=f"https://testserver{link}", secure=True)
        assert away.status_code == 403
    assert "Forbidden" in caplog.text
    for tail in tails(links):
        assert tail not in caplog.text
        assert tail not in "".join(capsys.readouterr())


@pytest.mark.parametrize("page", ["tongban.web.public.rating.rated", "tongban.web.public.tracking.queries.tracked"])
def test_a_page_that_breaks_tells_the_log_no_secret(
    links: list[str], page: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(token: str, *_: object, **__: object) -> None:
        raise RuntimeError(f"cannot look up {token} of 13912347710")

    monkeypatch.setattr(page, broken)
    statuses = [Client(raise_request_exception=False).get(link).status_code for link in links]
    assert 500 in statuses
    assert "RuntimeError: cannot look up" in caplog.text, "what went wrong is still told"
    assert "13912347710" not in caplog.text
    for tail in tails(links):
        assert tail not in caplog.text


def test_the_servers_own_access_log_tells_none(links: list[str], caplog: pytest.LogCaptureFixture) -> None:
    write = log_request_builder(DEFAULT_ACCESSLOG_FMT)
    asked_for = {"addr_remote": "127.0.0.1", "qs": "", "method": "GET", "scheme": "http", "protocol": "HTTP/1.1"}
    with caplog.at_level(logging.INFO, "granian.access"):
        for link in links:
            write(0, 0, {**asked_for, "path": link}, 200)
    assert "GET /rate/…/" in caplog.text
    for tail in tails(links):
        assert tail not in caplog.text


@pytest.mark.parametrize("logger", ["", "django.request", "granian.access", "somebody.elses"])
def test_every_logger_is_masked(links: list[str], logger: str, caplog: pytest.LogCaptureFixture) -> None:
    for link in links:
        secret = link.split("/")[2]
        logging.getLogger(logger).error("%s and %r and %%", link, {"token": secret, "typed": secret.lower()})
        logging.getLogger(logger).error(f"plain {secret} 13912347710")
    for tail in tails(links):
        assert tail not in caplog.text
        assert tail.lower() not in caplog.text
    assert "139****7710" in caplog.text


def test_what_is_no_secret_is_left_as_it_is() -> None:
    for line in (
        "Not Found: /desk/cases/250/", "330482-000347", "GET /static/web/tokens.css", "2026-11-22 04:43:45,123",
        "/f/7K3MQ9TX2B/", "1763786625123 ms", "a5f0c1d2-1111-2222-3333-444455556666",
    ):  # fmt: skip
        assert masked(line) == line


def test_what_a_visitor_sent_wrong_leaves_one_line_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    browser = Client(raise_request_exception=False)
    browser.get("/?" + "&".join(f"a{n}=1" for n in range(1100)))
    browser.generic("POST", "/sign-in/", "--x\r\n", content_type="multipart/form-data")
    assert len(caplog.records) == 2
    assert not [r for r in caplog.records if r.exc_info]
    assert "Traceback" not in caplog.text
