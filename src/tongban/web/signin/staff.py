"""Staff: name and password, then the second factor. The session belongs to nobody until both are right."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.core import vault
from tongban.core.access import actions, bounds, second_factor, throttle
from tongban.core.access.models import Account
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.web.accounts import minutes_locked
from tongban.web.forms import Form, Words
from tongban.web.guard import public
from tongban.web.reading import Reading
from tongban.web.signin import pending
from tongban.web.signin.entering import enter

NEW_PASSWORD = Words(
    "至少 10 个字符，不要用姓名、生日或常见词。", "At least 10 characters; no name, birthday or common word."
)


def secret_input(autocomplete: str) -> forms.PasswordInput:
    """A password's control."""
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class PasswordForm(Form):
    """The first factor."""

    username = forms.CharField(
        label=Words("登录名", "Sign-in name"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=Words("密码", "Password"), max_length=200, strip=False, widget=secret_input("current-password")
    )


class FactorForm(Form):
    """The second factor: six digits, or a code on paper."""

    code = forms.CharField(
        label=Words("动态码", "Code"), max_length=20,
        help_text=Words(
            "手机验证器上现在的 6 位数字。手机不在身边，可用一个备用码。",
            "The six digits on your phone now; without the phone, one of your codes on paper.",
        ),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "class": "short"}),
    )  # fmt: skip


class BeginForm(Form):
    """A new officer's own password, and the proof that his phone is set up."""

    password = forms.CharField(
        label=Words("新密码", "New password"), max_length=200, strip=False, help_text=NEW_PASSWORD,
        widget=secret_input("new-password"),
    )  # fmt: skip
    again = forms.CharField(
        label=Words("再填一次新密码", "The new password again"), max_length=200, strip=False,
        widget=secret_input("new-password"),
    )  # fmt: skip
    code = forms.CharField(
        label=Words("手机上显示的 6 位动态码", "The six digits that your phone shows"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Reading) -> HttpResponse:
    """Name and password. The answer is the same for a wrong name, a wrong password and a closed account."""
    pending.remember_next(request)
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(pending.onward(request, request.viewer))
    form = PasswordForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid():
        try:
            account = _known(request, form.cleaned_data["username"].strip().lower(), form.cleaned_data["password"])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _second(request, account)
    return _page(request, "staff", form)


def _known(request: Reading, username: str, typed: str) -> Account:
    # Counted before it is judged: of twenty-four tries at once, nineteen are not looked at.
    if wait := throttle.take(bounds.PASSWORD, username, request.at):
        raise Refused("sign_in.locked", field="password", minutes=throttle.minutes(wait))
    account = authenticate(request, username=username, password=typed)
    if isinstance(account, Account) and account.staff:
        throttle.forget(bounds.PASSWORD, username)
        return account
    if getattr(request, "axes_locked_out", False):
        raise Refused("sign_in.locked", field="password", minutes=minutes_locked(username))
    raise Refused("sign_in.wrong", field="password")


def _second(request: Reading, account: Account) -> HttpResponse:
    request.session.cycle_key()
    if second_factor.enrolled(account.pk):
        pending.begin(request, pending.PASSWORD, _passed(account))
        return pending.to("staff-code")
    setup = second_factor.new_setup(account.username)
    pending.begin(request, pending.PASSWORD, _passed(account), more=setup.secret)
    return pending.to("staff-begin")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Reading) -> HttpResponse:
    """The second factor."""
    try:
        account = _pending(request)
    except Refused as refusal:
        return _again(request, refusal)
    form = FactorForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.check(account=account.pk, typed=form.cleaned_data["code"], at=request.at)
            return HttpResponseRedirect(enter(request, account))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, "factor", form, username=account.username)


@public
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Reading) -> HttpResponse:
    """The first time, or after a reset: a password of one's own and the second factor, before anything is seen."""
    try:
        account, secret = _pending(request), pending.more(request, pending.PASSWORD)
        if not secret:
            raise Refused("sign_in.stale")
    except Refused as refusal:
        return _again(request, refusal)
    form = BeginForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid():
        try:
            paper = actions.begin_work(
                account=account, secret=secret, by=Actor(account.pk), at=request.at, **form.cleaned_data
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            onward = enter(request, account)
            return pending.stored_nowhere(render(request, "web/signin/paper.html", {"paper": paper, "onward": onward}))
    setup = second_factor.new_setup(account.username, secret)
    return _page(
        request, "begin", form, username=account.username, picture=picture_of(setup.address),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    )  # fmt: skip


def picture_of(text: str) -> str:
    """A QR code as an address of its own (``data:``): dark on white, at night too."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=3, light="#fff", dark="#000"))


def _passed(account: Account) -> str:
    """Who has given his password; which one it was is bound in, so that a reset ends the step begun with the old one."""
    return f"{account.pk} {account.get_session_auth_hash()}"


def _pending(request: Reading) -> Account:
    passed = pending.value(request, pending.PASSWORD)
    key = int(passed.partition(" ")[0])
    account = Account.objects.select_related("person").filter(pk=key, is_active=True, staff=True).first()
    if account is None or not vault.same(passed, _passed(account)):
        raise Refused("sign_in.stale")
    return account


def _again(request: Reading, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.sentence(request.language))
    return pending.to("staff-sign-in")


def _page(request: Reading, page: str, form: Form, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return pending.stored_nowhere(render(request, f"web/signin/{page}.html", {"form": form, **more}, status=status))
