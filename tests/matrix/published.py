"""Publishing in the matrix, and all that the public pages tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from tests.matrix import people
from tests.matrix.cells import Matrix, Wrong
from tests.matrix.county import County, Placed
from tests.matrix.pages import Browser, words_of
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.models import Publication


def publish(county: County, placed: Placed, *, approved: bool = True) -> str:
    """A word of its own as the public text of a case, which may wait for approval; "" where it is refused."""
    desk, word = placed.facts.desk.name, county.word()
    agent, reviewer = county.actor(f"second {desk.split()[0]} agent"), county.actor(f"{desk} reviewer")
    try:
        actions.publish_prepare(case=placed.key, title=word, question=word, place="town", by=agent, at=people.SEEN)
    except Refused as refusal:
        if refusal.code not in ("publish.confidential", "publish.about", "case.state"):
            raise
        return ""
    if not approved:
        return word
    version = Publication.objects.get(case=placed.key).pk
    actions.publish_approve(
        case=placed.key, version=version, read=True, sure=True, by=reviewer, at=people.SEEN
    )  # fmt: skip
    return word


def public_pages(browser: Browser) -> str:
    """All that the public pages of published matters tell, read to their end."""
    waiting, found = ["/matters/", "/matters/map/", "/"], {}
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        response = browser.get(path)
        assert response.status_code == 200, path
        found[path] = words_of(response)
        links = re.findall(r'href="((?:/matters/|\?after=)[^"]*)"', unescape(response.content.decode()))
        waiting += [("/matters/" + link if link[0] == "?" else link) for link in links if "state=" not in link]
    return "\n".join(found.values())


def read_by(matrix: Matrix, name: str, cases: list[Placed]) -> Iterator[Wrong]:
    """Every other one of ``cases`` is published, the rest only prepared: what somebody then reads on the public pages."""
    words = [
        (placed, publish(matrix.county, placed, approved=n % 2 == 0), n % 2 == 0) for n, placed in enumerate(cases)
    ]
    browser = Browser(matrix, name)
    text = public_pages(browser)
    for placed, word, approved in words:
        if word and approved:
            yield from matrix.cell(browser.viewer, placed, "published", word in text, kind="published on /matters/")
        elif word and word in text:
            yield matrix.wrong(browser.viewer, placed, "a text that waits on /matters/", "no", "yes")
