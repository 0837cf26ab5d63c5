"""One's own sign-in: change the password, print new codes on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.core.access import actions, bounds, second_factor, throttle
from tongban.core.access.models import Account
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.web.forms import Form, Words
from tongban.web.guard import signed_in
from tongban.web.reading import Reading
from tongban.web.signin import pending
from tongban.web.signin.staff import NEW_PASSWORD, FactorForm, secret_input


class ChangeForm(Form):
    """The password that is, and the one that shall be."""

    old = forms.CharField(
        label=Words("现在的密码", "Present password"), max_length=200, strip=False,
        widget=secret_input("current-password"),
    )  # fmt: skip
    password = forms.CharField(
        label=Words("新密码", "New password"), max_length=200, strip=False, help_text=NEW_PASSWORD,
        widget=secret_input("new-password"),
    )  # fmt: skip
    again = forms.CharField(
        label=Words("再填一次新密码", "The new password again"), max_length=200, strip=False,
        widget=secret_input("new-password"),
    )  # fmt: skip


@signed_in
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def security(request: Reading) -> HttpResponse:
    """How I sign in, and a new password."""
    account = _account(request)
    form = ChangeForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid() and account.staff:
        try:
            _change(request, account, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            update_session_auth_hash(request, account)
            messages.success(
                request,
                Label("密码已换，其他设备都已退出。", "The password is changed; other devices are signed out.").text(
                    request.language
                ),
            )
            return pending.to("security")
    return _page(request, account, form=form)


def _change(request: Reading, account: Account, form: ChangeForm) -> None:
    # Counted before it is judged, as at the door: an open session is no place to guess its password in peace.
    if wait := throttle.take(bounds.OWN_PASSWORD, str(account.pk), request.at):
        raise Refused("sign_in.locked", field="old", minutes=throttle.minutes(wait))
    try:
        actions.change_password(account=account, by=request.viewer.actor(), at=request.at, **form.cleaned_data)
    except Refused as refusal:
        if refusal.code != "password.old":
            throttle.forget(bounds.OWN_PASSWORD, str(account.pk))
        raise
    throttle.forget(bounds.OWN_PASSWORD, str(account.pk))


@signed_in
@require_POST
def paper(request: Reading) -> HttpResponse:
    """New codes on paper, for the present code of the phone; the old ones stop working."""
    account = _account(request)
    form = FactorForm(request.POST, language=request.language)
    if account.staff and form.is_valid():
        try:
            second_factor.check(account=account.pk, typed=form.cleaned_data["code"], at=request.at)
            codes = second_factor.renew_paper(account=account, by=request.viewer.actor(), at=request.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            home = pending.home_of(request.viewer)
            return pending.stored_nowhere(render(request, "web/signin/paper.html", {"paper": codes, "onward": home}))
    return _page(request, account, factor=form)


def _account(request: Reading) -> Account:
    return Account.objects.select_related("person").get(pk=request.viewer.actor().account or 0)


def _page(request: Reading, account: Account, **forms_: Any) -> HttpResponse:
    shown = {
        "form": ChangeForm(language=request.language), "factor": FactorForm(language=request.language), **forms_,
    }  # fmt: skip
    wrong = any(f.is_bound and f.errors for f in shown.values())
    left = second_factor.paper_left(account.pk) if account.staff else 0
    return render(
        request, "web/signin/security.html", {"account": account, "left": left, **shown}, status=422 if wrong else 200
    )
