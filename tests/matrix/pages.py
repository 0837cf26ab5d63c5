"""The same questions, asked over HTTP: what a browser is sent, judged by the words found in it."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from django.http import HttpResponse
from django.test import Client

from tests.matrix.asking import found_in
from tests.matrix.cells import Matrix, Wrong
from tests.matrix.county import COMMON, Placed
from tests.matrix.oracle import INNER, Viewer
from tongban.engines.cases import secrets

#: What a page offers to choose from is the county's directory, not a word about the case.
_CHOICES = re.compile(r"<(select|datalist|script|style|head)\b.*?</\1>", re.S)
_CODE = re.compile(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"')
_NOWHERE = 987_654
#: What no list tells of anybody, whoever looks.
_NEVER_LISTED = (
    "author_name",
    "author_phone_masked",
    "phone",
    "about",
    "story_2",
    "story_3",
    "story_4",
    "answers_draft",
)


def body_of(response: HttpResponse) -> str:
    """All that was sent, as text."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return raw.decode()


def words_of(response: HttpResponse) -> str:
    """What is told on a page, without what may be chosen there."""
    return html.unescape(_CHOICES.sub("", body_of(response)))


class Browser:
    """Somebody who has signed in with all that is asked of him."""

    def __init__(self, matrix: Matrix, name: str) -> None:
        self.matrix, self.county = matrix, matrix.county
        self.viewer: Viewer = matrix.county.viewers[name]
        self.client = Client()
        if name:
            self.client.force_login(
                matrix.county.accounts[name], backend="tongban.web.signin.backend.AccountBackend"
            )  # fmt: skip

    @cached_property
    def own_name(self) -> str:
        """His name, which stands at the top of each page."""
        return self.county.persons[self.viewer.name].name if self.viewer.name else ""

    def told(self, response: HttpResponse) -> str:
        """What a page tells, without the reader's own name and the names of his own offices at its top."""
        text = words_of(response) if response.status_code == 200 else ""
        for own in (self.own_name, *(self.county.bodies[o.unit.name].name_zh for o in self.viewer.offices)):
            text = text.replace(own, "") if own else text
        return text

    def get(self, address: str, **query: object) -> HttpResponse:
        return self.client.get(address, query)  # type: ignore[return-value]

    def numbers(self, response: HttpResponse) -> dict[str, str]:
        """Number → line, of a list sent as a file; nothing where it was refused."""
        if response.status_code != 200 or "csv" not in response.headers.get("Content-Type", ""):
            return {}
        rows = list(csv.reader(io.StringIO(body_of(response).lstrip("\ufeff"))))
        return {row[0]: " ".join(row) for row in rows[1:]}

    # --- lists --------------------------------------------------------------------------------------------------------

    def files(self) -> Iterator[Wrong]:
        """The list as a file, the same of chosen rows, and what a filter leaves of it."""
        everything = [placed.key for placed in self.county.cases]
        asked = {
            "export": self.get("/desk/cases/", format="csv"),
            "export of chosen": self.get("/desk/cases/export/", key=everything),
            "export of search": self.get("/desk/search/", q=COMMON),
        }
        for kind in ("export", "export of chosen"):
            rows = self.numbers(asked[kind])
            for placed in self.county.cases:
                yield from self.matrix.cell(self.viewer, placed, "export", placed.number in rows, kind=kind)
                yield from self._never(placed, rows.get(placed.number, ""), kind)

    def _never(self, placed: Placed, text: str, kind: str) -> Iterator[Wrong]:
        for part in _NEVER_LISTED:
            if found_in(placed, text, part):
                yield self.matrix.wrong(self.viewer, placed, f"{part} in {kind}", "no", "yes")

    def lists(self) -> Iterator[Wrong]:
        """The pages: all cases, a search, the queue, what is mine."""
        for surface, address, query in (
            ("list", "/desk/cases/", {}), ("search", "/desk/search/", {"q": COMMON}), ("own_list", "/my/", {}),
        ):  # fmt: skip
            seen = self.keys(address, query, "my" if surface == "own_list" else "desk/cases")
            for placed in self.county.cases:
                yield from self.matrix.cell(
                    self.viewer, placed, surface, placed.key in seen, kind=f"{surface} on {address}"
                )
        waits = self.numbers(self.get("/desk/", format="csv"))
        for placed in self.county.cases:
            if placed.number in waits:
                yield from self.matrix.cell(self.viewer, placed, "count", True, kind="queue on /desk/")
        to_call = self.numbers(self.get("/desk/callbacks/", format="csv", since="all"))
        for placed in self.county.cases:
            if placed.number in to_call:
                yield from self.matrix.cell(self.viewer, placed, "list", True, kind="/desk/callbacks/")

    def keys(self, address: str, query: dict[str, str], part: str) -> set[int]:
        """The cases to which a list leads, page after page."""
        found: set[int] = set()
        after, gone = "", set()
        for _ in range(40):
            response = self.get(address, **query, **({"after": after} if after else {}))
            if response.status_code != 200:
                return found
            text = html.unescape(body_of(response))
            found |= {int(key) for key in re.findall(rf'href="/{part}/(\d+)/', text)}
            # The switch of language leads to this very page; what is left is the next one.
            following = set(re.findall(r'href="[^"]*[?&]after=([^"&]+)', text)) - gone
            if not following:
                return found
            after = following.pop()
            gone.add(after)
        raise AssertionError(f"{address} never ends")

    def phone_search(self, cases: Sequence[Placed]) -> Iterator[Wrong]:
        """A whole number, sent as a form so that it stands in no address."""
        for placed in cases:
            response = self.client.post("/desk/search/", {"q": next(iter(placed.words["phone"]))})
            hit = response.status_code == 200 and f"/desk/cases/{placed.key}/" in body_of(response)  # type: ignore[arg-type]
            yield from self.matrix.cell(self.viewer, placed, "search_phone", hit)

    def autocomplete(self) -> Iterator[Wrong]:
        """Firms, for agents; of cases nothing."""
        for placed in self.county.cases:
            if not placed.facts.firm:
                continue
            response = self.get("/desk/complete/firms/", q=placed.facts.firm)
            text = body_of(response).encode().decode("unicode_escape") if response.status_code == 200 else ""
            yield from self.matrix.cell(self.viewer, placed, "autocomplete", placed.facts.firm in text)
            for part in ("title", "author_name", "about"):
                if found_in(placed, text, part):
                    yield self.matrix.wrong(self.viewer, placed, f"{part} in autocomplete", "no", "yes")
            return

    # --- one case -----------------------------------------------------------------------------------------------------

    def cases(self, cases: Sequence[Placed]) -> Iterator[Wrong]:
        """Each case on the desk's page and on the asker's own, part by part."""
        for placed in cases:
            desk = self.get(f"/desk/cases/{placed.key}/")
            mine = self.get(f"/my/{placed.key}/")
            yield from self._case(placed, "list", desk, "/desk/cases/")
            yield from self._case(placed, "own_list", mine, "/my/")

    def _case(self, placed: Placed, range_: str, response: HttpResponse, address: str) -> Iterator[Wrong]:
        text = self.told(response)
        title = bool(found_in(placed, text, "title"))
        yield from self.matrix.cell(self.viewer, placed, range_, title, kind=f"detail on {address}")
        seen = bool(self.matrix.oracle.expect(self.viewer, placed.facts, range_) == "yes")
        for part in INNER:
            got = found_in(placed, text, part)
            expected = self.matrix.oracle.expect(self.viewer, placed.facts, part)
            if got is None or (part == "author_name" and self.viewer.name == placed.facts.requester):
                continue
            if part == "officer_names" and self.own_name in placed.words[part]:
                continue
            if part == "about" and any(o.unit == placed.facts.about for o in self.viewer.offices):
                continue  # his own office's name was taken away with the top of the page
            if got or (seen and not self._both(placed)):
                self.matrix.cells += 1
                if expected != "–" and (expected == "yes") != got:
                    yield self.matrix.wrong(
                        self.viewer, placed, f"{part} on {address}", expected, "yes" if got else "no"
                    )
        if "phone" in placed.words and found_in(placed, text, "phone"):
            yield self.matrix.wrong(self.viewer, placed, f"whole number on {address}", "no", "yes")

    def _both(self, placed: Placed) -> bool:
        """Whether he sees it in his office and as an asker too: each page then shows its own part."""
        expect = self.matrix.oracle.expect
        return all(expect(self.viewer, placed.facts, s) == "yes" for s in ("list", "own_list"))

    def opened(self, cases: Sequence[Placed]) -> Iterator[Wrong]:
        """Each sort of file straight by its address; what may not be opened looks like what does not exist."""
        for placed in cases:
            for surface, key in placed.files.items():
                response = self.get(f"/files/{key}/")
                assert response.status_code in (200, 404), (response.status_code, surface)
                got = response.status_code == 200
                yield from self.matrix.cell(self.viewer, placed, surface, got, kind=f"{surface} on /files/")

    def unseen(self, cases: Sequence[Placed]) -> Iterator[Wrong]:
        """What may not be seen looks like what does not exist: status and page."""
        for address, surface in (("/desk/cases/{}/", "list"), ("/my/{}/", "own_list")):
            nothing = self._plain(address.format(_NOWHERE), _NOWHERE)
            for placed in cases:
                if self.matrix.oracle.expect(self.viewer, placed.facts, surface) == "no":
                    self.matrix.cells += 1
                    if self._plain(address.format(placed.key), placed.key) != nothing:
                        yield self.matrix.wrong(self.viewer, placed, f"a trace on {address}", "no", "yes")

    def _plain(self, address: str, key: int) -> tuple[int, str, str]:
        response = self.get(address)
        text = _CODE.sub("", body_of(response))
        own = re.compile(rf"(?<=/){key}(?=/)|(?<=%2F){key}(?=%2F)|{secrets.case_number(key)}")
        return response.status_code, own.sub("#", response.headers.get("Location", "")), own.sub("#", text)

    def tracked(self, cases: Sequence[Placed]) -> Iterator[Wrong]:
        """The tracking page tells everybody who has the code the same, whoever has signed in."""
        holder = Viewer("", code_holder=True)
        for placed in cases:
            response = self.get(f"/track/{secrets.tracking_code(placed.key)}/")
            text = self.told(response)
            yield from self.matrix.cell(holder, placed, "track", bool(found_in(placed, text, "title")), kind="/track/")
            for part in INNER:
                if part != "author_name" or placed.facts.requester != self.viewer.name:
                    got = found_in(placed, text, part)
                    yield from self.matrix.cell(holder, placed, part, got, kind=f"{part} on /track/")
