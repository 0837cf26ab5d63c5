"""What the environment says about messages that go out: read once, and refused where it cannot be meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tongban.config.outgoing import mail, networks, quiet_hours

DATA = Path("/srv/x")


def test_letters_go_into_files_to_a_server_or_nowhere() -> None:
    assert mail("", DATA).backend.endswith("dummy.EmailBackend")
    files = mail("files", DATA)
    assert (files.backend.rsplit(".", 2)[1], files.folder) == ("filebased", "/srv/x/mail")
    found = mail("smtp+tls://desk%40county:p%3Aw@mail.example", DATA)
    assert (found.host, found.port, found.user, found.password) == ("mail.example", 587, "desk@county", "p:w")
    assert (found.starttls, found.tls) == (True, False)
    assert (mail("smtps://mail.example", DATA).port, mail("smtps://mail.example", DATA).tls) == (465, True)
    assert mail("smtp://mail.example:2525", DATA).port == 2525


def test_quiet_hours_and_networks() -> None:
    assert quiet_hours("21:00-08:00") == (time(21), time(8))
    assert quiet_hours(" ") is None
    assert networks("10.1.0.0/16, fd00::/8") == (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert networks("") == ()


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (quiet_hours, "21-8"), (quiet_hours, "21:00"), (quiet_hours, "25:00-08:00"), (quiet_hours, "08:00-08:00"),
        (networks, "10.1.0.1/16"), (networks, "inside"), (lambda text: mail(text, DATA), "mail.example"),
        (lambda text: mail(text, DATA), "http://mail.example"), (lambda text: mail(text, DATA), "smtp://"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_stops_the_program(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TONGBAN_"):
        read(text)
