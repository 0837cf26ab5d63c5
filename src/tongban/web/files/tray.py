"""The files that wait beside a form: added one by one by a script, or with the form itself where there is none."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from tongban.core.access import bounds, throttle
from tongban.core.access.throttle import TooMany
from tongban.core.files import waiting
from tongban.core.files.kinds import ACCEPT, Kind
from tongban.core.files.taking import AT_ONCE, FILE_BYTES
from tongban.core.files.waiting import Waiting
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.engines.cases.queries.files import unused
from tongban.web.client import network
from tongban.web.reading import Reading

ADD, DROP, FIELD = "add-file", "drop-file", "files"

declare(
    {
        "file.page": Label(
            "这一页放得太久，文件传不上来。请重新打开这一页，把写好的文字先复制下来。",
            "This page is too old to take files. Copy what you wrote, then open the page anew.",
        ),
        "file.pace": Label(
            "从您这个网络传的文件太多，请过 {wait}再传。文字现在就能交，文件可以以后补。",
            "Too many files came from your network: try again in {wait}. Your words can be sent now, files later.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A waiting file as its form shows it. ``small`` is its small picture as a data address; "" for another file."""

    token: str
    name: str
    kind: Kind
    size: int
    small: str


class Tray:
    """What waits for the form whose ``owner`` this is; without one nothing is taken (the form's key was not ours)."""

    accept, most, each = ACCEPT, AT_ONCE, FILE_BYTES // 1024**2

    def __init__(self, request: Reading, owner: str, *, mark: str, once: bool = False) -> None:
        """``once``: the owner names one showing of a form. What has been sent with it then stays in its list, so that
        pressing twice sends the same twice, which the key of the form makes harmless."""
        self._request, self._owner, self.mark, self._once = request, owner, mark, once
        self.refusals: list[Refused] = []

    @property
    def owner(self) -> str:
        """What names the form that it belongs to; "" where that form's key was not ours."""
        return self._owner

    @property
    def asked(self) -> bool:
        """Whether the form was sent to add or drop a file, not to be done."""
        return self._request.method == "POST" and (ADD in self._request.POST or DROP in self._request.POST)

    def waiting(self) -> list[Waiting]:
        """The files to be sent with the form."""
        found = waiting.of(self._owner, at=self._request.at) if self._owner else []
        return found if self._once else unused(found)

    @property
    def shown(self) -> list[Seen]:
        """The same for the page."""
        return [
            Seen(w.token, w.taken.name, w.taken.kind, w.taken.whole.size, _address(w.small())) for w in self.waiting()
        ]

    def change(self) -> HttpResponse | None:
        """Add or drop as the form asks. For a script the answer is the list alone; else the page is to be drawn again."""
        request = self._request
        if self._owner and request.POST.get(DROP):
            waiting.drop(self._owner, request.POST[DROP])
        else:
            self._add_all()
        if request.headers.get("X-Files") != "list":
            return None
        answer = render(request, "web/files/list.html", {"tray": self}, status=422 if self.refusals else 200)
        answer["Cache-Control"] = "no-store"
        return answer

    def take(self) -> None:
        """What came with the form itself is taken in; refuses with the first that could not be."""
        self._add_all()
        if self.refusals:
            raise self.refusals[0]

    def _add_all(self) -> None:
        for brought in self._request.FILES.getlist(FIELD):
            try:
                if not self._owner:
                    raise Refused("file.page", field=FIELD)
                self._pace()
                waiting.add(self._owner, brought.chunks(), brought.name or "", at=self._request.at)
            except Refused as refusal:
                self.refusals.append(refusal)

    def _pace(self) -> None:
        """Who has not signed in is counted by his network."""
        if self._request.viewer.account is not None:
            return
        place = network(self._request)
        for bound in (bounds.FILES_FROM_ADDRESS, bounds.FILES_FROM_ADDRESS_A_DAY):
            if wait := throttle.take(bound, place, self._request.at):
                raise TooMany("file.pace", wait, field=FIELD)


def _address(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else ""
