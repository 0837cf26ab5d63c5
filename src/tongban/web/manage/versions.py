"""The pages of any dated data: what holds now and will, all versions of one thing, a new one, confirmation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access.queries import changes
from tongban.core.labels import Label
from tongban.engines.cases.queries.administration import History
from tongban.web.forms import Form, Words, day_field
from tongban.web.manage.shared import administrator, page, to, tried
from tongban.web.reading import Reading


class VersionForm(Form):
    """A new version. Each kind puts its own fields before these."""

    own: ClassVar[tuple[str, ...]] = ()

    valid_from = day_field(Words("从哪天起", "From which day"))
    source = forms.CharField(
        label=Words("依据", "Source"), max_length=200,
        help_text=Words("文件名称和文号，或会议纪要。", "Title and number of a document, or minutes of a meeting."),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        required=False, label=Words("本县已确认，不再标“示例”", "Confirmed by the county; no longer marked “sample”")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.own)


class ConfirmForm(Form):
    """On what a version rests. It stands beside the form of a new one, so its ids are its own."""

    source = forms.CharField(label=Words("依据", "Source"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_confirm_%s", **kwargs)


@dataclass(frozen=True, slots=True)
class Texts:
    """What the pages say of one kind."""

    title: Label
    about: Label  # one sentence below the title of the list
    column: Label  # above the version's words
    none: Label  # where no version is in force
    saved: Label
    confirming: Label  # what confirming changes
    confirmed: Label


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of dated data: ``word`` names its addresses, ``manage-{word}s``, ``manage-{word}`` and so on."""

    word: str
    texts: Texts
    form: type[VersionForm]
    find: Callable[..., list[History]]
    lay_down: Callable[..., object]  # an action: takes code and what the form holds
    confirm: Callable[..., object]  # an action: takes the version's key as ``word``, and its source

    def paths(self) -> list[URLPattern]:
        """The three addresses."""
        return [
            path(f"{self.word}s/", administrator(require_safe(self._list)), name=f"manage-{self.word}s"),
            path(
                f"{self.word}s/<slug:code>/",
                administrator(require_http_methods(["GET", "HEAD", "POST"])(self._one)),
                name=f"manage-{self.word}",
            ),
            path(
                f"{self.word}s/<slug:code>/<key:key>/confirm/",
                administrator(require_POST(self._confirm)),
                name=f"manage-{self.word}-confirm",
            ),
        ]

    def _list(self, request: Reading) -> HttpResponse:
        histories = self.find(viewer=request.viewer, at=request.at)
        return page(request, "versions", place=f"manage-{self.word}s", histories=histories, **self._named())

    def _one(self, request: Reading, code: str) -> HttpResponse:
        known = self._known(request, code)
        if request.method != "POST":
            return self._page(request, known)
        form = self.form(request.POST, language=request.language)
        if tried(request, form, self.lay_down, self.texts.saved, code=code):
            return to(f"manage-{self.word}", code)
        return self._page(request, known, form=form)

    def _confirm(self, request: Reading, code: str, key: int) -> HttpResponse:
        known = self._known(request, code)
        form = ConfirmForm(request.POST, language=request.language)
        if tried(request, form, self.confirm, self.texts.confirmed, **{self.word: key}):
            return to(f"manage-{self.word}", code)
        return self._page(request, known, confirm=form)

    def _known(self, request: Reading, code: str) -> History:
        for history in self.find(viewer=request.viewer, at=request.at):
            if history.code == code:
                return history
        raise Http404

    def _page(self, request: Reading, known: History, **forms_: Form) -> HttpResponse:
        shown: dict[str, Form] = {
            "form": self.form(language=request.language, initial=self._initial(request, known)),
            "confirm": ConfirmForm(language=request.language),
            **forms_,
        }
        wrong = any(f.is_bound and f.errors for f in shown.values())
        told = changes([v.row for v in known.versions], viewer=request.viewer) if known.versions else []
        return page(
            request, "version", place=f"manage-{self.word}s", history=known, status=422 if wrong else 200,
            changes=told, **self._named(), **shown,
        )  # fmt: skip

    def _initial(self, request: Reading, known: History) -> dict[str, Any]:
        now = known.now or next(iter(known.versions), None)
        own = {name: getattr(now.row, name) for name in self.form.own} if now else {}
        return {**own, "valid_from": timezone.localdate(request.at)}

    def _named(self) -> dict[str, Any]:
        word = f"web:manage-{self.word}"
        return {"texts": self.texts, "list_page": f"{word}s", "one_page": word, "confirm_page": f"{word}-confirm"}
