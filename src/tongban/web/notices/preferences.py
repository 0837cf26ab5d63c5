"""How I am notified: for each group of notices on which channel and when, and the address that I have confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.core.access.throttle import TooMany
from tongban.core.labels import Label
from tongban.core.notices import mail, quiet, wording
from tongban.core.notices import preferences as actions
from tongban.core.notices.digest import HOUR
from tongban.core.notices.models import Choice, Message
from tongban.core.notices.queries import OwnWishes, own_wishes
from tongban.core.notices.wishes import offered
from tongban.core.refusals import Refused
from tongban.web.client import network
from tongban.web.forms import Form, Words
from tongban.web.guard import refused, signed_in
from tongban.web.reading import Reading

_TIMINGS: dict[str, Label] = {
    Choice.Timing.MAIN: Label("要紧的才发", "The important ones"),
    Choice.Timing.NOW: Label("每一条都马上发", "Each one at once"),
    Choice.Timing.DAILY: Label(f"每天 {HOUR:%H:%M} 汇总成一条", f"One summary a day, at {HOUR:%H:%M}"),
    Choice.Timing.OFF: Label("不发", "None"),
}
_ONLY_REQUIRED = Label("只发必须告知的", "Only what has to be told")
_CHANNELS = {
    Message.Channel.SMS: Label("短信", "Message to the phone"),
    Message.Channel.EMAIL: Label("邮件", "E-mail"),
}


class WishesForm(Form):
    """One choice for each group and channel; none by e-mail before there is an address."""

    def __init__(self, *args: Any, wishes: OwnWishes, staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts: list[tuple[wording.Group, list[str]]] = []
        groups = {**(wording.groups_in_use(staff=True) if staff else {}), **wording.groups_in_use(staff=False)}
        for code, group in groups.items():
            names = [
                self._choice(code, group, channel, wishes) for channel in Message.Channel if _open(channel, wishes)
            ]
            self.parts.append((group, names))

    def _choice(self, code: str, group: wording.Group, channel: Message.Channel, wishes: OwnWishes) -> str:
        known = offered(code, channel)
        words = {
            t: _ONLY_REQUIRED if t is Choice.Timing.OFF and Choice.Timing.MAIN in known else _TIMINGS[t] for t in known
        }
        said = Words(f"请选“{group.label.zh}”用{_CHANNELS[channel].zh}怎么发。", f"Choose about “{group.label.en}”.")
        field = forms.ChoiceField(
            label=_CHANNELS[channel],  # type: ignore[arg-type]
            choices=list(words.items()), initial=wishes.timings.get((code, channel), known[0]),
            error_messages={"required": said, "invalid_choice": said},
        )  # fmt: skip
        name = f"{code}_{channel}"
        self.add(name, field)
        return name

    def rows(self) -> list[tuple[bool, list[tuple[str, wording.Group, list[forms.BoundField]]]]]:
        """The groups with their fields, for the page: those of an officer's work, then those of what he asked himself."""
        drawn = [(names[0].split("_")[0], group, [self[name] for name in names]) for group, names in self.parts]
        found = [(staff, [one for one in drawn if one[1].staff is staff]) for staff in (True, False)]
        return [(staff, rows) for staff, rows in found if rows]

    def choices(self) -> dict[tuple[str, str], str]:
        """What was chosen: ``{(group, channel): timing}``."""
        return {tuple(name.split("_")): timing for name, timing in self.cleaned_data.items()}  # type: ignore[misc]


class AddressForm(Form):
    """Where letters shall go."""

    address = forms.CharField(
        label=Words("要用的邮箱", "The address to use"), max_length=254,
        help_text=Words("会发一个确认码到这个邮箱。", "A code is sent to it, to confirm that you read it."),
        widget=forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip


class CodeForm(Form):
    """The code out of the letter."""

    code = forms.CharField(
        label=Words("邮件里的 8 位确认码", "The eight characters from the letter"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "class": "short"}),
    )  # fmt: skip


def _open(channel: str, wishes: OwnWishes) -> bool:
    return channel != Message.Channel.EMAIL or bool(wishes.address)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Reading) -> HttpResponse:
    """The page, and what is chosen on it."""
    form = _wishes_form(request, request.POST if request.method == "POST" else None)
    if form is None:
        return refused(request, Refused("wishes.nobody"), status=403)
    if request.method == "POST" and form.is_valid():
        return _tried(
            request, form, lambda: actions.choose(choices=form.choices(), by=request.viewer.actor(), at=request.at),
            Label("通知方式记下了。", "Saved."),
        ) or _page(request, wishes_form=form)  # fmt: skip
    return _page(request, wishes_form=form)


@signed_in
@sensitive_post_parameters("address")
@require_POST
def email(request: Reading) -> HttpResponse:
    """An address, to which a code is sent."""
    form = AddressForm(request.POST, language=request.language)
    done = form.is_valid() and _tried(
        request, form,
        lambda: actions.give_email(
            **form.cleaned_data, by=request.viewer.actor(), at=request.at, network=network(request)
        ),
        Label("确认码已发到这个邮箱，请查收后填在下面。", "A code is on its way to this address; type it below."),
    )  # fmt: skip
    return done or _page(request, address_form=form)


@signed_in
@sensitive_post_parameters("code")
@require_POST
def confirm(request: Reading) -> HttpResponse:
    """The code: from now on the address is used."""
    form = CodeForm(request.POST, language=request.language)
    done = form.is_valid() and _tried(
        request, form,
        lambda: actions.guess(**form.cleaned_data, by=request.viewer.actor(), at=request.at),
        Label("邮箱已确认，可以选用邮件接收了。", "The address is confirmed; you can choose e-mail now."),
    )  # fmt: skip
    return done or _page(request, code_form=form)


@signed_in
@require_POST
def forget(request: Reading) -> HttpResponse:
    """Take the address away."""
    try:
        actions.forget_email(by=request.viewer.actor(), at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence(request.language))
    else:
        done = Label("邮箱已删除，不再发邮件。", "The address is removed; no more letters are sent.")
        messages.success(request, done.text(request.language))
    return HttpResponseRedirect(reverse("web:preferences"))


def _tried(request: Reading, form: Form, act: Callable[[], object], done: Label) -> HttpResponse | None:
    """Do it and go back to the page; None if it was refused, with the reason in the form."""
    try:
        act()
    except Refused as refusal:
        form.refuse(refusal)
        form.status = 429 if isinstance(refusal, TooMany) else 422  # type: ignore[attr-defined]
        return None
    messages.success(request, done.text(request.language))
    return HttpResponseRedirect(reverse("web:preferences"))


def _wishes_form(request: Reading, data: Any = None) -> WishesForm | None:
    wishes = own_wishes(request.viewer)
    if wishes is None:
        return None
    return WishesForm(data, language=request.language, wishes=wishes, staff=request.viewer.staff)


def _page(
    request: Reading, *, wishes_form: WishesForm | None = None, address_form: AddressForm | None = None,
    code_form: CodeForm | None = None,
) -> HttpResponse:  # fmt: skip
    wishes, form = own_wishes(request.viewer), wishes_form or _wishes_form(request)
    if wishes is None or form is None:
        return refused(request, Refused("wishes.nobody"), status=403)
    wrong = next((f for f in (wishes_form, address_form, code_form) if f is not None and f.is_bound and f.errors), None)
    context = {
        "wishes": wishes, "form": form, "wrong": wrong,
        "address_form": address_form or AddressForm(language=request.language),
        "code_form": code_form or CodeForm(language=request.language),
        "offered": mail.offered(), "quiet": quiet.of_county(),
    }  # fmt: skip
    status = getattr(wrong, "status", 422) if wrong else 200
    return render(request, "web/notices/preferences.html", context, status=status)
